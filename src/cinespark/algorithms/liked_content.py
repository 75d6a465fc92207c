"""The part of a ranker that goes by what is said of movies, not by who rated them."""

from dataclasses import dataclass

import numpy as np

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats


@dataclass(frozen=True)
class LikedContent:
    """u·a of the user's vector and the movie's, NaN for who likes nothing.

    A user's is the direction of the sum of the embeddings of what was rated, weighed by
    preference.

    Parameters
    ----------
    embeddings
        Shape (movies, d), of length 1, or 0 where nothing is said of the movie.
    answers
        W e of each embedding e, (movies, d): whom the movie is for.
    """

    embeddings: Floats
    answers: Floats

    def scores(self, history: Preferences) -> Floats:
        users = liked_directions(history, self.embeddings)
        users[~users.any(axis=1)] = np.nan
        return np.asarray(users @ self.answers.T)


def liked_directions(history: Preferences, embeddings: Floats) -> Floats:
    """Return the vector of each user, of length 1, or 0 for who likes nothing."""
    users = history.matrix(history.values) @ embeddings
    lengths = np.linalg.norm(users, axis=1, keepdims=True)
    nothing = np.zeros(users.shape)
    return np.asarray(np.divide(users, lengths, out=nothing, where=lengths > 0))


def fit_liked_content(
    embeddings: Floats, learnt: Preferences, ridge: float
) -> LikedContent:
    """Return the part whose W says best who likes what, from what is said of both.

    W minimises ‖P − U W Eᵀ‖² + λ‖U W‖² + λ‖W Eᵀ‖² + λ²‖W‖² over the preferences P of
    users with vectors U for the movies that anybody has rated, with embeddings E:

    W = (UᵀU + λI)⁻¹ UᵀP E (EᵀE + λI)⁻¹

    So it is ridge regression on the products of what is said of a user's movies and of
    the movie in question, and knows nothing of a movie but what is said of it.

    Parameters
    ----------
    embeddings
        Of the whole catalogue.
    ridge
        λ, above 0.
    """
    is_rated = np.bincount(learnt.movies, minlength=len(embeddings)) > 0
    users = liked_directions(learnt, embeddings)
    liked = learnt.matrix(learnt.values) @ embeddings
    rated = embeddings[is_rated]
    shrink = ridge * np.eye(embeddings.shape[1])
    by_user = np.linalg.solve(users.T @ users + shrink, users.T @ liked)
    weights = np.linalg.solve(rated.T @ rated + shrink, by_user.T).T
    return LikedContent(embeddings, np.asarray(embeddings @ weights.T))
