"""Make up the movies and users of a data set, before anyone rates.

Every number comes from PCG64 streams named by the seed and what is drawn, so neither
the machine nor its memory changes the result.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cinespark.data import sample_words
from cinespark.data.sample_params import FEWEST_RATINGS, SampleParams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS = 5
GENRES = tuple(sample_words.GENRES.split("|"))
ADJECTIVES = tuple(sample_words.ADJECTIVES.split("|"))
NOUNS = tuple(sample_words.NOUNS.split("|"))
OCCUPATIONS = tuple(sample_words.OCCUPATIONS.split("|"))
PATTERNS = (
    "{adjective} {noun}",
    "{noun} of the {adjective} {other}",
    "{adjective} {noun}, The",
    "{noun} and the {other}",
    "{adjective} {noun}, A",
)
PATTERN_SHARES = (0.45, 0.25, 0.15, 0.1, 0.05)

FIRST_YEAR, LAST_YEAR = 1930, 1999
# people join from 2000, when all movies are out, to the end of 2019
FIRST_SECOND, LAST_SECOND = 946_684_800, 1_577_836_800


@dataclass(frozen=True)
class Movies:
    """Arrays with one row per movie; `weights` say how often each one is watched."""

    ids: Ints
    genres: list[str]
    titles: list[str]
    weights: Floats
    biases: Floats
    characters: Floats


@dataclass(frozen=True)
class Users:
    """Arrays with one row per user; ids count from 1."""

    ages: Ints
    genders: NDArray[np.bool_]
    occupations: Ints
    zips: Ints
    counts: Ints
    biases: Floats
    tastes: Floats
    joined: Ints


def make_movies(params: SampleParams) -> Movies:
    """Draw movies: ids with gaps, popularity by Zipf's law, one to three genres."""
    rng = random_stream(params.seed, 0)
    count = params.movies
    ids = np.cumsum(rng.integers(1, 4, count))
    ids -= ids[0] - 1
    genre_weights = 1 / np.arange(2, len(GENRES) + 2)
    races = rng.standard_exponential((count, len(GENRES))) / genre_weights
    order = np.argsort(races, axis=1)[:, :3]
    lengths = rng.choice([1, 2, 3], count, p=[0.4, 0.4, 0.2])
    member = np.zeros((count, len(GENRES)))
    for place in range(3):
        rows = np.flatnonzero(lengths > place)
        member[rows, order[rows, place]] = 1
    genres = ["|".join(GENRES[g] for g in np.flatnonzero(row)) for row in member]
    genre_characters = rng.standard_normal((len(GENRES), FACTORS))
    of_genres = member @ genre_characters / np.sqrt(lengths)[:, None]
    popularity = rng.permutation(np.arange(count)) + 1 + 0.01 * count
    return Movies(
        ids=ids,
        genres=genres,
        titles=_titles(rng, count),
        weights=popularity**-0.9,
        # what many watch is a little better
        biases=rng.standard_normal(count)
        - 0.3 * np.log(popularity / np.median(popularity)),
        characters=0.7 * of_genres + 0.7 * rng.standard_normal((count, FACTORS)),
    )


def _titles(rng: np.random.Generator, count: int) -> list[str]:
    """Make titles as MovieLens writes them: "Silent River, The (1987)"."""
    ages = np.abs(rng.standard_normal(count)) * 18
    years = np.maximum(LAST_YEAR - ages.astype(np.int64), FIRST_YEAR)
    patterns = rng.choice(len(PATTERNS), count, p=PATTERN_SHARES)
    words = rng.integers(0, len(NOUNS), (count, 3))
    made: dict[str, int] = {}
    titles = []
    for pattern, (adjective, noun, other), year in zip(
        patterns, words, years, strict=True
    ):
        title = PATTERNS[pattern].format(
            adjective=ADJECTIVES[adjective],
            noun=NOUNS[noun],
            other=NOUNS[other] if other != noun else "Stranger",
        )
        made[title] = made.get(title, 0) + 1
        titles.append(f"{_part(title, made[title])} ({year})")
    return titles


def _part(title: str, number: int) -> str:
    """Return a title with a number from its second movie on: "Silent River 2, The"."""
    if number == 1:
        return title
    name, comma, article = title.partition(", ")
    return f"{name} {number}{comma}{article}"


def make_users(params: SampleParams) -> Users:
    """Draw users: a few are very active, and age and gender shape tastes."""
    rng = random_stream(params.seed, 1)
    count = params.users
    ages = np.clip(15 + rng.gamma(2.2, 9.0, count), 15, 80).astype(np.int64)
    genders = rng.random(count) < 0.4
    group = np.digitize(ages, [25, 35, 45, 55]) * 2 + genders
    group_tastes = rng.standard_normal((10, FACTORS))
    own_tastes = rng.standard_normal((count, FACTORS))
    activity = np.exp(0.9 * rng.standard_normal(count))
    return Users(
        ages=ages,
        genders=genders,
        occupations=rng.integers(0, len(OCCUPATIONS), count),
        zips=rng.integers(501, 99951, count),
        counts=share_out(activity, params.ratings, FEWEST_RATINGS, params.movies),
        biases=rng.standard_normal(count),
        tastes=0.5 * group_tastes[group] + 0.87 * own_tastes,
        joined=rng.integers(FIRST_SECOND, LAST_SECOND, count),
    )


def share_out(weights: Floats, total: int, fewest: int, most: int) -> Ints:
    """Divide a total exactly into shares by weight, each within two bounds."""
    counts = np.full(len(weights), fewest, dtype=np.int64)
    while (left := total - int(counts.sum())) > 0:
        room = most - counts
        open_weights = np.where(room > 0, weights, 0)
        add = np.minimum(np.floor(left * open_weights / open_weights.sum()), room)
        if add.sum() == 0:
            heaviest = np.argsort(-open_weights, kind="stable")
            add[heaviest[room[heaviest] > 0][:left]] = 1
        counts += add.astype(np.int64)
    return counts


def random_stream(*names: int) -> np.random.Generator:
    """Return random numbers that depend on these names alone."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(names)))
