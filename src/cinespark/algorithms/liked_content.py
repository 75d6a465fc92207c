"""The part of a ranker that goes by what is said of movies, not by who rated them."""

from dataclasses import dataclass

import numpy as np

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats


@dataclass(frozen=True)
class LikedContent:
    """The cosine of each movie's embedding and the user's, NaN for who likes nothing.

    A user's is the mean of the embeddings of what was rated, weighed by preference.

    Parameters
    ----------
    embeddings
        Shape (movies, d), of length 1, or 0 where nothing is said of the movie.
    """

    embeddings: Floats

    def scores(self, history: Preferences) -> Floats:
        users = history.matrix(history.values) @ self.embeddings
        lengths = np.linalg.norm(users, axis=1, keepdims=True)
        nobody = np.full(users.shape, np.nan)
        users = np.divide(users, lengths, out=nobody, where=lengths > 0)
        return np.asarray(users @ self.embeddings.T)
