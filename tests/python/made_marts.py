"""The tables that the report is drawn from, made up: two movies and two users."""

from dataclasses import asdict

import pandas as pd

from cinespark.vocabulary import USUAL

RANKING = ("ndcg", "hit_rate", "recall", "coverage", "gini", "novelty", "popularity")


def made_marts(words=USUAL):
    """Return all tables by name, of data in these words."""
    return {
        "eda_at_a_glance": glance(words),
        "line_reconciliation": pd.DataFrame(
            {
                "source_file": ["ratings.csv", "tags.csv"],
                "line_count": [4, 0],
                "accepted_count": [3, 0],
                "superseded_count": [1, 0],
                "rejected_count": [0, 0],
                "held_count": [0, 0],
            }
        ),
        **of_ratings(),
        **of_users(),
        **of_movies(),
        **of_models(),
        **of_lists(),
        "rating_check_history": checks("ratings"),
        "recommendation_check_history": checks("recommendations"),
        "window_check_history": None,
        "stg_movielens__manifest": None,
    }


def glance(words=USUAL):
    return pd.DataFrame(
        {
            "user_count": [2],
            "movie_count": [2],
            "rated_movie_count": [2],
            "rating_count": [3],
            "sparsity": [0.25],
            "rating_mean": [4.0],
            "first_rated_at": [pd.Timestamp(2025, 1, 1)],
            "last_rated_at": [pd.Timestamp(2026, 1, 1)],
            "profile_count": [0],
            "tag_count": [0],
            **{name: [value] for name, value in asdict(words).items()},
        }
    )


def of_ratings():
    return {
        "eda_rating_trends": pd.DataFrame(
            {
                "rated_year": [2024, 2025, 2026],
                "rated_month": pd.to_datetime(
                    ["2024-01-01", "2025-01-01", "2026-01-01"]
                ),
                "rating_count": [1, 1, 1],
                "user_count": [1, 1, 1],
                "rating_mean": [3.0, 4.0, 5.0],
            }
        ),
        "eda_rating_distribution": pd.DataFrame(
            {
                "rating": [3.0, 5.0],
                "rating_count": [2, 1],
                "rating_share": [0.67, 0.33],
                "cumulative_share": [0.67, 1.0],
            }
        ),
        "eda_popular_genres": pd.DataFrame(
            {
                "genre": ["Soup", "Cake"],
                "movie_count": [1, 1],
                "rating_count": [2, 1],
                "rating_share": [0.67, 0.33],
                "rating_mean": [3.0, 5.0],
                "popularity_rank": [1, 2],
            }
        ),
        "eda_genre_trends": pd.DataFrame(
            {
                "genre": ["Soup", "Cake", "Soup"],
                "rated_year": [2025, 2026, 2026],
                "rating_count": [1, 1, 1],
                "rating_share": [1.0, 0.5, 0.5],
                "rating_mean": [3.0, 5.0, 3.0],
            }
        ),
    }


def of_users():
    return {
        "eda_user_activity": pd.DataFrame(
            {
                "user_id": [1, 2],
                "rating_count": [2, 1],
                "rating_share": [0.67, 0.33],
                "rating_mean": [3.0, 5.0],
                "active_days": [10, 1],
                "activity_rank": [1, 2],
            }
        ),
        "eda_activity_deciles": pd.DataFrame(
            {
                "activity_decile": [1, 2],
                "user_count": [1, 1],
                "rating_count": [2, 1],
                "rating_share": [0.67, 0.33],
                "cumulative_share": [0.67, 1.0],
                "min_rating_count": [2, 1],
                "max_rating_count": [2, 1],
            }
        ),
        "eda_activity_inequality": pd.DataFrame(
            {
                "median_ratings_per_user": [1.5],
                "ratings_per_user": [1.5],
                "gini_coefficient": [0.1],
            }
        ),
        "eda_activity_by_hour": pd.DataFrame(
            {
                "rated_weekday": [1, 7],
                "rated_hour": [0, 23],
                "rating_count": [2, 1],
                "rating_mean": [3.0, 5.0],
            }
        ),
    }


def of_movies():
    pairs = [(niche, older) for niche in (True, False) for older in (True, False)]
    niche, older = zip(*pairs, strict=True)
    return {
        "eda_movies_by_decade": pd.DataFrame(
            {
                "release_decade": [1990, None],
                "movie_count": [1, 1],
                "rated_movie_count": [1, 1],
                "rating_count": [2, 1],
                "rating_mean": [3.0, 5.0],
            }
        ),
        "eda_older_movies": pd.DataFrame(
            {
                "is_niche": niche,
                "is_older": older,
                "rating_mean": [4.0, 3.0, 3.5, 3.0],
                "rating_count": [1, 1, 1, 1],
                "movie_count": [1, 1, 1, 1],
            }
        ),
        "eda_best_movies": pd.DataFrame(
            {
                "movie_id": [1, 2],
                "title": ["Minestrone", "Babka"],
                "release_year": [1990, None],
                "best_rank": [1, 2],
                "raw_rank": [2, 1],
                "rating_count": [2, 1],
                "rating_mean": [4.0, 5.0],
                "bayesian_average": [4.0, 3.9],
            }
        ),
        "eda_long_tail": pd.DataFrame(
            {
                "top_percent": [10, 100],
                "rating_share": [0.67, 1.0],
                "movie_count": [1, 2],
                "rating_count": [2, 3],
                "min_rating_count": [2, 1],
            }
        ),
    }


def of_models():
    segments = [
        *(("all", "all"), ("activity", "1 to 9"), ("newness", "new")),
        *(("age", "25 to 34"), ("gender", "F")),
    ]
    kinds, names = zip(*segments, strict=True)
    return {
        "model_leaderboard": pd.DataFrame(
            {
                "role": ["predictor", "ranker"],
                "model": ["bias", "popularity"],
                "is_published": True,
                **{
                    f"{name}{end}": 0.5
                    for name in (
                        *("metric_value", "gain_over_baseline", "gain_over_published"),
                    )
                    for end in ("", "_low", "_high")
                },
                "judged_count": 10,
                "fit_seconds": 1.5,
                "peak_bytes": 1000,
            }
        ),
        "ranking_quality": pd.DataFrame(
            {
                "model": "popularity",
                "k": 10,
                "segment_kind": kinds,
                "segment": names,
                **dict.fromkeys((*RANKING, "ndcg_low", "ndcg_high", "diversity"), 0.5),
                "user_count": 2,
            }
        ),
    }


def of_lists():
    return {
        "recommended_long_tail": pd.DataFrame(
            {
                "top_percent": [10, 100],
                "rating_share": [0.67, 1.0],
                "recommendation_share": [0.5, 1.0],
                "movie_count": [1, 2],
                "recommended_movie_count": [1, 2],
            }
        ),
        "recommended_genres": pd.DataFrame(
            {
                "genre": ["Soup", "Cake"],
                "liked_share": [0.75, 0.25],
                "listed_share": [0.5, 0.5],
                "mean_absolute_difference": [0.25, 0.25],
            }
        ),
    }


def checks(suite):
    return pd.DataFrame(
        {
            "suite": [suite],
            "column": ["some_count"],
            "observed": [1.0],
            "expected": ["at least 1"],
            "severity": ["critical"],
            "success": [True],
            "meaning": ["what was counted"],
            "checked_at": [pd.Timestamp(2026, 1, 1)],
        }
    )
