"""What users like, as arrays: preferences in order of time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.ratings import Floats, Ids


@dataclass(frozen=True)
class Preferences:
    """The ratings that a ranker learns from, one entry a rating.

    Parameters
    ----------
    catalogue
        Ids of all movies, the most liked first: a movie's position is its place in it.
    like_counts
        Likes of each movie of the catalogue.
    user_ids
        Of those with ratings, in rising order: a user's position is its place in it.
    users, movies
        Positions.
    stars, values
        The rating, and what it says of liking, from 0.
    newer_counts, rating_counts
        How many of the user's ratings are newer than this one, and how many there are.
    """

    catalogue: Ids
    like_counts: Ids
    user_ids: Ids
    users: Ids
    movies: Ids
    stars: Floats
    values: Floats
    newer_counts: Floats
    rating_counts: Floats

    def matrix(self, values: Floats) -> sparse.csr_array:
        """Return values, one a rating, as a sparse (users, movies) matrix."""
        shape = (len(self.user_ids), len(self.catalogue))
        return sparse.csr_array((values, (self.users, self.movies)), shape)

    def seen(self) -> sparse.csr_array:
        """Return an entry for each movie that a user has rated, (users, movies)."""
        return self.matrix(np.ones(len(self.users)))

    def of_users(self, chosen: Ids) -> "Preferences":
        """Return the ratings of some users, who get new positions in their order."""
        place = np.full(len(self.user_ids), -1)
        place[chosen] = np.arange(len(chosen))
        kept = place[self.users] >= 0
        return Preferences(
            self.catalogue,
            self.like_counts,
            self.user_ids[chosen],
            place[self.users][kept],
            self.movies[kept],
            self.stars[kept],
            self.values[kept],
            self.newer_counts[kept],
            self.rating_counts[kept],
        )


def preferences_from(
    frame: pd.DataFrame, movie_ids: Ids, counted: pd.DataFrame | None = None
) -> Preferences:
    """Return preferences as arrays.

    Parameters
    ----------
    frame
        Rows of one subset of `int_preferences`.
    movie_ids
        Of the catalogue, whether rated in this subset or not; ratings of other movies
        are left out.
    counted
        `likes` and `ratings` by movie, where the frame has some users' ratings only.
    """
    frame = frame.sort_values(["user_id", "movie_id"])
    movie_ids = np.sort(movie_ids)
    frame = frame[np.isin(frame["movie_id"], movie_ids)]
    place = np.searchsorted(movie_ids, frame["movie_id"])
    likes = np.bincount(place, frame["is_like"], len(movie_ids)).astype(np.int64)
    counts = np.bincount(place, minlength=len(movie_ids))
    if counted is not None:
        known = counted.reindex(movie_ids, fill_value=0)
        likes, counts = (known[name].to_numpy() for name in ("likes", "ratings"))
    by_likes = np.lexsort((movie_ids, -counts, -likes))
    position = np.empty(len(movie_ids), np.int64)
    position[by_likes] = np.arange(len(movie_ids))
    user_ids, users = np.unique(frame["user_id"], return_inverse=True)
    return Preferences(
        movie_ids[by_likes].astype(np.int64),
        likes[by_likes],
        user_ids.astype(np.int64),
        users,
        position[place],
        *(
            frame[name].to_numpy(np.float64)
            for name in ("rating", "preference", "newer_count", "rating_count")
        ),
    )


def history_of(block: pd.DataFrame, catalogue: NDArray[Any]) -> Preferences:
    """Return the histories of a block of users as preferences, nobody's likes counted.

    Parameters
    ----------
    block
        Rows of `int_user_histories`: `user_id`, and one array each of `movie_ids`,
        `ratings`, `preferences` and `newer_counts`.
    catalogue
        Ids of all movies, in the order of their positions; others are left out.
    """
    lengths = block["movie_ids"].map(len).to_numpy()
    flat = {
        name: np.concatenate([*block[name], np.zeros(0)])
        for name in ("movie_ids", "ratings", "preferences", "newer_counts")
    }
    movies, is_known = places_of(flat["movie_ids"], catalogue)
    return Preferences(
        catalogue,
        np.zeros(len(catalogue), np.int64),
        block["user_id"].to_numpy(np.int64),
        np.repeat(np.arange(len(block)), lengths)[is_known],
        movies[is_known],
        flat["ratings"][is_known],
        flat["preferences"][is_known],
        flat["newer_counts"][is_known],
        np.repeat(lengths, lengths)[is_known].astype(np.float64),
    )


def positions_of(
    movie_ids: "pd.Series[Any]", catalogue: NDArray[Any]
) -> sparse.csr_array:
    """Return an entry for each movie of each row, (rows, movies); others are left out.

    Parameters
    ----------
    movie_ids
        An array of ids per row.
    catalogue
        Ids of all movies, in the order of their positions.
    """
    rows = np.repeat(np.arange(len(movie_ids)), movie_ids.map(len).to_numpy(int))
    flat = np.concatenate([*movie_ids, np.zeros(0)])
    movies, is_known = places_of(flat, catalogue)
    shape = len(movie_ids), len(catalogue)
    at = rows[is_known], movies[is_known]
    return sparse.csr_array((np.ones(is_known.sum()), at), shape)


def places_of(
    movie_ids: NDArray[Any], catalogue: NDArray[Any]
) -> tuple[Ids, NDArray[np.bool_]]:
    """Return where movies stand in a catalogue, and which of them are in it."""
    by_id = np.argsort(catalogue)
    place = np.searchsorted(catalogue, movie_ids, sorter=by_id)
    movies = by_id[np.minimum(place, len(catalogue) - 1)]
    return movies, catalogue[movies] == movie_ids
