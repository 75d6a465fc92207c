"""Lists that are made when they are asked for: of the whole catalogue, for anybody."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.list_reasons import Columns
from cinespark.algorithms.list_rules import Picked, without_rules
from cinespark.algorithms.picked import SOURCES
from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Ids
from cinespark.algorithms.segments import fill_by_segment
from cinespark.serve.histories import movies_by_id
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


def best_of(opened: Opened, person: Preferences, n: int, wanted: Wanted) -> list[Place]:
    """Return the person's best movies that the person has not rated.

    By the ranker that made the published lists, on the same arrays: without filters, of
    a user of the data, these are the published list.

    Parameters
    ----------
    person
        A block of one.
    n
        How many at most.
    """
    (places,) = lists_of(opened, person, n, wanted)
    return places


def lists_of(
    opened: Opened, people: Preferences, n: int, wanted: Wanted
) -> list[list[Place]]:
    """Return the best movies of each of a block of people, as `best_of` does."""
    model = opened.ranker.model
    if not len(model.catalogue):
        return [[] for _ in people.user_ids]
    scored = model.scored(people)
    is_new = fill_by_segment(scored.scores, people, opened.ranker.by_segment)
    barred = barred_movies(opened, people, wanted)
    if opened.rules:
        lists = opened.rules.lists(people, scored.scores, barred, n)
    else:
        lists = without_rules(*best_unrated(scored.scores, barred, model.catalogue, n))
    found: list[list[Place]] = []
    for users, made, reasons in opened.explain(people, scored, lists, is_new):
        ids = people.user_ids[users]
        found += places_of(opened, ids, made, reasons, is_new[users])
    return with_words(opened, found)


def places_of(
    opened: Opened, user_keys: Ids, made: Picked, reasons: Columns, is_new: Flags
) -> list[list[Place]]:
    """Return lists of a block of people, their reasons not yet in words.

    Parameters
    ----------
    reasons
        The columns of REASONS_SCHEMA, for the rows of all lists.
    is_new
        Whose scores are by segment, (users,).
    """
    is_there = np.arange(made.best.shape[1]) < made.lengths[:, None]
    users, _ = np.nonzero(is_there)
    positions, scores = made.best[is_there], made.scores[is_there]
    sources = sources_of(opened, SOURCES[made.kinds[is_there]], is_new[users])
    orders = np.where(scores > -np.inf, scores, -1.0 - positions).tolist()
    stars = stars_of(opened, user_keys[users], positions)
    named = reason_ids(opened, reasons["reason_movie_ids"].tolist())
    columns = (
        [opened.catalogue.movie_ids[one] for one in positions.tolist()],
        orders,
        stars,
        named,
        reasons["reason_contributions"].tolist(),
        [number(one) for one in reasons["other_contributions"].tolist()],
        [number(one) for one in reasons["score_constant"].tolist()],
        reasons["rule_adjustment"].tolist(),
        reasons["rule_lines"].tolist(),
        sources,
    )
    lists: list[list[Place]] = [[] for _ in user_keys]
    for user, movie, order, star, ids, amounts, *sums, lines, source in zip(
        users.tolist(), *columns, strict=True
    ):
        place = len(lists[user]) + 1
        lists[user].append(
            Place(
                *(place, movie, order, star, "", ids, list(amounts)),
                *(*sums, list(lines), source),
            )
        )
    return lists


def sources_of(opened: Opened, kinds: NDArray[np.str_], is_new: Flags) -> list[str]:
    """Return why movies are in lists, in the words of the table.

    Parameters
    ----------
    is_new
        Whether the scores of the movie's user are by segment.
    """
    found: list[str] = np.where(
        (kinds == "personal") & is_new, "segment", kinds
    ).tolist()
    if opened.ranker.model.is_personal:
        return found
    return ["popularity" if one in ("personal", "segment") else one for one in found]


def barred_movies(
    opened: Opened, people: Preferences, wanted: Wanted
) -> sparse.csr_array:
    """Return an entry for each movie that must not be in a list: (people, movies)."""
    if wanted.is_any:
        return people.seen()
    is_barred = np.tile(~allowed_movies(opened, wanted), (len(people.user_ids), 1))
    is_barred[people.users, people.movies] = True
    return sparse.csr_array(is_barred.astype(np.float64))


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


def stars_of(opened: Opened, user_keys: Ids, places: Ids) -> list[float | None]:
    """Return predicted ratings of pairs, None for who is not in the data.

    Parameters
    ----------
    places
        Of the movies in the catalogue.
    """
    found: list[float | None] = [None] * len(places)
    known = np.flatnonzero(user_keys != UNKNOWN)
    if opened.predictor is None or not len(known):
        return found
    movies = opened.catalogue.keys[places[known]]
    stars, _ = predict_ratings(opened.predictor, user_keys[known], movies)
    for row, one in zip(known.tolist(), stars.tolist(), strict=True):
        found[row] = one
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
    return value if math.isfinite(value) else None


def with_words(opened: Opened, lists: list[list[Place]]) -> list[list[Place]]:
    """Return lists with their reasons in words, as the published lists have them."""
    listed = {place.movie_id for places in lists for place in places}
    named = {
        one for places in lists for place in places for one in place.reason_movie_ids
    }
    found = movies_by_id(opened, listed | named)
    parameters = opened.manifest.about.parameters if opened.manifest.about else {}
    words = opened.manifest.vocabulary
    ranker = parameters.get("recommender.ranker", "the ranker")

    def reason(place: Place) -> str:
        rated = (found[one]["title"] for one in place.reason_movie_ids)
        titles = [str(title) for title in rated if title is not None]
        movie = found.get(place.movie_id)
        likes = int((movie["like_count"] if movie else 0) or 0)
        is_explained = place.score_constant is not None
        return reason_in_words(
            place.source, titles, is_explained, likes, words, ranker, place.rule_lines
        )

    return [
        [replace(place, reason=reason(place)) for place in places] for places in lists
    ]
