"""What is answered, as the description of the API has it."""

from marshmallow import Schema, fields

from cinespark.serve.jobs import STATES
from cinespark.serve.json_fields import ID, said


class ReceiptSchema(Schema):
    segment = fields.String(required=True, **said("The file that holds the ratings."))
    first = fields.Integer(required=True, **said("Line of the first of them, from 1."))
    last = fields.Integer(required=True, **said("Line of the last."))
    received_at = fields.String(required=True)


class PositionSchema(Schema):
    partition = fields.Integer(required=True)
    offset = fields.Integer(required=True)


class RatingsReceiptSchema(Schema):
    received_at = fields.String(required=True)
    event_ids = fields.List(
        fields.String(),
        required=True,
        **said(
            "Of the ratings in their order, given or made: to send one again under."
        ),
    )
    topic = fields.String(
        required=True,
        allow_none=True,
        **said("Of Kafka, where a broker acknowledged some; else null."),
    )
    positions = fields.List(
        fields.Nested(PositionSchema, allow_none=True),
        required=True,
        **said("In the topic, one for each rating; null for those in the segment."),
    )
    segment = fields.String(
        required=True,
        allow_none=True,
        **said("The file that holds the others; null where there are none."),
    )
    first = fields.Integer(
        required=True, allow_none=True, **said("Line of the first of them, from 1.")
    )
    last = fields.Integer(required=True, allow_none=True, **said("Line of the last."))


class JobSchema(Schema):
    job_id = fields.String(required=True)
    state = fields.String(required=True, **said("One of these.", enum=list(STATES)))
    requested_by = fields.String(allow_none=True, **said("The token of that name."))
    started_at = fields.String(required=True)
    cancelled_at = fields.String(
        allow_none=True, **said("When somebody wanted it to end.")
    )
    ended_at = fields.String(allow_none=True)
    exit_code = fields.Integer(
        allow_none=True,
        **said("Of dbt; below 0 a signal, null where nobody saw it end."),
    )
    reason = fields.String(allow_none=True, **said("Why it failed."))
    version = fields.String(
        allow_none=True,
        **said("That it published; null if it gave the content of one that was there."),
    )


class JobsSchema(Schema):
    jobs = fields.List(fields.Nested(JobSchema), required=True)


class StageSchema(Schema):
    node = fields.String(**said("Of dbt: the model or test that began last."))
    running = fields.List(fields.String(), **said("All that have not ended."))
    started = fields.Integer(**said("How many have begun."))
    finished = fields.Integer(**said("How many have ended."))
    total = fields.Integer(**said("How many there are."))


class OneJobSchema(JobSchema):
    stage = fields.Nested(
        StageSchema, allow_none=True, **said("Null before the first model.")
    )
    log = fields.List(
        fields.String(),
        required=True,
        **said("The last lines of the output, without what is secret."),
    )


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
    source = fields.String(
        **said("'personal', 'segment', 'popularity', 'pin' or 'exploration'.")
    )
    because_of = fields.List(
        fields.Dict(), **said("Rated movies that add most to the score, and how much.")
    )
    other_contributions = fields.Float(allow_none=True)
    score_constant = fields.Float(allow_none=True)
    rule_adjustment = fields.Float(
        **said("What rules and diversity add to the score: part of the same sum.")
    )
    rule_lines = fields.List(
        fields.Integer(), **said("Lines of the rules that moved or pinned the movie.")
    )


class ListSchema(OfVersion):
    user_id = fields.Raw(**said("As the data set has it.", **ID))
    is_stored = fields.Boolean(
        required=True, **said("Whether it was made before, or just now.")
    )
    folded_at = fields.String(
        allow_none=True,
        **said(
            "When the user's ratings since the version were folded in; null without "
            "any: a list that is stored is the published one then."
        ),
    )
    request_id = fields.String(
        **said("Its id in the log of lists, for events; if there is a log.")
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


class NextOffsetSchema(Schema):
    topic = fields.String()
    partition = fields.Integer()
    next_offset = fields.Integer(**said("The first that is not in yet."))


class OverlaySchema(Schema):
    folded_at = fields.String(allow_none=True, **said("When that was last done."))
    users = fields.Integer(**said("Whose lists came of it."))
    new_users = fields.Integer(**said("Of these, who are not in the data."))
    ratings = fields.Integer(**said("That count."))
    skipped = fields.Integer(**said("Rows that are no ratings of this data set."))
    positions = fields.List(fields.Nested(NextOffsetSchema))


class VersionSchema(OfVersion):
    overlay = fields.Nested(
        OverlaySchema,
        allow_none=True,
        **said("What came since the version was made, and is in lists; null if none."),
    )
    published_at = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    dataset = fields.Dict()
    counts = fields.Dict()
    metrics = fields.Dict()
    id_type = fields.String(**said("Of users and movies: int, bigint or string."))
    item_noun = fields.String()
    rating_noun = fields.String()
    feedback = fields.String()
