"""One sum of all that decides what a model learns: its settings and its data.

The model that publishes and the one that is evaluated in its place, on fewer rows, have
the same sum, so that an evaluation of another model is not taken for one of this.
"""

import hashlib
import json
from dataclasses import astuple

from pyspark.sql import DataFrame

from cinespark.spark_tables import fingerprint
from cinespark.train.declarations import Blend, Parameters


def predictor_training_sha256(
    name: str,
    parameters: Parameters,
    scale: tuple[float, float],
    ratings: DataFrame,
    users: DataFrame,
    movies: DataFrame,
) -> str:
    """Return the sum of a predictor's training, in 16 hexadecimal digits.

    Parameters
    ----------
    parameters
        Of all predictors, since one may be built on another.
    ratings
        All accepted ratings.
    users, movies
        `dim_users` and `accepted_movies`, whose features are learnt from, too.
    """
    learnt_from = fingerprint(
        ratings.select("user_id", "movie_id", "rating"),
        users.select("user_id", "gender", "occupation", "age_band"),
        movies.select("movie_id", "genres", "release_year"),
    )
    return sum_of(name, parameters, scale, learnt_from)


def ranker_training_sha256(
    name: str,
    parameters: Parameters,
    blend: Blend,
    preferences: DataFrame,
    factors: DataFrame,
) -> str:
    """Return the sum of a ranker's training, in 16 hexadecimal digits.

    Parameters
    ----------
    parameters
        Of all rankers.
    preferences, factors
        `int_preferences` and `item_factors`, of which the subset `all` counts.
    """
    of_all = [
        table.where("subset = 'all'").drop("fit_seconds", "peak_bytes")
        for table in (preferences, factors)
    ]
    return sum_of(name, parameters, astuple(blend), *map(fingerprint, of_all))


def sum_of(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
