"""Predicted ratings of tables, made by Spark's workers."""

from dataclasses import replace

import numpy as np

from cinespark.algorithms.predictor_model import PredictorModel, Terms
from cinespark.score.predictions import with_predictions


def test_a_table_of_pairs_gets_the_numbers_of_its_pairs(spark):
    users = Terms(
        np.array([2, 7]),
        np.array([-1.0, 0.5, 0.0]),
        np.array([1, 2, 0], np.int32),
        np.array([[np.nan, np.nan], [1.0, 2.0], [np.nan, np.nan]], np.float32),
    )
    movies = Terms(
        np.array([10]),
        np.array([0.25, 0.0]),
        np.array([2, 0], np.int32),
        np.array([[0.5, 0.25], [np.nan, np.nan]], np.float32),
    )
    pairs = spark.createDataFrame(
        [(7, 10, "a"), (2, 99, "b")], "user_id int, movie_id int, note string"
    )
    model = PredictorModel((0.5, 5.0), 3.0, users, movies)
    other = replace(model, global_mean=2.0)
    rows = with_predictions(pairs, {"one": model, "other": other}).collect()
    assert sorted((tuple(row) for row in rows), key=lambda row: row[3]) == [
        (7, 10, "a", "one", 4.75, False),  # 3 + 0.5 + 0.25 + 1 × 0.5 + 2 × 0.25
        (2, 99, "b", "one", 2.0, True),  # movie unknown: 3 − 1
        (7, 10, "a", "other", 3.75, False),
        (2, 99, "b", "other", 1.0, True),
    ]
