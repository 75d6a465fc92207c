"""The tables of a small build, for tests of what is tracked."""

from dataclasses import asdict, fields
from datetime import date

import numpy as np
import pandas as pd

from cinespark.names import PUBLISHED
from cinespark.track.build_run import RANKING_METRICS, Results
from cinespark.train.declarations import Blend, Transition
from cinespark.vocabulary import USUAL

PARAMETERS = {
    "predictors": {
        "learning": {"ratings": 100},
        "bias": {"iterations": 15},
        "bayesian_mf": {"factors": 2},
    },
    "rankers": {"learning": {"ratings": 100}, "fold_in": {"background": 0.1}},
    "item_factors": {"rank": 2},
    PUBLISHED: {"top_n": 2},
}


def made_results(item_factors=None):
    """Return the tables of a build of two movies that one user rated."""
    lists = pd.DataFrame(
        {
            "user_id": [1, 1],
            "rank": [2, 1],
            "movie_id": [11, 10],
            "title": ["Face|Off", "Heat"],
            "release_year": [np.nan, 1995],
            "predicted_rating": [3.0, 2.5],
            "source": ["popularity", "personal"],
            "model_version": "abc",
        }
    )
    accuracy = pd.DataFrame(
        {
            "model": ["bias", "bayesian_mf", "bayesian_mf"],
            "segment_kind": ["all", "all", "genre"],
            "segment": ["all", "all", "Drama"],
            "rmse": [0.95, 0.92, 0.5],
            "rmse_low": 0.9,
            "rmse_high": 1.0,
            "mae": [0.75, 0.72, 0.4],
            "rating_count": 10,
        }
    )
    ranking = pd.DataFrame(
        {name: [0.25] for name in RANKING_METRICS}
        | {"model": "folded_in_als", "k": 10, "segment_kind": "all", "gini": None}
    )
    leaderboard = pd.DataFrame(
        {
            "role": ["predictor", "predictor", "ranker"],
            "model": ["bias", "bayesian_mf", "folded_in_als"],
            "is_published": [False, True, True],
            "metric_value": [0.95, 0.92, 0.25],
            "metric_value_low": [0.94, 0.91, 0.24],
            "metric_value_high": [0.96, 0.93, 0.26],
            "gain_over_baseline": [0.0, 0.03, None],
            "gain_over_baseline_low": [0.0, 0.02, None],
            "gain_over_baseline_high": [0.0, 0.04, None],
            "gain_over_published_low": [-0.04, 0.0, 0.0],
            "judged_count": 10,
            "fit_seconds": 1.5,
            "peak_bytes": 1000,
        }
    )
    blend = pd.DataFrame(
        {field.name: [1.0] for field in fields(Blend)}
        | {
            "transitions": [[asdict(Transition(0.75, 0.5, 100.0, 2.0))]],
            "is_chosen": True,
        }
    )
    checks = pd.DataFrame(
        {
            "column": ["catalogue_coverage", "top_movie_share"],
            "observed": [0.25, np.nan],
            "checked_at": pd.Timestamp(2026, 1, 1, 12),
            "invocation_id": "build-1",
        }
    )
    return Results(
        accuracy=accuracy,
        checks=checks,
        lists=lists,
        movies=pd.DataFrame({"movie_id": [10, 11], "rating_count": [3, 1]}),
        genres=pd.DataFrame(
            {
                "genre": ["Drama"],
                "movie_count": [2],
                "rating_count": [4],
                "rating_share": [1.0],
                "rating_mean": [4.25],
                "popularity_rank": [1],
            }
        ),
        months=pd.DataFrame(
            {
                "rated_year": [2026],
                "rated_month": [date(2026, 1, 1)],
                "rating_count": [4],
                "user_count": [1],
                "rating_mean": [4.25],
            }
        ),
        stars=pd.DataFrame(
            {
                "rating": [4.0, 5.0],
                "rating_count": [3, 1],
                "rating_share": [0.75, 0.25],
                "cumulative_share": [0.75, 1.0],
            }
        ),
        predictor="bayesian_mf",
        ranker="folded_in_als",
        ranking=ranking,
        leaderboard=leaderboard,
        blend=blend,
        item_factors=item_factors,
        words=USUAL,
    )
