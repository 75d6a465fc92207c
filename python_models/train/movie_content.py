"""Embeddings of movies by their titles, genres, tags and years, by Spark ML."""

from cinespark.train.content import ContentParams, movie_content


def model(dbt, session):
    terms = dbt.ref("int_movie_terms")
    params = ContentParams(
        weights=dbt.config.meta_get("weights"),
        dimensions=dbt.config.meta_get("dimensions"),
        seed=dbt.config.meta_get("seed"),
    )
    return movie_content(terms, params)
