"""One sum of all that decides what a model learns: its settings and its data.

The model that publishes and the one that is evaluated in its place, on fewer rows, have
the same sum, so that an evaluation of another model is not taken for one of this.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple

from pyspark.sql import DataFrame

from cinespark.spark_tables import fingerprint
from cinespark.train.declarations import Blend, Parameters
from cinespark.train.rankers import RANKERS


def predictor_training_sums(
    names: Sequence[str],
    parameters: Parameters,
    scale: tuple[float, float],
    ratings: DataFrame,
    users: DataFrame,
    movies: DataFrame,
) -> dict[str, str]:
    """Return the sums of predictors' training by name, in 16 hexadecimal digits.

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
    return {name: sum_of(name, parameters, scale, learnt_from) for name in names}


def ranker_training_sums(
    names: Sequence[str],
    parameters: Parameters,
    blend: Blend,
    preferences: DataFrame,
    factors: DataFrame,
    content: DataFrame,
) -> dict[str, str]:
    """Return the sums of rankers' training by name, in 16 hexadecimal digits.

    Parameters
    ----------
    parameters
        Of all rankers.
    preferences, factors
        `int_preferences` and `item_factors`, of which the subset `all` counts.
    content
        `movie_content`, read only where a ranker needs it.
    """
    of_all = [
        table.where("subset = 'all'").drop("fit_seconds", "peak_bytes")
        for table in (preferences, factors)
    ]
    learnt_from = [fingerprint(table) for table in of_all]
    needing = {name for name in names if RANKERS[name].needs_content}
    said = [fingerprint(content)] if needing else []
    return {
        name: sum_of(
            name,
            parameters,
            astuple(blend),
            *learnt_from,
            *(said if name in needing else []),
        )
        for name in names
    }


def sum_of(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
