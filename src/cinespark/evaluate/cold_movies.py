"""Simulated cold movies: models learn from the ratings of the other movies alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.cold_movies import Fold, ranked_targets, simple_rankers
from cinespark.algorithms.preferences import preferences_from
from cinespark.algorithms.ranker_model import Part
from cinespark.algorithms.ratings import Ids
from cinespark.evaluate.new_users import drawn
from cinespark.train.collect import PREFERENCE_BYTES, collecting
from cinespark.train.content import ContentParams, content_ranker, embeddings_of
from cinespark.train.sample import learning_share, sample_of

CONTENT = "content"  # the ranker that is judged
TAG = "tag:"
COLD_MOVIES_SCHEMA = (
    "model string, fold int, user_id int, movie_id int, all_rank int, all_count int, "
    "cold_rank int, cold_count int"
)
COLUMNS = [field.split()[0] for field in COLD_MOVIES_SCHEMA.split(", ")]


@dataclass(frozen=True)
class ColdSimulation:
    """What is simulated.

    Parameters
    ----------
    content
        How terms become embeddings.
    ridge
        Of the ranker that goes by them.
    ratings
        The var `learning_ratings`.
    users
        At most so many are asked, drawn by chance.
    seed
        Of the order of movies with the same score.
    """

    content: ContentParams
    ridge: float
    ratings: int
    users: int
    seed: int


def simulated_cold_movies(
    preferences: DataFrame, movies: DataFrame, terms: DataFrame, given: ColdSimulation
) -> DataFrame:
    """Return where each ranker puts the movies that users like, their ratings hidden.

    The movies are in folds; for those of a fold models learn from the ratings of the
    other folds. Nobody tags a movie before it has been seen, so that no tags are used,
    not of the others either: to have any would mean to be known.

    Parameters
    ----------
    preferences
        `int_preferences` of all ratings; of a sample of the users if there are more
        than are learnt from.
    movies
        `int_cold_movies`.
    terms
        `int_movie_terms`.

    Returns
    -------
    DataFrame
        COLD_MOVIES_SCHEMA, one row per ranker, user and movie that the user likes.
    """
    session = preferences.sparkSession
    share = learning_share(preferences, given.ratings)
    table = sample_of(preferences, share).drop("subset")
    films = movies.toPandas().sort_values("movie_id")
    said = embeddings_of(without_tags(terms), given.content)
    with collecting(table, PREFERENCE_BYTES, "preferences"):
        frame = table.toPandas()
        frame = frame[frame["movie_id"].isin(films["movie_id"])]
        asked = drawn(frame.loc[frame["is_like"], "user_id"], given.users)
        parts = [
            part
            for fold in films["fold"].unique().tolist()
            for part in judged_fold(frame, films, said, fold, asked, given)
        ]
    if not parts:
        return session.createDataFrame([], COLD_MOVIES_SCHEMA)
    judged = pd.concat(parts)[COLUMNS]
    return session.createDataFrame(judged, COLD_MOVIES_SCHEMA)


def without_tags(terms: DataFrame) -> DataFrame:
    """Return what is said of movies but what people who saw them said."""
    kept = F.filter("terms", lambda term: ~term.startswith(TAG))
    return terms.select("movie_id", kept.alias("terms"))


def judged_fold(
    frame: pd.DataFrame,
    films: pd.DataFrame,
    said: tuple[Ids, NDArray[np.float32]],
    fold: int,
    asked: Ids,
    given: ColdSimulation,
) -> Iterator[pd.DataFrame]:
    """Yield where rankers that learnt from the other folds put the movies of one.

    Parameters
    ----------
    frame
        Preferences for movies of all folds.
    films
        Rows of `int_cold_movies`.
    said
        Embeddings of movies, as `embeddings_of` gives them.
    asked
        Ids of the users.
    """
    cold = films.loc[films["fold"] == fold, "movie_id"]
    is_hidden = frame["movie_id"].isin(cold)
    likes = frame[is_hidden & frame["is_like"] & frame["user_id"].isin(asked)]
    learners = frame[~is_hidden]
    if likes.empty or learners.empty:
        return
    learnt = preferences_from(learners, films["movie_id"].to_numpy())
    in_order = films.set_index("movie_id").loc[learnt.catalogue]
    genres = in_order["genres"].map("|".join).str.get_dummies("|").to_numpy(float)
    decades = pd.get_dummies(in_order["decade"], dtype=float).to_numpy()
    movie_ids, embeddings = said
    rankers: dict[str, Part] = {
        **simple_rankers(learnt, genres, decades),
        CONTENT: content_ranker(
            learnt, movie_ids, embeddings.astype(np.float64), given.ridge
        ),
    }
    here = Fold(learnt, likes, in_order["fold"].to_numpy() == fold)
    for ranks in ranked_targets(rankers, here, given.seed):
        yield ranks.assign(fold=fold)
