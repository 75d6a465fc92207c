"""The movies most like each movie, by the ratings and by what is said of them."""

from cinespark.score.similar_movies import similar_movies


def model(dbt, session):
    return similar_movies(
        movies=dbt.ref("int_movies"),
        ratings=dbt.ref("int_ratings"),
        factors=dbt.ref("item_factors"),
        content=dbt.ref("movie_content"),
        share=dbt.config.meta_get("share"),
        prior=dbt.config.meta_get("prior"),
        most=dbt.config.meta_get("most"),
    )
