"""Movies made new again, all their ratings hidden, and where rankers put them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.genre_popularity import GenrePopularity
from cinespark.algorithms.new_users import BLOCK_CELLS, incidence
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import Part
from cinespark.algorithms.ratings import Floats, Ids

UINT64 = 2**64 - 1


class ByChance:
    """A part to which all movies are the same, so that ties decide."""

    def scores(self, history: Preferences) -> Floats:
        return np.zeros((len(history.user_ids), len(history.catalogue)))


@dataclass(frozen=True)
class Fold:
    """A fold of the movies whose ratings are hidden.

    Parameters
    ----------
    shown
        Preferences of the other movies, of all who are learnt from, in the catalogue.
    likes
        `user_id` and `movie_id` of the likes of the fold's movies, of those asked.
    is_cold
        Which movies of the catalogue are of the fold.
    """

    shown: Preferences
    likes: pd.DataFrame
    is_cold: NDArray[np.bool_]


def simple_rankers(
    learnt: Preferences, genres: Floats, decades: Floats
) -> dict[str, Part]:
    """Return what a ranker of cold movies has to beat, by name.

    Parameters
    ----------
    genres, decades
        Which the movies of the catalogue have, 0 or 1, (movies, genres or decades).
    """
    return {
        "random": ByChance(),
        "genre_popularity": GenrePopularity.fitted(learnt, genres),
        "taste_popularity": GenrePopularity.fitted(learnt, genres, decades),
    }


def ranked_targets(
    rankers: Mapping[str, Part], fold: Fold, seed: int
) -> Iterator[pd.DataFrame]:
    """Yield the ranks of the fold's movies that users like, in blocks of users.

    Movies that the user has rated among the shown ones are not ranked. Movies without a
    score come last, and ties go by chance, another one for each user, but the same for
    all rankers: ids may tell how popular a movie is.

    Parameters
    ----------
    seed
        Of chance.

    Yields
    ------
    DataFrame
        `model`, `user_id`, `movie_id`, and the rank among `all` movies and among the
        `cold` ones, from 1, with the numbers of movies that are ranked: `all_rank`,
        `all_count`, `cold_rank`, `cold_count`.
    """
    catalogue = fold.shown.catalogue
    users = np.unique(fold.likes["user_id"]).astype(np.int64)
    size = max(1, BLOCK_CELLS // max(1, len(catalogue)))
    for start in range(0, len(users), size):
        block = users[start : start + size]
        history = history_of_users(fold.shown, block)
        mine = fold.likes[fold.likes["user_id"].isin(block)]
        wanted = incidence(mine, block, catalogue)
        is_ranked = history.seen().toarray() == 0
        ties = chances(block, catalogue, seed)
        for name, part in rankers.items():
            scores = part.scores(history)
            scores = np.where(np.isnan(scores), -np.inf, scores)
            rows = [
                ranks_of_user(*of_user, fold.is_cold)
                for of_user in zip(scores, ties, is_ranked, wanted, strict=True)
            ]
            user, movie = np.nonzero(wanted)
            ranks = pd.DataFrame(
                np.concatenate([np.zeros((0, 4), np.int64), *rows]),
                columns=["all_rank", "all_count", "cold_rank", "cold_count"],
            )
            ranks.insert(0, "movie_id", catalogue[movie])
            ranks.insert(0, "user_id", block[user])
            yield ranks.assign(model=name)


def history_of_users(learnt: Preferences, users: Ids) -> Preferences:
    """Return the preferences of these users, some of whom may have none.

    Parameters
    ----------
    users
        Ids in rising order.
    """
    place = np.searchsorted(users, learnt.user_ids)
    is_asked = users[np.minimum(place, len(users) - 1)] == learnt.user_ids
    chosen = learnt.of_users(np.flatnonzero(is_asked))
    return Preferences(
        learnt.catalogue,
        learnt.like_counts,
        users,
        np.searchsorted(users, chosen.user_ids)[chosen.users],
        chosen.movies,
        chosen.stars,
        chosen.values,
        chosen.newer_counts,
        chosen.rating_counts,
    )


def ranks_of_user(
    scores: Floats,
    ties: NDArray[np.uint64],
    is_ranked: NDArray[np.bool_],
    is_wanted: NDArray[np.bool_],
    is_cold: NDArray[np.bool_],
) -> Ids:
    """Return ranks and numbers of those wanted, among all and among the cold, (n, 4).

    Parameters
    ----------
    scores, ties
        Of the movies, the highest score first and the lowest tie.
    is_ranked, is_wanted, is_cold
        Which of the movies; all that are wanted are cold, and all cold ones are ranked.
    """
    mine, of_mine = scores[is_wanted][:, None], ties[is_wanted][:, None]
    is_ahead = (scores > mine) | ((scores == mine) & (ties < of_mine))
    columns = []
    for among in (is_ranked, is_cold):
        columns += [1 + is_ahead[:, among].sum(axis=1)]
        columns += [np.full(len(mine), among.sum())]
    return np.stack(columns, axis=1).astype(np.int64)


def chances(users: Ids, movies: Ids, seed: int) -> NDArray[np.uint64]:
    """Return a number by chance for each user and movie, (users, movies)."""
    start = np.array([seed & UINT64], np.uint64)
    by_user = mixed(users.astype(np.uint64) ^ mixed(start))
    return mixed(by_user[:, None] ^ mixed(movies.astype(np.uint64))[None, :])


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return other numbers, one for each, as chance would have it.

    SplitMix64: Steele, Lea and Flood 2014, Fast splittable pseudorandom number
    generators.
    """
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)))
