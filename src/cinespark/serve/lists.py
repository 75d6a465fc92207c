"""Lists that are made when they are asked for: of the whole catalogue, for anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.list_rules import without_rules
from cinespark.algorithms.picked import SOURCES
from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.preference_scale import PreferenceScale, history_of_person
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.segments import fill_by_segment
from cinespark.errors import CineSparkError
from cinespark.serve.opened import Opened
from cinespark.serve.reasons import reason_in_words
from cinespark.versions.keys import UNKNOWN

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Wanted:
    """Which movies may be in a list.

    Parameters
    ----------
    genres
        One of which a movie must have; any if empty.
    from_year, to_year
        Of release, both included; a movie whose year is not known is in no range.
    exclude
        Public ids that must not be in it.
    """

    genres: Sequence[str] = ()
    from_year: int | None = None
    to_year: int | None = None
    exclude: Sequence[int | str] = ()

    @property
    def is_any(self) -> bool:
        """Whether every movie will do."""
        return not self.genres and not self.exclude and self.has_no_year

    @property
    def has_no_year(self) -> bool:
        return self.from_year is None and self.to_year is None


@dataclass(frozen=True)
class Place:
    """A place of a list, in the columns of the table `recommendations`."""

    rank: int
    movie_id: int | str
    score: float
    predicted_rating: float | None
    reason: str
    reason_movie_ids: list[int | str]
    reason_contributions: list[float]
    other_contributions: float | None
    score_constant: float | None
    rule_adjustment: float
    rule_lines: list[int]
    source: str


def history_of_user(opened: Opened, user_key: int) -> Preferences:
    """Return what a user of the data has rated, empty for one who has rated nothing."""
    found = opened.histories
    users = found["user_ids"]
    place = int(np.searchsorted(users, user_key))
    mine = slice(0, 0)
    if place < len(users) and users[place] == user_key:
        mine = slice(*found["starts"][place : place + 2].tolist())
    movies, stars, times = (
        np.asarray(found[name][mine]) for name in ("movie_ids", "ratings", "rated_at")
    )
    return history(opened, movies, stars.astype(np.float64), times, user_key)


def history(
    opened: Opened,
    movies: NDArray[np.int64],
    stars: NDArray[np.float64],
    times: NDArray[np.int64],
    user_key: int = UNKNOWN,
) -> Preferences:
    """Return anybody's ratings as the ranker is asked with them."""
    catalogue = opened.ranker.model.catalogue
    return history_of_person(
        movies, stars, times, catalogue, scale_of(opened), user_key
    )


def scale_of(opened: Opened) -> PreferenceScale:
    """Return what ratings say of liking.

    Raises
    ------
    CineSparkError
        If the version does not say it.
    """
    if opened.ranker.scale is None:
        raise CineSparkError(
            f"version {opened.name} does not say what ratings say of liking, as it was "
            "published by an older release: publish again with `dbt build`"
        )
    return opened.ranker.scale


def best_of(opened: Opened, person: Preferences, n: int, wanted: Wanted) -> list[Place]:
    """Return the person's best movies that the person has not rated.

    By the ranker that made the published lists, on the same arrays: without filters, of
    a user of the data, these are the published list.

    Parameters
    ----------
    n
        How many at most.
    """
    model = opened.ranker.model
    if not len(model.catalogue):
        return []
    scored = model.scored(person)
    is_new = fill_by_segment(scored.scores, person, opened.ranker.by_segment)
    barred = barred_movies(opened, person, wanted)
    if opened.rules:
        lists = opened.rules.lists(person, scored.scores, barred, n)
    else:
        lists = without_rules(*best_unrated(scored.scores, barred, model.catalogue, n))
    ((_, made, reasons),) = opened.explain(person, scored, lists, is_new)
    found = made.best[0, : made.lengths[0]]
    own = made.scores[0, : made.lengths[0]]
    stars = stars_of(opened, person, found)
    named = reason_ids(opened, reasons["reason_movie_ids"])
    places = []
    for rank, position in enumerate(found.tolist()):
        has_score = bool(own[rank] > -np.inf)
        source = str(SOURCES[made.kinds[0, rank]])
        if source == "personal" and is_new[0]:
            source = "segment"
        if not model.is_personal and source in ("personal", "segment"):
            source = "popularity"
        places.append(
            Place(
                rank + 1,
                opened.catalogue.movie_ids[position],
                float(own[rank]) if has_score else -1.0 - position,
                stars[rank],
                "",
                named[rank],
                list(reasons["reason_contributions"][rank]),
                number(reasons["other_contributions"][rank]),
                number(reasons["score_constant"][rank]),
                float(reasons["rule_adjustment"][rank]),
                list(reasons["rule_lines"][rank]),
                source,
            )
        )
    return with_words(opened, places)


