"""A small state folder as a build leaves it, without a build: exports and quality."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from made_versions import ABOUT, similar_movies

from cinespark.files import replace_file
from cinespark.publish.content import Content
from cinespark.publish.publish import publish
from cinespark.versions.leaderboard_file import leave_leaderboard
from cinespark.versions.manifest import Dataset, Metric
from cinespark.versions.versions import current_version

PREDICTOR = {
    "scale": np.array([0.5, 5.0]),
    "global_mean": np.array([3.0]),
    "user_ids": np.array([1, 2]),
    "user_bias": np.array([0.5, 0.0, 0.0]),
    "user_counts": np.array([2, 1, 0]),
    "user_factors": np.array([[1.0], [0.5], [0.0]], np.float32),
    "movie_ids": np.array([6, 34]),
    "movie_bias": np.array([0.25, 0.0, 0.0]),
    "movie_counts": np.array([2, 1, 0]),
    "movie_factors": np.array([[0.5], [0.0], [0.0]], np.float32),
}
RANKER = {"movie_ids": np.array([6, 34]), "movie_factors": np.array([[1.0], [0.5]])}
HISTORIES = {
    "user_ids": np.array([1, 2]),
    "starts": np.array([0, 2, 3]),
    "movie_ids": np.array([34, 9, 9]),
    "ratings": np.array([4.0, 3.0, 5.0], np.float32),
    "rated_at": np.array([100, 200, 300]),
}


def made_state(state, text="plain", versions=2):
    """Publish versions and leave results of checks; each text in them holds `text`."""
    about = replace(
        ABOUT,
        dataset=Dataset(text, text, text, "0" * 64),
        metrics={text: Metric(0.5)},
        checks=tuple(
            replace(check, rule=text, expected=text, meaning=text)
            for check in ABOUT.checks
        ),
    )
    for number in range(versions):
        made = content_of(text, number)
        publish(made, state / "exports", about, register=lambda _: None)
    leave_leaderboard(board(text), state / "exports")
    folder = state / "quality" / "cinespark"
    for suite in ("ratings", "recommendations"):
        replace_file(folder / f"{suite}.json", json.dumps(results(suite, text)))
    return current_version(state / "exports")


def content_of(text, number):
    lists = pa.table(
        {
            "user_id": pa.array([1, 1, 2, 2], pa.int32()),
            "rank": pa.array([1, 2, 1, 2], pa.int32()),
            "movie_id": pa.array([6, 34, 6, 34], pa.int32()),
            "title": [f"Heat {text}", f"Babe {text}"] * 2,
            "release_year": pa.array([1995, None] * 2, pa.int32()),
            "genres": [f"Crime|{text}", ""] * 2,
            "score": [-1.5 - number, -2.5] * 2,
            "predicted_rating": [4.5, 3.5] * 2,
            "reason": [f"because you rated {text}", "popular with everybody"] * 2,
            "reason_movie_ids": pa.array([[34], []] * 2, pa.list_(pa.int32())),
            "reason_contributions": pa.array([[0.5], []] * 2, pa.list_(pa.float64())),
            "other_contributions": pa.array([-number - 1.5, None] * 2, pa.float64()),
            "score_constant": pa.array([-0.5, None] * 2, pa.float64()),
            "source": ["personal", "popularity"] * 2,
            "model_version": [text] * 4,
            "generated_at": pa.array(
                [datetime(2026, 1, 1, tzinfo=UTC)] * 4, pa.timestamp("us", "UTC")
            ),
        }
    )
    movies = pa.table(
        {
            "movie_id": pa.array([6, 34], pa.int32()),
            "title": [f"Heat {text}", f"Babe {text}"],
            "release_year": pa.array([1995, None], pa.int32()),
            "rating_count": [9, 5],
            "like_count": [8, 4],
            "rating_mean": [4.0, None],
            "genres": [f"Crime|{text}", ""],
        }
    )
    arrays = {"predictor": PREDICTOR, "ranker": RANKER, "histories": HISTORIES}
    similar = similar_movies(
        (6, 1, 34, 0.5, f"Babe {text}"), (34, 1, 6, 0.5, f"Heat {text}")
    )
    return Content(lists, similar, movies, arrays)


def board(text):
    return [
        {
            "role": role,
            "model": text,
            "metric": text,
            "is_published": True,
            "metric_value": 0.5,
            "metric_value_low": 0.4,
            "metric_value_high": 0.6,
            "fit_seconds": 1.5,
            "peak_bytes": 2**21,
            "built_at": "2026-01-01T02:03:04+00:00",
        }
        for role in ("predictor", "ranker")
    ]


def results(suite, text):
    return [
        {
            "suite": suite,
            "column": text,
            "severity": "warning",
            "observed": 1.0,
            "expected": text,
            "success": False,
            "meaning": text,
            "remedy": text,
            "checked_at": "2026-01-01T02:03:04.000",
        }
    ]
