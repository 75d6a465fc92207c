"""A made-up data set of any size: long-tailed, with a taste that can be learnt.

A user's rating of a movie is, before rounding to half stars,

    3.2 + .35 b_user + .4 b_movie + .7 taste . character / sqrt(F) + .5 noise

A user's taste is partly that of people of the same age and gender, a movie's character
is partly that of its genres. Which movies a user rates follows popularity and taste.
Every number comes from PCG64 streams named by the seed and a block of users, so neither
the machine nor its memory changes the result.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from cinespark.data import sample_words
from cinespark.data.landing import HEADERS
from cinespark.data.progress import progress
from cinespark.data.sample_params import FEWEST_RATINGS, SampleParams, check_params

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS = 5
# users by movies that are drawn at once: about 200 MB at work
CELLS_PER_BLOCK = 4_000_000

GENRES = tuple(sample_words.GENRES.split("|"))
ADJECTIVES = tuple(sample_words.ADJECTIVES.split("|"))
NOUNS = tuple(sample_words.NOUNS.split("|"))
OCCUPATIONS = tuple(sample_words.OCCUPATIONS.split("|"))
TAGS = tuple(sample_words.TAGS.split("|"))
PATTERNS = (
    "{adjective} {noun}",
    "{noun} of the {adjective} {other}",
    "{adjective} {noun}, The",
    "{noun} and the {other}",
    "{adjective} {noun}, A",
)
PATTERN_SHARES = (0.45, 0.25, 0.15, 0.1, 0.05)
TAGS_PER_RATING = 0.01

FIRST_YEAR, LAST_YEAR = 1930, 1999
# people join from 2000, when all movies are out, to the end of 2019
FIRST_SECOND, LAST_SECOND = 946_684_800, 1_577_836_800
DAY = 86_400
RATINGS_PER_SESSION = 20
STARS = pa.array([f"{half / 2:.1f}" for half in range(11)])


@dataclass(frozen=True)
class Movies:
    """Arrays with one row a movie; weights are its share of what is watched."""

    ids: Ints
    genres: list[str]
    titles: list[str]
    weights: Floats
    biases: Floats
    characters: Floats


@dataclass(frozen=True)
class Users:
    """Arrays with one row a user; ids are 1 to their number."""

    ages: Ints
    genders: NDArray[np.bool_]
    occupations: Ints
    zips: Ints
    counts: Ints
    biases: Floats
    tastes: Floats
    joined: Ints


def write_sample(params: SampleParams, folder: Path) -> None:
    """Write ratings, movies, tags and users; links would lead nowhere, so none.

    Raises
    ------
    CineSparkError
        If the parameters contradict each other.
    """
    check_params(params)
    movies = make_movies(params)
    users = make_users(params)
    _write(
        folder / "movies.csv",
        zip(movies.ids, movies.titles, movies.genres, strict=True),
    )
    _write(folder / "users.csv", _user_rows(users))
    with (
        (folder / "ratings.csv").open("wb") as ratings_file,
        (folder / "tags.csv").open("wb") as tags_file,
        progress("making ratings", params.ratings) as advance,
    ):
        ratings_file.write(f"{HEADERS['ratings.csv']}\n".encode())
        tags_file.write(f"{HEADERS['tags.csv']}\n".encode())
        for ratings, tags in make_ratings(params, movies, users):
            _append(ratings_file, ratings)
            _append(tags_file, tags)
            advance(ratings.num_rows)


def make_movies(params: SampleParams) -> Movies:
    """Draw movies: ids with gaps, popularity by Zipf's law, one to three genres."""
    rng = _stream(params.seed, 0)
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
    """Make titles as MovieLens writes them: article behind, year in brackets."""
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
    """Add a number from the second movie of a title on, before an article behind."""
    if number == 1:
        return title
    name, comma, article = title.partition(", ")
    return f"{name} {number}{comma}{article}"


def make_users(params: SampleParams) -> Users:
    """Draw users: few are very active, tastes lean to those of age and gender."""
    rng = _stream(params.seed, 1)
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
    """Share a total out by weight, each share within two bounds, exactly."""
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


