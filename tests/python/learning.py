"""Generated ratings with a known structure, for what learns from them."""

import numpy as np

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Ratings


def planted_ratings(seed=0, users=60, movies=40, share=0.5):
    """Return ratings that follow two factors, biases and a feature of each movie."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, movies)
    p, q = rng.normal(0, 0.7, (users, 2)), rng.normal(0, 0.7, (movies, 2))
    truth = 3.2 + rng.normal(0, 0.3, users)[:, None] + 0.8 * (kind - 0.5) + p @ q.T
    seen = rng.random((users, movies)) < share
    user, movie = np.nonzero(seen)
    stars = truth[user, movie] + rng.normal(0, 0.2, len(user))
    return Ratings(
        np.arange(users) + 100,
        np.arange(movies) * 3 + 7,
        user,
        movie,
        np.clip(stars, 0.5, 5),
        np.zeros((users, 0)),
        np.eye(2)[kind],
    )


def preferences(rows, catalogue, users):
    """Return preferences from (user, movie, preference, newer_count) by position."""
    user, movie, preference, newer = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    counts = np.bincount(user, minlength=users)
    return Preferences(
        np.array(catalogue),
        np.bincount(movie, preference >= 0.5, len(catalogue)).astype(int),
        np.arange(users) + 1,
        user,
        movie,
        1 + 4 * preference,
        preference.astype(float),
        newer.astype(float),
        counts[user].astype(float),
    )
