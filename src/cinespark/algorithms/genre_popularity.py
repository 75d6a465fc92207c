"""What is popular by genre: the simple way to rank movies that nobody has rated yet."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats

SHRINKAGE = 10.0  # movies of a genre, or a user's preferences, that are pulled half way


@dataclass(frozen=True)
class GenrePopularity:
    """How many likes a movie of such genres has; a part of a ranker.

    Parameters
    ----------
    expected
        Likes of a movie with these genres, and of its decade if that counts, (movies,).
    genres
        Of each movie, their sum 1, or 0 if it has none, (movies, genres).
    shares
        Of everybody's preferences that go to each genre, (genres,); None if it does not
        count what the user prefers.
    """

    expected: Floats
    genres: Floats
    shares: Floats | None = None

    @classmethod
    def fitted(
        cls, learnt: Preferences, genres: Floats, decades: Floats | None = None
    ) -> Self:
        """Return popularity by genre; with decades also by these and the user's genres.

        Likes of a movie of genre g: (Σ likes + s l) / (n + s), over the n movies of the
        genre that anybody has rated, where l is the mean of all and s is SHRINKAGE. Of
        a movie the mean over its genres; l if it has none. A decade multiplies that by
        (Σ likes + s l) / (Σ expected + s l).

        Parameters
        ----------
        genres, decades
            Which the movies of the catalogue have, 0 or 1.
        """
        likes = learnt.like_counts.astype(np.float64)
        size = len(learnt.catalogue)
        is_rated = np.bincount(learnt.movies, minlength=size) > 0
        mean = likes[is_rated].mean() if is_rated.any() else 0.0
        totals, counts = likes @ genres, is_rated @ genres
        by_genre = (totals + SHRINKAGE * mean) / (counts + SHRINKAGE)
        how_many = genres.sum(axis=1, keepdims=True)
        parts = genres / np.maximum(how_many, 1)
        expected = np.where(how_many[:, 0] > 0, parts @ by_genre, mean)
        if decades is None:
            return cls(expected, parts)
        prior = SHRINKAGE * mean or 1.0
        times = (likes @ decades + prior) / ((expected * is_rated) @ decades + prior)
        of_decade = np.where(decades.any(axis=1), decades @ times, 1)
        preferred = genres_preferred(learnt, parts).sum(axis=0)
        shares = preferred / max(preferred.sum(), np.finfo(float).tiny)
        return cls(expected * of_decade, parts, shares)

    def scores(self, history: Preferences) -> Floats:
        """Return scores (users, movies), times the user's own liking of the genres.

        That is the geometric mean over the movie's genres of (n_g + s p_g) / ((n + s)
        p_g): n_g of the user's preferences n go to the genre, and the share p_g of
        everybody's. One for a movie of two genres goes to each by half.
        """
        users = len(history.user_ids)
        if self.shares is None:
            return np.tile(self.expected, (users, 1))
        preferred = genres_preferred(history, self.genres)
        is_known = self.shares > 0
        shares = np.where(is_known, self.shares, 1)
        total = preferred.sum(axis=1, keepdims=True)
        pulled = (preferred + SHRINKAGE * shares) / ((total + SHRINKAGE) * shares)
        lift = np.where(is_known, np.log(pulled), 0)
        return np.asarray(self.expected * np.exp(lift @ self.genres.T))


def genres_preferred(history: Preferences, parts: Floats) -> Floats:
    """Return how much of each user's preferences goes to each genre, (users, genres).

    Parameters
    ----------
    parts
        Of each movie's preference that goes to each genre, (movies, genres).
    """
    return np.asarray(history.matrix(np.maximum(history.values, 0)) @ parts)
