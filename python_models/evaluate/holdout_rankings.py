"""Lists for the test users, by rankers that learnt from the training set."""

from cinespark.evaluate.holdout import holdout_rankings
from cinespark.train.rankers import chosen_blend


def model(dbt, session):
    tried = dbt.ref("blend_validation").toPandas()
    return holdout_rankings(
        preferences=dbt.ref("int_preferences"),
        histories=dbt.ref("int_user_histories"),
        factors=dbt.ref("item_factors"),
        movies=dbt.ref("int_movies"),
        blend=chosen_blend(tried),
        published=dbt.config.meta_get("ranker"),
        evaluate=dbt.config.meta_get("evaluate"),
        parameters=dbt.config.meta_get("parameters"),
        cut_offs=dbt.config.meta_get("cut_offs"),
        content=dbt.ref("movie_content"),
        rules=dbt.ref("int_rule_movies"),
        settings=dbt.config.meta_get("lists"),
    )
