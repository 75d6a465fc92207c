"""Each predictor learns what is there, and is the same as a table."""

import numpy as np
import pytest
from learning import planted_ratings

from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.ratings import Ratings
from cinespark.errors import CineSparkError
from cinespark.train.declarations import PredictorInput
from cinespark.train.model_tables import predictor_of, predictor_table
from cinespark.train.predictors import PREDICTORS, fit_predictor

ALS = {"iterations": 6, "reg_param": 0.05, "seed": 1, "blocks": 2}
PARAMETERS = {
    "bias": {"user_shrinkage": 2.0, "movie_shrinkage": 2.0, "iterations": 10},
    "classic_als": {"rank": 3, **ALS},
    "residual_als": {"rank": 2, **ALS},
    "item_neighbourhood": {
        "shrinkage": 5.0,
        "neighbours": 20,
        "kept": 30,
        "movies": 100,
        "ridge": 0.2,
    },
    "linear_stack": {"validation_share": 0.2, "ridge": 1.0, "seed": 1},
    "bayesian_mf": {
        "factors": 6,
        "iterations": 60,
        "burn_in": 20,
        "implicit_features": 2,
        "link_ridge": 10.0,
        "seed": 1,
    },
}
SCALE = (0.5, 5.0)

WITH_STARS = [name for name, one in PREDICTORS.items() if one.is_judged]


@pytest.fixture(scope="module")
def sides():
    ratings = planted_ratings()
    hidden = np.random.default_rng(9).random(len(ratings.stars)) < 0.2
    return ratings.where(~hidden), ratings.where(hidden)


@pytest.fixture(scope="module")
def models(spark, sides):
    train, _ = sides
    return {
        name: fit_predictor(name, PredictorInput(train, PARAMETERS, SCALE, spark))
        for name in PREDICTORS
    }


def error_of(arrays, rows):
    stars, _ = predict_ratings(
        arrays, rows.user_ids[rows.users], rows.movie_ids[rows.movies]
    )
    return np.sqrt(np.mean((stars - rows.stars) ** 2))


def test_hidden_ratings_are_predicted_in_the_order_of_the_models_worth(models, sides):
    _, hidden = sides
    errors = {name: error_of(arrays, hidden) for name, arrays in models.items()}
    mean = np.std(hidden.stars)
    assert errors["bias"] < 0.9 * mean
    for name in ("classic_als", "residual_als", "item_neighbourhood"):
        assert errors[name] < errors["bias"]
    assert errors["linear_stack"] < min(errors["classic_als"], errors["residual_als"])
    assert errors["bayesian_mf"] < errors["linear_stack"]
    assert 0.2 < errors["bayesian_mf"] < 0.35  # the noise alone is 0.2


