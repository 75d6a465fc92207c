"""The movies most like each movie, from a build's tables."""

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.ratings import Ids
from cinespark.algorithms.similarity import (
    BLOCK_CELLS,
    Mixture,
    Movies,
    neighbours_of,
    unit_vectors,
)
from cinespark.errors import CineSparkError
from cinespark.train.collect import factors_of
from cinespark.train.content import (
    content_arrays,
    rows_of_movies,
    similarity_version,
)
from cinespark.train.memory import THREADS, reserved
from cinespark.train.model_tables import movie_arrays

SIMILAR_SCHEMA = (
    "movie_id int, rank int, similar_movie_id int, similarity double, "
    "collaborative_similarity double, content_similarity double, "
    "collaborative_weight double, model_version string"
)
PAIR_BYTES = 200  # of a pair, as arrays and as a frame


def similar_movies(
    movies: DataFrame,
    ratings: DataFrame,
    factors: DataFrame,
    content: DataFrame,
    share: float,
    prior: float,
    most: int,
) -> DataFrame:
    """Return the movies most like each, as `neighbours_of` finds them.

    Parameters
    ----------
    movies, ratings, factors, content
        `int_movies`, `int_ratings`, `item_factors` and `movie_content`.
    share, prior, most
        The vars `similar_collaborative_share`, `similar_prior_ratings` and
        `similar_movies_listed`.

    Returns
    -------
    DataFrame
        SIMILAR_SCHEMA.

    Raises
    ------
    CineSparkError
        If a var is not what it can be, or memory will not do.
    """
    mixture = checked_mixture(share, prior, most)
    learnt = movie_arrays(factors_of(factors.where("subset = 'all'")))
    said = content_arrays(content)
    known = movies_of(movies, ratings, learnt, said)
    size = len(known.ids)
    cells = max(BLOCK_CELLS, size)
    with reserved(
        # both similarities of a block in each thread, the vectors, and what is found
        THREADS * 2 * 8 * cells
        + 8 * (known.by_ratings.size + known.by_content.size)
        + size * most * PAIR_BYTES,
        f"finding what is like {size:,} movies",
        f"set the var `similar_movies_listed` below {most}",
    ):
        found = neighbours_of(known, mixture, most, THREADS)
        rows = pd.DataFrame(
            {
                "movie_id": known.ids[found.movies].astype(np.int32),
                "rank": found.ranks.astype(np.int32),
                "similar_movie_id": known.ids[found.neighbours].astype(np.int32),
                "similarity": found.similarity,
                "collaborative_similarity": found.by_ratings.round(6),
                "content_similarity": found.by_content.round(6),
                "collaborative_weight": found.weights.round(6),
                "model_version": similarity_version(learnt, said),
            }
        )
        return movies.sparkSession.createDataFrame(rows, SIMILAR_SCHEMA)


def checked_mixture(share: float, prior: float, most: int) -> Mixture:
    """Return the mixture of these vars.

    Raises
    ------
    CineSparkError
        If a var is not what it can be.
    """
    if not 0 <= share <= 1:
        raise CineSparkError(
            f"the var `similar_collaborative_share` is {share}: set it from 0, for "
            "content alone, to 1, for ratings alone"
        )
    if prior < 0:
        raise CineSparkError(
            f"the var `similar_prior_ratings` is {prior}: set it to 0 or more"
        )
    if most < 1:
        raise CineSparkError(
            f"the var `similar_movies_listed` is {most}: set it to 1 or more"
        )
    return Mixture(share, prior)


def movies_of(
    movies: DataFrame, ratings: DataFrame, learnt: Arrays, said: Arrays
) -> Movies:
    """Return what is known of all movies, those without ratings and content, too."""
    ids = movies.select("movie_id").toPandas()["movie_id"].to_numpy(np.int64)
    ids = np.sort(ids)
    counts = ratings.groupBy("movie_id").agg(F.count("*").alias("count")).toPandas()
    by_id = counts.set_index("movie_id")["count"]
    return Movies(
        ids,
        unit_vectors(rows_of_movies(learnt["movie_factors"], learnt["movie_ids"], ids)),
        unit_vectors(rows_of_movies(said["embeddings"], said["movie_ids"], ids)),
        as_counts(by_id, ids),
    )


def as_counts(by_id: "pd.Series", ids: Ids) -> Ids:
    """Return a count for each id, 0 where there is none."""
    return by_id.reindex(ids, fill_value=0).to_numpy(np.int64)
