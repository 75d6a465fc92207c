"""A shop's items and visitors, before anyone clicks.

An item is of one category and has a price level and a style; it sells by Zipf's law,
and some appear during the year. A visitor likes a few categories, which drift over the
year, a price level and a style.
"""

import uuid
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shop.words import ADJECTIVES, CATEGORIES, COLOURS, SHELVES, SIGNS, SIZES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NAMES = tuple(CATEGORIES)
STYLES = 4
ZIPF = 0.9  # the n-th most popular item goes as n to this power, the head flattened
APPEARING = 0.3  # share of the items that come during the year
UNSOLD = 0.05  # share that are looked at, but never bought
UNLISTED = 0.02  # share that items.csv does not know
UNFILED = 0.06  # share of the listed ones without a category
FEW = 0.3  # Dirichlet concentration of tastes: the less, the fewer categories
DRIFT = 0.4  # share of a taste that is another one at the end of the year


@dataclass(frozen=True)
class ShopParams:
    """How large a shop is; `events` are its clicks and purchases, returns come on top.

    Raises
    ------
    ValueError
        If a size is too small for the others.
    """

    users: int = 20_000
    items: int = 3_000
    events: int = 400_000
    days: int = 365
    seed: int = 18

    def __post_init__(self) -> None:
        least = {"users": 1, "items": 40, "events": 5 * self.users, "days": 14}
        for name, limit in least.items():
            if getattr(self, name) < limit:
                raise ValueError(f"{name} is {getattr(self, name)}: at least {limit}")
        if self.items > len(SIGNS) ** 4 // 2:
            raise ValueError(f"items is {self.items}: ids are not enough for so many")


@dataclass(frozen=True)
class Items:
    """Arrays with one row per item.

    Parameters
    ----------
    ids, titles, filed
        As the files have them; `filed` is the text of categories, empty for none.
    categories
        Places in `NAMES`.
    weights
        Popularity, 1 for the first.
    days
        On which an item appears, 0 for those that are there from the start.
    prices, styles
        Standard normal, (items,) and (items, STYLES).
    is_listed, is_sold
        Whether items.csv has it, and whether it can be bought.
    """

    ids: list[str]
    titles: list[str]
    filed: list[str]
    categories: Ints
    weights: Floats
    days: Ints
    prices: Floats
    styles: Floats
    is_listed: Bools
    is_sold: Bools


@dataclass(frozen=True)
class Visitors:
    """Arrays with one row per user.

    Parameters
    ----------
    first_tastes, last_tastes
        Shares of the categories at the start and the end of the year.
    prices, styles
        What is liked, on the scales of items.
    activity
        Weights by which visits are shared out.
    days
        Since when a user comes.
    """

    ids: list[str]
    first_tastes: Floats
    last_tastes: Floats
    prices: Floats
    styles: Floats
    activity: Floats
    days: Ints


def stream(*names: int) -> np.random.Generator:
    """Return random numbers that depend on these names alone."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(names)))


def make_items(params: ShopParams) -> Items:
    """Draw items; a third of the categories have more than half of them."""
    rng = stream(params.seed, 0)
    count = params.items
    shares = 1 / np.arange(3, len(NAMES) + 3)
    categories = rng.choice(len(NAMES), count, p=shares / shares.sum())
    head = 0.01 * count
    places = rng.permutation(count) + 1
    days = rng.integers(1, int(0.95 * params.days), count)
    days[rng.random(count) >= APPEARING] = 0
    days[np.argmin(places)] = 0  # so that there is always something to look at
    colours = [COLOURS[one] for one in rng.integers(0, len(COLOURS), count)]
    return Items(
        ids=_item_ids(rng, colours),
        titles=_titles(rng, categories, colours),
        filed=_filed(rng, categories),
        categories=categories,
        weights=((places + head) / (1 + head)) ** -ZIPF,
        days=days,
        prices=rng.standard_normal(count),
        styles=rng.standard_normal((count, STYLES)),
        is_listed=rng.random(count) >= UNLISTED,
        is_sold=rng.random(count) >= UNSOLD,
    )


def _item_ids(rng: np.random.Generator, colours: list[str]) -> list[str]:
    """Return texts such as SKU-7F3K-blue, each with other signs in the middle."""
    numbers = rng.choice(len(SIGNS) ** 4, len(colours), replace=False)
    ids = []
    for number, colour in zip(numbers.tolist(), colours, strict=True):
        signs = "".join(SIGNS[number >> shift & 31] for shift in (15, 10, 5, 0))
        ids.append(f"SKU-{signs}-{colour}")
    return ids


def _titles(
    rng: np.random.Generator, categories: Ints, colours: list[str]
) -> list[str]:
    """Return texts such as "Nordic planter, small (blue)"; some are the same."""
    words = rng.integers(0, 2**16, (len(colours), 3)).tolist()
    titles = []
    for category, colour, (first, second, third) in zip(
        categories.tolist(), colours, words, strict=True
    ):
        nouns = CATEGORIES[NAMES[category]]
        noun = nouns[second % len(nouns)]
        name = f"{ADJECTIVES[first % len(ADJECTIVES)]} {noun[0].lower()}{noun[1:]}"
        titles.append(f"{name}{SIZES[third % len(SIZES)]} ({colour})")
    return titles


def _filed(rng: np.random.Generator, categories: Ints) -> list[str]:
    """Return categories with | between: none, the item's own, or a shelf besides."""
    draws = rng.random((len(categories), 2))
    shelves = rng.integers(0, len(SHELVES), len(categories))
    filed = []
    for category, shelf, (none, besides) in zip(
        categories, shelves, draws, strict=True
    ):
        names = [NAMES[category]] + [SHELVES[shelf]] * int(besides < 0.25)
        filed.append("" if none < UNFILED else "|".join(names))
    return filed


def make_visitors(params: ShopParams) -> Visitors:
    """Draw users: a few are very active, two fifths come first during the year."""
    rng = stream(params.seed, 1)
    count = params.users
    concentration = np.full(len(NAMES), FEW)
    first, other = (rng.dirichlet(concentration, count) for _ in range(2))
    days = rng.integers(0, int(0.9 * params.days), count)
    days[rng.random(count) < 0.6] = 0
    return Visitors(
        ids=_uuids(rng, count),
        first_tastes=first,
        last_tastes=(1 - DRIFT) * first + DRIFT * other,
        prices=rng.standard_normal(count),
        styles=rng.standard_normal((count, STYLES)),
        activity=np.exp(1.1 * rng.standard_normal(count)),
        days=days,
    )


def _uuids(rng: np.random.Generator, count: int) -> list[str]:
    """Return random UUIDs of version 4."""
    taken = rng.bytes(16 * count)
    parts = (taken[place : place + 16] for place in range(0, len(taken), 16))
    return [str(uuid.UUID(bytes=part, version=4)) for part in parts]