@pytest.mark.parametrize("name", PREDICTORS)
def test_a_model_is_the_same_after_a_table(spark, models, sides, name):
    train, _ = sides
    rows = predictor_table(models[name], spark).toPandas()
    again = predictor_of(rows.sample(frac=1, random_state=1))
    users = np.append(train.user_ids, 1)
    pairs = np.repeat(users, len(train.movie_ids)), np.tile(train.movie_ids, len(users))
    for mine, theirs in zip(
        predict_ratings(models[name], *pairs),
        predict_ratings(again, *pairs),
        strict=True,
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_the_predictor_of_nothing_predicts_nothing(models):
    stars, _ = predict_ratings(models["none"], np.array([100, 1]), np.array([1, 7]))
    assert np.isnan(stars).all()
    assert not PREDICTORS["none"].is_judged


@pytest.mark.parametrize("name", WITH_STARS)
def test_every_pair_gets_a_number_on_the_scale(models, name):
    stars, is_cold = predict_ratings(
        models[name], np.array([1, 100, 1]), np.array([7, 1, 1])
    )
    assert np.isfinite(stars).all()
    assert ((stars >= 0.5) & (stars <= 5)).all()
    assert is_cold.all()


def test_a_movie_without_ratings_is_known_by_its_features(spark, sides):
    train, _ = sides
    unrated = train.where(train.movies >= 6)
    arrays = fit_predictor(
        "bayesian_mf", PredictorInput(unrated, PARAMETERS, SCALE, spark)
    )
    everyone = train.user_ids
    means = [
        predict_ratings(arrays, everyone, np.full(len(everyone), movie_id))[0].mean()
        for movie_id in train.movie_ids[:6]
    ]
    kinds = train.movie_features[:6, 1]
    assert set(kinds) == {0, 1}
    # kind 1 is 0.8 stars better
    assert (
        np.mean(np.array(means)[kinds == 1])
        > np.mean(np.array(means)[kinds == 0]) + 0.3
    )


def world(kind, users=60, movies=40):
    """Return what everyone would rate everything, after one law, and the train rows.

    Nothing but the law, no noise: what was not shown follows from what was.
    """
    rng = np.random.default_rng(11)
    if kind == "deviations":  # each user and movie is so much above the mean
        truth = 3 + rng.normal(0, 0.4, users)[:, None] + rng.normal(0, 0.4, movies)
    elif kind == "products":  # some users spread movies wide, from bad to good
        truth = rng.choice([0.5, 2], users)[:, None] * rng.uniform(1, 2.5, movies)
    elif kind == "two camps":  # what one half of the users likes the other does not
        camp, side = rng.choice([-1, 1], users), rng.choice([-1, 1], movies)
        truth = 3 + 0.9 * camp[:, None] * side
    elif kind == "twins":  # each second movie is rated as the one before, which by whim
        truth = np.repeat(3 + rng.choice([-1, 1], (users, movies // 2)), 2, axis=1)
    user, movie = np.nonzero(rng.random((users, movies)) < 0.7)
    shown = Ratings(
        np.arange(users) + 100,
        np.arange(movies) * 3 + 7,
        user,
        movie,
        truth[user, movie].astype(float),
        np.zeros((users, 0)),
        np.zeros((movies, 0)),
    )
    return truth, shown


def hidden_error(name, kind, spark):
    """Return a model's error where nothing was shown, next to the spread there is."""
    truth, shown = world(kind)
    hidden = np.ones(truth.shape, bool)
    hidden[shown.users, shown.movies] = False
    if kind == "twins":  # something is known of a movie whose twin was shown
        hidden &= ~hidden[:, np.arange(truth.shape[1]) ^ 1]
    user, movie = np.nonzero(hidden)
    settings = PARAMETERS | {
        "bias": {"user_shrinkage": 0.1, "movie_shrinkage": 0.1, "iterations": 20},
        "item_neighbourhood": PARAMETERS["item_neighbourhood"] | {"neighbours": 1},
    }
    arrays = fit_predictor(name, PredictorInput(shown, settings, SCALE, spark))
    stars, _ = predict_ratings(arrays, shown.user_ids[user], shown.movie_ids[movie])
    expected = np.clip(truth[user, movie], *SCALE)
    return np.sqrt(np.mean((stars - expected) ** 2)) / np.std(expected)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bias", "deviations"),
        ("classic_als", "products"),
        ("residual_als", "two camps"),
        ("item_neighbourhood", "twins"),
        ("linear_stack", "two camps"),
        ("linear_stack", "twins"),
        ("bayesian_mf", "two camps"),
    ],
)
def test_each_model_learns_the_law_it_is_made_for(spark, name, kind):
    assert hidden_error(name, kind, spark) < 0.35
    if name != "bias":  # the law is more than deviations
        assert hidden_error("bias", kind, spark) > 2 * hidden_error(name, kind, spark)


def test_without_ratings_nothing_is_predicted(spark, sides):
    train, _ = sides
    empty = train.where(np.zeros(len(train.stars), bool))
    arrays = fit_predictor(
        "bayesian_mf", PredictorInput(empty, PARAMETERS, SCALE, spark)
    )
    stars, is_cold = predict_ratings(arrays, train.user_ids[:3], train.movie_ids[:3])
    assert np.isnan(stars).all()
    assert is_cold.all()


def test_a_stack_with_too_little_to_learn_from_is_the_bias_model(spark, sides):
    train, hidden = sides
    few = train.where(np.arange(len(train.stars)) < 12)
    stack, bias = (
        fit_predictor(name, PredictorInput(few, PARAMETERS, SCALE, spark))
        for name in ("linear_stack", "bias")
    )
    assert error_of(stack, hidden) == pytest.approx(error_of(bias, hidden), abs=1e-6)


def test_an_unknown_predictor_is_named_with_those_there_are(spark, sides):
    with pytest.raises(CineSparkError, match=r"no predictor svd.*bias, classic_als"):
        fit_predictor("svd", PredictorInput(sides[0], PARAMETERS, SCALE, spark))


@pytest.mark.parametrize("name", WITH_STARS)
def test_a_model_is_the_same_after_its_arrays(models, sides, name):
    _, hidden = sides
    again = PredictorModel.from_arrays(models[name].to_arrays())
    assert error_of(again, hidden) == error_of(models[name], hidden)
