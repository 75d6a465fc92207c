"""What is asked and answered, as the description of the API has it."""

from typing import Any

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    validate,
    validates_schema,
)

LONGEST_LIST = 100
MOST_RATINGS = 1000
MOST_PAIRS = 1000
MOST_EXCLUDED = 1000
MOST_IN_ADDRESS = 100  # an address has an end
LAST_YEAR = 9999
LATEST = 253_402_300_799  # the last second of that year
ID = {"type": ["integer", "string"], "description": "As the data set has it."}


def said(text: str, **more: object) -> dict[str, Any]:
    """Return what the description says of a field."""
    return {"metadata": {"description": text, **more}}


class Strict(Schema):
    class Meta:
        unknown = RAISE


class WholeNumber(fields.Integer):
    """A whole number as JSON has it: no text, no 1.5 and no truth value."""

    def _validated(self, value: object) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Float):
    """A finite number as JSON has it: no text and no truth value."""

    def _validated(self, value: object) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        try:
            return super()._validated(value)
        except OverflowError:
            raise self.make_error("too_large", input=value) from None


class PublicIdField(fields.Field[Any]):
    """An id in a body: a whole number or a text, as the data set has them."""

    def _deserialize(self, value: Any, *_: object, **__: object) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValidationError("Not an id: a whole number or a text.")
        return value


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


class SentRatingsBody(Strict):
    ratings = fields.List(
        fields.Nested(SentRatingSchema),
        required=True,
        validate=validate.Length(1, MOST_RATINGS),
    )


class ReceiptSchema(Schema):
    segment = fields.String(required=True, **said("The file that holds the ratings."))
    first = fields.Integer(required=True, **said("Line of the first of them, from 1."))
    last = fields.Integer(required=True, **said("Line of the last."))
    received_at = fields.String(required=True)


class PairSchema(Strict):
    user_id = PublicIdField(required=True, **said("As the data set has it.", **ID))
    movie_id = PublicIdField(required=True, **said("As the data set has it.", **ID))


class PairsBody(Strict):
    pairs = fields.List(
        fields.Nested(PairSchema),
        required=True,
        validate=validate.Length(1, MOST_PAIRS),
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


class OfVersion(Schema):
    """What every answer says of where it comes from."""

    version = fields.String(required=True, **said("The published version."))
    model_version = fields.String(allow_none=True, required=True)
    generated_at = fields.String(
        required=True, allow_none=True, **said("When this was worked out.")
    )


class MovieSchema(Schema):
    movie_id = fields.Raw(required=True, **said("As the data set has it.", **ID))
    title = fields.String(allow_none=True)
    release_year = fields.Integer(allow_none=True)
    genres = fields.List(fields.String())


class ListedSchema(MovieSchema):
    rank = fields.Integer(required=True)
    score = fields.Float(**said("Orders the list, and is no rating."))
    predicted_rating = fields.Float(allow_none=True)
    reason = fields.String(allow_none=True)
    source = fields.String(**said("'personal', 'segment' or 'popularity'."))
    because_of = fields.List(
        fields.Dict(), **said("Rated movies that add most to the score, and how much.")
    )
    other_contributions = fields.Float(allow_none=True)
    score_constant = fields.Float(allow_none=True)


class ListSchema(OfVersion):
    user_id = fields.Raw(**said("As the data set has it.", **ID))
    is_stored = fields.Boolean(
        required=True, **said("Whether it is the published list, or was made just now.")
    )
    unknown_movie_ids = fields.List(fields.Raw(**said("Not in the data.", **ID)))
    recommendations = fields.List(fields.Nested(ListedSchema), required=True)


class OneMovieSchema(OfVersion):
    movie = fields.Nested(MovieSchema, required=True)
    rating_count = fields.Integer(allow_none=True)
    like_count = fields.Integer(allow_none=True)
    rating_mean = fields.Float(allow_none=True)


class FoundSchema(OfVersion):
    movies = fields.List(fields.Nested(MovieSchema), required=True)


class SimilarMovieSchema(MovieSchema):
    rank = fields.Integer(required=True)
    similarity = fields.Float()
    collaborative_similarity = fields.Float(allow_none=True)
    content_similarity = fields.Float(allow_none=True)


class SimilarSchema(OfVersion):
    movie = fields.Nested(MovieSchema, required=True)
    similar_movies = fields.List(fields.Nested(SimilarMovieSchema), required=True)


class PopularMovieSchema(MovieSchema):
    rank = fields.Integer(required=True)
    like_count = fields.Integer()


class PopularSchema(OfVersion):
    genre = fields.String()
    age = fields.String()
    gender = fields.String()
    movies = fields.List(fields.Nested(PopularMovieSchema), required=True)


class PredictionSchema(Schema):
    user_id = fields.Raw(required=True, **said("As the data set has it.", **ID))
    movie_id = fields.Raw(required=True, **said("As the data set has it.", **ID))
    predicted_rating = fields.Float(required=True)
    source = fields.String(
        **said("What it rests on: 'personal', 'user', 'movie' or 'mean'.")
    )


class PredictionsSchema(OfVersion):
    predictions = fields.List(fields.Nested(PredictionSchema), required=True)


class VersionSchema(OfVersion):
    published_at = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    dataset = fields.Dict()
    counts = fields.Dict()
    metrics = fields.Dict()
    id_type = fields.String(**said("Of users and movies: int, bigint or string."))
    item_noun = fields.String()
    rating_noun = fields.String()
    feedback = fields.String()
