"""What the service takes and answers, as its description has it."""

from typing import Any, NotRequired, TypedDict

Id = int | str


class Rating(TypedDict):
    """A movie that somebody rated."""

    movie_id: Id
    rating: float
    rated_at: NotRequired[int | None]


class SentRating(Rating):
    """A rating that a build is to learn from; with an `event_id` it counts once."""

    user_id: Id
    event_id: NotRequired[str | None]


class Event(TypedDict):
    """What somebody did with a movie of a list: `clicked` or `dismissed`."""

    event: str
    movie_id: Id
    rank: NotRequired[int | None]
    request_id: NotRequired[str | None]
    version: NotRequired[str | None]
    user_id: NotRequired[Id | None]
    at: NotRequired[int | None]


class Pair(TypedDict):
    """A user and a movie."""

    user_id: Id
    movie_id: Id


class OfVersion(TypedDict):
    """What every answer says of where it comes from."""

    version: str
    model_version: str | None
    generated_at: str | None


class Movie(TypedDict):
    """A movie wherever it is named."""

    movie_id: Id
    title: str | None
    release_year: int | None
    genres: list[str]


class Listed(Movie):
    """A place of a list."""

    rank: int
    score: float
    predicted_rating: float | None
    reason: str | None
    source: str
    because_of: NotRequired[list[dict[str, Any]]]
    other_contributions: NotRequired[float | None]
    score_constant: NotRequired[float | None]
    rule_adjustment: NotRequired[float]
    rule_lines: NotRequired[list[int]]


class RecommendationList(OfVersion):
    """A list of one person."""

    user_id: NotRequired[Id]
    is_stored: bool
    folded_at: NotRequired[str | None]
    unknown_movie_ids: NotRequired[list[Id]]
    request_id: NotRequired[str]
    recommendations: list[Listed]


class OneMovie(OfVersion):
    """What is known of a movie."""

    movie: Movie
    rating_count: int | None
    like_count: int | None
    rating_mean: float | None


class FoundMovies(OfVersion):
    """Movies by words of their titles."""

    movies: list[Movie]


class SimilarMovie(Movie):
    """A movie that is like another one."""

    rank: int
    similarity: float
    collaborative_similarity: float | None
    content_similarity: float | None


class SimilarMovies(OfVersion):
    """The movies that are most like one."""

    movie: Movie
    similar_movies: list[SimilarMovie]


class PopularMovie(Movie):
    """A movie that many like."""

    rank: int
    like_count: int


class PopularMovies(OfVersion):
    """What most people of a segment like."""

    genre: str
    age: str
    gender: str
    movies: list[PopularMovie]


class Prediction(Pair):
    """How a user would rate a movie."""

    predicted_rating: float
    source: str


class Predictions(OfVersion):
    """Predicted ratings, in the order of the pairs."""

    predictions: list[Prediction]


class Version(OfVersion):
    """The version that is served, and what it was made of."""

    published_at: str | None
    reason: str | None
    dataset: dict[str, Any]
    counts: dict[str, Any]
    metrics: dict[str, Any]
    id_type: str
    item_noun: str
    rating_noun: str
    feedback: str
    overlay: dict[str, Any] | None


class Position(TypedDict):
    """Where a rating is in a topic of Kafka."""

    partition: int
    offset: int


class RatingsReceipt(TypedDict):
    """Where ratings are kept that were sent: in a topic, or in lines of a segment."""

    received_at: str
    event_ids: list[str]
    topic: str | None
    positions: list[Position | None]
    segment: str | None
    first: int | None
    last: int | None


class Receipt(TypedDict):
    """Where events are kept that were sent."""

    segment: str
    first: int
    last: int
    received_at: str


class Job(TypedDict):
    """A build that was asked for: running, succeeded, failed or cancelled."""

    job_id: str
    state: str
    requested_by: str | None
    started_at: str
    cancelled_at: str | None
    ended_at: str | None
    exit_code: int | None
    reason: str | None
    version: str | None


class Jobs(TypedDict):
    """Builds that were asked for, newest first."""

    jobs: list[Job]


class Stage(TypedDict):
    """How far a build is, by the nodes of dbt."""

    node: str
    running: list[str]
    started: int
    finished: int
    total: int


class JobWithOutput(Job):
    """A build, how far it is, and the last lines of what it said."""

    stage: Stage | None
    log: list[str]
