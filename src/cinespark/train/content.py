"""What is known of movies without ratings, as embeddings: terms weighed by Spark ML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.ml.feature import IDF, CountVectorizer
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from scipy import sparse

from cinespark.algorithms.arrays import Array, Arrays, arrays_sha256
from cinespark.algorithms.embedding import embedded, unit_rows
from cinespark.algorithms.liked_content import fit_liked_content
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.errors import CineSparkError
from cinespark.train.collect import WIDEST, collected, factor_bytes
from cinespark.train.declarations import RankerInput

CONTENT_SCHEMA = "movie_id int, embedding array<float>"
FIELDS = ("title", "genre", "tag", "year")
TERMS_BYTES = 600  # of a movie's terms, as they are collected
IN_EVERY_MOVIE = ""  # a term that weighs nothing


@dataclass(frozen=True)
class ContentParams:
    """How terms become embeddings.

    Parameters
    ----------
    weights
        What each of FIELDS counts.
    dimensions
        Of an embedding.
    seed
        Of the decomposition.
    """

    weights: Mapping[str, float]
    dimensions: int
    seed: int

    def __post_init__(self) -> None:
        if set(self.weights) != set(FIELDS) or min(self.weights.values()) < 0:
            raise CineSparkError(
                f"the var `content_weights` is {dict(self.weights)}: give a number of "
                f"0 or more for each of {', '.join(FIELDS)}, and nothing else"
            )
        if self.dimensions < 1:
            raise CineSparkError(
                f"the var `content_dimensions` is {self.dimensions}: set it to 1 or "
                "more"
            )


def movie_content(terms: DataFrame, params: ContentParams) -> DataFrame:
    """Return an embedding for each movie, by TF-IDF and a truncated SVD.

    The same rows give the same embeddings, whatever their order.

    Parameters
    ----------
    terms
        `movie_id`, and `terms`: texts that start with one of FIELDS and a colon.

    Returns
    -------
    DataFrame
        CONTENT_SCHEMA; `embedding` has length 1, and is null where the terms of a movie
        say nothing that is said of others.

    Raises
    ------
    CineSparkError
        If memory will not do.
    """
    movie_ids, vectors = embeddings_of(terms, params)
    rows = pd.DataFrame(
        {
            "movie_id": movie_ids.astype(np.int32),
            "embedding": [one if one.any() else None for one in vectors],
        }
    )
    return terms.sparkSession.createDataFrame(rows, CONTENT_SCHEMA)


def embeddings_of(
    terms: DataFrame, params: ContentParams
) -> tuple[Ids, NDArray[np.float32]]:
    """Return the same as arrays: movies in rising order, and embeddings, 0 for none."""
    movie_ids, weighed, vocabulary = tf_idf(terms)
    rows = weighted_fields(weighed, vocabulary, params.weights)
    vectors = embedded(rows, params.dimensions, params.seed)
    return movie_ids, vectors.astype(np.float32)


def tf_idf(terms: DataFrame) -> tuple[Ids, sparse.csr_array, Sequence[str]]:
    """Return movies, the weight of each of their terms, and the terms, in order.

    Spark ML's: how often a movie has the term, times log((movies + 1) / (movies with it
    + 1)); a term that only one movie has weighs nothing.
    """
    always = F.array(F.lit(IN_EVERY_MOVIE))  # a vocabulary without terms is an error
    given = terms.select("movie_id", F.concat("terms", always).alias("terms")).cache()
    try:
        few = min(2, given.count())
        if not few:
            return np.zeros(0, np.int64), sparse.csr_array((0, 0)), []
        counter = CountVectorizer(minDF=few, inputCol="terms", outputCol="counts")
        counted = (known := counter.fit(given)).transform(given)
        weights = IDF(inputCol="counts", outputCol="weights").fit(counted)
        vector = F.unwrap_udt("weights")
        rows = weights.transform(counted).select(
            "movie_id", vector["indices"].alias("at"), vector["values"].alias("is")
        )
        frame = collected(rows, TERMS_BYTES, "movies with their terms")
        frame = frame.sort_values("movie_id")
    finally:
        given.unpersist()
    words = known.vocabulary  # each time it is asked for, all come from the JVM
    starts = np.append(0, np.cumsum(frame["at"].map(len)))
    shape = len(frame), len(words)
    matrix = sparse.csr_array(
        (np.concatenate([*frame["is"]]), np.concatenate([*frame["at"]]), starts), shape
    )
    # Spark's order of terms that are as frequent is any
    order = np.argsort(words)
    matrix = sparse.csr_array(matrix[:, order])
    matrix.sort_indices()
    movie_ids = frame["movie_id"].to_numpy(np.int64)
    return movie_ids, matrix, [words[place] for place in order]


def weighted_fields(
    weighed: sparse.csr_array, vocabulary: Sequence[str], weights: Mapping[str, float]
) -> sparse.csr_array:
    """Return rows of length 1 in which each field counts by its weight.

    However many terms a field has: its part of a row has length 1 before it is weighed.
    """
    field_of = np.array([term.partition(":")[0] for term in vocabulary])
    is_said = np.asarray(weighed.sum(axis=0) > 0)
    parts = [
        weight * unit_rows(weighed[:, (field_of == field) & is_said])
        for field, weight in weights.items()
    ]
    return unit_rows(sparse.csr_array(sparse.hstack(parts, format="csr")))


def content_arrays(content: DataFrame) -> dict[str, Array]:
    """Return `movie_ids` (n,) in rising order, and `embeddings` (n, d), 0 for none.

    Parameters
    ----------
    content
        Rows of CONTENT_SCHEMA.
    """
    remedy = "set the var `content_dimensions` lower"
    rows = collected(content, factor_bytes(WIDEST), "embeddings", remedy)
    rows = rows.sort_values("movie_id")
    is_known = rows["embedding"].notna().to_numpy()
    width = len(rows["embedding"][is_known].iloc[0]) if is_known.any() else 0
    embeddings = np.zeros((len(rows), width), np.float32)
    if width:
        embeddings[is_known] = np.stack(rows["embedding"][is_known].to_list())
    return {
        "movie_ids": rows["movie_id"].to_numpy(np.int64),
        "embeddings": embeddings,
    }


def rows_of_movies(vectors: Floats, ids: Ids, wanted: Ids) -> Floats:
    """Return the vectors of movies in another order, 0 where there is none.

    Parameters
    ----------
    ids
        Of the vectors, in rising order.
    """
    result = np.zeros((len(wanted), vectors.shape[1]))
    place = pd.Index(ids).get_indexer(pd.Index(wanted))
    result[place >= 0] = vectors[place[place >= 0]]
    return result


def similarity_version(learnt: Arrays, said: Arrays) -> str:
    """Return the start of the sum of the arrays that neighbours are found by.

    Parameters
    ----------
    learnt, said
        As `movie_arrays` and `content_arrays` give them.
    """
    of_movies = {name: learnt[name] for name in ("movie_ids", "movie_factors")}
    return arrays_sha256(of_movies, said)[:12]


def fit_content(given: RankerInput) -> RankerModel:
    """Return a ranker by what is said of movies, those that nobody likes, too."""
    if given.content is None:
        raise CineSparkError(
            "the ranker content is fitted on the table movie_content: pass its rows as "
            "`content`"
        )
    said = content_arrays(given.content)
    ridge = given.parameters["liked_content"]["ridge"]
    return content_ranker(
        given.preferences, said["movie_ids"], said["embeddings"], ridge
    )


def content_ranker(
    learnt: Preferences, movie_ids: Ids, embeddings: Floats, ridge: float
) -> RankerModel:
    """Return a ranker by embeddings, fitted on preferences.

    Parameters
    ----------
    movie_ids
        Of the embeddings, in rising order.
    ridge
        The var `content_ridge`.

    Raises
    ------
    CineSparkError
        If the ridge is not above 0.
    """
    if ridge <= 0:
        raise CineSparkError(
            f"the var `content_ridge` is {ridge}: set it above 0; the higher it is, "
            "the less a few likes say"
        )
    said = rows_of_movies(embeddings, movie_ids, learnt.catalogue)
    part = fit_liked_content(said, learnt, ridge)
    is_said = np.asarray(said.any(axis=1))
    return RankerModel(learnt.catalogue, is_said, ((1.0, part),))
