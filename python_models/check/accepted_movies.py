"""The gate of the catalogue: the movies, once every critical check has passed."""

from pathlib import Path

from cinespark.check.gates import require_passed


def model(dbt, session):
    movies = dbt.ref("dim_movies")
    ratings = dbt.ref("fct_ratings")
    results = dbt.ref("rating_checks")
    dbt.ref("accepted_ratings")  # the gate that says why it is shut
    root = session.conf.get("spark.sparksession.project_root")
    exports = Path(root, dbt.config.meta_get("exports"))
    require_passed(results, [ratings, movies], exports, quietly=True)
    return movies
