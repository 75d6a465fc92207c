"""What new users' lists lose by being folded in, against MLlib, NumPy and pandas."""

import numpy as np
import pandas as pd
import pytest
from pyspark.ml.recommendation import ALS

WAYS = ("fold_in", "retraining")


@pytest.fixture(scope="module")
def judged(table):
    """Return NDCG@10 by user of both ways, as the build found it."""
    rows = table("simulated_new_users").query(
        "model == 'folded_in_als' and shown_ratings == 'all' and not uses_demographics"
    )
    rows = rows.assign(way=np.where(rows.is_retrained, "retraining", "fold_in"))
    return rows.pivot(index="user_id", columns="way", values="ndcg")


def with_preference(ratings):
    """Return ratings with what each says of liking, and how many are newer."""
    newer = ratings.groupby("user_id").rated_at.rank(ascending=False, method="min") - 1
    liking = ((ratings.rating - 1).clip(lower=0) / 4) ** 1.5
    return ratings.assign(newer=newer, liking=liking)


def learnt_movies(spark, learners):
    """Return MLlib's vectors of what these rows say, by movie."""
    counts = learners.groupby("user_id").movie_id.transform("size")
    recency = (0.5 ** (learners.newer / (0.3 * counts))).clip(lower=0.1)
    rows = learners.assign(rating=learners.liking * recency)
    schema = "user_id int, movie_id int, rating float"
    rows = spark.createDataFrame(rows[["user_id", "movie_id", "rating"]], schema)
    rows = rows.where("rating > 0").repartition(2, "user_id")
    als = ALS(
        rank=8,
        maxIter=5,
        regParam=0.1,
        alpha=4.0,
        implicitPrefs=True,
        seed=42,
        numUserBlocks=2,
        numItemBlocks=2,
        userCol="user_id",
        itemCol="movie_id",
    )
    model = als.fit(rows.sortWithinPartitions("user_id", "movie_id"))
    found = model.itemFactors.toPandas()
    return pd.DataFrame(np.stack([*found.features]), index=found.id).astype(float)


def listed(movies, learners, shown, half_life):
    """Return a user's list: the vector by the equation in fold_in.py, row by row."""
    matrix = movies.to_numpy()
    left = 0.1 * matrix.T @ matrix + 0.1 * len(shown) * np.eye(matrix.shape[1])
    right = np.zeros(len(left))
    for row in shown.itertuples():
        weight = row.liking * 0.5 ** (row.newer / half_life)
        if row.movie_id in movies.index:
            vector = movies.loc[row.movie_id].to_numpy()
            left += weight * np.outer(vector, vector)
            right += weight * vector
    scores = pd.Series(matrix @ np.linalg.solve(left, right), movies.index)
    if not right.any():  # who likes nothing gets what the others like
        scores = learners.query("rating >= 4").groupby("movie_id").size()
    free = scores[~scores.index.isin(shown.movie_id)]
    return sorted(free.index, key=lambda movie: (-free[movie], movie))[:10]


def ndcg(movies, wanted):
    gain = sum(1 / np.log2(n + 2) for n, one in enumerate(movies) if one in wanted)
    return gain / sum(1 / np.log2(n + 2) for n in range(min(10, len(wanted))))


def test_lists_are_those_of_models_learnt_without_and_with_what_is_shown(
    spark, table, judged
):
    folds = table("int_new_user_ratings")[["user_id", "movie_id", "fold"]]
    ratings = table("int_ratings_split").merge(folds)
    tried = table("blend_validation")
    half_life = tried[tried.is_chosen].fold_in_half_life.item()
    is_here, is_target = ratings.fold == 0, ratings.temporal_split == "test"
    shown = with_preference(ratings[is_here & ~is_target])
    targets = ratings[is_here & is_target & (ratings.rating >= 4)]
    others = with_preference(ratings[~is_here])
    for way, learners in (
        ("fold_in", others),
        ("retraining", pd.concat([others, shown])),
    ):
        movies = learnt_movies(spark, learners)
        for user, mine in targets.groupby("user_id"):
            of_user = shown[shown.user_id == user]
            best = listed(movies, learners, of_user, half_life)
            expected = ndcg(best, set(mine.movie_id))
            assert judged.loc[user, way] == pytest.approx(expected), (way, user)
    assert targets.user_id.nunique() > 5


def test_both_ways_are_judged_on_the_same_users_and_teach_different_models(
    table, judged
):
    rows = table("int_new_user_ratings")
    assert set(judged.index) == set(rows[rows.is_target & rows.is_like].user_id)
    assert judged.notna().all(axis=None)
    assert (judged.fold_in != judged.retraining).any()


def test_the_leaderboard_has_both_means_and_the_interval_of_their_difference(
    table, judged
):
    board = table("model_leaderboard").query("role == 'new_users'").set_index("model")
    assert set(board.index) == set(WAYS)
    for way in WAYS:
        row = board.loc[way]
        assert row.metric == "NDCG@10"
        assert row.metric_value == pytest.approx(judged[way].mean())
        assert row.metric_value_low < row.metric_value < row.metric_value_high
        assert row.judged_count == len(judged)
        # 95 % of the bootstrap's normal distribution, by 40 draws
        error = judged[way].std() / np.sqrt(len(judged))
        width = row.metric_value_high - row.metric_value_low
        assert width == pytest.approx(3.9 * error, rel=0.5)
    gain = judged.retraining - judged.fold_in
    row = board.loc["retraining"]
    assert row.gain_over_baseline == pytest.approx(gain.mean(), abs=1e-12)
    width = row.gain_over_baseline_high - row.gain_over_baseline_low
    error = gain.std() / np.sqrt(len(gain))
    assert width == pytest.approx(3.9 * error, rel=0.5)
    assert board.loc["fold_in", "gain_over_baseline_high"] == 0


def test_neither_way_publishes_or_is_a_candidate(table):
    board = table("model_leaderboard").query("role == 'new_users'")
    assert not board.is_published.any()
    assert board.gain_over_published.isna().all()
    runs = table("mlflow_runs").model
    assert not runs.str.contains("fold_in$|retraining").any()