def barred_movies(
    opened: Opened, person: Preferences, wanted: Wanted
) -> sparse.csr_array:
    """Return an entry for each movie that must not be in a list: (1, movies)."""
    is_barred = ~allowed_movies(opened, wanted)
    is_barred[person.movies] = True
    return sparse.csr_array(is_barred[None].astype(np.float64))


def allowed_movies(opened: Opened, wanted: Wanted) -> Flags:
    """Return which movies of the catalogue may be in a list."""
    catalogue = opened.catalogue
    allowed = np.ones(len(catalogue.movie_ids), np.bool_)
    if wanted.genres:
        allowed[:] = False
        for genre in wanted.genres:
            allowed |= catalogue.genres.get(genre, np.False_)
    if not wanted.has_no_year:
        first = 1 if wanted.from_year is None else wanted.from_year
        last = np.iinfo(np.int32).max if wanted.to_year is None else wanted.to_year
        allowed &= (catalogue.years >= max(first, 1)) & (catalogue.years <= last)
    if wanted.exclude:
        excluded = set(wanted.exclude)
        allowed &= [movie not in excluded for movie in catalogue.movie_ids]
    return allowed


def stars_of(
    opened: Opened, person: Preferences, places: NDArray[np.int64]
) -> list[float | None]:
    """Return predicted ratings of movies, None for who is not in the data."""
    user = int(person.user_ids[0])
    if opened.predictor is None or user == UNKNOWN:
        return [None] * len(places)
    movies = opened.catalogue.keys[places]
    stars, _ = predict_ratings(opened.predictor, np.full(len(movies), user), movies)
    found: list[float | None] = stars.tolist()
    return found


def reason_ids(opened: Opened, keys: Sequence[list[int]]) -> list[list[int | str]]:
    """Return public ids for the keys that reasons name."""
    wanted = {key for row in keys for key in row}
    if not wanted:
        return [[] for _ in keys]
    catalogue = opened.catalogue
    places = np.flatnonzero(np.isin(catalogue.keys, list(wanted)))
    ids = {int(catalogue.keys[one]): catalogue.movie_ids[one] for one in places}
    return [[ids[key] for key in row] for row in keys]


def number(value: float) -> float | None:
    """Return a number, None for one that is none."""
    return float(value) if np.isfinite(value) else None


def with_words(opened: Opened, places: list[Place]) -> list[Place]:
    """Return places with their reasons in words, as the published lists have them."""
    listed = {one.movie_id for one in places}
    named = {one for place in places for one in place.reason_movie_ids}
    found = movies_by_id(opened, listed | named)
    parameters = opened.manifest.about.parameters if opened.manifest.about else {}
    words = opened.manifest.vocabulary
    ranker = parameters.get("recommender.ranker", "the ranker")
    result = []
    for place in places:
        rated = (found[one]["title"] for one in place.reason_movie_ids)
        titles = [str(title) for title in rated if title is not None]
        movie = found.get(place.movie_id)
        likes = int((movie["like_count"] if movie else 0) or 0)
        is_explained = place.score_constant is not None
        reason = reason_in_words(
            place.source, titles, is_explained, likes, words, ranker, place.rule_lines
        )
        result.append(Place(**{**vars(place), "reason": reason}))
    return result


def movies_by_id(
    opened: Opened, ids: set[int | str]
) -> dict[int | str, dict[str, Any]]:
    """Return rows of the movies with these ids, by id."""
    found: dict[int | str, dict[str, Any]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        block = wanted[start : start + 500]
        marks = ", ".join("?" * len(block))
        statement = f"select * from movies where movie_id in ({marks})"
        found |= {row["movie_id"]: dict(row) for row in opened.ask(statement, *block)}
    return found
