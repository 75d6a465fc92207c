"""Lists with reasons: what the rows of whole data sets add up to."""

import numpy as np
import pandas as pd
import pytest
from ml_100k import fitted_blend, histories_of, rated_rows
from scipy import sparse

from cinespark.algorithms import list_reasons
from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.contributions import contributions_of
from cinespark.algorithms.ease import fit_ease
from cinespark.algorithms.list_reasons import explaining, spans
from cinespark.algorithms.list_rules import without_rules
from cinespark.algorithms.preferences import history_of
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    LearntUsers,
    RankerModel,
)
from cinespark.algorithms.segments import SegmentPopularity, fill_by_segment
from cinespark.algorithms.transitions import Transitions
from cinespark.score.top_n import as_rows

N = 10


@pytest.fixture(scope="module")
def rated(tmp_path_factory):
    return rated_rows(tmp_path_factory.mktemp("landing"))


@pytest.fixture(scope="module")
def blend(rated):
    return fitted_blend(rated)


@pytest.fixture(scope="module")
def history(rated, blend):
    return histories_of(rated, blend.catalogue)


def unruled(scores, history, n):
    """Return lists that no rule has touched."""
    return without_rules(*best_unrated(scores, history.seen(), history.catalogue, n))


def rows_of(blocks, history, is_new):
    """Return explained lists as rows."""
    parts = []
    for users, lists, columns in blocks:
        ids, catalogue = history.user_ids[users], history.catalogue
        rows = as_rows(ids, lists, catalogue, is_new[users])
        parts.append(rows.assign(**columns))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def rows(blend, history):
    """Return the rows of all lists."""
    scored = blend.scored(history)
    lists = unruled(scored.scores, history, N)
    is_new = np.zeros(len(history.user_ids), bool)
    blocks = explaining(blend)(history, scored, lists, is_new)
    return rows_of(blocks, history, is_new)


def test_each_row_of_ml_100k_adds_up_to_its_score(rows, blend, history):
    assert len(rows) == 943 * N
    assert (rows["source"] == "personal").all()
    stored = rows["reason_contributions"].map(sum) + rows["other_contributions"]
    assert (stored + rows["score_constant"] - rows["score"]).abs().max() < 1e-6
    # and what is stored is the sum over all that the user has rated
    place = pd.Index(blend.catalogue).get_indexer(rows["movie_id"])
    listed = place.reshape(943, N)
    added = contributions_of(blend)(history, listed, blend.scored(history).factors)
    totals = np.zeros((943, N))
    np.add.at(totals, history.users, added)
    totals += rows["score_constant"].to_numpy().reshape(943, N)
    np.testing.assert_allclose(totals.ravel(), rows["score"], atol=1e-6)


def test_scores_of_ml_100k_are_those_of_dense_matrices(rows, blend, history):
    """Each part by its formula in double precision, standardised by NumPy."""
    seen = history.seen().toarray() > 0
    total = 0.0
    for weight, part in blend.parts:
        asked = history.matrix(part.weights(history)).toarray()
        if isinstance(part, FoldedIn):
            y, scores = part.movie_vectors, np.zeros(asked.shape)
            for user, mine in enumerate(asked):
                a = y.T @ ((0.1 + mine)[:, None] * y) + 0.1 * seen[user].sum() * np.eye(
                    y.shape[1]
                )
                scores[user] = y @ np.linalg.solve(a, y.T @ mine)
        else:
            if isinstance(part, AskedEase):
                x = part.ease.likes.astype(float)
                inverse = np.linalg.inv(x.T @ x + 200.0 * np.eye(x.shape[1]))
                matrix = np.eye(len(inverse)) - inverse / np.diag(inverse)
            elif isinstance(part, Transitions):
                matrix = part.matrix.astype(float)
            else:
                matrix = part.similarity.toarray()
            scores = np.zeros(asked.shape)
            scores[:, : len(matrix)] = asked[:, : len(matrix)] @ matrix
        unseen = np.ma.array(scores, mask=seen)
        centred = scores - unseen.mean(axis=1).data[:, None]
        total += weight * centred / unseen.std(axis=1).data[:, None]
    place = pd.Index(blend.catalogue).get_indexer(rows["movie_id"])
    expected = total[np.repeat(np.arange(943), N), place]
    # the arrays of EASE are in single precision
    np.testing.assert_allclose(rows["score"], expected, atol=1e-4)


def test_reasons_of_ml_100k_are_the_users_own_movies_most_first(rows, rated):
    own = rated.groupby("user_id")["movie_id"].agg(set)
    for row in rows.itertuples():
        assert 1 <= len(row.reason_movie_ids) == len(row.reason_contributions) <= 3
        assert set(row.reason_movie_ids) <= own[row.user_id]
        amounts = np.array(row.reason_contributions)
        assert (amounts > 0).all()
        assert (np.diff(amounts) <= 0).all()


def test_lists_are_in_order_of_what_is_shown(rows):
    for _, mine in rows.groupby("user_id"):
        assert mine["rank"].tolist() == list(range(1, N + 1))
        assert mine["score"].is_monotonic_decreasing


