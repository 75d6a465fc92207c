"""A fitted ranker: parts that score the catalogue for a block of users, weighed."""

from dataclasses import dataclass, is_dataclass
from typing import Protocol, Self, TypeVar, get_type_hints

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.arrays import Array, Arrays
from cinespark.algorithms.ease import Ease, ease_scores
from cinespark.algorithms.fold_in import fold_in, recency
from cinespark.algorithms.liked_content import LikedContent
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_scores import standardise_rows

T = TypeVar("T")
SPARSE = ("data", "indices", "indptr")  # a csr_array is made of these


class Part(Protocol):
    """What gives each movie of the catalogue a score for each user."""

    def scores(self, history: Preferences) -> Floats:
        """Return scores (users, movies), NaN where there is no opinion.

        Parameters
        ----------
        history
            Of a block of users, in the catalogue that the part was fitted on.
        """
        ...


@dataclass(frozen=True)
class Popularity:
    """The likes of each movie, the same for all users."""

    like_counts: Ids

    def scores(self, history: Preferences) -> Floats:
        likes = self.like_counts.astype(np.float64)
        return np.tile(likes, (len(history.user_ids), 1))


@dataclass(frozen=True)
class LearntUsers:
    """p·q with both vectors as they were learnt, NaN for users who have none."""

    user_ids: Ids
    user_vectors: Floats
    movie_vectors: Floats

    def scores(self, history: Preferences) -> Floats:
        place = pd.Index(self.user_ids).get_indexer(pd.Index(history.user_ids))
        users = np.full((len(place), self.movie_vectors.shape[1]), np.nan)
        users[place >= 0] = self.user_vectors[place[place >= 0]]
        return np.asarray(users @ self.movie_vectors.T)


@dataclass(frozen=True)
class FoldedIn:
    """x·q with x folded in from the user's history, NaN for users who like nothing.

    Parameters
    ----------
    gram
        YᵀY of the movies' vectors Y.
    half_life
        Newer ratings at which a rating counts half.
    background, regularization
        As `fold_in` takes them.
    """

    movie_vectors: Floats
    gram: Floats
    half_life: float
    background: float
    regularization: float

    def scores(self, history: Preferences) -> Floats:
        weight = history.values * recency(history.newer_counts, self.half_life)
        users = fold_in(
            history.matrix(weight),
            self.movie_vectors,
            self.gram,
            self.background,
            self.regularization,
        )
        users[~users.any(axis=1)] = np.nan
        return np.asarray(users @ self.movie_vectors.T)


@dataclass(frozen=True)
class AskedEase:
    """EASE asked with the user's recent ratings, 0 for movies it does not cover.

    Parameters
    ----------
    half_life
        Share of the user's ratings at which a rating counts half.
    floor
        The least that recency leaves of an old rating.
    """

    ease: Ease
    half_life: float
    floor: float

    def scores(self, history: Preferences) -> Floats:
        half_life = self.half_life * history.rating_counts
        weight = np.maximum(recency(history.newer_counts, half_life), self.floor)
        size = len(self.ease.diagonal)
        asked = history.matrix(history.values * weight)[:, :size]
        scores = np.zeros((len(history.user_ids), len(history.catalogue)))
        scores[:, :size] = ease_scores(self.ease, asked)
        return scores


@dataclass(frozen=True)
class CoOccurrence:
    """How close each movie comes after the user's latest, 0 for movies not covered."""

    similarity: sparse.csr_array

    def scores(self, history: Preferences) -> Floats:
        half_life = np.maximum(0.1 * history.rating_counts, 1)
        weight = history.values * recency(history.newer_counts, half_life)
        size = self.similarity.shape[0]
        scores = np.zeros((len(history.user_ids), len(history.catalogue)))
        asked = history.matrix(weight)[:, :size]
        scores[:, :size] = (asked @ self.similarity).toarray()
        return scores


PARTS = {
    "content": LikedContent,
    "popularity": Popularity,
    "learnt_users": LearntUsers,
    "folded_in": FoldedIn,
    "ease": AskedEase,
    "co_occurrence": CoOccurrence,
}


