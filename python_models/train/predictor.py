"""The predictor that publishes, learnt from all ratings, as a table."""

from cinespark.train.collect import ratings_of
from cinespark.train.declarations import PredictorInput
from cinespark.train.model_tables import predictor_table
from cinespark.train.predictors import fit_predictor
from cinespark.train.training_sums import predictor_training_sha256


def model(dbt, session):
    rows = dbt.ref("accepted_ratings")
    users = dbt.ref("dim_users")
    movies = dbt.ref("accepted_movies")
    name = dbt.config.meta_get("predictor")
    parameters = dbt.config.meta_get("parameters")
    scale = dbt.config.meta_get("rating_min"), dbt.config.meta_get("rating_max")
    ratings = ratings_of(rows, users, movies)
    given = PredictorInput(ratings, parameters, scale, session)
    total = predictor_training_sha256(name, parameters, scale, rows, users, movies)
    return predictor_table(fit_predictor(name, given), session, total)
