"""Make up a data set of any size, with a long tail and tastes that can be learnt.

A user's rating of a movie is, before rounding to half stars,

    3.2 + .35 b_user + .4 b_movie + .7 taste . character / sqrt(F) + .5 noise

A user's taste is partly that of people of the same age and gender, a movie's character
is partly that of its genres. Which movies a user rates follows popularity and taste.
Every number comes from PCG64 streams named by the seed and a block of users, so neither
the machine nor its memory changes the result.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from cinespark.data import sample_words
from cinespark.data.landing import HEADERS
from cinespark.data.progress import progress
from cinespark.data.sample_entities import (
    FACTORS,
    OCCUPATIONS,
    Floats,
    Ints,
    Movies,
    Users,
    make_movies,
    make_users,
    random_stream,
)
from cinespark.data.sample_params import SampleParams, check_params

# users by movies that are drawn at once: about 200 MB at work
CELLS_PER_BLOCK = 4_000_000
TAGS = tuple(sample_words.TAGS.split("|"))
TAGS_PER_RATING = 0.01
DAY = 86_400
RATINGS_PER_SESSION = 20
STARS = pa.array([f"{half / 2:.1f}" for half in range(11)])


def write_sample(params: SampleParams, folder: Path) -> None:
    """Write ratings, movies, tags and users; there are no links, as they lead nowhere.

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


def make_ratings(
    params: SampleParams, movies: Movies, users: Users
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Draw ratings and tags, one block of users at a time."""
    size = max(1, CELLS_PER_BLOCK // params.movies)
    for start in range(0, params.users, size):
        rng = random_stream(params.seed, 2, start)
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
    """Draw the movies that each user rates, without repetition, likely ones first.

    An exponential race: the n smallest of E / w, E exponential, are n draws without
    replacement with probabilities that go as w (Efraimidis and Spirakis 2006).

    Returns
    -------
    Positions of movies, user by user; `counts` says how many each user has.
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
    """Draw the times of ratings, in seconds: sessions with days between them."""
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


def _user_rows(users: Users) -> Iterator[list[object]]:
    columns = zip(users.ages, users.genders, users.occupations, users.zips, strict=True)
    for number, (age, female, occupation, postcode) in enumerate(columns, start=1):
        gender = "F" if female else "M"
        yield [number, age, gender, OCCUPATIONS[occupation], f"{postcode:05d}"]


def _write(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[path.name].split(","))
        writer.writerows(rows)


def _append(file: BinaryIO, table: pa.Table) -> None:
    """Append rows as CSV; none of these values needs quotes."""
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    arrow_csv.write_csv(table, file, options)
