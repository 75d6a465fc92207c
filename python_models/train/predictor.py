"""The predictor that publishes, learnt from all ratings or a sample, as a table."""

from cinespark.train.everyone import learnt_predictors
from cinespark.train.model_tables import predictor_table
from cinespark.train.training_sums import predictor_training_sums


def model(dbt, session):
    rows = dbt.ref("int_ratings").select("user_id", "movie_id", "rating")
    users = dbt.ref("int_users")
    movies = dbt.ref("int_movies")
    name = dbt.config.meta_get("predictor")
    parameters = dbt.config.meta_get("parameters")
    scale = dbt.config.meta_get("rating_min"), dbt.config.meta_get("rating_max")
    learnt = learnt_predictors([name], rows, users, movies, parameters, scale)
    ((_, predictor, _),) = learnt
    sums = predictor_training_sums([name], parameters, scale, rows, users, movies)
    return predictor_table(predictor, session, sums[name])
