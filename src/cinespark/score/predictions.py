"""Predicted ratings of a table of pairs, by Spark's Python workers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cinespark.algorithms.predict import PAIRS, predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.train.workers import to_workers

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

NEIGHBOURS_BYTES = 256 * 2**20  # of a block of pairs with the neighbours of each


def with_predictions(
    pairs: "DataFrame", models: Mapping[str, PredictorModel]
) -> "DataFrame":
    """Return rows of `user_id` and `movie_id`, once for each model.

    With `model`, its name, `predicted_rating` and `is_cold`.

    Raises
    ------
    CineSparkError
        If Spark's workers would take more memory than is free.
    """
    widest = max(model.users.factors.shape[1] for model in models.values())
    vectors = 3 * 8 * PAIRS * widest  # both sides', and products
    if any(model.neighbourhood is not None for model in models.values()):
        vectors += NEIGHBOURS_BYTES
    session = pairs.sparkSession
    load = to_workers(session, dict(models), vectors, "predicting ratings")

    def predict(batches: Iterable["pd.DataFrame"]) -> Iterator["pd.DataFrame"]:
        here = load()
        for batch in batches:
            asked = batch["user_id"].to_numpy(), batch["movie_id"].to_numpy()
            for name, model in here.items():
                ratings, is_cold = predict_ratings(model, *asked)
                yield batch.assign(
                    model=name, predicted_rating=ratings, is_cold=is_cold
                )

    fields = [f"{field.name} {field.dataType.simpleString()}" for field in pairs.schema]
    more = ["model string", "predicted_rating double", "is_cold boolean"]
    return pairs.mapInPandas(predict, ", ".join([*fields, *more]))
