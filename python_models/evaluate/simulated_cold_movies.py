"""Movies made new again, all their ratings hidden, and where rankers put them."""

from cinespark.evaluate.cold_movies import ColdSimulation, simulated_cold_movies
from cinespark.train.content import ContentParams


def model(dbt, session):
    preferences = dbt.ref("int_preferences").where("subset = 'all'")
    movies = dbt.ref("int_cold_movies")
    terms = dbt.ref("int_movie_terms")
    given = ColdSimulation(
        content=ContentParams(**dbt.config.meta_get("content")),
        ridge=dbt.config.meta_get("ridge"),
        ratings=dbt.config.meta_get("ratings"),
        users=dbt.config.meta_get("users"),
        seed=dbt.config.meta_get("seed"),
    )
    return simulated_cold_movies(preferences, movies, terms, given)
