"""Rankers on two tastes that anyone can tell apart, and the choice of a blend."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from learning import preferences

from cinespark.algorithms.ranker_model import RankerModel
from cinespark.errors import CineSparkError
from cinespark.train.blend_search import (
    BLEND_SCHEMA,
    BlendGrid,
    as_rows,
    ratios,
    validate_blend,
)
from cinespark.train.declarations import Blend, RankerInput, Transition
from cinespark.train.rankers import RANKERS, chosen_blend, fit_ranker

INF = np.inf


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
    "transitions": {"movies": 100},
    "liked_content": {"ridge": 1.0},
}
BLEND = Blend(10.0, 0.3, 50.0, 1.0, 1.0, 1.0, (Transition(0.75, 0.5, 1.0, 2.0),))


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


def content(spark, embeddings=None):
    """Return the embeddings of a dozen movies, by default of one genre each half."""
    if embeddings is None:
        embeddings = [[1.0, 0.0]] * 6 + [[0.0, 1.0]] * 6
    rows = [(movie + 10, one) for movie, one in enumerate(embeddings)]
    return spark.createDataFrame(rows, "movie_id int, embedding array<float>")


def rows_of(spark, given):
    """Return the ratings of preferences as a table."""
    columns = {
        "user_id": given.user_ids[given.users].astype(np.int32),
        "movie_id": given.catalogue[given.movies].astype(np.int32),
        "rating": given.stars,
    }
    return spark.createDataFrame(pd.DataFrame(columns))


@pytest.mark.parametrize(
    "name", ["implicit_als", "folded_in_als", "ease", "content", "blend"]
)
def test_what_a_user_has_not_seen_of_the_own_taste_comes_first(
    spark, tastes, factors, name
):
    rows = rows_of(spark, tastes)
    given = RankerInput(tastes, factors, BLEND, PARAMETERS, rows, content(spark))
    scores = fit_ranker(name, given).scores(tastes)
    seen = tastes.matrix(np.ones(len(tastes.users))).toarray() > 0
    scores[seen] = -INF
    best = np.argsort(-scores, axis=1)[:, :2]
    assert (best // 6 == (np.arange(20) % 2)[:, None]).all()


def test_an_unknown_ranker_is_named_with_those_there_are(spark, tastes, factors):
    with pytest.raises(CineSparkError, match=r"no ranker svd.*popularity, classic_als"):
        fit_ranker(
            "svd",
            RankerInput(tastes, factors, BLEND, PARAMETERS, rows_of(spark, tastes)),
        )


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
    given = RankerInput(
        unliked, factors, BLEND, PARAMETERS, rows_of(spark, unliked), content(spark)
    )
    scores = fit_ranker(name, given).scores(unliked)
    if name not in ("classic_als", "content"):  # which know more than likes
        assert (scores[:, 11] == -INF).all()
    assert np.isfinite(scores[:, 0]).all()


@pytest.mark.parametrize("name", RANKERS)
def test_where_nobody_likes_anything_there_is_no_opinion(spark, tastes, factors, name):
    zeros = [(u, m, 0.0, 0) for u, m in zip(tastes.users, tastes.movies, strict=True)]
    unliked = preferences(zeros, tastes.catalogue, 20)
    rows = rows_of(spark, unliked)
    nothing = factors.head(0)
    given = RankerInput(unliked, nothing, BLEND, PARAMETERS, rows, content(spark))
    scores = fit_ranker(name, given).scores(unliked)
    if name != "classic_als":  # which predicts stars of whatever is rated
        assert (scores == -INF).all()


def test_content_ranks_movies_that_nobody_has_rated(spark, factors):
    # who likes 10 likes 11, of which another thing is said; the same is said of 12 and
    # 11, and of 13 nothing
    liked = preferences(
        [(u, m, 1.0, 0) for u in range(5) for m in (0, 1)] + [(5, 0, 1.0, 0)],
        [10, 11, 12, 13, 14],
        6,
    )
    said = content(spark, [*np.eye(3)[[0, 1, 1]].tolist(), None, [0.0, 0.0, 1.0]])
    given = RankerInput(liked, factors, BLEND, PARAMETERS, said, said)
    scores = fit_ranker("content", given).scores(liked)[5]
    assert scores[2] == scores[1] > scores[4]
    assert scores[3] == -INF


def test_a_ridge_that_cannot_be_is_named(spark, tastes, factors):
    given = RankerInput(
        tastes,
        factors,
        BLEND,
        PARAMETERS | {"liked_content": {"ridge": 0.0}},
        rows_of(spark, tastes),
        content(spark),
    )
    with pytest.raises(CineSparkError, match=r"`content_ridge` is 0\.0: set it above"):
        fit_ranker("content", given)


TRANSITION = {"past": 0.75, "future": 0.5, "ridge": 1.0}
GRID = BlendGrid(
    [5.0, 1e6],
    [0.3],
    [50.0],
    [0.0, 1.0],
    min_gain=0.02,
    users=100,
    transitions=[TRANSITION],
    transition_shares=[1.0],
)


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
    tried = validate_blend(
        tastes, hidden, factors, PARAMETERS, GRID, rows_of(spark, tastes)
    )
    assert tried["is_chosen"].sum() == 1
    chosen = chosen_blend(tried)
    # nothing beats folded-in ALS alone, whose lists are perfect here
    assert (chosen.ease_weight, chosen.co_occurrence_weight) == (0, 0)
    assert tried.loc[tried["is_chosen"], "ndcg"].item() == pytest.approx(1)


def test_the_chosen_blend_is_the_same_after_its_table(spark):
    other = replace(BLEND, transitions=(Transition(0.4, 0.0, 20.0, 4.0),) * 2)
    for chosen, blend in enumerate([BLEND, other, replace(BLEND, transitions=())]):
        tried = [(BLEND, 0.1), (other, 0.2), (replace(BLEND, transitions=()), 0.3)]
        table = spark.createDataFrame(as_rows(tried, chosen), BLEND_SCHEMA)
        assert chosen_blend(table.toPandas()) == blend
        assert chosen_blend(as_rows(tried, chosen)) == blend


def test_a_transition_joins_folded_in_als_where_it_knows_what_comes_next():
    # each goes on in a circle from a start of its own; vectors say nothing
    start = np.random.default_rng(0).integers(0, 20, 60)
    rows = [(u, (start[u] + n) % 20, 1.0, 4 - n) for u in range(60) for n in range(5)]
    shown = preferences(rows, np.arange(20) + 10, 60)
    last = pd.DataFrame(
        {"user_id": np.arange(60) + 1, "movie_id": 10 + (start + 5) % 20}
    )
    said = [[1.0, 0.1 * one] for one in range(20)]
    factors = pd.DataFrame(
        {"entity": "movie", "entity_id": np.arange(20) + 10, "factors": said}
    )
    grid = replace(GRID, weights=[0.0, 1.0], min_gain=1e9, transition_shares=[4.0])
    given = shown, last, factors, PARAMETERS
    tried = validate_blend(*given, grid, rows=None)  # nothing here learns on Spark
    chosen = chosen_blend(tried)
    assert chosen.transitions == (Transition(**TRANSITION, weight=4.0),)
    assert tried["is_chosen"].sum() == 1
    without = validate_blend(*given, replace(grid, transitions=[]), rows=None)
    assert replace(chosen, transitions=()) == chosen_blend(without)


def test_a_blend_is_chosen_where_it_is_worth_it(spark, tastes, factors, hidden):
    # vectors that say little of taste; EASE and what comes after what say all
    rng = np.random.default_rng(0)
    misleading = factors.assign(factors=list(rng.normal(size=(12, 2))))
    tried = validate_blend(
        tastes, hidden, misleading, PARAMETERS, GRID, rows_of(spark, tastes)
    )
    alone = tried[(tried["ease_weight"] == 0) & (tried["co_occurrence_weight"] == 0)]
    best = tried["ndcg"].max()
    assert best > alone["ndcg"].max() * 1.02
    assert tried.loc[tried["is_chosen"], "ndcg"].item() == best


def test_weights_that_order_alike_are_tried_once():
    weights = [0.0, 0.5, 1.0, 2.0]
    tried = np.array(ratios(weights, 3))
    everything = np.array(np.meshgrid(weights, weights, weights)).reshape(3, -1).T
    # two of them order alike where they are parallel, and the first one stands for all
    lengths = np.linalg.norm(everything, axis=1)[:, None] * np.linalg.norm(
        tried, axis=1
    )
    is_alike = np.isclose(everything @ tried.T, lengths) & (lengths > 0)
    assert (is_alike.sum(axis=1) == everything.any(axis=1)).all()
    for place, kept in enumerate(tried):
        alike = everything[is_alike[:, place]].tolist()
        assert kept.tolist() == min(alike)


def test_without_validation_rows_folded_in_als_is_chosen(spark, tastes, factors):
    nothing = pd.DataFrame({"user_id": [], "movie_id": []}, dtype=int)
    tried = validate_blend(
        tastes, nothing, factors, PARAMETERS, GRID, rows_of(spark, tastes)
    )
    (chosen,) = tried.itertuples()
    assert (chosen.fold_in_weight, chosen.ease_weight) == (1, 0)
    assert chosen.is_chosen


@pytest.mark.parametrize("name", RANKERS)
def test_a_ranker_scores_the_same_after_its_arrays(spark, tastes, factors, name):
    rows = rows_of(spark, tastes)
    given = RankerInput(tastes, factors, BLEND, PARAMETERS, rows, content(spark))
    ranker = fit_ranker(name, given)
    file = io.BytesIO()
    np.savez(file, **ranker.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = RankerModel.from_arrays(arrays)
    assert again.is_personal == ranker.is_personal == (name != "popularity")
    np.testing.assert_array_equal(again.scores(tastes), ranker.scores(tastes))
