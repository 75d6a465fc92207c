"""The gate of learning: the ratings, once every critical check of them has passed."""

from pyspark.sql import functions as F

from cinespark.check.gates import require_passed
from cinespark.spark_tables import exports_of_build


def model(dbt, session):
    ratings = dbt.ref("fct_ratings")
    movies, users = dbt.ref("dim_movies"), dbt.ref("dim_users")
    results = dbt.ref("rating_checks")
    dbt.ref("rating_check_history")  # keeps them, whatever they say
    manifest = dbt.ref("stg_movielens__manifest")
    exports = exports_of_build(session, dbt.config.meta_get("exports"))
    require_passed(results, [ratings, movies, users], exports)
    feeds = manifest.select(F.col("source").alias("feed")).distinct()
    return ratings.crossJoin(F.broadcast(feeds))
