"""Which transitions join, on orders that they know and on orders that they do not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from learning import preferences

from cinespark.algorithms.metrics import ndcg
from cinespark.algorithms.row_gains import ndcg_of_sums
from cinespark.algorithms.transitions import TransitionParams
from cinespark.train.blend_search import validation_blocks
from cinespark.train.declarations import Blend, RankerInput
from cinespark.train.rankers import fit_blend
from cinespark.train.transition_search import is_ahead, with_transitions

MOVIES, USERS = 30, 120
PLAIN = Blend(1e6, 1e6, 5.0, 0.0, 1.0, 0.0)  # EASE alone, which knows no order
NEXT = TransitionParams(0.4, 0.0, 1.0)
LONG = TransitionParams(0.9, 0.9, 1.0)
PARAMETERS = {
    "ease": {"movies": MOVIES, "floor": 0.1},
    "transitions": {"movies": MOVIES},
}


def asked(orders):
    """Return what validation needs: all but each user's last movie is shown."""
    rows = [
        (user, movie, 1.0, len(order) - 2 - place)
        for user, order in enumerate(orders)
        for place, movie in enumerate(order[:-1])
    ]
    shown = preferences(rows, np.arange(MOVIES) + 10, len(orders))
    last = shown.catalogue[[order[-1] for order in orders]]
    hidden = pd.DataFrame({"user_id": np.arange(len(orders)) + 1, "movie_id": last})
    given = RankerInput(shown, pd.DataFrame(), PLAIN, PARAMETERS, None)
    return given, list(validation_blocks(shown, hidden, len(orders)))


def in_a_circle():
    """Return histories that go on from a movie to the next one, from anywhere."""
    starts = np.random.default_rng(0).integers(0, MOVIES, USERS)
    return (starts[:, None] + np.arange(9)) % MOVIES


def by_chance():
    """Return histories without any order."""
    rng = np.random.default_rng(1)
    return np.array([rng.permutation(MOVIES)[:9] for _ in range(USERS)])


def test_a_transition_joins_where_one_movie_follows_another():
    given, blocks = asked(in_a_circle())
    blend, tried = with_transitions(PLAIN, blocks, given, [NEXT], [0.5, 4.0], 10)
    (joined,) = blend.transitions
    assert (joined.past, joined.future, joined.ridge) == (0.4, 0.0, 1.0)
    assert dict(tried)[blend] > 0.9
    (history, relevant), *_ = blocks
    model = fit_blend(replace(given, blend=blend))
    figures = ndcg(model.scores(history), history.seen().toarray() > 0, relevant, 10)
    assert dict(tried)[blend] == pytest.approx(figures.mean())


def test_none_joins_where_nothing_follows_from_the_order():
    given, blocks = asked(by_chance())
    blend, tried = with_transitions(PLAIN, blocks, given, [NEXT, LONG], [0.25, 1], 10)
    assert blend == PLAIN
    assert len(tried) == 2  # both were tried


def test_a_second_one_that_says_nothing_new_does_not_join():
    given, blocks = asked(in_a_circle())
    blend, tried = with_transitions(PLAIN, blocks, given, [NEXT, NEXT], [4.0], 10)
    assert len(blend.transitions) == 1
    assert len(tried) == 3


def test_without_settings_nothing_is_tried():
    given, blocks = asked(by_chance())
    assert with_transitions(PLAIN, blocks, given, [], [1.0], 10) == (PLAIN, [])


def test_a_gain_has_to_be_beyond_chance():
    before = np.zeros(100)
    gains = np.repeat([0.5, -0.5], 50)  # with a standard error of about .05
    assert is_ahead(gains + 0.11, before)
    assert not is_ahead(gains + 0.09, before)
    assert not is_ahead(np.array([1.0]), np.array([0.0]))
    assert not is_ahead(before, before)


def test_gains_with_weights_are_those_of_the_metric():
    rng = np.random.default_rng(2)
    scores, added = rng.normal(size=(2, 12, 25)).round(1)  # with ties
    scores[rng.random((12, 25)) < 0.3] = -np.inf
    scores[0] = -np.inf
    relevant = rng.random((12, 25)) < 0.2
    relevant[:, 3] = True
    weights, found = np.array([0.0, 0.5, 3.0]), np.zeros((12, 3))
    discounts = 1 / np.log2(np.arange(2, 7))
    ndcg_of_sums(scores, added, weights, relevant, discounts, found)
    for place, weight in enumerate(weights):
        for user, total in enumerate(scores + weight * added):
            best = np.argsort(-total, kind="stable")[:5]  # ties: the earlier movie
            hits = relevant[user, best] & np.isfinite(total[best])
            most = discounts[: relevant[user].sum()].sum()
            expected = discounts[hits].sum() / most
            assert found[user, place] == pytest.approx(expected)
