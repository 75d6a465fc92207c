"""Learn what publishes from many ratings: `python benchmarks/large_data.py [N [R]]`.

N made-up ratings (25 million without it) of 162,000 users and 62,000 movies, the shape
of MovieLens 25M, popular movies rated far more often. Prints seconds and the memory
that each part took at most: predictor (R rounds, 60 without it; memory is the same from
the twelfth on), MLlib's vectors, and the parts of the blend.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from cinespark.algorithms.bayesian import bytes_needed, fit_bayesian
from cinespark.algorithms.gibbs import BayesianParams
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Ratings
from cinespark.train.als import AlsParams, train_factors
from cinespark.train.declarations import Blend, RankerInput
from cinespark.train.memory import GIB, THREADS, measured
from cinespark.train.rankers import fit_blend
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

ROOT = Path(__file__).parents[1]
USERS, MOVIES, SEED = 162_000, 62_000, 42


def made_up(count: int) -> Ratings:
    """Return ratings by a few factors, of movies by a power of their place."""
    rng = np.random.default_rng(SEED)
    share = 1 / np.arange(5, MOVIES + 5)
    users = rng.integers(0, USERS, int(count * 1.25))
    movies = rng.choice(MOVIES, len(users), p=share / share.sum())
    pairs = np.unique(users * MOVIES + movies)
    pairs = np.sort(rng.permutation(pairs)[:count])
    users, movies = pairs // MOVIES, pairs % MOVIES
    p, q = (
        rng.normal(0, 0.5, (size, 8)).astype(np.float32) for size in (USERS, MOVIES)
    )
    stars = np.empty(len(pairs))
    for start in range(0, len(pairs), 10**6):
        block = slice(start, start + 10**6)
        dot = np.einsum("nf,nf->n", p[users[block]], q[movies[block]])
        stars[block] = 3.5 + dot + rng.normal(0, 0.6, len(dot))
    stars = np.clip(np.round(stars * 2) / 2, 0.5, 5)
    genres = np.eye(19)[rng.integers(0, 19, MOVIES)]
    ids = np.arange(USERS), np.arange(MOVIES)
    return Ratings(*ids, users, movies, stars, np.zeros((USERS, 0)), genres)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 25_000_000
    table = Table("part", "seconds", "peak GiB", title=f"{count:,} ratings")
    started = time.perf_counter()
    ratings = made_up(count)
    print(f"made up in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    params = BayesianParams(16, rounds, rounds // 3, 60, 10.0, SEED)
    estimate = bytes_needed(ratings, params) / GIB
    print(f"bayesian_mf: estimate {estimate:.1f} GiB", file=sys.stderr)
    places = iter(range(1, rounds + 1))
    with measured() as cost:
        fit_bayesian(
            ratings,
            params,
            THREADS,
            lambda: print(f"\rround {next(places)} ", end="", file=sys.stderr),
        )
    part = f"bayesian_mf, {rounds} rounds"
    table.add_row(part, f"{cost.seconds:.0f}", f"{cost.peak_bytes / GIB:.1f}")
    Console().print(table)
    with tempfile.TemporaryDirectory() as folder:
        for part, cost in ranker_costs(ratings, Path(folder)):
            table.add_row(part, f"{cost.seconds:.0f}", f"{cost.peak_bytes / GIB:.1f}")
            Console().print(table)
    total = psutil.virtual_memory().total / GIB
    print(json.dumps({"ratings": count, "machine_gib": round(total, 1)}))


def ranker_costs(ratings: Ratings, folder: Path):  # noqa: ANN201
    """Yield what MLlib's vectors, the blend's parts and lists of 1000 users took."""
    values = (np.maximum(ratings.stars - 1, 0) / 4) ** 1.5
    order = np.argsort(-np.bincount(ratings.movies, minlength=MOVIES), kind="stable")
    position = np.argsort(order)
    counts = np.bincount(ratings.users, minlength=USERS)
    starts = np.cumsum(counts) - counts
    newer = counts[ratings.users] - 1 - (np.arange(len(values)) - starts[ratings.users])
    preferences = Preferences(
        order,
        np.bincount(position[ratings.movies], ratings.stars >= 4, MOVIES).astype(int),
        ratings.user_ids,
        ratings.users,
        position[ratings.movies],
        ratings.stars,
        values,
        newer.astype(float),
        counts[ratings.users].astype(float),
    )
    file = folder / "ratings.parquet"
    columns = {
        "user_id": ratings.users.astype(np.int32),
        "movie_id": ratings.movies.astype(np.int32),
        "rating": values.astype(np.float32),
    }
    pq.write_table(pa.table(columns), file)
    (folder / "jars").symlink_to(ROOT / "var" / "jars")
    credentials = SparkSessionCredentials(
        schema="large", state_dir=str(folder), project_root=str(folder)
    )
    with measured() as cost:
        session = get_session(credentials)
        als = AlsParams(32, 5, 0.1, SEED, blocks=8, alpha=4.0, implicit=True)
        factors = train_factors(session.read.parquet(str(file)), als).toPandas()
    yield "item_factors (MLlib)", cost
    parameters = {
        "fold_in": {"background": 0.1, "regularization": 0.1},
        "ease": {"movies": 10_000, "floor": 0.1},
        "co_occurrence": {
            "half_life": 8.0,
            "backward": 0.5,
            "source_power": 0.7,
            "shrinkage": 10.0,
            "movies": 10_000,
        },
    }
    blend = Blend(10.0, 0.3, 200.0, 1.0, 1.0, 1.0)
    with measured() as cost:
        rows = session.read.parquet(str(file))
        given = RankerInput(preferences, factors, blend, parameters, rows)
        ranker = fit_blend(given)
    yield "blend: EASE, co-occurrence", cost
    with measured() as cost:
        ranker.scores(preferences.of_users(np.arange(1000)))
    yield "scores of 1000 users", cost


if __name__ == "__main__":
    main()
