"""All users of MovieLens 100K, asked as new people with their ratings."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from made_lists import made_lists
from made_service import SCALE, about, history_arrays
from made_versions import similar_movies
from ml_100k import fitted_blend, histories_of, rated_rows

from cinespark.algorithms.flattened import flattened
from cinespark.publish.content import Content
from cinespark.publish.publish import publish

N = 10
NOBODY = similar_movies()  # is like another


def movies_of(catalogue):
    return pa.table(
        {
            "movie_id": pa.array(catalogue, pa.int32()),
            "title": [f"Film {key}" for key in catalogue],
            "release_year": pa.array([1990] * len(catalogue), pa.int32()),
            "like_count": [1] * len(catalogue),
            "genres": [""] * len(catalogue),
        }
    )


def lists_of(rows):
    numbers = ("score", "other_contributions", "score_constant")
    return pa.table(
        {
            "user_id": pa.array(rows["user_id"], pa.int32()),
            "rank": pa.array(rows["rank"], pa.int32()),
            "movie_id": pa.array(rows["movie_id"], pa.int32()),
            **{name: pa.array(rows[name], from_pandas=True) for name in numbers},
            "reason_movie_ids": pa.array(
                rows["reason_movie_ids"].to_list(), pa.list_(pa.int32())
            ),
            "reason_contributions": pa.array(
                rows["reason_contributions"].to_list(), pa.list_(pa.float64())
            ),
            "source": rows["source"],
            "model_version": ["abc"] * len(rows),
            "generated_at": pa.array(
                [pd.Timestamp("2026-01-01")] * len(rows), pa.timestamp("us")
            ),
        }
    )


@pytest.mark.slow
def test_each_of_them_gets_the_published_list(tmp_path, exports, make_app):
    rated = rated_rows(tmp_path)
    blend = fitted_blend(rated)
    rows = made_lists(blend, histories_of(rated, blend.catalogue), None, N)
    rows = rows.sort_values(["user_id", "rank"])
    scale = {f"preference.{key}": one for key, one in flattened(SCALE).items()}
    arrays = {
        "ranker": {**blend.to_arrays(), **scale},
        "histories": history_arrays(rated),
        "predictor": {},
    }
    content = Content(
        lists_of(rows), NOBODY, movies_of(sorted(blend.catalogue)), arrays
    )
    publish(content, exports, about(**{"recommender.predictor": "none"}))
    asker = make_app(exports).test_client()
    columns = ["movie_id", "rating", "rated_at"]
    for user, mine in rated.groupby("user_id"):
        body = {"ratings": mine[columns].to_dict("records"), "explain": True}
        found = asker.post("/api/v1/recommendations", json=body).get_json()
        expected = rows[rows["user_id"] == user]
        places = pd.DataFrame(found["recommendations"])
        assert places["movie_id"].tolist() == expected["movie_id"].tolist()
        # EASE scores in single precision, here one user and there a block of them
        np.testing.assert_allclose(places["score"], expected["score"], rtol=1e-6)
        named = [[one["movie_id"] for one in row] for row in places["because_of"]]
        assert named == expected["reason_movie_ids"].to_list()
