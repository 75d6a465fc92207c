"""Small contents to publish, for tests and benchmarks of versions."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from cinespark.publish.content import Content
from cinespark.versions.manifest import About, CheckOutcome, Dataset, Metric

# but the manifest
FILES = [
    "histories.npz",
    "model_card.md",
    "movies.parquet",
    "predictor.npz",
    "ranker.npz",
    "recommendations.csv",
    "recommendations.parquet",
    "serving.sqlite",
    "similar_movies.csv",
    "similar_movies.parquet",
]
POPULAR = pa.table(
    {
        "genre": ["all", "Crime"],
        "age_band": ["all", "all"],
        "gender": ["all", "all"],
        "rank": pa.array([1, 1], pa.int32()),
        "movie_id": pa.array([6, 6], pa.int32()),
        "title": ["Heat", "Heat"],
        "like_count": [2, 2],
    }
)
ABOUT = About(
    dataset=Dataset("tiny", "made up", "none | at all", "0" * 64),
    counts={"users": 2, "movies": 2, "ratings": 3, "recommendations": 4},
    parameters={"recommender.top_n": "2"},
    metrics={
        "catalogue_coverage": Metric(0.5),
        "rmse_all": Metric(0.9, 0.8765, 0.9235),
    },
    checks=(
        CheckOutcome("mean_shift", "ratings", "warning", 0.07, "at most 0.05", False),
        CheckOutcome("rating_count", "ratings", "critical", 3.0, "at least 1", True),
    ),
    model_version="abc",
    run_id="run-1",
    invocation_id="build-1",
    git_commit="1" * 40,
)


def recommendations(users=(1, 2), titles=("Heat", "Babe, the Pig"), hour=1):
    return pa.table(
        {
            "user_id": pa.array([user for user in users for _ in titles], pa.int32()),
            "rank": pa.array([1, 2] * len(users), pa.int32()),
            "movie_id": pa.array([6, 34] * len(users), pa.int32()),
            "title": list(titles) * len(users),
            "score": pa.array([-1.5, -2.5] * len(users), pa.float64()),
            "generated_at": pa.array(
                [datetime(2026, 1, 1, hour, tzinfo=UTC)] * 2 * len(users),
                pa.timestamp("us", "UTC"),
            ),
        }
    )


def similar_movies(*rows):
    """Return neighbours from (movie, rank, other movie, similarity, other title)."""
    columns = [*zip(*rows, strict=True)] if rows else [[]] * 5
    movies, ranks, others, similarity, titles = columns
    numbers = pa.array(similarity, pa.float64())
    return pa.table(
        {
            "movie_id": pa.array(movies, pa.int32()),
            "rank": pa.array(ranks, pa.int32()),
            "similar_movie_id": pa.array(others, pa.int32()),
            "similar_title": pa.array(titles, pa.string()),
            "similarity": numbers,
            "collaborative_similarity": pa.nulls(len(movies), pa.float64()),
            "content_similarity": numbers,
            "collaborative_weight": pa.array([0.0] * len(movies), pa.float64()),
        }
    )


def content(factor=1.0, **lists):
    movies = pa.table({"movie_id": [34, 6], "title": ["Babe, the Pig", "Heat"]})
    arrays = {
        "predictor": {
            "user_ids": np.array([1, 2]),
            "user_factors": np.full((2, 3), factor),
        },
        "ranker": {"movie_ids": np.array([6, 34])},
        "histories": {"user_ids": np.array([1, 2]), "movie_ids": np.array([9, 8, 9])},
    }
    similar = similar_movies((34, 1, 6, 0.5, "Heat"), (6, 1, 34, 0.5, "Babe, the Pig"))
    return Content(recommendations(**lists), similar, movies, arrays)
