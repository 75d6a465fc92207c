"""Lists by rules: against a search that looks at every movie for every place."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.exploration import drawn, open_places
from cinespark.algorithms.list_rules import ListRules, picked, plan_of
from cinespark.algorithms.picked import BY_POPULARITY, BY_SCORE, EXPLORED, PINNED
from cinespark.algorithms.preferences import history_of

NONE = np.zeros(0, np.int64)


def rules_of(rows, width, **more):
    """Return rules from rows of line, effect, amount, group and place."""
    frame = pd.DataFrame(rows, columns=["line", "effect", "amount", "group", "place"])
    given = {
        "is_new": np.zeros(width, bool),
        "embeddings": np.zeros((width, 2)),
        "diversity": 0.0,
        "exploration_share": 0.0,
        "seed": 1,
    }
    return ListRules(
        frame["line"].to_numpy(np.int64),
        frame["effect"].to_numpy(str),
        frame["amount"].to_numpy(np.float64),
        frame["group"].to_numpy(str),
        frame["place"].to_numpy(np.int64),
        **(given | more),
    )


def history(seen, width):
    """Return histories of users with what they have seen, by places."""
    block = pd.DataFrame({"user_id": range(1, len(seen) + 1)})
    block["movie_ids"] = [[100 + place for place in mine] for mine in seen]
    for name in ("ratings", "preferences", "newer_counts"):
        block[name] = [[1.0] * len(mine) for mine in seen]
    return history_of(block, np.arange(100, 100 + width))


def lists(rules, lines, scores, seen, n, held_back=None):
    scores = np.asarray(scores, np.float64)
    if held_back is None:
        held_back = sparse.csr_array(scores.shape)
    mine = history(seen, scores.shape[1])
    return picked(rules, plan_of(rules, lines, n), scores, mine, held_back, n)


def places(made):
    return [best[:n].tolist() for best, n in zip(made.best, made.lengths, strict=True)]


def test_without_rules_they_are_the_best_unrated():
    draw = np.random.default_rng(3)
    scores = draw.integers(0, 9, (40, 30)).astype(float)  # with ties
    scores[draw.random(scores.shape) < 0.3] = -np.inf
    seen = [np.flatnonzero(draw.random(30) < 0.4).tolist() for _ in range(40)]
    made = lists(rules_of([], 30), (), scores, seen, 7)
    mine = history(seen, 30)
    best, best_scores, lengths = best_unrated(scores, mine.seen(), mine.catalogue, 7)
    assert (made.lengths == lengths).all()
    there = np.arange(7) < lengths[:, None]
    np.testing.assert_array_equal(made.best[there], best[there])
    np.testing.assert_array_equal(made.scores[there], best_scores[there])
    assert ((made.kinds == BY_SCORE) == np.isfinite(best_scores))[there].all()


def test_a_rule_holds_only_for_the_lines_that_are_given():
    rules = rules_of([(2, "never", np.nan, "", 0), (3, "never", np.nan, "", 1)], 3)
    scores = [[3, 2, 1]]
    assert places(lists(rules, (), scores, [[]], 2)) == [[0, 1]]
    assert places(lists(rules, (3,), scores, [[]], 2)) == [[0, 2]]
    assert places(lists(rules, (2, 3), scores, [[]], 2)) == [[2]]


def test_raising_is_by_deviations_of_what_was_not_rated():
    rules = rules_of([(2, "raise", 1.5, "", 2), (4, "lower", 0.5, "", 0)], 4)
    scores = np.array([[4.0, 3.0, 1.0, 100.0]])  # the last was rated
    made = lists(rules, (2, 4), scores, [[3]], 3)
    deviation = np.std([4.0, 3.0, 1.0])
    assert places(made) == [[0, 1, 2]]
    expected = {0: -0.5 * deviation, 1: 0.0, 2: 1.5 * deviation}
    for place, added in zip(made.best[0], made.added[0], strict=True):
        assert added == pytest.approx(expected[place])
    assert dict(zip(made.best[0], made.lines[0], strict=True)) == {
        0: (4,),
        1: (),
        2: (2,),
    }


def test_precedence_is_seen_never_quota_pin():
    rows = [
        (2, "pin", 1.0, "", 0),
        (3, "pin", 2.0, "", 1),
        (4, "pin", 3.0, "", 2),
        (5, "pin", 4.0, "", 3),
        (6, "never", np.nan, "", 1),
        (7, "at most", 1.0, "", 2),
        (7, "at most", 1.0, "", 3),
    ]
    scores = [[1, 1, 1, 1, 9, 8, 7]]
    made = lists(rules_of(rows, 7), (2, 3, 4, 5, 6, 7), scores, [[0]], 4)
    # the first is seen, the second barred, the fourth over a quota that a pin uses
    assert places(made) == [[4, 5, 2, 6]]
    assert made.kinds[0].tolist() == [BY_SCORE, BY_SCORE, PINNED, BY_SCORE]
    assert made.lines[0].tolist() == [(), (), (4,), ()]


def test_of_two_pins_for_a_place_the_first_line_holds():
    rows = [(5, "pin", 1.0, "", 1), (9, "pin", 1.0, "", 0)]
    made = lists(rules_of(rows, 3), (5, 9), [[0, 0, 9]], [[]], 2)
    assert places(made) == [[1, 2]]
    assert made.lines[0, 0] == (5,)


def test_a_pin_of_a_short_list_moves_up():
    rows = [(2, "pin", 3.0, "", 2)]
    made = lists(rules_of(rows, 3), (2,), [[5, 4, 3]], [[0]], 3)
    assert places(made) == [[1, 2]]
    assert made.kinds[0, :2].tolist() == [BY_SCORE, PINNED]


def by_search(rules, plan, scores, seen, held_back, ids, n):
    """Return a user's list by looking at every movie for every place."""
    free = [
        place
        for place in range(len(scores))
        if place not in seen and place not in held_back and not plan.is_blocked[place]
    ]
    known = [scores[p] for p in range(len(scores)) if p not in seen]
    known = [one for one in known if np.isfinite(one)]
    deviation = float(np.std(known)) if known else 0.0
    quotas = plan.quotas.toarray()
    chosen, listed = [], {}

    def fits(place):
        used = sum((quotas[one] for one in chosen), np.zeros(len(plan.limits)))
        is_full = used >= plan.limits
        return place in free and place not in chosen and not (quotas[place] @ is_full)

    for place, pin in enumerate(plan.pins):
        if pin >= 0 and fits(pin):
            chosen.append(pin)
            listed[place] = pin
    for place in range(n):
        if place in listed:
            continue
        options = []
        for other in filter(fits, range(len(scores))):
            near = max([0, *(rules.embeddings[other] @ rules.embeddings[chosen].T)])
            value = scores[other] + deviation * plan.shifts[other]
            value -= rules.diversity * deviation * near
            options.append((-value if np.isfinite(value) else np.inf, other))
        scored = [
            (value, ids[other], other) for value, other in options if value < np.inf
        ]
        if scored:
            chosen.append(min(scored)[2])
        elif options:
            chosen.append(min(other for _, other in options))
        else:
            continue
        listed[place] = chosen[-1]
    return [listed[place] for place in sorted(listed)]