def make_ratings(
    params: SampleParams, movies: Movies, users: Users
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Draw ratings and tags of one block of users after the other."""
    size = max(1, CELLS_PER_BLOCK // params.movies)
    for start in range(0, params.users, size):
        rng = _stream(params.seed, 2, start)
        block = np.arange(start, min(start + size, params.users))
        counts = users.counts[block]
        likings = users.tastes[block] @ movies.characters.T / np.sqrt(FACTORS)
        chosen = choose_movies(rng, likings, movies.weights, counts)
        rows = np.repeat(np.arange(len(block)), counts)
        stars = (
            3.2
            + 0.35 * users.biases[block][rows]
            + 0.4 * movies.biases[chosen]
            + 0.7 * likings[rows, chosen]
            + 0.5 * rng.standard_normal(len(rows))
        )
        halves = np.clip(np.rint(2 * stars), 1, 10).astype(np.int32)
        times = session_times(rng, counts, users.joined[block])
        ratings = pa.table(
            [
                block[rows] + 1,
                movies.ids[chosen],
                pa.DictionaryArray.from_arrays(halves, STARS).cast(pa.string()),
                times,
            ],
            names=HEADERS["ratings.csv"].split(","),
        )
        tagged = np.flatnonzero(rng.random(len(rows)) < TAGS_PER_RATING)
        # each movie has two tags of its own
        tag = (movies.ids[chosen[tagged]] + 5 * rng.integers(0, 2, len(tagged))) % len(
            TAGS
        )
        tags = pa.table(
            [
                block[rows[tagged]] + 1,
                movies.ids[chosen[tagged]],
                pa.array(TAGS).take(pa.array(tag)),
                times[tagged] + rng.integers(10, 120, len(tagged)),
            ],
            names=HEADERS["tags.csv"].split(","),
        )
        yield ratings, tags


def choose_movies(
    rng: np.random.Generator, likings: Floats, weights: Floats, counts: Ints
) -> Ints:
    """Draw different movies for each user, likely ones first.

    An exponential race: the n smallest of E / w, E exponential, are n draws without
    replacement with probabilities that go as w (Efraimidis and Spirakis 2006).

    Returns
    -------
    Places of movies, those of the first user first; `counts` says how many each has.
    """
    races = rng.standard_exponential(likings.shape)
    races *= np.exp(-0.7 * likings)
    races /= weights
    chosen = []
    for race, count in zip(races, counts, strict=True):
        first = np.argpartition(race, count - 1)[:count]
        chosen.append(first[np.argsort(race[first])])
    return np.concatenate(chosen)


def session_times(rng: np.random.Generator, counts: Ints, joined: Ints) -> Ints:
    """Draw times of ratings, in seconds: some in a row, then days without any."""
    starts = np.cumsum(counts) - counts
    place = np.arange(counts.sum()) - np.repeat(starts, counts)
    sessions = np.repeat(-(-counts // RATINGS_PER_SESSION), counts)
    days = np.minimum(10.0, 2_000 / sessions)
    pauses = rng.standard_exponential(len(place)) * days * DAY
    steps = rng.integers(5, 60, len(place))
    steps += np.where(place % RATINGS_PER_SESSION == 0, pauses, 0).astype(np.int64)
    steps[starts] = 0
    passed = np.cumsum(steps)
    times: Ints = passed - np.repeat(passed[starts] - joined, counts)
    return times


def _stream(*names: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(names)))


def _user_rows(users: Users) -> Iterator[list[Any]]:
    columns = zip(users.ages, users.genders, users.occupations, users.zips, strict=True)
    for number, (age, female, occupation, postcode) in enumerate(columns, start=1):
        gender = "F" if female else "M"
        yield [number, age, gender, OCCUPATIONS[occupation], f"{postcode:05d}"]


def _write(path: Path, rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[path.name].split(","))
        writer.writerows(rows)


def _append(file: Any, table: pa.Table) -> None:
    """Write rows as CSV; no value here needs quotes."""
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    arrow_csv.write_csv(table, file, options)
