"""What the whole build says of its models, against Spark ML and pandas."""

import numpy as np
import pandas as pd
import pytest
from pyspark.ml.recommendation import ALS
from toys import TOY_PREDICTOR, TOY_RANKER
from whole_build import SCHEMA

from cinespark.train.predictors import PREDICTORS
from cinespark.train.rankers import RANKERS


def test_splits_hide_a_fifth(table, ratings):
    split = table("int_ratings_split")
    assert (split.random_split == "test").mean() == pytest.approx(0.2, abs=0.04)
    hidden = split[split.temporal_split == "test"].groupby("user_id").size()
    counts = ratings.groupby("user_id").size()
    assert hidden.tolist() == np.floor(counts * 0.2).astype(int).tolist()


def test_accuracy_of_classic_als_is_mllibs(spark, table):
    split = spark.table(f"{SCHEMA}.int_ratings_split")
    train = split.where("random_split = 'train'")
    als = ALS(
        rank=10,
        maxIter=10,
        regParam=0.1,
        seed=42,
        numUserBlocks=2,
        numItemBlocks=2,
        userCol="user_id",
        itemCol="movie_id",
        coldStartStrategy="drop",
    )
    model = als.fit(
        train.repartition(2, "user_id").sortWithinPartitions("user_id", "movie_id")
    )
    test = split.where("random_split = 'test'")
    warm = model.transform(test).toPandas()
    errors = warm.prediction.clip(0.5, 5) - warm.rating
    accuracy = table("rating_accuracy").set_index(["model", "segment"])
    mine = accuracy.loc[("classic_als", "warm")]
    assert mine.rating_count == len(warm)
    assert mine.rmse == pytest.approx(np.sqrt((errors**2).mean()), abs=1e-5)
    assert mine.mae == pytest.approx(errors.abs().mean(), abs=1e-5)
    every = accuracy.loc[("classic_als", "all")]
    assert every.rating_count == test.count()
    assert every.cold_rating_count == every.rating_count - mine.rating_count


def test_the_bias_model_is_better_than_the_mean_of_the_training_rows(table):
    split = table("int_ratings_split")
    train, test = (split[split.random_split == side] for side in ("train", "test"))
    plain = np.sqrt(((test.rating - train.rating.mean()) ** 2).mean())
    accuracy = table("rating_accuracy").set_index(["model", "segment"])
    assert accuracy.loc[("bias", "all")].rmse < plain


def test_ranking_quality_is_what_pandas_makes_of_the_lists(table):
    preferences, rankings = table("int_preferences"), table("holdout_rankings")
    test = preferences[(preferences.subset == "test") & preferences.is_like]
    relevant = test.groupby("user_id").movie_id.agg(set)
    quality = table("ranking_quality").set_index(["model", "k", "segment"])
    users = table("dim_users").set_index("user_id")
    assert set(rankings.user_id) == set(relevant.index)
    for model in set(rankings.model):
        lists = rankings[rankings.model == model].sort_values("rank")
        lists = lists.groupby("user_id").movie_id.agg(list)
        for k in (5, 10, 20):
            figures = pd.DataFrame(
                [
                    metrics_of(lists[user][:k], wanted, k) | {"user_id": user}
                    for user, wanted in relevant.items()
                ]
            ).set_index("user_id")
            row = quality.loc[(model, k, "all")]
            for name, value in figures.mean().items():
                assert row[name] == pytest.approx(value), (model, k, name)
            # 95 % of the bootstrap's normal distribution, by 40 draws
            error = figures.ndcg.std() / np.sqrt(len(figures))
            assert row.ndcg_high - row.ndcg_low == pytest.approx(3.9 * error, rel=0.5)
            assert row.ndcg_low <= row.ndcg <= row.ndcg_high
            women = figures[users.gender[figures.index] == "F"]
            assert quality.loc[(model, k, "F")].ndcg == pytest.approx(women.ndcg.mean())


def metrics_of(movies, relevant, k):
    """Return one list's metrics, by their definitions."""
    hits = [movie in relevant for movie in movies]
    best = min(k, len(relevant))
    ideal = sum(1 / np.log2(rank + 1) for rank in range(1, best + 1))
    gain = sum(1 / np.log2(rank + 1) for rank, hit in enumerate(hits, 1) if hit)
    precisions = [sum(hits[:rank]) / rank for rank, hit in enumerate(hits, 1) if hit]
    return {
        "ndcg": gain / ideal,
        "recall": sum(hits) / len(relevant),
        "precision": sum(hits) / k,
        "map": sum(precisions) / best,
        "hit_rate": float(any(hits)),
    }


def test_the_leaderboard_has_every_candidate_and_what_publishes(table):
    board = table("model_leaderboard").set_index(["role", "model"])
    judged = {name for name, one in PREDICTORS.items() if one.is_judged}
    assert set(board.loc["predictor"].index) == judged | {TOY_PREDICTOR.name}
    assert set(board.loc["ranker"].index) == {*RANKERS, TOY_RANKER.name}
    assert board[board.is_published].index.tolist() == [
        ("predictor", "bayesian_mf"),
        ("ranker", "folded_in_als"),
    ]
    accuracy = table("rating_accuracy").set_index(["model", "segment"])
    for name, row in board.loc["predictor"].iterrows():
        assert row.metric_value == pytest.approx(accuracy.loc[(name, "all")].rmse)
        assert row.gain_over_baseline == pytest.approx(
            board.loc[("predictor", "bias")].metric_value - row.metric_value
        )
    assert (board.metric_value_low <= board.metric_value_high).all()
    assert (board.loc[["predictor", "ranker"]].fit_seconds > 0).all()


def test_the_global_cut_has_new_users_and_movies(table):
    cold = table("cold_start_accuracy")
    split = table("int_ratings_split")
    sides = split.global_split
    assert (
        split.rated_at[sides == "train"].max() <= split.rated_at[sides == "test"].min()
    )
    test = split[sides == "test"]
    is_new_user = ~test.user_id.isin(split.user_id[sides == "train"])
    is_new_movie = ~test.movie_id.isin(split.movie_id[sides == "train"])
    expected = {
        "new user and new movie": (is_new_user & is_new_movie).sum(),
        "new user": (is_new_user & ~is_new_movie).sum(),
        "new movie": (~is_new_user & is_new_movie).sum(),
        "both known": (~is_new_user & ~is_new_movie).sum(),
    }
    assert expected["new user"] > 0
    expected = {segment: count for segment, count in expected.items() if count}
    assert set(cold.model) == {"bias", "bayesian_mf"}
    for _, rows in cold.groupby("model"):
        assert dict(zip(rows.segment, rows.rating_count, strict=True)) == expected
