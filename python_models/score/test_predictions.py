"""What models that learnt from the training side predict for the random test side."""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.predict import predictor_arrays, with_predictions


def model(dbt, session):
    split = dbt.ref("int_ratings_split")
    terms = dbt.ref("holdout_bias").toPandas()
    classic_als = dbt.ref("holdout_classic_als").toPandas()
    scale = dbt.config.meta_get("rating_min"), dbt.config.meta_get("rating_max")
    test = split.where("random_split = 'test'").select("user_id", "movie_id", "rating")
    predictions = [
        with_predictions(
            test.withColumn("model", F.lit(name)),
            predictor_arrays(terms, factors, *scale),
        )
        for name, factors in (
            ("bias", classic_als.head(0)),
            ("classic_als", classic_als),
        )
    ]
    return reduce(DataFrame.unionByName, predictions)