@pytest.mark.parametrize("diversity", [0.0, 0.7])
def test_lists_are_those_of_a_search(diversity):
    draw = np.random.default_rng(7)
    for _ in range(60):
        width, n = int(draw.integers(3, 25)), int(draw.integers(1, 8))
        scores = draw.normal(size=(4, width))
        scores[draw.random(scores.shape) < 0.2] = -np.inf
        seen = [np.flatnonzero(draw.random(width) < 0.2).tolist() for _ in range(4)]
        held = draw.random((4, width)) < 0.1
        rows = [(2, "never", np.nan, "", int(p)) for p in np.flatnonzero(held[0])]
        rows += [
            (3 + group, "at most", float(limit), str(name), int(place))
            for group, limit in enumerate(draw.integers(1, 4, 3))
            for place in np.flatnonzero(draw.random(width) < 0.5)
            for name in draw.choice(3, 2, replace=False)
        ]
        rows += [
            (8, "raise", 0.8, "", int(place))
            for place in np.flatnonzero(draw.random(width) < 0.3)
        ]
        rows += [
            (10 + place, "pin", place + 1.0, "", int(draw.integers(width)))
            for place in np.flatnonzero(draw.random(n) < 0.3).tolist()
        ]
        vectors = draw.normal(size=(width, 3))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rules = rules_of(rows, width, embeddings=vectors, diversity=diversity)
        lines = tuple(range(30))
        made = lists(rules, lines, scores, seen, n, sparse.csr_array(held * 1.0))
        plan = plan_of(rules, lines, min(n, width))
        expected = [
            by_search(
                rules, plan, scores[user], seen[user], np.flatnonzero(held[user]),
                range(100, 100 + width), min(n, width),
            )
            for user in range(4)
        ]  # fmt: skip
        assert places(made) == expected


