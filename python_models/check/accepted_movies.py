"""The gate of the catalogue: the movies, once every critical check has passed."""

from cinespark.check.gates import require_passed
from cinespark.spark_tables import exports_of_build


def model(dbt, session):
    movies = dbt.ref("dim_movies")
    ratings, users = dbt.ref("fct_ratings"), dbt.ref("dim_users")
    results = dbt.ref("rating_checks")
    dbt.ref("accepted_ratings")  # the gate that says why it is shut
    exports = exports_of_build(session, dbt.config.meta_get("exports"))
    require_passed(results, [ratings, movies, users], exports, quietly=True)
    return movies
