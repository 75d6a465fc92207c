"""Ratings as arrays, with what is known of users and movies besides."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
YEARS_A_BUCKET = 5


@dataclass(frozen=True)
class Ratings:
    """Ratings, users and movies as positions in the ids of all that are known.

    Parameters
    ----------
    user_ids, movie_ids
        Of everyone and everything known, rated or not, in rising order.
    users, movies, stars
        One entry a rating, in order of user and movie: sums follow the order.
    user_features, movie_features
        Shapes (users, d) and (movies, e): what is known before any rating.
    """

    user_ids: Ids
    movie_ids: Ids
    users: Ids
    movies: Ids
    stars: Floats
    user_features: Floats
    movie_features: Floats

    def where(self, is_kept: NDArray[np.bool_]) -> "Ratings":
        """Return the ratings that are marked, of the same users and movies."""
        return replace(
            self,
            users=self.users[is_kept],
            movies=self.movies[is_kept],
            stars=self.stars[is_kept],
        )

    def of_users(self, chosen: Ids) -> "Ratings":
        """Return some users and their ratings; the users get new positions."""
        place = np.full(len(self.user_ids), -1)
        place[chosen] = np.arange(len(chosen))
        kept = self.where(place[self.users] >= 0)
        return replace(
            kept,
            user_ids=self.user_ids[chosen],
            users=place[kept.users],
            user_features=self.user_features[chosen],
        )

    def matrix(self, values: NDArray[Any]) -> sparse.csr_array:
        """Return values, one a rating, as a sparse (users, movies) matrix."""
        shape = (len(self.user_ids), len(self.movie_ids))
        return sparse.csr_array((values, (self.users, self.movies)), shape)


def ratings_from(
    frame: pd.DataFrame, people: pd.DataFrame, films: pd.DataFrame
) -> Ratings:
    """Return ratings as arrays.

    Parameters
    ----------
    frame
        `user_id`, `movie_id`, `rating`.
    people, films
        Rows of `dim_users` and `dim_movies`.
    """
    # whom and what the dimensions lack is known by ratings alone
    user_ids = np.union1d(people["user_id"], frame["user_id"]).astype(np.int64)
    movie_ids = np.union1d(films["movie_id"], frame["movie_id"]).astype(np.int64)
    # the order of a table's files is not fixed
    order = np.lexsort((frame["movie_id"], frame["user_id"]))
    return Ratings(
        user_ids,
        movie_ids,
        np.searchsorted(user_ids, frame["user_id"].to_numpy()[order]),
        np.searchsorted(movie_ids, frame["movie_id"].to_numpy()[order]),
        frame["rating"].to_numpy()[order],
        features_of_users(people.set_index("user_id").reindex(user_ids)),
        features_of_movies(films.set_index("movie_id").reindex(movie_ids)),
    )


def features_of_users(people: pd.DataFrame) -> Floats:
    """Return gender, occupation and age band, one column a value, scaled by 1/√3.

    A user of whom nothing is known has zeros only.
    """
    known = people[["gender", "occupation", "age_band"]].astype("object")
    return np.asarray(pd.get_dummies(known, dtype=float) / np.sqrt(3))


def features_of_movies(films: pd.DataFrame) -> Floats:
    """Return genres, scaled to length 1 a movie, and five-year buckets, scaled by ½."""
    names = films["genres"].map("|".join, na_action="ignore").fillna("")
    genres = names.str.get_dummies("|").to_numpy(float)
    genres /= np.sqrt(np.maximum(genres.sum(axis=1, keepdims=True), 1))
    bucket = films["release_year"].floordiv(YEARS_A_BUCKET)
    years = 0.5 * pd.get_dummies(bucket, dtype=float).to_numpy()
    return np.asarray(np.hstack([genres, years]))
