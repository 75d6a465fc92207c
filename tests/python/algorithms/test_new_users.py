"""Simulated new users: what is shown, what is ranked, and figures by brute force."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning import planted_ratings

from cinespark.algorithms.bayesian import fit_bayesian
from cinespark.algorithms.folding import fold_users
from cinespark.algorithms.gibbs import BayesianParams
from cinespark.algorithms.new_users import (
    filled,
    history_at,
    incidence,
    judged_lists,
    judged_rankers,
    judged_ratings,
    ndcg_of_lists,
    shown_of,
)
from cinespark.algorithms.predictor_model import PredictorModel, Terms
from cinespark.algorithms.ranker_model import Popularity, RankerModel
from cinespark.algorithms.segments import SegmentPopularity

CATALOGUE = np.array([50, 10, 40, 20, 30])
POPULAR = RankerModel(
    CATALOGUE, np.ones(5, bool), ((1.0, Popularity(np.array([9, 7, 5, 3, 1]))),)
)
SHOWN = [0, 1, None]


def rows_of(user, before, target):
    """Return rows of a user from {movie: stars}, in order of time."""
    parts = []
    for is_target, pairs in ((False, before), (True, target)):
        size = len(pairs)
        parts.append(
            pd.DataFrame(
                {
                    "user_id": user,
                    "movie_id": list(pairs),
                    "rating": list(map(float, pairs.values())),
                    "is_target": is_target,
                    "place": np.arange(size, 0, -1),
                    "newer_before": np.arange(size - 1, -1, -1),
                }
            )
        )
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return rows.assign(preference=rows["rating"] / 5, is_like=rows["rating"] >= 4)


@pytest.fixture
def rows():
    return pd.concat(
        [
            rows_of(3, {10: 5, 50: 2, 99: 4}, {40: 5, 20: 1}),
            rows_of(5, {}, {20: 4, 30: 5}),
            rows_of(8, {20: 1}, {10: 2}),  # likes nothing in the end
        ]
    )


def test_the_latest_ratings_before_the_target_are_shown(rows):
    shown = [
        [tuple(pair) for pair in shown_of(rows, k)[["user_id", "movie_id"]].to_numpy()]
        for k in (0, 1, 2, None)
    ]
    assert shown == [
        [],
        [(3, 99), (8, 20)],
        [(3, 50), (3, 99), (8, 20)],
        [(3, 10), (3, 50), (3, 99), (8, 20)],
    ]


def test_a_history_holds_what_is_shown_and_nothing_else(rows):
    history = history_at(rows, np.array([3, 5, 8]), CATALOGUE, 2)
    entries = zip(
        history.users,
        CATALOGUE[history.movies],
        history.stars,
        history.values,
        history.newer_counts,
        history.rating_counts,
        strict=True,
    )
    # 99 is not in the catalogue, and one of the two that are shown all the same
    assert list(entries) == [(0, 50, 2, 0.4, 1, 2), (2, 20, 1, 0.2, 0, 1)]
    assert not history.like_counts.any()


def test_what_a_user_rates_in_the_end_is_never_shown(rows):
    for k in SHOWN:
        history = history_at(rows, np.array([3, 5, 8]), CATALOGUE, k)
        assert not (
            incidence(rows[rows["is_target"]], history.user_ids, CATALOGUE)
            & (history.seen().toarray() > 0)
        ).any()


class Closest:
    """A part that puts movies by their distance from the ids of those rated."""

    def scores(self, history):
        scores = np.full((len(history.user_ids), len(history.catalogue)), np.nan)
        for user in np.unique(history.users):
            mine = history.catalogue[history.movies[history.users == user]]
            scores[user] = -np.abs(history.catalogue[:, None] - mine).min(axis=1)
        return scores


def list_of(scores, hidden):
    """Return movies by score, without those that the user rated before the target."""
    order = sorted(scores, key=lambda movie: (-scores[movie], movie))
    return [movie for movie in order if movie not in hidden]


def ndcg_by_hand(listed, wanted, k):
    gain = sum(1 / np.log2(n + 2) for n, one in enumerate(listed[:k]) if one in wanted)
    return gain / sum(1 / np.log2(n + 2) for n in range(min(k, len(wanted))))


def test_lists_are_judged_by_brute_force(rows):
    likes = dict(zip(CATALOGUE, [9, 7, 5, 3, 1], strict=True))
    of_women = {50: 0.1, 10: 0.2, 40: 0.3, 20: 0.4, 30: 0.5}
    gains = np.array([[of_women[movie] for movie in CATALOGUE], np.zeros(5)])
    by_segment = SegmentPopularity(
        np.array([5]), np.array([[0, 1, 1]]), np.zeros(5), gains
    )
    rankers = judged_rankers(Closest(), "closest", POPULAR, "popularity", by_segment)
    parts = list(judged_lists(rankers, rows, CATALOGUE, SHOWN, 2))
    found = pd.concat(parts)
    key = ["model", "uses_demographics", "shown_ratings", "user_id"]
    assert not found[key].duplicated().any()
    assert len(found) == 4 * 3 * 2  # user 8 likes nothing in the end
    before = {3: {10, 50, 99}, 5: set()}
    shown = {"0": {}, "1": {}, "all": {3: [10, 50]}}  # 99 is no movie
    columns = (found[name] for name in [*key, "ndcg"])
    for model, uses, count, user, figure in zip(*columns, strict=True):
        scores = likes
        if uses and user == 5:  # of 3 nothing is known
            scores = of_women
        mine = shown[count].get(user, [])
        if model == "closest" and mine:
            scores = {m: -min(abs(m - one) for one in mine) for m in CATALOGUE}
        wanted = {3: {40}, 5: {20, 30}}[user]
        listed = list_of(scores, before[user])
        assert figure == pytest.approx(ndcg_by_hand(listed, wanted, 2)), (model, user)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 15))
@settings(deadline=None)
def test_lists_are_judged_as_they_would_be_published(seed, movies, k):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 3, (4, movies)) / 2.0  # many ties
    scores[rng.random((4, movies)) < 0.3] = -np.inf
    catalogue = rng.permutation(movies) + 1
    seen = rng.random((4, movies)) < 0.3
    relevant = rng.random((4, movies)) < 0.4
    relevant[np.arange(4), rng.integers(0, movies, 4)] = True
    found = ndcg_of_lists(scores, seen, relevant, catalogue, k)
    for row, figure in enumerate(found):
        free = [place for place in range(movies) if not seen[row, place]]
        listed = sorted(
            (place for place in free if scores[row, place] > -np.inf),
            key=lambda place: (-scores[row, place], catalogue[place]),
        )
        listed += [place for place in free if scores[row, place] == -np.inf]
        wanted = set(np.flatnonzero(relevant[row]))
        best = min(k, movies, len(wanted))
        gains = [1 / np.log2(n + 2) for n in range(max(k, best))]
        hits = sum(gains[n] for n, one in enumerate(listed[:k]) if one in wanted)
        assert figure == pytest.approx(hits / sum(gains[:best]))


def test_where_popularity_publishes_it_stays_popularity():
    by_segment = SegmentPopularity(
        np.array([5]), np.array([[0, 0, 0]]), np.zeros(5), np.zeros((1, 5))
    )
    rankers = judged_rankers(POPULAR, "popularity", POPULAR, "popularity", by_segment)
    assert rankers["popularity", False][0] is POPULAR
    assert rankers["popularity", True][0] is by_segment
    assert list(judged_rankers(POPULAR, "mine", POPULAR, "popularity", None)) == [
        ("mine", False),
        ("popularity", False),
    ]


def test_an_opinion_is_not_replaced():
    history = history_at(rows_of(5, {10: 5}, {}), np.array([5]), CATALOGUE, None)
    scores = np.array([[-np.inf, 0.5, -np.inf, -np.inf, -np.inf]])
    assert filled(scores, history, (POPULAR,)).tolist() == scores.tolist()
    nothing = np.full((1, 5), -np.inf)
    assert filled(nothing, history, (POPULAR,)).tolist() == [[9, 7, 5, 3, 1]]
    assert np.isinf(nothing).all()


@pytest.fixture(scope="module")
def known():
    """Return planted ratings of users with a feature, and a predictor of the first."""
    ratings = planted_ratings(seed=1, users=50)
    features = np.eye(2)[np.arange(50) % 2]
    ratings = replace(ratings, user_features=features)
    learners = ratings.of_users(np.arange(40))
    params = BayesianParams(
        factors=3, iterations=12, burn_in=4, implicit_features=4, link_ridge=1, seed=0
    )
    mean, users, movies, folding = fit_bayesian(learners, params, 1)
    people, films = (
        Terms(ids, bias, np.zeros(len(bias), np.int32), vectors.astype(np.float32))
        for ids, (bias, vectors) in (
            (learners.user_ids, users),
            (learners.movie_ids, movies),
        )
    )
    model = PredictorModel((0.5, 5.0), mean, people, films, folding=folding)
    return ratings, model


def simulated_rows(ratings):
    """Return rows of the users whom the predictor has not seen; three a target."""
    parts = []
    for user in range(40, 50):
        mine = ratings.users == user
        pairs = dict(
            zip(
                ratings.movie_ids[ratings.movies[mine]],
                ratings.stars[mine],
                strict=True,
            )
        )
        movies = list(pairs)
        before, target = (
            {m: pairs[m] for m in some} for some in (movies[3:], movies[:3])
        )
        parts.append(rows_of(int(ratings.user_ids[user]), before, target))
    return pd.concat(parts)


def test_errors_are_those_of_users_folded_in_one_by_one(known):
    ratings, model = known
    rows = simulated_rows(ratings)
    parts = judged_ratings({("mine", True): model}, ratings, rows, [0, 2, None])
    found = pd.concat(list(parts)).set_index(["shown_ratings", "user_id"])
    assert set(found["rating_count"]) == {3}
    for name, count in (("0", 0), ("2", 2), ("all", None)):
        for user in range(40, 50):
            mine = rows[rows["user_id"] == ratings.user_ids[user]]
            shown = shown_of(mine, count)
            stars = np.zeros((1, len(ratings.movie_ids)))
            columns = np.searchsorted(ratings.movie_ids, shown["movie_id"])
            stars[0, columns] = shown["rating"]
            one = replace(
                ratings,
                user_ids=ratings.user_ids[[user]],
                users=np.zeros(len(columns), int),
                movies=columns,
                stars=shown["rating"].to_numpy(),
            )
            bias, factors = fold_users(
                model.folding, one.matrix(one.stars), ratings.user_features[[user]]
            )
            target = mine[mine["is_target"]]
            place = np.searchsorted(ratings.movie_ids, target["movie_id"])
            said = model.global_mean + bias[0] + model.movies.bias[place]
            said += model.movies.factors[place].astype(float) @ factors[0]
            expected = ((np.clip(said, 0.5, 5) - target["rating"]) ** 2).sum()
            figure = found.loc[(name, ratings.user_ids[user]), "squared_error"]
            assert figure == pytest.approx(expected, rel=1e-4)


def test_more_ratings_make_fewer_errors(known):
    ratings, model = known
    rows = simulated_rows(ratings)
    parts = judged_ratings({("mine", True): model}, ratings, rows, [0, None])
    errors = pd.concat(list(parts)).groupby("shown_ratings")["squared_error"].sum()
    assert errors["all"] < errors["0"]


def test_who_cannot_be_folded_in_stays_unknown(known):
    ratings, model = known
    rows = simulated_rows(ratings)
    plain = replace(model, folding=None)
    parts = judged_ratings({("mine", False): plain}, ratings, rows, [0, None])
    errors = pd.concat(list(parts)).pivot(
        index="user_id", columns="shown_ratings", values="squared_error"
    )
    assert (errors["0"] == errors["all"]).all()
