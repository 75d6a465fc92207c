"""A client of the service: `Client("http://127.0.0.1:8000").recommendations(1)`.

Answers are as the service's JSON has them, with types. It imports nothing of the
project but its errors, and works with any version of the data.
"""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

import requests

from cinespark.client.answers import (
    Event,
    FoundMovies,
    Id,
    Job,
    Jobs,
    JobWithOutput,
    OneMovie,
    Pair,
    PopularMovies,
    Predictions,
    Rating,
    RatingsReceipt,
    Receipt,
    RecommendationList,
    SentRating,
    SimilarMovies,
    Version,
)
from cinespark.errors import CineSparkError

# the method for each address of the service's description
METHODS = {
    ("get", "/api/v1/users/{user_id}/recommendations"): "recommendations",
    ("post", "/api/v1/recommendations"): "recommend",
    ("get", "/api/v1/movies"): "search",
    ("get", "/api/v1/movies/popular"): "popular",
    ("get", "/api/v1/movies/{movie_id}/similar"): "similar",
    ("get", "/api/v1/movies/{movie_id}"): "movie",
    ("post", "/api/v1/predictions"): "predict",
    ("get", "/api/v1/version"): "version",
    ("post", "/api/v1/ratings"): "send_ratings",
    ("post", "/api/v1/events"): "send_events",
    ("post", "/api/v1/refresh"): "refresh",
    ("get", "/api/v1/jobs"): "jobs",
    ("get", "/api/v1/jobs/{job_id}"): "job",
    ("delete", "/api/v1/jobs/{job_id}"): "cancel",
}


class ServiceError(CineSparkError):
    """A problem that the service answered with.

    Parameters
    ----------
    status
        Of HTTP.
    problem
        The document, by RFC 9457; empty where there was none.
    retry_after
        Seconds to wait before asking again, None where it does not say.
    """

    def __init__(
        self, status: int, problem: Mapping[str, Any], retry_after: int | None = None
    ) -> None:
        title = problem.get("title", "an answer that is no problem document")
        super().__init__(f"{status} {title}: {problem.get('detail', '')}")
        self.status, self.problem, self.retry_after = status, problem, retry_after


class Client:
    """Who asks the service; one for each thread.

    Every method raises ServiceError with the problem's own words, and CineSparkError
    where nobody answers.

    Parameters
    ----------
    address
        As `http://127.0.0.1:8000`.
    token
        Of `cinespark token create`; None where reading is open.
    timeout
        Seconds to wait for an answer.
    """

    def __init__(
        self, address: str, token: str | None = None, timeout: float = 10
    ) -> None:
        self._address, self._timeout = address.rstrip("/"), timeout
        self._session = requests.Session()
        self._session.trust_env = False  # no password of ~/.netrc in place of the token
        if token is not None:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def recommendations(
        self,
        user_id: Id,
        *,
        n: int = 10,
        genre: Sequence[str] = (),
        from_year: int | None = None,
        to_year: int | None = None,
        exclude: Sequence[Id] = (),
        explain: bool = False,
    ) -> RecommendationList:
        """Return the list of a user of the data."""
        query = {
            "n": n,
            "genre": list(genre),
            "from_year": from_year,
            "to_year": to_year,
            "exclude": list(exclude),
            "explain": str(explain).lower(),
        }
        path = f"users/{in_path(user_id)}/recommendations"
        return cast(RecommendationList, self._get(path, query))

    def recommend(
        self,
        ratings: Sequence[Rating],
        *,
        n: int = 10,
        genre: Sequence[str] = (),
        from_year: int | None = None,
        to_year: int | None = None,
        exclude: Sequence[Id] = (),
        explain: bool = False,
    ) -> RecommendationList:
        """Return a list for a person who is not in the data, of some ratings."""
        body = {
            "ratings": list(ratings),
            "n": n,
            "genre": list(genre),
            "exclude": list(exclude),
            "explain": explain,
        }
        years = {"from_year": from_year, "to_year": to_year}
        body |= {name: year for name, year in years.items() if year is not None}
        return cast(RecommendationList, self._post("recommendations", body))

    def search(self, search: str, *, n: int = 10) -> FoundMovies:
        """Return movies whose titles have words that begin so."""
        return cast(FoundMovies, self._get("movies", {"search": search, "n": n}))

    def popular(
        self, *, genre: str = "all", age: str = "all", gender: str = "all", n: int = 10
    ) -> PopularMovies:
        """Return what most people like, or people of one age and gender."""
        query = {"genre": genre, "age": age, "gender": gender, "n": n}
        return cast(PopularMovies, self._get("movies/popular", query))

    def similar(self, movie_id: Id, *, n: int = 10) -> SimilarMovies:
        """Return the movies that are most like one."""
        path = f"movies/{in_path(movie_id)}/similar"
        return cast(SimilarMovies, self._get(path, {"n": n}))

    def movie(self, movie_id: Id) -> OneMovie:
        """Return what is known of a movie."""
        return cast(OneMovie, self._get(f"movies/{in_path(movie_id)}"))

    def predict(self, pairs: Sequence[Pair]) -> Predictions:
        """Return predicted ratings of pairs of user and movie."""
        return cast(Predictions, self._post("predictions", {"pairs": list(pairs)}))

    def version(self) -> Version:
        """Return the version that is served."""
        return cast(Version, self._get("version"))

    def send_ratings(self, ratings: Sequence[SentRating]) -> RatingsReceipt:
        """Send ratings for a build to come; they are kept when this returns.

        Where it raises, send them again: those with an `event_id` count once.
        """
        return cast(RatingsReceipt, self._post("ratings", {"ratings": list(ratings)}))

    def send_events(self, events: Sequence[Event]) -> Receipt:
        """Send what people did with their lists."""
        return cast(Receipt, self._post("events", {"events": list(events)}))

    def refresh(self) -> Job:
        """Start a build, and return it as it begins."""
        return cast(Job, self._post("refresh", {}))

    def jobs(self, *, n: int = 10) -> Jobs:
        """Return the newest builds that were asked for."""
        return cast(Jobs, self._get("jobs", {"n": n}))

    def job(self, job_id: str, *, lines: int = 50) -> JobWithOutput:
        """Return a build, how far it is and the last lines of what it said."""
        return cast(
            JobWithOutput, self._get(f"jobs/{in_path(job_id)}", {"lines": lines})
        )

    def cancel(self, job_id: str) -> JobWithOutput:
        """End a build; one that has ended stays as it was."""
        return cast(JobWithOutput, self._ask("DELETE", f"jobs/{in_path(job_id)}"))

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> object:
        return self._ask("GET", path, params=query)

    def _post(self, path: str, body: Mapping[str, Any]) -> object:
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: str, **more: Any) -> object:
        url = f"{self._address}/api/v1/{path}"
        try:
            answer = self._session.request(
                method, url, timeout=self._timeout, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            raise CineSparkError(
                f"{self._address} does not answer ({error}): start the service with "
                "`cinespark serve`, or give another address"
            ) from error
        try:
            found: object = answer.json()
        except ValueError:
            found = {}
        if answer.status_code >= 300 or not isinstance(found, dict):
            seconds = answer.headers.get("Retry-After", "")
            raise ServiceError(
                answer.status_code,
                found if isinstance(found, dict) else {},
                int(seconds) if seconds.isdecimal() else None,
            )
        return found


def in_path(one: Id) -> str:
    """Return an id as a part of an address, whatever is in it."""
    return quote(str(one), safe="")
