"""What visitors look at, and when.

A visit is a session of a few items, most of them of one category. The category is
drawn by the user's taste at that time and by the season, the item within it by

    popularity . novelty . trend . exp(affinity)

    affinity = 1.5 style . style / sqrt(STYLES) - (price - price)² / 2

of those that have appeared. A share of all looks is noise: an item by its popularity of
that week, whatever the user's taste.
"""

from dataclasses import dataclass

import numpy as np
from shop.entities import (
    NAMES,
    STYLES,
    Bools,
    Floats,
    Ints,
    Items,
    ShopParams,
    Visitors,
    stream,
)

DAY = 86_400
WEEK = 7
NOISE = 0.15  # share of the looks that say nothing of a user's taste
STRENGTH = 1.5  # of style within the affinity
FOCUS = 0.7  # share of a session's looks that are at its own category
PER_VISIT = 2.5  # looks, on average
NOVELTY_DAYS = 30
# of a day's visits, by the hour from midnight
HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 6, 7, 8, 8, 9, 8, 8, 8, 8, 9, 10, 12, 13, 12, 8, 4)


@dataclass(frozen=True)
class Looks:
    """Arrays with one row per look at an item, those of one visit together.

    Visits, users and items are numbered from 0, seconds count from the start of the
    year, and affinities are as above.
    """

    visits: Ints
    users: Ints
    items: Ints
    seconds: Ints
    affinities: Floats


def make_looks(params: ShopParams, items: Items, visitors: Visitors) -> Looks:
    """Draw more looks than there are to be events; each user has a visit at least."""
    rng = stream(params.seed, 2)
    visits = params.users + int(np.ceil(params.events / PER_VISIT))
    left = 1 - visitors.days / params.days
    share = visitors.activity * (0.2 + 0.8 * left)
    share /= share.sum()
    owners = np.concatenate(
        [
            np.arange(params.users),
            rng.choice(params.users, visits - params.users, p=share),
        ]
    )
    starts = visit_seconds(rng, params.days, visitors.days[owners])
    sizes = 1 + rng.poisson(PER_VISIT - 1, visits)
    visit = np.repeat(np.arange(visits), sizes)
    seconds = starts[visit] + within(sizes, rng.integers(20, 300, len(visit)))
    users = owners[visit]
    is_noise = rng.random(len(visit)) < NOISE
    seasons = season_weights(rng, params.days)
    categories = choose_categories(rng, params, visitors, seasons, visit, users, starts)
    chosen = choose_items(
        rng, params, items, visitors, users, seconds, categories, is_noise
    )
    return Looks(
        visits=visit,
        users=users,
        items=chosen,
        seconds=seconds,
        affinities=affinity(
            visitors.styles[users],
            visitors.prices[users],
            items.styles[chosen],
            items.prices[chosen],
        ),
    )


def visit_seconds(rng: np.random.Generator, days: int, since: Ints) -> Ints:
    """Draw when visits start: more and more of them, most before the end of the year.

    Parameters
    ----------
    since
        The first day of each visit's user.
    """
    day = np.arange(days)
    traffic = 0.9 + 0.2 * day / days + 0.15 * (day % WEEK >= 5)
    traffic *= 1 + 0.8 * ((day > 0.88 * days) & (day < 0.975 * days))
    passed = np.concatenate([[0.0], np.cumsum(traffic)])
    drawn = passed[since] + rng.random(len(since)) * (passed[-1] - passed[since])
    chosen = np.searchsorted(passed, drawn, side="right") - 1
    chosen = np.minimum(chosen, days - 1)
    shares = np.array(HOURS) / sum(HOURS)
    hours = rng.choice(len(HOURS), len(since), p=shares)
    return chosen * DAY + hours * 3600 + rng.integers(0, 3600, len(since))


def within(sizes: Ints, steps: Ints) -> Ints:
    """Return the steps passed since the first row of each group; `sizes` has them."""
    firsts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    passed = np.cumsum(steps)
    return passed - passed[firsts]


def season_weights(rng: np.random.Generator, days: int) -> Floats:
    """Return how much each category is wanted, week by week: (weeks, categories)."""
    weeks = np.arange(-(-days // WEEK))[:, None]
    phases = rng.random(len(NAMES))
    return np.exp(0.5 * np.cos(2 * np.pi * (weeks / 52 - phases)))


def choose_categories(
    rng: np.random.Generator,
    params: ShopParams,
    visitors: Visitors,
    seasons: Floats,
    visit: Ints,
    users: Ints,
    starts: Ints,
) -> Ints:
    """Draw the category of each look: that of its visit, or one of its own."""
    weeks = starts[visit] // (DAY * WEEK)
    passed = (starts[visit] / (DAY * params.days))[:, None]
    tastes = (1 - passed) * visitors.first_tastes[users]
    tastes += passed * visitors.last_tastes[users]
    tastes *= seasons[weeks]
    own = drawn(rng, tastes)
    firsts = np.searchsorted(visit, visit)  # the first look of the same visit
    return np.where(rng.random(len(visit)) < FOCUS, own[firsts], own)


def drawn(rng: np.random.Generator, weights: Floats) -> Ints:
    """Draw a column for each row, as often as its weight says; any scale will do."""
    passed = np.cumsum(weights, axis=1)
    wanted = rng.random(len(weights)) * passed[:, -1]
    return np.minimum((passed <= wanted[:, None]).sum(axis=1), weights.shape[1] - 1)


def choose_items(
    rng: np.random.Generator,
    params: ShopParams,
    items: Items,
    visitors: Visitors,
    users: Ints,
    seconds: Ints,
    categories: Ints,
    is_noise: Bools,
) -> Ints:
    """Draw the item of each look, week by week; `categories` may have nothing yet."""
    weeks = seconds // (DAY * WEEK)
    kind = np.where(is_noise, len(NAMES), categories)
    trends = np.zeros(params.items)
    chosen = np.empty(len(users), np.int64)
    order = np.lexsort((kind, weeks))
    ends = np.searchsorted(weeks[order], np.arange(weeks.max() + 2))
    for week in range(int(weeks.max()) + 1):
        trends += 0.1 * rng.standard_normal(params.items)
        wanted = weekly_weights(items, trends, week)
        rows = order[ends[week] : ends[week + 1]]
        for name in range(len(NAMES) + 1):
            group = rows[kind[rows] == name]
            there = np.flatnonzero((items.categories == name) & (wanted > 0))
            if not len(there):  # noise, or nothing of the category yet
                total = np.cumsum(wanted)
                draws = rng.random(len(group)) * total[-1]
                chosen[group] = np.searchsorted(total, draws, side="right")
                continue
            liked = affinity(
                visitors.styles[users[group], None],
                visitors.prices[users[group], None],
                items.styles[there],
                items.prices[there],
            )
            chosen[group] = there[drawn(rng, wanted[there] * np.exp(liked))]
    return chosen


def weekly_weights(items: Items, trends: Floats, week: int) -> Floats:
    """Return how much each item is looked at in a week, 0 before it appears."""
    ages = week * WEEK - items.days
    novelty = np.where(items.days > 0, 1 + 2 * np.exp(-ages / NOVELTY_DAYS), 1.0)
    return np.where(ages >= 0, items.weights * novelty * np.exp(trends), 0.0)


def affinity(
    user_styles: Floats, user_prices: Floats, item_styles: Floats, item_prices: Floats
) -> Floats:
    """Return how well items suit users; shapes are broadcast, styles come last."""
    alike = np.einsum("...s,...s->...", user_styles, item_styles) / np.sqrt(STYLES)
    return STRENGTH * alike - (user_prices - item_prices) ** 2 / 2
