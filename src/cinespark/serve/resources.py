"""The addresses of the API, each with what it takes and gives."""

from typing import Any

from flask import current_app, g, request

from cinespark import __version__
from cinespark.serve import answered, asked, list_answers, movie_answers, other_answers
from cinespark.serve.access import require_own
from cinespark.serve.addresses import Addresses
from cinespark.serve.answer_parts import Answer, require_ids, user_of
from cinespark.serve.ids import id_of_text
from cinespark.serve.incoming import Incoming
from cinespark.serve.keeping import Keeping
from cinespark.serve.opened import Opened
from cinespark.serve.problems import MEDIA_TYPE, Problem, ProblemSchema
from cinespark.serve.shown import with_request_id
from cinespark.serve.tokens import Token

reading = Addresses("reading", __name__, url_prefix="/api/v1")
writing = Addresses("writing", __name__, url_prefix="/api/v1")  # by a token alone


def problem(words: str) -> dict[str, Any]:
    """Return what the description says of a problem that an address may have."""
    return {
        "schema": ProblemSchema,
        "content_type": MEDIA_TYPE,
        "description": words,
    }


def opened() -> Opened:
    """Return the version that the request holds until its answer is sent."""
    held: Opened | None = g.get("opened")
    if held is None:
        g.opened = held = current_app.extensions["cinespark"].take()
    return held


def let_go(error: BaseException | None = None) -> None:
    """Let go of the version that a request held."""
    held = g.pop("opened", None)
    if held is not None:
        current_app.extensions["cinespark"].leave(held)


def of_new_version(revision: str | None = None) -> Opened:
    """Return the version, if it or the question is new to who asks: else 304.

    The tag is of both, and not of the answer, which is not worked out to compare it.

    Parameters
    ----------
    revision
        Of what came since the version was made, if the answer is of that, too.
    """
    held = opened()
    more = [] if revision is None else [revision]
    reading.set_etag([__version__, held.name, request.full_path, *more])
    return held


@reading.route("/users/<path:user_id>/recommendations")
@reading.etag
@reading.arguments(asked.ListQuery, location="query")
@reading.response(200, answered.ListSchema)
@reading.alt_response(
    404, schema=ProblemSchema, content_type=MEDIA_TYPE, description="No such user"
)
def user_list(given: dict[str, Any], user_id: str) -> Answer:
    """Give the list of a user of the data, or of one who has rated since.

    Without filters it is the published list, or the one that came of the user's ratings
    since; with them, or where more is asked for than is stored, the same ranker answers
    from the whole catalogue.
    """
    require_own(user_id)
    user = user_of(opened(), user_id)
    held = of_new_version(user.revision)
    return in_log(list_answers.list_of_user(held, user, given))


@reading.route("/recommendations", methods=["POST"])
@reading.arguments(asked.NewPersonBody)
@reading.response(200, answered.ListSchema)
def new_list(given: dict[str, Any]) -> Answer:
    """Give a list for a person who is not in the data, of some ratings."""
    return in_log(list_answers.list_of_ratings(opened(), given))


@reading.route("/movies")
@reading.etag
@reading.arguments(asked.MovieQuery, location="query")
@reading.response(200, answered.FoundSchema)
def movies(given: dict[str, Any]) -> Answer:
    """Find movies by words of their titles."""
    return movie_answers.found_by(of_new_version(), given["search"], given["n"])


@reading.route("/movies/popular")
@reading.etag
@reading.arguments(asked.PopularQuery, location="query")
@reading.response(200, answered.PopularSchema)
def popular(given: dict[str, Any]) -> Answer:
    """Give what most people like, or people of one age and gender, of one genre."""
    return movie_answers.popular_with(of_new_version(), given)


@reading.route("/movies/<path:movie_id>/similar")
@reading.etag
@reading.arguments(asked.LengthQuery, location="query")
@reading.response(200, answered.SimilarSchema)
@reading.alt_response(
    404, schema=ProblemSchema, content_type=MEDIA_TYPE, description="No such movie"
)
def similar(given: dict[str, Any], movie_id: str) -> Answer:
    """Give the movies that are most like one."""
    return movie_answers.similar_to(of_new_version(), movie_id, given["n"])


