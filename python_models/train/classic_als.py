"""Explicit ALS at the classic settings, on all ratings: what is published."""

from cinespark.als import AlsParams, train_factors


def model(dbt, session):
    ratings = dbt.ref("accepted_ratings")
    params = AlsParams(
        rank=dbt.config.meta_get("rank"),
        iterations=dbt.config.meta_get("iterations"),
        reg_param=dbt.config.meta_get("reg_param"),
        seed=dbt.config.meta_get("seed"),
        blocks=dbt.config.meta_get("blocks"),
    )
    return train_factors(ratings, params)
