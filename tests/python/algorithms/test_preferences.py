"""Histories, as arrays of small tables."""

import numpy as np
import pandas as pd

from cinespark.algorithms.preferences import history_of


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
