"""A fitted predictor: all that predicting ratings needs, and its serialised arrays."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.arrays import Array, Arrays
from cinespark.algorithms.ratings import Floats, Ids

if TYPE_CHECKING:  # compiled code, which reading a model and asking it do without
    from cinespark.algorithms.folding import Folding


@dataclass(frozen=True)
class Terms:
    """What a predictor has learnt of all users, or of all movies.

    Parameters
    ----------
    ids
        Shape (n,), in rising order.
    bias
        b, shape (n + 1,); here and below the last row stands for anyone unknown.
    rating_counts
        Ratings learnt from, shape (n + 1,).
    factors
        Vectors, shape (n + 1, rank), NaN where the model has none.
    """

    ids: Ids
    bias: Floats
    rating_counts: NDArray[np.int32]
    factors: NDArray[np.float32]


@dataclass(frozen=True)
class Neighbourhood:
    """The item neighbourhood's term of a prediction.

    Parameters
    ----------
    movies, similarity
        Each movie's most similar movies by position, most similar first, and their
        similarities: both of shape (movies + 1, kept); a similarity of 0 fills up.
    residuals
        What the bias model leaves over of each rating: sparse, (users + 1, movies + 1).
    neighbours
        On how many of the user's ratings a prediction rests at most.
    ridge
        Added to the sum of their weights.
    weight
        Of the whole term.
    """

    movies: NDArray[np.int32]
    similarity: NDArray[np.float32]
    residuals: sparse.csr_array
    neighbours: int
    ridge: float
    weight: float = 1.0


@dataclass(frozen=True)
class PredictorModel:
    """A fitted predictor of the form μ + b_u + b_i + p_u·q_i, maybe with neighbours.

    Parameters
    ----------
    scale
        Lowest and highest rating; predictions are clipped to it.
    global_mean
        μ, NaN where there was nothing to learn from.
    folding
        How users are folded in whom it has not seen; neither tables nor files keep it.
    """

    scale: tuple[float, float]
    global_mean: float
    users: Terms
    movies: Terms
    neighbourhood: Neighbourhood | None = None
    folding: "Folding | None" = None

    def to_arrays(self) -> dict[str, Array]:
        """Return the model as arrays by name, as `predictor.npz` holds them."""
        arrays: dict[str, Array] = {
            "scale": np.array(self.scale, np.float64),
            "global_mean": np.array([self.global_mean], np.float64),
        }
        for entity, terms in (("user", self.users), ("movie", self.movies)):
            arrays |= {
                f"{entity}_ids": terms.ids,
                f"{entity}_bias": terms.bias,
                f"{entity}_counts": terms.rating_counts,
                f"{entity}_factors": terms.factors,
            }
        if self.neighbourhood is not None:
            nearest = self.neighbourhood
            arrays |= {
                "neighbour_movies": nearest.movies,
                "neighbour_similarity": nearest.similarity,
                "neighbours": np.array([nearest.neighbours], np.int64),
                "neighbour_ridge": np.array([nearest.ridge], np.float64),
                "neighbour_weight": np.array([nearest.weight], np.float64),
                "history_starts": nearest.residuals.indptr.astype(np.int32),
                "history_movies": nearest.residuals.indices.astype(np.int32),
                "history_residuals": nearest.residuals.data.astype(np.float32),
            }
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """Return the model that `to_arrays` gave these arrays for."""
        users, movies = (
            Terms(
                arrays[f"{entity}_ids"],
                arrays[f"{entity}_bias"],
                arrays[f"{entity}_counts"],
                arrays[f"{entity}_factors"],
            )
            for entity in ("user", "movie")
        )
        nearest = None
        if "neighbour_weight" in arrays:
            parts = ("residuals", "movies", "starts")
            nearest = Neighbourhood(
                arrays["neighbour_movies"],
                arrays["neighbour_similarity"],
                sparse.csr_array(
                    tuple(arrays[f"history_{part}"] for part in parts),
                    (len(users.bias), len(movies.bias)),
                ),
                int(arrays["neighbours"][0]),
                float(arrays["neighbour_ridge"][0]),
                float(arrays["neighbour_weight"][0]),
            )
        low, high = arrays["scale"].tolist()
        return cls((low, high), float(arrays["global_mean"][0]), users, movies, nearest)