@reading.route("/movies/<path:movie_id>")
@reading.etag
@reading.response(200, answered.OneMovieSchema)
@reading.alt_response(
    404, schema=ProblemSchema, content_type=MEDIA_TYPE, description="No such movie"
)
def one_movie(movie_id: str) -> Answer:
    """Give what is known of a movie."""
    return movie_answers.one_movie(of_new_version(), movie_id)


@reading.route("/predictions", methods=["POST"])
@reading.arguments(asked.PairsBody)
@reading.response(200, answered.PredictionsSchema)
@reading.alt_response(
    409,
    schema=ProblemSchema,
    content_type=MEDIA_TYPE,
    description="No stars in this version",
)
def predictions(given: dict[str, Any]) -> Answer:
    """Predict the ratings of pairs of user and movie."""
    for pair in given["pairs"]:
        require_own(str(pair["user_id"]))
    return other_answers.predictions_of(opened(), given["pairs"])


@reading.route("/version")
@reading.etag
@reading.response(200, answered.VersionSchema)
def version() -> Answer:
    """Give the version that is served, what it was made of, and what came since."""
    overlay = other_answers.overlay_of(opened())
    # two folds of one second may leave counts as they are, but never positions
    revision = f"{overlay['positions']} {overlay['folded_at']}" if overlay else None
    return {**other_answers.about(of_new_version(revision)), "overlay": overlay}


@writing.route("/ratings", methods=["POST"])
@writing.arguments(asked.SentRatingsBody)
@writing.response(202, answered.RatingsReceiptSchema)
@writing.alt_response(
    409,
    schema=ProblemSchema,
    content_type=MEDIA_TYPE,
    description="No data set in this version",
)
def ratings(given: dict[str, Any]) -> Answer:
    """Take ratings for a build to come, and say where they are kept.

    The receipt is sent once they are on the disk, or a broker has acknowledged them.
    """
    for rating in given["ratings"]:
        require_own(str(rating["user_id"]))
    rows = other_answers.sent_ratings(opened(), given["ratings"])
    keeping: Keeping = current_app.extensions["cinespark_keeping"]
    return keeping.keep(rows, other_answers.dataset_of(opened()))


@writing.route("/events", methods=["POST"])
@writing.arguments(asked.SentEventsBody)
@writing.response(202, answered.ReceiptSchema)
@writing.alt_response(
    409,
    schema=ProblemSchema,
    content_type=MEDIA_TYPE,
    description="No data set in this version",
)
def events(given: dict[str, Any]) -> Answer:
    """Take what people did with their lists, for a build to come.

    The receipt is sent once it is on the disk.
    """
    held = opened()
    rows = [of_own_user(held, event) for event in given["events"]]
    require_ids(held, [event["movie_id"] for event in rows])
    users = [one["user_id"] for one in rows if one["user_id"] is not None]
    require_ids(held, users, "user_id")
    kept: Incoming = current_app.extensions["cinespark_events"]
    sent = other_answers.with_times(rows, "at")
    return vars(kept.add(sent, other_answers.dataset_of(held)))


def of_own_user(held: Opened, event: dict[str, Any]) -> dict[str, Any]:
    """Return an event, which is of the user of a user's token if it names none.

    Raises
    ------
    Problem
        If it is another user's.
    """
    token: Token | None = g.get("token")
    if event["user_id"] is None and token is not None and token.user_id is not None:
        return {**event, "user_id": id_of_text(token.user_id, held.id_type)}
    require_own(str(event["user_id"]))
    return event


def in_log(answer: Answer) -> Answer:
    """Return a list, which is in the log of what was shown if there is one."""
    return with_request_id(answer, opened(), current_app.extensions["cinespark_shown"])


def nothing_served(error: Exception) -> Problem:
    """Return the problem of there being no version."""
    return Problem(503, "Nothing is served", f"{error}: publish with `dbt build`")