@dataclass(frozen=True)
class RankerModel:
    """A fitted ranker.

    Parameters
    ----------
    catalogue
        Ids of all movies, the most popular first.
    is_liked
        Which of them it may recommend for a user's sake: anyone likes them at all.
    parts
        Weight and part; one part alone orders by its scores, several by the weighted
        sum of theirs, each standardised per user.
    """

    catalogue: Ids
    is_liked: NDArray[np.bool_]
    parts: tuple[tuple[float, Part], ...]

    @property
    def is_personal(self) -> bool:
        """Whether its lists differ between users who have seen the same movies."""
        return not all(isinstance(part, Popularity) for _, part in self.parts)

    def scores(self, history: Preferences) -> Floats:
        """Return scores (users, movies), -inf where the ranker has no opinion.

        Parameters
        ----------
        history
            Of a block of users, in the same catalogue.
        """
        parts = [(weight, part.scores(history)) for weight, part in self.parts]
        if len(parts) == 1:
            scores = parts[0][1]
        else:
            seen = history.seen()
            scores = np.zeros(parts[0][1].shape)
            for weight, part in parts:
                scores += weight * standardised(part, seen)
        return np.where(self.is_liked & np.isfinite(scores), scores, -np.inf)

    def to_arrays(self) -> dict[str, Array]:
        """Return the ranker as arrays by name, a part's as `place.part.field`."""
        arrays: dict[str, Array] = {
            "catalogue": self.catalogue,
            "is_liked": self.is_liked,
        }
        names = {kind: name for name, kind in PARTS.items()}
        for place, (weight, part) in enumerate(self.parts):
            prefix = f"{place}.{names[type(part)]}"
            arrays[f"{prefix}.weight"] = np.array([weight], np.float64)
            arrays |= {f"{prefix}.{key}": one for key, one in flattened(part).items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """Return the ranker that `to_arrays` gave these arrays for."""
        prefixes = [
            name.removesuffix(".weight") for name in arrays if name.endswith(".weight")
        ]
        parts: list[tuple[float, Part]] = []
        for prefix in sorted(prefixes, key=lambda one: int(one.split(".")[0])):
            part = below(prefix, arrays)
            weight = float(part.pop("weight")[0])
            parts.append((weight, rebuilt(PARTS[prefix.split(".")[1]], part)))
        return cls(arrays["catalogue"], arrays["is_liked"], tuple(parts))


def flattened(part: object) -> dict[str, Array]:
    """Return a part's fields as arrays; a sparse matrix becomes three of them."""
    arrays: dict[str, Array] = {}
    for name, value in vars(part).items():
        if isinstance(value, sparse.csr_array):
            for key in SPARSE:
                arrays[f"{name}.{key}"] = getattr(value, key)
            arrays[f"{name}.shape"] = np.array(value.shape)
        elif is_dataclass(value):
            arrays |= {f"{name}.{key}": one for key, one in flattened(value).items()}
        elif value is not None:
            arrays[name] = np.atleast_1d(value)
    return arrays


def below(prefix: str, arrays: Arrays) -> dict[str, Array]:
    """Return the arrays whose names start with a prefix and a dot, by what follows."""
    start = f"{prefix}."
    return {
        name.removeprefix(start): array
        for name, array in arrays.items()
        if name.startswith(start)
    }


def rebuilt(kind: type[T], arrays: Arrays) -> T:
    """Return the part of this kind that was flattened into these arrays."""
    values: dict[str, object] = {}
    for name, hint in get_type_hints(kind).items():
        inner = below(name, arrays)
        if hint is sparse.csr_array:
            shape = tuple(inner["shape"].tolist())
            values[name] = sparse.csr_array(tuple(inner[k] for k in SPARSE), shape)
        elif isinstance(hint, type) and is_dataclass(hint):
            values[name] = rebuilt(hint, inner)
        elif hint is float:
            values[name] = float(arrays[name][0])
        else:
            values[name] = arrays.get(name)
    return kind(**values)


def standardised(scores: Floats, seen: sparse.csr_array) -> Floats:
    """Return each user's scores with mean 0 and deviation 1 over what is not seen.

    Where all scores of a user are the same they become NaN: no opinion.

    Parameters
    ----------
    scores
        Shape (users, movies).
    seen
        With an entry for each movie that a user has seen, of the same shape.
    """
    result = np.empty(scores.shape)
    standardise_rows(
        seen.indptr.astype(np.int64),
        seen.indices.astype(np.int32, copy=False),
        np.ascontiguousarray(scores, np.float64),
        result,
    )
    return result
