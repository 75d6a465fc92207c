"""Exact top-N, against lists worked out by hand and by brute force."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.ranker_model import (
    CoOccurrence,
    LearntUsers,
    Popularity,
    RankerModel,
)
from cinespark.algorithms.segments import SegmentPopularity
from cinespark.score.top_n import top_n

INF = np.inf


def lists_of(scores, rated, catalogue, n):
    scores = np.array(scores, float)
    seen = np.zeros(scores.shape)
    for row, positions in zip(seen, rated, strict=True):
        row[positions] = 1
    found = best_unrated(scores, sparse.csr_array(seen), np.array(catalogue), n)
    return [
        (places[:length].tolist(), values[:length].tolist())
        for places, values, length in zip(*found, strict=True)
    ]


def test_rated_movies_do_not_come_back():
    assert lists_of([[0.9, 0.8, 0.7]], [[0]], [1, 2, 3], 2) == [([1, 2], [0.8, 0.7])]


def test_equal_scores_are_in_order_of_movie_id():
    lists = lists_of([[0.5, 0.5, 0.9, 0.5]], [[]], [40, 10, 30, 20], 3)
    assert lists == [([2, 1, 3], [0.9, 0.5, 0.5])]


def test_a_user_without_scores_gets_the_popular_movies():
    lists = lists_of([[-INF] * 4], [[1]], [5, 6, 7, 8], 2)
    assert lists == [([0, 2], [-INF, -INF])]


def test_a_short_list_is_filled_up_with_popular_movies_not_rated():
    lists = lists_of([[-INF, 0.2, -INF, -INF]], [[0]], [5, 6, 7, 8], 3)
    assert lists == [([1, 2, 3], [0.2, -INF, -INF])]


def test_a_list_ends_where_the_catalogue_does():
    assert lists_of([[0.1, 0.3]], [[0]], [1, 2], 5) == [([1], [0.3])]
    assert lists_of([[0.1, 0.3]], [[0, 1]], [1, 2], 5) == [([], [])]
    assert lists_of([[0.1, 0.3]], [[]], [1, 2], 0) == [([], [])]


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 15))
@settings(deadline=None)
def test_lists_equal_sorting_the_whole_catalogue(seed, movies, n):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, (3, movies)) / 4.0  # many ties
    scores[rng.random((3, movies)) < 0.3] = -INF
    catalogue = rng.permutation(movies) + 1
    rated = [np.flatnonzero(rng.random(movies) < 0.3) for _ in range(3)]
    lists = lists_of(scores, rated, catalogue, n)
    for row, seen, (places, _) in zip(scores, rated, lists, strict=True):
        free = [place for place in range(movies) if place not in set(seen)]
        personal = [place for place in free if row[place] > -INF]
        personal.sort(key=lambda place: (-row[place], catalogue[place]))
        popular = [place for place in free if row[place] == -INF]
        assert places == (personal + popular)[:n]


def histories_of(spark, rows):
    """Return rows of int_user_histories from (user, {movie: stars})."""
    return spark.createDataFrame(
        [
            (
                user,
                list(rated),
                [float(stars) for stars in rated.values()],
                [stars / 5 for stars in rated.values()],
                [len(rated) - 1 - place for place in range(len(rated))],
            )
            for user, rated in rows
        ],
        "user_id int, movie_ids array<int>, ratings array<double>, "
        "preferences array<double>, newer_counts array<int>",
    )


def test_users_are_scored_against_the_catalogue(spark):
    vectors = np.array([[0.0, 0], [0.2, 0.8], [0.9, 0.1], [0.5, 0.5]])
    ranker = RankerModel(
        catalogue=np.array([40, 20, 10, 30]),  # by popularity
        is_liked=np.array([False, True, True, True]),
        parts=((1.0, LearntUsers(np.array([1, 2]), np.eye(2), vectors)),),
    )
    histories = histories_of(  # 99 is not in the catalogue
        spark, [(1, {10: 5}), (2, {99: 5}), (3, {40: 5})]
    )
    rows = top_n({"mine": ranker}, histories, 3).orderBy("user_id", "rank").collect()
    assert {row.model for row in rows} == {"mine"}
    assert [(row.user_id, row.rank, row.movie_id, row.source) for row in rows] == [
        (1, 1, 30, "personal"),
        (1, 2, 20, "personal"),
        (1, 3, 40, "popularity"),
        (2, 1, 20, "personal"),
        (2, 2, 30, "personal"),
        (2, 3, 10, "personal"),
        (3, 1, 20, "popularity"),
        (3, 2, 10, "popularity"),
        (3, 3, 30, "popularity"),
    ]
    np.testing.assert_allclose(
        [row.score for row in rows],
        [0.5, 0.2, -1, 0.8, 0.5, 0.1, -2, -3, -4],
        atol=1e-6,
    )


def test_rows_have_reasons_where_they_are_asked_for(spark):
    similarity = np.zeros((3, 3))
    similarity[1, 0], similarity[2, 0] = 0.25, 0.5  # from 10 and 30 to 20
    ranker = RankerModel(
        catalogue=np.array([20, 10, 30]),
        is_liked=np.array([True, False, False]),
        parts=((1.0, CoOccurrence(sparse.csr_array(similarity))),),
    )
    histories = histories_of(spark, [(1, {10: 5, 30: 5}), (2, {})])
    rows = top_n({"mine": ranker}, histories, 1, with_reasons=True).orderBy("user_id")
    one, two = rows.collect()
    # 10 is the older one and counts half
    assert (one.movie_id, one.reason_movie_ids) == (20, [30, 10])
    assert one.reason_contributions == [0.5, 0.125]
    assert (one.other_contributions, one.score_constant, one.score) == (0, 0, 0.625)
    assert (two.movie_id, two.source, two.reason_movie_ids) == (20, "popularity", [])
    assert two.other_contributions is None
    assert two.score_constant is None
    plain = top_n({"mine": ranker}, histories, 1).orderBy("user_id").collect()
    assert [row.movie_id for row in plain] == [20, 20]
    assert "reason_movie_ids" not in plain[0]


def test_who_likes_nothing_gets_what_people_like_them_like(spark):
    ranker = RankerModel(
        catalogue=np.array([40, 20, 10, 30]),
        is_liked=np.array([True, True, True, False]),
        parts=((1.0, LearntUsers(np.array([1]), np.eye(2)[:1], np.ones((4, 2)))),),
    )
    by_segment = SegmentPopularity(
        user_ids=np.array([1, 2]),
        segments=np.array([[0], [0]]),
        log_shares=np.log([0.6, 0.3, 0.1, 1e-9]) - [0, 0, 0, INF],
        gains=np.array([[0.0, 0.5, 3.0, 0.0], [0.0] * 4]),
    )
    histories = histories_of(spark, [(1, {40: 5}), (2, {20: 1}), (3, {})])
    rows = top_n({"mine": ranker}, histories, 3, by_segment=by_segment).collect()
    rows.sort(key=lambda row: (row.user_id, row.rank))
    found = [(row.user_id, row.movie_id, row.source) for row in rows]
    assert found == [
        (1, 10, "personal"),
        (1, 20, "personal"),
        (1, 30, "popularity"),
        (2, 10, "segment"),  # log .1 + 3 is above log .6
        (2, 40, "segment"),
        (2, 30, "popularity"),  # which nobody likes
        (3, 40, "popularity"),  # of whom nothing is known
        (3, 20, "popularity"),
        (3, 10, "popularity"),
    ]
    scores = [row.score for row in rows if row.user_id == 2]
    np.testing.assert_allclose(scores, [np.log(0.1) + 3, np.log(0.6), -4])


def test_a_user_without_ratings_gets_what_is_popular(spark):
    ranker = RankerModel(
        catalogue=np.array([20, 10]),
        is_liked=np.array([True, True]),
        parts=((1.0, Popularity(np.array([5, 3]))),),
    )
    rows = top_n({"popularity": ranker}, histories_of(spark, [(1, {})]), 5).collect()
    assert [(row.movie_id, row.score, row.source) for row in rows] == [
        (20, 5.0, "popularity"),
        (10, 3.0, "popularity"),
    ]
