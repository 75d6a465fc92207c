"""The parts of rankers against equations solved in other ways, and by hand."""

import io

import numpy as np
import pandas as pd
import pytest
from learning import preferences
from scipy import sparse

from cinespark.algorithms.co_occurrence import CoOccurrenceParams, co_occurrence
from cinespark.algorithms.ease import ease_scores, fit_ease
from cinespark.algorithms.fold_in import fold_in, recency
from cinespark.algorithms.metrics import ndcg
from cinespark.algorithms.preferences import history_of, preferences_of
from cinespark.algorithms.ranker_model import RankerModel, standardised
from cinespark.errors import CineSparkError
from cinespark.train.blend_search import BlendGrid, validate_blend
from cinespark.train.declarations import Blend, RankerInput
from cinespark.train.rankers import RANKERS, chosen_blend, fit_ranker

INF = np.inf


def test_a_rating_counts_half_at_the_half_life_and_whole_when_none_is_newer():
    newer = np.array([0.0, 10.0, 20.0])
    assert recency(newer, 10.0).tolist() == [1.0, 0.5, 0.25]
    assert recency(newer, 1e6) == pytest.approx(1, abs=1e-4)


def test_a_folded_in_vector_is_the_least_squares_solution():
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(6, 3))
    weights = sparse.csr_array(np.array([[0.5, 0, 0, 1.0, 0, 0], [0, 0, 0, 0, 0, 2.0]]))
    users = fold_in(weights, vectors, vectors.T @ vectors, 0.3, 0.2)
    for row, user in zip(weights.toarray(), users, strict=True):
        # Σ c (1 − x·y)² + a₀ Σ over all (x·y)² + λ n |x|² has no slope there
        rated = row > 0
        slope = (
            -2 * (row * (1 - vectors @ user)) @ vectors
            + 2 * 0.3 * (vectors @ user) @ vectors
            + 2 * 0.2 * rated.sum() * user
        )
        np.testing.assert_allclose(slope, 0, atol=1e-10)


def test_a_history_of_nothing_liked_folds_in_to_zero():
    weights = sparse.csr_array((np.zeros(1), ([0], [1])), (1, 2))
    users = fold_in(weights, np.eye(2), np.eye(2), 0.1, 0.1)
    assert users.tolist() == [[0, 0]]


@pytest.mark.parametrize("users", [5, 30])  # fewer than movies, and more
def test_ease_is_the_ridge_regression_without_a_movie_on_itself(users):
    rng = np.random.default_rng(2)
    likes = (rng.random((users, 8)) < 0.4).astype(float)
    asked = rng.random((3, 8)) * (rng.random((3, 8)) < 0.5)
    arrays = fit_ease(sparse.csr_array(likes), 2.0)
    scores = ease_scores(arrays, sparse.csr_array(asked))
    for movie in range(8):
        others = np.delete(np.arange(8), movie)
        x = likes[:, others]
        weights = np.linalg.solve(x.T @ x + 2 * np.eye(7), x.T @ likes[:, movie])
        expected = asked[:, others] @ weights
        np.testing.assert_allclose(scores[:, movie], expected, atol=1e-5)


def test_co_occurrence_looks_forward_and_decays():
    # one user: movie 0, then 1, then 2, all of preference 1
    rows = [(0, 0, 1, 2), (0, 1, 1, 1), (0, 2, 1, 0)]
    params = CoOccurrenceParams(1.0, 0.5, 0.5, 1.0, movies=3)
    found = co_occurrence(preferences(rows, [10, 20, 30], 1), params).toarray()
    raw = np.array([[0, 0.5, 0.25], [0.25, 0, 0.5], [0.125, 0.25, 0]])
    norm = np.sqrt(np.outer(raw.sum(axis=1), raw.sum(axis=0))) + 1
    np.testing.assert_allclose(found, raw / norm)


def test_only_the_most_liked_movies_co_occur():
    rows = [(0, 0, 1, 2), (0, 1, 1, 1), (0, 2, 1, 0)]
    params = CoOccurrenceParams(1.0, 0.5, 0.5, 1.0, movies=2)
    assert co_occurrence(preferences(rows, [10, 20, 30], 1), params).shape == (2, 2)


def test_ndcg_worked_out_by_hand():
    scores = np.array([[0.9, 0.8, 0.7, 0.6], [0.1, 0.2, 0.3, 0.4]])
    seen = np.array([[True, False, False, False], [False] * 4])
    relevant = np.array([[False, False, True, True], [True, False, False, False]])
    # user 0: list 1, 2: hit at rank 2; best: both; user 1: list 3, 2: no hit
    ideal = 1 + 1 / np.log2(3)
    assert ndcg(scores, seen, relevant, 2) == pytest.approx([1 / np.log2(3) / ideal, 0])


def test_a_movie_without_an_opinion_is_no_hit():
    scores = np.array([[-INF, 0.5]])
    assert ndcg(scores, np.zeros((1, 2), bool), np.array([[True, False]]), 2) == [0]


def test_standard_scores_are_over_what_is_not_seen():
    scores = np.array([[9.0, 1.0, 3.0], [2.0, 2.0, 2.0]])
    seen = np.array([[True, False, False], [False] * 3])
    found = standardised(scores, seen)
    assert found[0].tolist() == [7.0, -1.0, 1.0]
    assert np.isnan(found[1]).all()  # no opinion


