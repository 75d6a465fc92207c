"""Ratings as arrays, with features of users and movies."""

import numpy as np
import pytest

from cinespark.algorithms.ratings import ratings_of


@pytest.fixture
def tables(spark):
    rows = spark.createDataFrame(
        [(9, 30, 2.0), (5, 10, 4.0), (5, 20, 3.0), (9, 99, 5.0)],
        "user_id int, movie_id int, rating double",
    )
    users = spark.createDataFrame(
        [(9, "F", "doctor", "25-34"), (5, "M", None, None), (7, None, None, None)],
        "user_id int, gender string, occupation string, age_band string",
    )
    movies = spark.createDataFrame(
        [(30, ["Drama", "War"], 1994), (10, [], None), (20, ["War"], 1995)],
        "movie_id int, genres array<string>, release_year int",
    )
    return rows, users, movies


def test_ratings_are_positions_in_sorted_ids_in_order_of_user_and_movie(tables):
    ratings = ratings_of(*tables)
    assert ratings.user_ids.tolist() == [5, 7, 9]
    assert ratings.movie_ids.tolist() == [10, 20, 30, 99]  # 99 is in no dimension
    assert ratings.users.tolist() == [0, 0, 2, 2]
    assert ratings.movies.tolist() == [0, 1, 2, 3]
    assert ratings.stars.tolist() == [4.0, 3.0, 2.0, 5.0]
    assert ratings.matrix(ratings.stars).toarray()[2].tolist() == [0, 0, 2, 5]
    some = ratings.where(ratings.stars > 2)
    assert (some.users.tolist(), len(some.user_ids)) == ([0, 0, 2], 3)


def test_features_say_what_is_known_and_nothing_of_the_others(tables):
    ratings = ratings_of(*tables)
    third = 1 / np.sqrt(3)
    # F, M; doctor; 25-34
    np.testing.assert_allclose(
        ratings.user_features,
        [[0, third, 0, 0], [0, 0, 0, 0], [third, 0, third, third]],
    )
    half = 1 / np.sqrt(2)
    # Drama, War; 1990 to 1994, 1995 to 1999
    np.testing.assert_allclose(
        ratings.movie_features,
        [[0, 0, 0, 0], [0, 1, 0, 0.5], [half, half, 0.5, 0], [0, 0, 0, 0]],
    )
