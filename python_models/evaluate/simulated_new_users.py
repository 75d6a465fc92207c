"""Users made new again, with a few of their ratings shown, and what models say."""

from cinespark.evaluate.new_users import Simulation, simulated_new_users
from cinespark.train.als import AlsParams
from cinespark.train.rankers import chosen_blend


def model(dbt, session):
    rows = dbt.ref("int_new_user_ratings")
    users = dbt.ref("int_users")
    movies = dbt.ref("int_movies")
    tried = dbt.ref("blend_validation").toPandas()
    parameters = dbt.config.meta_get("parameters")
    factors = dict(dbt.config.meta_get("item_factors"), implicit=True)
    given = Simulation(
        ranker=dbt.config.meta_get("ranker"),
        predictor=dbt.config.meta_get("predictor"),
        blend=chosen_blend(tried),
        parameters={**parameters["ranker"], **parameters["predictor"]},
        item_factors=AlsParams(**factors),
        scale=(dbt.config.meta_get("rating_min"), dbt.config.meta_get("rating_max")),
        shrinkage=dbt.config.meta_get("segment_shrinkage"),
        shown=dbt.config.meta_get("shown"),
        users=dbt.config.meta_get("users"),
    )
    return simulated_new_users(rows, users, movies, given)
