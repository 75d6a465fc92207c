"""A fitted ranker: parts that score the catalogue for a block of users, weighed."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.arrays import Array, Arrays
from cinespark.algorithms.co_occurrence import co_occurrence_scores
from cinespark.algorithms.ease import Ease, ease_scores
from cinespark.algorithms.flattened import below, flattened, rebuilt
from cinespark.algorithms.fold_in import fold_in, recency
from cinespark.algorithms.liked_content import LikedContent
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_moments import leave_opinions
from cinespark.algorithms.standard_scores import add_standard_scores
from cinespark.algorithms.transitions import Transitions
from cinespark.errors import CineSparkError


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

    def users(self, history: Preferences) -> Floats:
        """Return the vectors of users, NaN where there is none."""
        place = pd.Index(self.user_ids).get_indexer(pd.Index(history.user_ids))
        users = np.full((len(place), self.movie_vectors.shape[1]), np.nan)
        users[place >= 0] = self.user_vectors[place[place >= 0]]
        return users

    def scores(self, history: Preferences) -> Floats:
        return np.asarray(self.users(history) @ self.movie_vectors.T)


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

    def weights(self, history: Preferences) -> Floats:
        """Return how much each rating counts."""
        return history.values * recency(history.newer_counts, self.half_life)

    def users(self, history: Preferences) -> Floats:
        """Return the vectors of users, NaN for those who like nothing."""
        users = fold_in(
            history.matrix(self.weights(history)),
            self.movie_vectors,
            self.gram,
            self.background,
            self.regularization,
        )
        users[~users.any(axis=1)] = np.nan
        return users

    def scores(self, history: Preferences) -> Floats:
        return np.asarray(self.users(history) @ self.movie_vectors.T)


@dataclass(frozen=True)
class AskedEase:
    """EASE asked with the user's recent ratings, 0 for movies it does not cover.

    NaN for users who like nothing that it covers.

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

    def weights(self, history: Preferences) -> Floats:
        """Return how much each rating counts."""
        half_life = self.half_life * history.rating_counts
        weight = np.maximum(recency(history.newer_counts, half_life), self.floor)
        return np.asarray(history.values * weight)

    def scores(self, history: Preferences) -> Floats:
        size = len(self.ease.diagonal)
        asked = history.matrix(self.weights(history))[:, :size]
        scores = np.zeros((len(history.user_ids), len(history.catalogue)))
        scores[:, :size] = ease_scores(self.ease, asked)
        scores[abs(asked).sum(axis=1) == 0] = np.nan
        return scores


@dataclass(frozen=True)
class CoOccurrence:
    """How close each movie comes after the user's latest, 0 for movies not covered.

    NaN for users who like nothing that is covered.
    """

    similarity: sparse.csr_array

    def weights(self, history: Preferences) -> Floats:
        """Return how much each rating counts."""
        half_life = np.maximum(0.1 * history.rating_counts, 1)
        return history.values * recency(history.newer_counts, half_life)

    def scores(self, history: Preferences) -> Floats:
        size = self.similarity.shape[0]
        asked = history.matrix(self.weights(history))[:, :size]
        scores = co_occurrence_scores(self.similarity, asked, len(history.catalogue))
        scores[abs(asked).sum(axis=1) == 0] = np.nan
        return scores


PARTS = {
    "content": LikedContent,
    "popularity": Popularity,
    "learnt_users": LearntUsers,
    "folded_in": FoldedIn,
    "ease": AskedEase,
    "co_occurrence": CoOccurrence,
    "transitions": Transitions,
}


@dataclass(frozen=True)
class MadeOf:
    """How scores are made of those of the parts: Σ factor · part + constant.

    Parameters
    ----------
    factors, constants
        Shapes (parts, users) and (users,).
    """

    factors: Floats
    constants: Floats

    @classmethod
    def one_part(cls, users: int) -> "MadeOf":
        """Return the part's scores as they are."""
        return cls(np.ones((1, users)), np.zeros(users))


@dataclass(frozen=True)
class Scored(MadeOf):
    """Scores (users, movies), -inf where the ranker has no opinion."""

    scores: Floats


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
        sum of theirs, each standardised per user. Where a part has no opinion of a user
        there is none, but for transitions, which add nothing then.
    """

    catalogue: Ids
    is_liked: NDArray[np.bool_]
    parts: tuple[tuple[float, Part], ...]

    @property
    def is_personal(self) -> bool:
        """Whether its lists differ between users who have seen the same movies."""
        return not all(isinstance(part, Popularity) for _, part in self.parts)

    @property
    def product(self) -> LearntUsers | FoldedIn | None:
        """The only part, where its scores are products of two vectors."""
        if len(self.parts) == 1 and isinstance(
            part := self.parts[0][1], LearntUsers | FoldedIn
        ):
            return part
        return None

    def scores(self, history: Preferences) -> Floats:
        """Return scores (users, movies), -inf where the ranker has no opinion.

        Parameters
        ----------
        history
            Of a block of users, in the same catalogue.
        """
        return self.scored(history).scores

    def scored(self, history: Preferences) -> Scored:
        """Return the scores, and how they are made of those of the parts."""
        factors = np.ones((len(self.parts), len(history.user_ids)))
        constants = np.zeros(len(history.user_ids))
        if len(self.parts) == 1:
            scores = np.require(
                self.parts[0][1].scores(history), np.float64, ["C", "W"]
            )
        else:
            seen = history.seen()
            scores = np.zeros((len(history.user_ids), len(self.catalogue)))
            for place, (weight, part) in enumerate(self.parts):
                is_optional = isinstance(part, Transitions)
                means, factors[place] = add_standard_scores(
                    weight, part.scores(history), seen, scores, is_optional
                )
                constants -= factors[place] * means
        leave_opinions(self.is_liked, scores)
        return Scored(factors, constants, scores)

    def to_arrays(self) -> dict[str, Array]:
        """Return the ranker as arrays by name, a part's as `place.part.field`.

        Raises
        ------
        CineSparkError
            If a part is of a kind that nobody would know again.
        """
        arrays: dict[str, Array] = {
            "catalogue": self.catalogue,
            "is_liked": self.is_liked,
        }
        names = {kind: name for name, kind in PARTS.items()}
        for place, (weight, part) in enumerate(self.parts):
            if type(part) not in names:
                raise CineSparkError(
                    f"the part {type(part).__name__} of a ranker cannot be saved: give "
                    "it a name in PARTS of cinespark.algorithms.ranker_model"
                )
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
