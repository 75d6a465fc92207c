"""What comes of looks: clicks, purchases after them, returns after those.

The better an item suits a user, the more often it is clicked again and the likelier it
is bought, and the less likely it comes back.
"""

from dataclasses import dataclass

import numpy as np
from shop.entities import Bools, Floats, Ints, Items, ShopParams, stream
from shop.visits import DAY, Looks

CLICK, PURCHASE, RETURN = range(3)
NAMES = ("click", "purchase", "return")
DIRECT = 0.03  # share of the purchases without a click: in an app that logs none
MOST_AGAIN = 6  # clicks of one look, after the first


@dataclass(frozen=True)
class Events:
    """Arrays with one row per event, in the order of time."""

    users: Ints
    items: Ints
    seconds: Ints
    kinds: Ints


def make_events(params: ShopParams, items: Items, looks: Looks) -> Events:
    """Draw as many clicks and purchases as asked, and the returns of these purchases.

    Whole visits are left out at random; the first look of each user stays.
    """
    rng = stream(params.seed, 3)
    suits = np.clip(looks.affinities, -2, 2)
    bought = rng.random(len(suits)) < np.where(
        items.is_sold[looks.items], logistic(0.9 * suits - 2.6), 0
    )
    clicks = click_seconds(
        rng, looks, suits, bought & (rng.random(len(suits)) < DIRECT)
    )
    last = looks.seconds.copy()
    np.maximum.at(last, clicks[0], clicks[1])
    bought_at = last + rng.integers(60, 1800, len(last))
    buyers = np.flatnonzero(bought & (bought_at < params.days * DAY))
    rows = np.concatenate([clicks[0], buyers])
    seconds = np.concatenate([clicks[1], bought_at[buyers]])
    kinds = np.repeat([CLICK, PURCHASE], [len(clicks[0]), len(buyers)])
    is_in_time = seconds < params.days * DAY
    rows, seconds, kinds = rows[is_in_time], seconds[is_in_time], kinds[is_in_time]
    kept = np.lexsort((seconds, turns(rng, looks)[rows]))[: params.events]
    rows, seconds, kinds = rows[kept], seconds[kept], kinds[kept]
    back = returns(rng, rows[kinds == PURCHASE], seconds[kinds == PURCHASE], suits)
    came_back = back[1] < params.days * DAY
    rows = np.concatenate([rows, back[0][came_back]])
    seconds = np.concatenate([seconds, back[1][came_back]])
    kinds = np.concatenate([kinds, np.full(came_back.sum(), RETURN)])
    order = np.lexsort((rows, seconds))
    rows = rows[order]
    users, chosen = looks.users[rows], looks.items[rows]
    return Events(users, chosen, seconds[order], kinds[order])


def click_seconds(
    rng: np.random.Generator, looks: Looks, suits: Floats, is_direct: Bools
) -> tuple[Ints, Ints]:
    """Return the look and the time of each click; direct purchases have none.

    Clicks after the first follow within minutes, some of them within days.
    """
    again = np.minimum(rng.poisson(0.3 * np.exp(0.4 * suits)), MOST_AGAIN)
    counts = np.where(is_direct, 0, 1 + again)
    rows = np.repeat(np.arange(len(counts)), counts)
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    steps = rng.integers(20, 900, len(rows))
    is_later = rng.random(len(rows)) < 0.4
    steps[is_later] = rng.integers(DAY // 2, 10 * DAY, is_later.sum())
    passed = np.cumsum(steps)
    return rows, looks.seconds[rows] + passed - passed[firsts]


def returns(
    rng: np.random.Generator, rows: Ints, seconds: Ints, suits: Floats
) -> tuple[Ints, Ints]:
    """Return the look and the time of each return, days after the purchase."""
    comes_back = rng.random(len(rows)) < logistic(-0.8 * suits[rows] - 2.8)
    later = rng.integers(2 * DAY, 25 * DAY, comes_back.sum())
    return rows[comes_back], seconds[comes_back] + later


def turns(rng: np.random.Generator, looks: Looks) -> Ints:
    """Return a number per look, the least first to stay: visits stay together."""
    visits = rng.permutation(looks.visits[-1] + 1) + 1
    number = visits[looks.visits] * len(looks.users) + np.arange(len(looks.users))
    _, firsts = np.unique(looks.users, return_index=True)
    number[firsts] = -1 - np.arange(len(firsts))
    return number


def logistic(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-values))
