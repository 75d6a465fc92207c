"""MLlib learns the movies: implicit ALS on graded, recency-weighted ratings."""

from cinespark.train.als import AlsParams, factors_by_subset


def model(dbt, session):
    preferences = dbt.ref("int_preferences")
    params = AlsParams(
        rank=dbt.config.meta_get("rank"),
        iterations=dbt.config.meta_get("iterations"),
        reg_param=dbt.config.meta_get("reg_param"),
        alpha=dbt.config.meta_get("alpha"),
        implicit=True,
        seed=dbt.config.meta_get("seed"),
        blocks=dbt.config.meta_get("blocks"),
    )
    return factors_by_subset(
        preferences, params, dbt.config.meta_get("learning_ratings")
    )
