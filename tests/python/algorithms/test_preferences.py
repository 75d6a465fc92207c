"""Preferences and histories, as arrays of small tables."""

import numpy as np
import pandas as pd

from cinespark.algorithms.preferences import history_of, preferences_of


def test_preferences_are_in_the_order_of_likes(spark):
    schema = (
        "subset string, user_id int, movie_id int, rating double, is_like boolean, "
        "preference double, weight double, newer_count int, rating_count bigint"
    )
    rows = spark.createDataFrame(
        [
            ("fit", 5, 20, 4.0, True, 0.65, 0.6, 0, 2),
            ("fit", 5, 10, 2.0, False, 0.1, 0.1, 1, 2),
            ("fit", 9, 20, 5.0, True, 1.0, 1.0, 0, 1),
            ("fit", 9, 15, 5.0, True, 1.0, 1.0, 0, 1),  # in no catalogue
        ],
        schema,
    )
    movies = spark.createDataFrame([(10,), (20,), (30,)], "movie_id int")
    found = preferences_of(rows, movies)
    assert found.catalogue.tolist() == [20, 10, 30]
    assert found.like_counts.tolist() == [2, 0, 0]
    assert found.matrix(found.values).toarray().tolist() == [
        [0.65, 0.1, 0],
        [1.0, 0, 0],
    ]


def test_a_history_leaves_out_movies_that_are_not_in_the_catalogue():
    block = pd.DataFrame(
        {
            "user_id": [3, 4],
            "movie_ids": [[10, 99], []],
            "ratings": [[5.0, 4.0], []],
            "preferences": [[1.0, 0.6], []],
            "newer_counts": [[1, 0], []],
        }
    )
    history = history_of(block, np.array([20, 10]))
    assert (history.users.tolist(), history.movies.tolist()) == ([0], [1])
    assert history.rating_counts.tolist() == [2.0]
    assert history.matrix(history.values).shape == (2, 2)
