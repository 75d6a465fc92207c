"""Each user's N best movies not rated yet, by implicit ALS, filled up by popularity."""

from pyspark.sql import functions as F

from cinespark.predict import (
    arrays_sha256,
    predictor_arrays,
    ranker_arrays,
    with_predictions,
)
from cinespark.top_n import top_n


def model(dbt, session):
    factors = dbt.ref("implicit_als")
    histories = dbt.ref("int_user_histories")
    movies = dbt.ref("dim_movies")
    terms = dbt.ref("bias").toPandas()
    classic_als = dbt.ref("classic_als").toPandas()
    scale = dbt.config.meta_get("rating_min"), dbt.config.meta_get("rating_max")
    predictor = predictor_arrays(terms, classic_als, *scale)
    version = arrays_sha256(predictor, ranker_arrays(factors.toPandas()))[:12]
    lists = top_n(factors, histories, movies, n=dbt.config.meta_get("n"))
    predicted = with_predictions(lists, predictor).drop("is_cold")
    return predicted.withColumn("model_version", F.lit(version))
