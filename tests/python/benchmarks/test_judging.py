"""What lists are judged by in `make quality` and in the shop: known cases by hand."""

import numpy as np
import pandas as pd
import pytest
from judging import difference, gains, interval
from listing import by_popularity, incidence, top_lists


def pairs(*rows):
    return pd.DataFrame(rows, columns=["user_id", "movie_id"])


def ranked(user, *movies):
    ranks = range(1, len(movies) + 1)
    return pd.DataFrame({"user_id": user, "rank": ranks, "movie_id": movies})


def test_ndcg_of_a_hit_goes_by_its_rank():
    lists = pd.concat([ranked(1, 7, 8, 9), ranked(2, 7, 8, 9), ranked(3, 7)])
    found = gains(lists, pairs((1, 7), (2, 9), (4, 7)))
    assert found.index.tolist() == [1, 2, 4]  # nothing is hidden of user 3
    # 1 / log2(2), 1 / log2(4), and a user without a list
    assert found["total"].tolist() == pytest.approx([1, 0.5, 0])


def test_ndcg_is_a_share_of_the_best_list():
    found = gains(ranked(1, 5, 7, 6), pairs((1, 6), (1, 7)))
    best = 1 + 1 / np.log2(3)
    assert found["total"].tolist() == pytest.approx([(1 / np.log2(3) + 0.5) / best])


def test_the_eleventh_place_does_not_count():
    movies = range(1, 12)
    assert gains(ranked(1, *movies), pairs((1, 11)))["total"].tolist() == [0]
    found = gains(ranked(1, *movies), pairs(*((1, movie) for movie in movies)))
    assert found["total"].tolist() == pytest.approx([1])


def by_user(*totals):
    return pd.DataFrame({"total": totals, "count": 1})


def test_an_interval_is_around_the_mean():
    values = np.random.default_rng(1).standard_normal(4000)
    figure, low, high = interval(by_user(*values))
    assert figure == pytest.approx(values.mean())
    error = values.std() / np.sqrt(4000)
    assert (low, high) == pytest.approx(
        (figure - 1.96 * error, figure + 1.96 * error), abs=0.3 * error
    )


def test_a_difference_leaves_out_what_users_have_in_common():
    values = np.random.default_rng(1).standard_normal(500)
    less = difference(by_user(*(values + 0.5)), by_user(*values))
    assert interval(less) == pytest.approx((0.5, 0.5, 0.5))


def test_a_difference_of_other_users_is_refused():
    with pytest.raises(ValueError, match="same users"):
        difference(by_user(1.0, 2.0), by_user(1.0))


def test_lists_are_the_best_that_are_not_rated():
    rated = pairs((1, 10), (3, 10), (3, 20), (3, 30))
    users, movies = pd.Index([1, 2, 3]), pd.Index([30, 20, 10])
    scores = np.array([[1, 1, 3], [1, 2, 3], [1, 2, 3]])
    found = top_lists(
        lambda rows: scores[rows],
        incidence(rated, users, movies),
        users,
        movies,
        np.array([1, 2, 3]),
        2,
    )
    # of equal scores the first; nothing is left for user 3
    assert found.to_numpy().tolist() == [[1, 1, 30], [1, 2, 20], [2, 1, 10], [2, 2, 20]]


def test_movies_go_by_their_rows():
    liked = pairs((1, 10), (2, 10), (1, 30))
    assert by_popularity(liked, pd.Index([5, 20, 30, 10])).tolist() == [10, 30, 5, 20]


def test_a_pair_counts_once():
    matrix = incidence(pairs((1, 10), (1, 10)), pd.Index([1]), pd.Index([10, 20]))
    assert matrix.toarray().tolist() == [[1, 0]]