PARAMETERS = {
    "classic_als": {
        "rank": 2,
        "iterations": 3,
        "reg_param": 0.1,
        "seed": 1,
        "blocks": 1,
    },
    "implicit_als": {
        "rank": 2,
        "iterations": 3,
        "reg_param": 0.1,
        "alpha": 1.0,
        "seed": 1,
        "blocks": 1,
        "like_threshold": 3.0,
    },
    "fold_in": {"background": 0.1, "regularization": 0.1},
    "ease": {"movies": 100, "floor": 0.1},
    "co_occurrence": {
        "half_life": 2.0,
        "backward": 0.5,
        "source_power": 0.7,
        "shrinkage": 1.0,
        "movies": 100,
    },
}
BLEND = Blend(10.0, 0.3, 50.0, 1.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def tastes():
    """Return 20 users of two tastes: each likes most of six movies of a dozen."""
    rng = np.random.default_rng(4)
    rows = []
    for user in range(20):
        mine = rng.permutation(6)[:4] + 6 * (user % 2)
        rows += [(user, movie, 1.0, 3 - n) for n, movie in enumerate(mine)]
    return preferences(rows, np.arange(12) + 10, 20)


@pytest.fixture(scope="module")
def factors():
    """Return vectors that tell the two tastes apart."""
    vectors = [[1.0, 0.1]] * 6 + [[0.1, 1.0]] * 6
    return pd.DataFrame(
        {"entity": "movie", "entity_id": np.arange(12) + 10, "factors": vectors}
    )


@pytest.mark.parametrize("name", ["implicit_als", "folded_in_als", "ease", "blend"])
def test_what_a_user_has_not_seen_of_the_own_taste_comes_first(
    spark, tastes, factors, name
):
    ranker = fit_ranker(name, RankerInput(tastes, factors, BLEND, PARAMETERS, spark))
    scores = ranker.scores(tastes)
    seen = tastes.matrix(np.ones(len(tastes.users))).toarray() > 0
    scores[seen] = -INF
    best = np.argsort(-scores, axis=1)[:, :2]
    assert (best // 6 == (np.arange(20) % 2)[:, None]).all()


def test_an_unknown_ranker_is_named_with_those_there_are(spark, tastes, factors):
    with pytest.raises(CineSparkError, match=r"no ranker svd.*popularity, classic_als"):
        fit_ranker("svd", RankerInput(tastes, factors, BLEND, PARAMETERS, spark))


@pytest.mark.parametrize("name", RANKERS)
def test_nobody_has_an_opinion_of_a_movie_that_is_not_liked(
    spark, tastes, factors, name
):
    unliked = preferences(
        [
            (user, movie, 0.0 if movie == 11 else 1.0, 0)
            for user, movie in zip(tastes.users, tastes.movies, strict=True)
        ],
        tastes.catalogue,
        20,
    )
    ranker = fit_ranker(name, RankerInput(unliked, factors, BLEND, PARAMETERS, spark))
    scores = ranker.scores(unliked)
    if name != "classic_als":  # which has a vector of whatever is rated
        assert (scores[:, 11] == -INF).all()
    assert np.isfinite(scores[:, 0]).all()


GRID = BlendGrid([5.0, 1e6], [0.3], [50.0], [0.0, 1.0], min_gain=0.02, users=100)


@pytest.fixture(scope="module")
def hidden(tastes):
    """Return what is left of each user's taste."""
    rows = [
        (user + 1, movie + 10)
        for user in range(20)
        for movie in range(6 * (user % 2), 6 * (user % 2) + 6)
        if not ((tastes.users == user) & (tastes.movies == movie)).any()
    ]
    return pd.DataFrame(rows, columns=["user_id", "movie_id"])


def test_validation_chooses_one_setting_and_knows_folded_in_als(
    spark, tastes, factors, hidden
):
    tried = validate_blend(tastes, hidden, factors, PARAMETERS, GRID, spark)
    assert tried["is_chosen"].sum() == 1
    chosen = chosen_blend(tried)
    # nothing beats folded-in ALS alone, whose lists are perfect here
    assert (chosen.ease_weight, chosen.co_occurrence_weight) == (0, 0)
    assert tried.loc[tried["is_chosen"], "ndcg"].item() == pytest.approx(1)


def test_a_blend_is_chosen_where_it_is_worth_it(spark, tastes, factors, hidden):
    # vectors that say little of taste; EASE and what comes after what say all
    rng = np.random.default_rng(0)
    misleading = factors.assign(factors=list(rng.normal(size=(12, 2))))
    tried = validate_blend(tastes, hidden, misleading, PARAMETERS, GRID, spark)
    alone = tried[(tried["ease_weight"] == 0) & (tried["co_occurrence_weight"] == 0)]
    best = tried["ndcg"].max()
    assert best > alone["ndcg"].max() * 1.02
    assert tried.loc[tried["is_chosen"], "ndcg"].item() == best


def test_without_validation_rows_folded_in_als_is_chosen(spark, tastes, factors):
    nothing = pd.DataFrame({"user_id": [], "movie_id": []}, dtype=int)
    tried = validate_blend(tastes, nothing, factors, PARAMETERS, GRID, spark)
    (chosen,) = tried.itertuples()
    assert (chosen.fold_in_weight, chosen.ease_weight) == (1, 0)
    assert chosen.is_chosen


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


@pytest.mark.parametrize("name", RANKERS)
def test_a_ranker_scores_the_same_after_its_arrays(spark, tastes, factors, name):
    ranker = fit_ranker(name, RankerInput(tastes, factors, BLEND, PARAMETERS, spark))
    file = io.BytesIO()
    np.savez(file, **ranker.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = RankerModel.from_arrays(arrays)
    assert again.is_personal == ranker.is_personal == (name != "popularity")
    np.testing.assert_array_equal(again.scores(tastes), ranker.scores(tastes))