def test_reasons_do_not_depend_on_how_users_are_grouped(
    rows, blend, history, monkeypatch
):
    monkeypatch.setattr(list_reasons, "CELLS", 700)
    few = history.of_users(np.arange(40))
    scored = blend.scored(few)
    lists = unruled(scored.scores, few, N)
    is_new = np.zeros(40, bool)
    blocks = list(explaining(blend)(few, scored, lists, is_new))
    assert len(blocks) > 20
    again = rows_of(blocks, few, is_new)
    first = rows.iloc[: 40 * N]
    assert again["movie_id"].tolist() == first["movie_id"].tolist()
    assert again["reason_movie_ids"].tolist() == first["reason_movie_ids"].tolist()
    np.testing.assert_allclose(again["score"], first["score"], atol=1e-5)


def test_blocks_of_users_cover_all_of_them_once(history, monkeypatch):
    monkeypatch.setattr(list_reasons, "CELLS", 5000)
    found = list(spans(history, N))
    assert [start for start, _ in found[1:]] == [end for _, end in found[:-1]]
    assert (found[0][0], found[-1][1]) == (0, 943)
    assert all(start < end for start, end in found)


def toy(part, liked):
    return RankerModel(np.array([40, 20, 10, 30]), np.array(liked), ((1.0, part),))


def explained_rows(ranker, rated, n=2, by_segment=None):
    block = pd.DataFrame(
        {
            "user_id": list(rated),
            "movie_ids": [list(one) for one in rated.values()],
            "ratings": [list(one.values()) for one in rated.values()],
            "preferences": [[v / 5 for v in one.values()] for one in rated.values()],
            "newer_counts": [[0] * len(one) for one in rated.values()],
        }
    )
    history = history_of(block, ranker.catalogue)
    scored = ranker.scored(history)
    is_new = fill_by_segment(scored.scores, history, by_segment)
    lists = unruled(scored.scores, history, n)
    return rows_of(explaining(ranker)(history, scored, lists, is_new), history, is_new)


def test_rows_by_segment_keep_their_scores_and_have_no_reason():
    similarity = np.zeros((4, 4))
    similarity[2, 3] = 0.5  # from 10 to 30
    ranker = toy(CoOccurrence(sparse.csr_array(similarity)), [False] * 4)
    by_segment = SegmentPopularity(
        user_ids=np.array([2]),
        segments=np.array([[0]]),
        log_shares=np.log([0.1, 0.2, 0.3, 0.4]),
        gains=np.zeros((2, 4)),
    )
    rows = explained_rows(ranker, {1: {10: 5.0}, 2: {}}, by_segment=by_segment)
    assert rows["source"].tolist() == ["popularity"] * 2 + ["segment"] * 2
    assert rows["movie_id"].tolist() == [40, 20, 30, 10]
    np.testing.assert_allclose(rows["score"], [-1, -2, np.log(0.4), np.log(0.3)])
    assert rows["reason_movie_ids"].tolist() == [[]] * 4
    assert rows["score_constant"].isna().all()


def test_rows_of_popularity_have_no_reason_of_their_own():
    similarity = np.zeros((4, 4))
    similarity[2, 3] = 0.5  # from 10 to 30
    ranker = toy(CoOccurrence(sparse.csr_array(similarity)), [False, False, True, True])
    rows = explained_rows(ranker, {1: {10: 5.0}, 2: {30: 5.0, 10: 0.0}})
    found = rows[["user_id", "movie_id", "source", "reason_movie_ids"]]
    assert found.to_numpy().tolist() == [
        [1, 30, "personal", [10]],
        [1, 40, "popularity", []],
        [2, 40, "popularity", []],
        [2, 20, "popularity", []],
    ]
    np.testing.assert_array_equal(rows["score_constant"], [0, *[np.nan] * 3])
    np.testing.assert_array_equal(rows["score"], [0.5, -1, -1, -2])


def test_a_list_that_ends_before_its_last_place_keeps_its_movies():
    similarity = np.zeros((4, 4))
    # from 20 to 40, and against 10 and 30
    similarity[1] = [0.5, 0.0, -0.25, -0.75]
    ranker = toy(CoOccurrence(sparse.csr_array(similarity)), [True] * 4)
    rows = explained_rows(ranker, {1: {20: 5.0}, 2: {20: 5.0, 40: 0.0, 30: 0.0}}, 4)
    found = rows[["user_id", "rank", "movie_id", "score"]]
    assert found.to_numpy().tolist() == [
        [1, 1, 40, 0.5],
        [1, 2, 10, -0.25],
        [1, 3, 30, -0.75],
        [2, 1, 10, -0.25],
    ]


def test_who_likes_nothing_gets_what_is_popular():
    rng = np.random.default_rng(1)
    likes = sparse.csr_array(rng.random((9, 4)) * (rng.random((9, 4)) < 0.6))
    similar = CoOccurrence(sparse.csr_array(rng.random((4, 4))))
    for part in (AskedEase(fit_ease(likes, 1.0, 1), 0.5, 0.1), similar):
        rows = explained_rows(toy(part, [True] * 4), {1: {}, 2: {10: 0.0}, 3: {10: 5}})
        assert set(rows.loc[rows["user_id"] < 3, "source"]) == {"popularity"}
        assert set(rows.loc[rows["user_id"] == 3, "source"]) == {"personal"}


def test_a_ranker_that_is_no_sum_over_ratings_gives_no_reasons():
    learnt = LearntUsers(np.array([1]), np.eye(2)[:1], np.arange(8.0).reshape(4, 2))
    rows = explained_rows(toy(learnt, [True] * 4), {1: {10: 5.0}})
    assert rows["source"].tolist() == ["personal"] * 2
    assert rows["reason_movie_ids"].tolist() == [[], []]
    assert rows["other_contributions"].isna().all()
    assert rows["score"].tolist() == [6.0, 2.0]
