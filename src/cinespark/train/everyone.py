"""Predictors of everyone: learnt from a sample of the users, the others folded in."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from cinespark.algorithms.predictor_model import PredictorModel, Terms
from cinespark.train.collect import collected, factor_bytes, ratings_of
from cinespark.train.declarations import Parameters, PredictorInput, declared
from cinespark.train.folded import folded_in
from cinespark.train.memory import Cost, measured
from cinespark.train.predictors import PREDICTORS, fit_predictor
from cinespark.train.sample import in_sample, learning_share, sample_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def learnt_predictors(
    names: Sequence[str],
    rows: "DataFrame",
    users: "DataFrame",
    movies: "DataFrame",
    parameters: Parameters,
    scale: tuple[float, float],
) -> Iterator[tuple[str, PredictorModel, Cost]]:
    """Yield predictors by name, with what learning took.

    Those that fold users in learn from as many ratings as `learning_ratings` allows, of
    whole users; Spark's workers fold the others in. The rest learn from all ratings.

    Parameters
    ----------
    rows
        `user_id`, `movie_id`, `rating`.
    users, movies
        `dim_users` and `dim_movies`.
    parameters
        By group; `learning` holds `ratings`.

    Raises
    ------
    CineSparkError
        If there is no such predictor, or the memory will not do.
    """
    if not any(declared(PREDICTORS, name, "predictor").is_judged for name in names):
        rows = rows.limit(0)  # nothing is learnt from them
    is_sampled = {
        name: declared(PREDICTORS, name, "predictor").is_sampled for name in names
    }
    of_users = 1.0
    if any(is_sampled.values()):
        of_users = learning_share(rows, parameters["learning"]["ratings"])
    shares = {name: of_users if is_sampled[name] else 1.0 for name in names}
    in_order = sorted(names, key=shares.__getitem__)
    for share, alike in groupby(in_order, shares.__getitem__):
        known = movies_of_all(rows, movies) if share < 1 else movies
        ratings = ratings_of(sample_of(rows, share), users, known)
        given = PredictorInput(ratings, parameters, scale, rows.sparkSession)
        for name in alike:
            with measured() as cost:
                if share < 1:
                    rest = rows.where(~in_sample(share))
                    model = learnt_from_sample(name, given, rest)
                else:
                    model = replace(fit_predictor(name, given), folding=None)
            yield name, model, cost
        del ratings, given  # before others are read


def movies_of_all(rows: "DataFrame", movies: "DataFrame") -> "DataFrame":
    """Return `dim_movies` with movies that are rated only, by whomever."""
    rated = rows.select("movie_id").distinct()
    columns = movies.select("movie_id", "genres", "release_year")
    return columns.join(rated, "movie_id", "full")


def learnt_from_sample(
    name: str, given: PredictorInput, rest: "DataFrame"
) -> PredictorModel:
    """Return a predictor of all users that has learnt from the ratings of some.

    Parameters
    ----------
    given
        With the users and movies of all ratings, and the ratings of the sample.
    rest
        The other users' ratings.
    """
    everyone = given.ratings
    learnt = np.unique(everyone.users)
    model = fit_predictor(name, replace(given, ratings=everyone.of_users(learnt)))
    known = model.users
    assert model.folding is not None  # a predictor that folds in has it
    rows = folded_in(model.folding, everyone, learnt, rest)
    size = factor_bytes(known.factors.shape[1])
    found = collected(rows, size, "vectors of users")
    vectors = np.array(found["factors"].to_list(), np.float32)
    place = np.searchsorted(everyone.user_ids, found["user_id"])
    # the last row stands for anyone unknown
    order = np.concatenate([learnt, place, [len(everyone.user_ids)]])
    parts = (
        (known.bias, found["bias"].to_numpy()),
        (known.rating_counts, found["rating_count"].to_numpy()),
        (known.factors, vectors.reshape(len(found), known.factors.shape[1])),
    )
    bias, counts, factors = (
        np.concatenate([old[:-1], new, old[-1:]])[np.argsort(order)]
        for old, new in parts
    )
    people = Terms(everyone.user_ids, bias, counts, factors)
    return replace(model, users=people, folding=None)
