"""Regularised user and movie means, on all ratings: the fallback of predictions."""

from cinespark.bias import BiasParams, bias_terms


def model(dbt, session):
    ratings = dbt.ref("accepted_ratings")
    params = BiasParams(
        user_shrinkage=dbt.config.meta_get("user_shrinkage"),
        movie_shrinkage=dbt.config.meta_get("movie_shrinkage"),
        iterations=dbt.config.meta_get("iterations"),
    )
    return bias_terms(ratings, params)
