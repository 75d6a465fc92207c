"""Predicted ratings of a table of pairs, by Spark's Python workers."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cinespark.algorithms.predict import PAIRS, predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.score.workers import to_workers

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame


def with_predictions(pairs: "DataFrame", model: PredictorModel) -> "DataFrame":
    """Return rows of `user_id` and `movie_id` with `predicted_rating` and `is_cold`.

    Raises
    ------
    CineSparkError
        If Spark's workers would take more memory than is free.
    """
    vectors = 3 * 8 * PAIRS * model.users.factors.shape[1]  # both sides', and products
    load = to_workers(pairs.sparkSession, model, vectors, "predicting ratings")

    def predict(batches: Iterable["pd.DataFrame"]) -> Iterator["pd.DataFrame"]:
        here = load()
        for batch in batches:
            ratings, is_cold = predict_ratings(
                here, batch["user_id"].to_numpy(), batch["movie_id"].to_numpy()
            )
            yield batch.assign(predicted_rating=ratings, is_cold=is_cold)

    fields = [f"{field.name} {field.dataType.simpleString()}" for field in pairs.schema]
    schema = ", ".join([*fields, "predicted_rating double", "is_cold boolean"])
    return pairs.mapInPandas(predict, schema)
