"""Ranks of cold movies, next to lists that are sorted one by one."""

import numpy as np
import pandas as pd
import pytest
from learning import preferences

from cinespark.algorithms.cold_movies import (
    ByChance,
    Fold,
    chances,
    history_of_users,
    ranked_targets,
)

CATALOGUE = np.array([70, 20, 50, 10, 60, 30, 40])
COLD = np.isin(CATALOGUE, [10, 40, 50])


class Told:
    """A part with the scores that it was told, those of user n in row n - 1."""

    def __init__(self, scores):
        self.told = scores

    def scores(self, history):
        return self.told[history.user_ids - 1]


@pytest.fixture
def fold():
    """Return likes of users 1, 2 and 9; 9 has rated nothing but cold movies."""
    rows = [(0, 0, 1.0, 0), (0, 1, 0.0, 0), (1, 4, 1.0, 0), (2, 5, 1.0, 0)]
    likes = pd.DataFrame(
        {"user_id": [2, 1, 1, 9, 2], "movie_id": [50, 10, 40, 10, 99]}
    )  # 99 is not in the catalogue
    return Fold(preferences(rows, CATALOGUE, 3), likes[likes["movie_id"] < 99], COLD)


def scores_with_ties():
    rng = np.random.default_rng(8)
    scores = rng.integers(0, 3, (9, 7)).astype(float)
    scores[0, 6], scores[1, 2], scores[8] = np.nan, -np.inf, np.nan
    return scores


def test_ranks_are_those_of_lists_that_are_sorted(fold):
    told = scores_with_ties()
    found = pd.concat(ranked_targets({"told": Told(told)}, fold, 5))
    ties = chances(np.arange(9) + 1, CATALOGUE, 5)
    rated = {1: {70, 20}, 2: {60}, 9: set()}
    expected = []
    for user, movie in [(1, 10), (1, 40), (2, 50), (9, 10)]:
        order = sorted(
            range(7),
            key=lambda place: (
                -np.nan_to_num(told[user - 1, place], nan=-np.inf),
                ties[user - 1, place],
            ),
        )
        movies = [CATALOGUE[place] for place in order]
        every = [one for one in movies if one not in rated[user]]
        cold = [one for one in movies if one in (10, 40, 50)]
        places = every.index(movie) + 1, len(every), cold.index(movie) + 1, 3
        expected.append(("told", user, movie, *places))
    columns = ["model", "user_id", "movie_id", "all_rank", "all_count"]
    rows = found[[*columns, "cold_rank", "cold_count"]].itertuples(index=False)
    assert sorted(tuple(row) for row in rows) == sorted(expected)


def test_users_are_asked_in_blocks_of_any_size(fold, monkeypatch):
    rankers = {"told": Told(scores_with_ties()), "random": ByChance()}

    def ranks():
        rows = pd.concat(ranked_targets(rankers, fold, 5))
        return rows.sort_values(["model", "user_id", "movie_id"], ignore_index=True)

    once = ranks()
    monkeypatch.setattr("cinespark.algorithms.cold_movies.BLOCK_CELLS", 1)
    assert ranks().equals(once)
    assert len(once) == 8


def test_histories_are_of_those_asked_in_their_order(fold):
    history = history_of_users(fold.shown, np.array([1, 3, 9]))
    assert history.user_ids.tolist() == [1, 3, 9]
    assert history.seen().toarray().tolist() == [
        [1, 1, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 0],
        [0] * 7,
    ]
    assert history.values.tolist() == [1.0, 0.0, 1.0]


def test_chance_is_each_users_own_whatever_else_there_is():
    users, movies = np.arange(50) - 3, np.arange(200)  # an id may be below 0
    every = chances(users, movies, 7)
    assert (chances(users[::-2], movies[::-3], 7) == every[::-2, ::-3]).all()
    assert len(np.unique(every)) == every.size
    assert (chances(users, movies, 8) != every).all()
    for seed in (-1, 0, 2**70):
        chances(users, movies, seed)


def test_by_chance_a_movie_comes_anywhere():
    catalogue, users = np.arange(40), 500
    rows = [(user, 0, 1.0, 0) for user in range(users)]
    likes = pd.DataFrame({"user_id": np.arange(users) + 1, "movie_id": 39})
    shown = preferences(rows, catalogue, users)
    here = Fold(shown, likes, catalogue >= 20)
    (found,) = ranked_targets({"random": ByChance()}, here, 1)
    for among, size in (("all", 39), ("cold", 20)):
        ranks = found[f"{among}_rank"]
        assert set(found[f"{among}_count"]) == {size}
        assert ranks.min() == 1
        assert ranks.max() == size
        # four standard errors of the mean of a uniform distribution
        error = np.sqrt((size**2 - 1) / 12 / users)
        assert ranks.mean() == pytest.approx((size + 1) / 2, abs=4 * error)
