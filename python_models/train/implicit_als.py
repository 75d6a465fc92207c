"""Implicit ALS on likes, on all ratings: the published lists are ordered by it."""

from cinespark.als import AlsParams, train_factors


def model(dbt, session):
    likes = dbt.ref("accepted_ratings").where("is_like")
    params = AlsParams(
        rank=dbt.config.meta_get("rank"),
        iterations=dbt.config.meta_get("iterations"),
        reg_param=dbt.config.meta_get("reg_param"),
        alpha=dbt.config.meta_get("alpha"),
        implicit=True,
        seed=dbt.config.meta_get("seed"),
        blocks=dbt.config.meta_get("blocks"),
    )
    return train_factors(likes, params)
