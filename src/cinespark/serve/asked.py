"""What can be asked, as the description of the API has it."""

from collections import Counter
from typing import Any

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    validate,
    validates_schema,
)

from cinespark.serve.ids import IS_ODD, LONGEST
from cinespark.serve.json_fields import ID, Number, PublicIdField, WholeNumber, said

LONGEST_LIST = 100
MOST_RATINGS = 1000
MOST_PAIRS = 1000
MOST_EXCLUDED = 1000
MOST_IN_ADDRESS = 100  # an address has an end
MOST_LINES = 1000
LAST_YEAR = 9999
EVENTS = ("clicked", "dismissed")
LATEST = 4_102_444_800  # the end of 2099, as the macro `is_implausible_time` has it


class Strict(Schema):
    class Meta:
        unknown = RAISE


def filters(single: type[fields.Integer]) -> dict[str, fields.Field[Any]]:
    """Return the fields that say which movies may be in a list.

    Parameters
    ----------
    single
        The kind of whole number: in an address all are texts.
    """
    year = validate.Range(0, LAST_YEAR)
    return {
        "n": single(
            load_default=10,
            validate=validate.Range(1, LONGEST_LIST),
            **said("How many at most."),
        ),
        "genre": fields.List(
            fields.String(validate=validate.Length(1, 100)),
            load_default=[],
            validate=validate.Length(max=20),
            **said("One of these genres; given several times, any of them."),
        ),
        "from_year": single(
            load_default=None, validate=year, **said("Released in this year or later.")
        ),
        "to_year": single(
            load_default=None, validate=year, **said("Released in this year or before.")
        ),
        "explain": fields.Boolean(
            load_default=False,
            **said("Whether to say what each score is the sum of."),
        ),
    }


def require_plain(text: str) -> None:
    """Raise if a text has characters that no id may have."""
    if IS_ODD.search(text):
        raise ValidationError("It has a control character, or half of a character.")


class YearsInOrder(Strict):
    @validates_schema
    def check_years(self, data: dict[str, Any], **_: object) -> None:
        first, last = data.get("from_year"), data.get("to_year")
        if first is not None and last is not None and first > last:
            raise ValidationError("from_year is after to_year", "from_year")


ListQuery = YearsInOrder.from_dict(
    {
        **filters(fields.Integer),
        "exclude": fields.List(
            fields.String(validate=validate.Length(1, 1000)),
            load_default=[],
            validate=validate.Length(max=MOST_IN_ADDRESS),
            **said("A movie that must not be in the list; may be given several times."),
        ),
    },
    name="ListQuery",
)


class RatingSchema(Strict):
    movie_id = PublicIdField(required=True, **said("As the data set has it.", **ID))
    rating = Number(
        required=True,
        allow_nan=False,
        **said("In stars; where there are events, what they add up to."),
    )
    rated_at = WholeNumber(
        load_default=None,
        validate=validate.Range(0, LATEST),
        **said("Seconds since 1970: of all ratings or of none."),
    )


NewPersonBody = YearsInOrder.from_dict(
    {
        "ratings": fields.List(
            fields.Nested(RatingSchema),
            required=True,
            validate=validate.Length(1, MOST_RATINGS),
            **said("What the person has rated, each movie once."),
        ),
        **filters(WholeNumber),
        "exclude": fields.List(
            PublicIdField(**said("As the data set has it.", **ID)),
            load_default=[],
            validate=validate.Length(max=MOST_EXCLUDED),
            **said("Movies that must not be in the list."),
        ),
    },
    name="NewPersonBody",
)


class SentRatingSchema(RatingSchema):
    user_id = PublicIdField(required=True, **said("As the data set has it.", **ID))
    rated_at = WholeNumber(
        load_default=None,
        validate=validate.Range(0, LATEST),
        **said("Seconds since 1970; now, if it is not given."),
    )
    event_id = fields.String(
        load_default=None,
        validate=[validate.Length(1, LONGEST), require_plain],
        **said("Names this rating of the user's: sent again, it counts once."),
    )


class SentRatingsBody(Strict):
    ratings = fields.List(
        fields.Nested(SentRatingSchema),
        required=True,
        validate=validate.Length(1, MOST_RATINGS),
    )

    @validates_schema
    def check_events(self, data: dict[str, Any], **_: object) -> None:
        rows = [one for one in data["ratings"] if one["event_id"]]
        given = Counter((str(one["user_id"]), one["event_id"]) for one in rows)
        if twice := [event for (_, event), count in given.items() if count > 1]:
            words = f"{twice[0][:60]!r} names two ratings of a user: give each its own"
            raise ValidationError(words, "event_id")


class EventSchema(Strict):
    event = fields.String(
        required=True,
        validate=validate.OneOf(EVENTS),
        **said("What was done with the movie."),
    )
    movie_id = PublicIdField(required=True, **said("As the data set has it.", **ID))
    rank = WholeNumber(
        load_default=None,
        validate=validate.Range(1, LONGEST_LIST),
        **said("Its place in the list."),
    )
    request_id = fields.String(
        load_default=None,
        validate=validate.Length(1, 64),
        **said("That of the answer with the list; else version and user_id say which."),
    )
    version = fields.String(
        load_default=None, validate=validate.Length(1, 100), **said("That of the list.")
    )
    user_id = PublicIdField(load_default=None, **said("Whose list it was.", **ID))
    at = WholeNumber(
        load_default=None,
        validate=validate.Range(0, LATEST),
        **said("Seconds since 1970; now, if it is not given."),
    )

    @validates_schema
    def check_list(self, data: dict[str, Any], **_: object) -> None:
        if data.get("request_id") is None and (
            data.get("version") is None or data.get("user_id") is None
        ):
            raise ValidationError(
                "say which list it was: by request_id, or by version and user_id",
                "request_id",
            )


class SentEventsBody(Strict):
    events = fields.List(
        fields.Nested(EventSchema),
        required=True,
        validate=validate.Length(1, MOST_RATINGS),
    )


class PairSchema(Strict):
    user_id = PublicIdField(required=True, **said("As the data set has it.", **ID))
    movie_id = PublicIdField(required=True, **said("As the data set has it.", **ID))


class PairsBody(Strict):
    pairs = fields.List(
        fields.Nested(PairSchema),
        required=True,
        validate=validate.Length(1, MOST_PAIRS),
    )


class NothingBody(Strict):
    """What decides over a version is in the project, under version control."""


class JobsQuery(Strict):
    n = fields.Integer(
        load_default=10,
        validate=validate.Range(1, LONGEST_LIST),
        **said("How many at most, newest first."),
    )


class OutputQuery(Strict):
    lines = fields.Integer(
        load_default=50,
        validate=validate.Range(0, MOST_LINES),
        **said("How many of the last lines of the output."),
    )


class MovieQuery(Strict):
    search = fields.String(
        required=True,
        validate=validate.Length(1, 200),
        **said("Words of a title, or how they begin."),
    )
    n = fields.Integer(load_default=10, validate=validate.Range(1, LONGEST_LIST))


class LengthQuery(Strict):
    n = fields.Integer(load_default=10, validate=validate.Range(1, LONGEST_LIST))


class PopularQuery(LengthQuery):
    genre = fields.String(load_default="all", validate=validate.Length(1, 100))
    age = fields.String(
        load_default="all",
        validate=validate.Length(1, 100),
        **said("An age band, as 25-34, of the people who like the movies."),
    )
    gender = fields.String(load_default="all", validate=validate.Length(1, 100))
