"""Regularised user and movie means, on the training side of the random split."""

from cinespark.bias import BiasParams, bias_terms


def model(dbt, session):
    ratings = dbt.ref("int_ratings_split").where("random_split = 'train'")
    params = BiasParams(
        user_shrinkage=dbt.config.meta_get("user_shrinkage"),
        movie_shrinkage=dbt.config.meta_get("movie_shrinkage"),
        iterations=dbt.config.meta_get("iterations"),
    )
    return bias_terms(ratings, params)
