"""Predictors that learn from a sample of the users, and know the others, too."""

import numpy as np
import pandas as pd
import pytest
from learning import planted_ratings
from test_predictors import PARAMETERS, SCALE

from cinespark.algorithms.predict import predict_ratings
from cinespark.errors import CineSparkError
from cinespark.train.everyone import learnt_predictors
from cinespark.train.sample import in_sample, learning_share, sample_of

USERS = 120


@pytest.fixture(scope="module")
def tables(spark):
    """Return ratings, users (one of whom rated nothing) and movies as tables."""
    given = planted_ratings(seed=3, users=USERS)
    ratings = pd.DataFrame(
        {
            "user_id": given.user_ids[given.users].astype(np.int32),
            "movie_id": given.movie_ids[given.movies].astype(np.int32),
            "rating": given.stars,
        }
    )
    people = pd.DataFrame({"user_id": np.append(given.user_ids, 9999)})
    people = people.assign(gender="F", occupation=None, age_band="25-34")
    kinds = np.where(given.movie_features[:, 0] > 0, "Drama", "Comedy")
    films = pd.DataFrame({"movie_id": given.movie_ids, "kind": kinds})
    users = spark.createDataFrame(
        people.astype({"user_id": "int32"}),
        "user_id int, gender string, occupation string, age_band string",
    )
    movies = spark.createDataFrame(films).selectExpr(
        "cast(movie_id as int) as movie_id",
        "array(kind) as genres",
        "1990 as release_year",
    )
    return spark.createDataFrame(ratings).cache(), users.cache(), movies.cache()


def learnt(tables, name, most):
    """Return a predictor that learns from so many ratings at most."""
    parameters = {**PARAMETERS, "learning": {"ratings": most}}
    rows, users, movies = tables
    given = [name], rows, users, movies, parameters, SCALE
    ((_, model, _),) = learnt_predictors(*given)
    return model


def error_of(model, tables):
    rows = tables[0].toPandas()
    stars, is_cold = predict_ratings(
        model, rows["user_id"].to_numpy(), rows["movie_id"].to_numpy()
    )
    assert not is_cold.any()
    return np.sqrt(np.mean((stars - rows["rating"]) ** 2))


@pytest.mark.parametrize("name", ["bias", "bayesian_mf"])
def test_a_half_of_the_users_is_enough_to_know_all_of_them(tables, name):
    count = tables[0].count()
    of_all, of_half = (learnt(tables, name, most) for most in (10**6, count // 2))
    assert of_half.users.ids.tolist() == of_all.users.ids.tolist()
    assert of_half.movies.rating_counts.sum() < 0.7 * count
    assert of_half.users.rating_counts.tolist() == of_all.users.rating_counts.tolist()
    assert error_of(of_half, tables) == pytest.approx(
        error_of(of_all, tables), abs=0.04
    )
    assert of_half.folding is None  # is not for files and workers


def test_a_bias_that_is_folded_in_is_the_regularised_mean(tables):
    """By hand: Σ (r − μ − b_i) / (n + λ) for a user who is not learnt from."""
    rows = tables[0].toPandas()
    model = learnt(tables, "bias", len(rows) // 2)
    share = learning_share(tables[0], len(rows) // 2)
    user = tables[0].where(~in_sample(share)).first().user_id
    mine = rows[rows["user_id"] == user]
    place = np.searchsorted(model.movies.ids, mine["movie_id"])
    left = mine["rating"] - model.global_mean - model.movies.bias[place]
    expected = left.sum() / (len(mine) + PARAMETERS["bias"]["user_shrinkage"])
    where = np.searchsorted(model.users.ids, user)
    assert model.users.bias[where] == pytest.approx(expected)


def test_who_rated_nothing_and_anyone_unknown_get_the_movies_own_stars(tables):
    model = learnt(tables, "bias", tables[0].count() // 2)
    assert model.users.ids[-1] == 9999
    assert model.users.bias[-2:].tolist() == [0, 0]
    assert model.users.rating_counts[-2:].tolist() == [0, 0]


def test_models_without_folding_learn_from_everything(tables):
    model = learnt(tables, "item_neighbourhood", 10)
    assert model.movies.rating_counts.sum() == tables[0].count()


def test_a_sample_is_of_whole_users_and_about_as_large_as_it_may_be(tables):
    rows = tables[0]
    share = learning_share(rows, rows.count() // 2)
    sample = sample_of(rows, share)
    assert share == pytest.approx(0.5, abs=0.01)
    assert 0.35 < sample.count() / rows.count() < 0.65
    mine = {row.user_id for row in sample.collect()}
    others = {row.user_id for row in rows.where(~in_sample(share)).collect()}
    assert mine
    assert others
    assert not mine & others
    # a smaller sample is a part of it
    smaller = {row.user_id for row in sample_of(rows, share / 2).collect()}
    assert smaller < mine
    assert learning_share(rows, rows.count()) == 1


@pytest.mark.parametrize(
    ("most", "words"), [(0, "is 0: .* above 0"), (1, "is 1, of .*set it higher")]
)
def test_learning_from_nobody_is_refused(tables, most, words):
    with pytest.raises(CineSparkError, match=f"`learning_ratings` {words}"):
        learning_share(tables[0], most)


def test_a_sample_may_turn_out_to_be_everybody(tables):
    """So few ratings too many that no user falls outside: nobody is folded in."""
    count = tables[0].count()
    assert not tables[0].where(~in_sample((count - 1) / count)).count()
    model = learnt(tables, "bias", count - 1)
    assert model.movies.rating_counts.sum() == count


def test_a_movie_that_only_others_have_rated_is_not_taken_for_another(spark, tables):
    """It is in no dimension: its rating counts for the user, at no other movie."""
    ratings, users, movies = tables
    share = learning_share(ratings, ratings.count() // 2)
    user = ratings.where(~in_sample(share)).first().user_id
    more = spark.createDataFrame([(user, 8, 0.5)], ratings.schema)  # between two movies
    model = learnt(
        (ratings.unionByName(more), users, movies), "bias", ratings.count() // 2
    )
    where = np.searchsorted(model.users.ids, user)
    assert 8 in model.movies.ids
    assert (
        model.users.rating_counts[where]
        == ratings.where(f"user_id = {user}").count() + 1
    )
