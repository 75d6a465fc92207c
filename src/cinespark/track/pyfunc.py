"""How MLflow loads a published model: the loader module of its pyfunc flavour.

https://mlflow.org/docs/latest/ml/traditional-ml/tutorials/creating-custom-pyfunc/
"""

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.versions.keys import dictionary_in, keys_of

if TYPE_CHECKING:
    import pandas as pd


def _load_pyfunc(data_path: str) -> SimpleNamespace:
    """Return an object whose `predict` gives stars for (user_id, movie_id) pairs."""
    with np.load(Path(data_path) / "predictor.npz", allow_pickle=False) as file:
        model = PredictorModel.from_arrays(file)
    dictionary = dictionary_in(Path(data_path))

    def predict(
        pairs: "pd.DataFrame", params: dict[str, object] | None = None
    ) -> NDArray[np.float64]:
        users, movies = (
            keys_of(pairs[f"{entity}_id"].to_numpy(), entity, dictionary)
            for entity in ("user", "movie")
        )
        stars, _ = predict_ratings(model, users, movies)
        return stars

    return SimpleNamespace(predict=predict)