def test_scores_of_a_list_fall_where_diversity_counts():
    draw = np.random.default_rng(11)
    vectors = draw.normal(size=(50, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rules = rules_of([], 50, embeddings=vectors, diversity=1.0)
    made = lists(rules, (), draw.normal(size=(20, 50)), [[]] * 20, 10)
    assert (np.diff(made.scores) <= 1e-12).all()
    assert (made.added <= 0).all()
    assert (made.added < -0.1).any()


def test_new_movies_get_about_their_share_of_the_places_the_same_each_time():
    width, users = 200, 2000
    is_new = np.arange(width) >= 150
    rules = rules_of([], width, is_new=is_new, exploration_share=0.15)
    scores = np.tile(-np.arange(float(width)), (users, 1))
    made = lists(rules, (), scores, [[]] * users, 10)
    explored = made.kinds == EXPLORED
    assert explored.mean() == pytest.approx(0.15, abs=0.01)
    assert (explored == (made.best >= 150)).all()
    counts = np.bincount(made.best[explored], minlength=width)[150:]
    assert counts.min() > 20  # each new movie has its chance: 60 are expected
    again = lists(rules, (), scores, [[]] * users, 10)
    np.testing.assert_array_equal(made.best, again.best)


def test_a_new_movie_is_drawn_by_how_well_it_fits():
    users = np.arange(1, 40_001)
    fit = np.tile([0.9, 0.1, 0.5, 0.7], (len(users), 1))
    may_come = np.array([True, True, False, True])
    first = drawn(fit, may_come, users, np.arange(4), 3, 5)[:, 0]
    z = (fit[0, [0, 1, 3]] - fit[0, [0, 1, 3]].mean()) / fit[0, [0, 1, 3]].std()
    expected = np.exp(z) / np.exp(z).sum()
    shares = [(first == place).mean() for place in (0, 1, 3)]
    np.testing.assert_allclose(shares, expected, atol=0.01)


def test_draws_are_uniform_and_differ_by_seed():
    users = np.arange(5000)
    some = [open_places(users, 10, share, 4).mean() for share in (0.0, 0.1, 1.0)]
    assert some[0] == 0
    assert some[2] == 1
    assert some[1] == pytest.approx(0.1, abs=0.005)
    assert (open_places(users, 10, 0.5, 4) != open_places(users, 10, 0.5, 5)).any()


def test_popular_movies_fill_a_list_up_in_order():
    rules = rules_of([(2, "at most", 1.0, "", p) for p in (0, 1)], 5)
    scores = [[-np.inf, -np.inf, 4.0, -np.inf, -np.inf]]
    made = lists(rules, (2,), scores, [[]], 4)
    assert places(made) == [[2, 0, 3, 4]]
    assert made.kinds[0].tolist() == [BY_SCORE] + [BY_POPULARITY] * 3
    assert made.added.tolist() == [[0.0] * 4]
