"""Ten movies for everybody, three ways: `python benchmarks/lists.py FILE`.

On the same made-up vectors: the project's exact top-N and a bare NumPy loop on as many
threads as there are cores, both without movies that the user has rated, and MLlib's
`recommendForAllUsers`, which keeps those. The three take turns. FILE gets the seconds
of each, the most memory of the process tree meanwhile, and the share of places in which
the project's lists have NumPy's movies. Run by benchmarks/bench.py.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.ml.recommendation import ALSModel
from pyspark.sql import DataFrame, SparkSession
from threadpoolctl import threadpool_limits
from timing.processes import Cost, watched

from cinespark.algorithms.ranker_model import LearntUsers, RankerModel
from cinespark.score.top_n import top_n
from cinespark.train.memory import THREADS
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

ROOT = Path(__file__).parents[1]
N, SEED = 10, 42
BLOCK_CELLS = 2**22  # scores that a thread of NumPy holds at a time
FILES = 10  # as ALS leaves its vectors
CHECKED = 500  # users whose lists are compared


@dataclass(frozen=True)
class Given:
    """Vectors, and what each user has rated: positions of movies from `starts` on."""

    users: np.ndarray
    movies: np.ndarray
    starts: np.ndarray
    rated: np.ndarray


def make(users: int, movies: int, factors: int, ratings: int) -> Given:
    """Return random vectors, and ratings of which popular movies have more."""
    rng = np.random.default_rng(SEED)
    p, q = (
        rng.standard_normal((size, factors), np.float32) for size in (users, movies)
    )
    activity = np.exp(0.9 * rng.standard_normal(users))
    counts = 1 + np.floor(activity * (ratings / activity.sum())).astype(np.int64)
    counts = np.minimum(counts, movies // 2)
    share = np.cumsum(1 / np.arange(20, movies + 20))
    rated = np.searchsorted(share, rng.random(counts.sum()) * share[-1])
    # a user's movies in order and once
    cells = np.unique(np.repeat(np.arange(users), counts) * movies + rated)
    starts = np.searchsorted(cells, np.arange(users + 1) * movies)
    return Given(p, q, starts, (cells % movies).astype(np.int32))


def numpy_lists(given: Given, upto: int | None = None) -> np.ndarray:
    """Return everybody's best positions: the least that has to be done."""
    users = len(given.users) if upto is None else min(upto, len(given.users))
    size = max(1, BLOCK_CELLS // len(given.movies))

    def block(start: int) -> np.ndarray:
        end = min(start + size, users)
        scores = given.users[start:end] @ given.movies.T
        cells = slice(given.starts[start], given.starts[end])
        counts = np.diff(given.starts[start : end + 1])
        scores[np.repeat(np.arange(end - start), counts), given.rated[cells]] = -np.inf
        best = np.argpartition(scores, -N, axis=1)[:, -N:]
        order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
        return np.take_along_axis(best, order, axis=1)

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(THREADS) as threads:
        return np.concatenate(list(threads.map(block, range(0, users, size))))


def write_histories(given: Given, folder: Path) -> None:
    """Write rows as those of int_user_histories, in several files."""
    folder.mkdir()
    edges = np.linspace(0, len(given.users), FILES + 1).astype(int)
    for number, (start, end) in enumerate(pairwise(edges)):
        cells = slice(given.starts[start], given.starts[end])
        offsets = pa.array(
            given.starts[start : end + 1] - given.starts[start], pa.int32()
        )
        rated = given.rated[cells]
        stars = pa.array(np.full(len(rated), 4.0))
        columns = {
            "movie_ids": pa.array(rated + 1, pa.int32()),
            "ratings": stars,
            "preferences": stars,
            "newer_counts": pa.array(np.zeros(len(rated)), pa.int32(), safe=False),
        }
        table = {"user_id": pa.array(np.arange(start, end) + 1, pa.int32())} | {
            name: pa.ListArray.from_arrays(offsets, values)
            for name, values in columns.items()
        }
        pq.write_table(pa.table(table), folder / f"{number}.parquet")


def mllib_model(session: SparkSession, given: Given, folder: Path) -> ALSModel:
    """Return MLlib's model of these vectors, saved and loaded in its own form."""
    folder.mkdir()
    rank = given.users.shape[1]
    about = {
        "class": "org.apache.spark.ml.recommendation.ALSModel",
        "timestamp": 0,
        "sparkVersion": session.version,
        "uid": "als",
        "paramMap": {"userCol": "user_id", "itemCol": "movie_id"},
        "defaultParamMap": {"blockSize": 4096, "predictionCol": "prediction"},
        "rank": rank,
    }
    (folder / "metadata").mkdir()
    (folder / "metadata" / "part-00000").write_text(json.dumps(about) + "\n")
    for name, vectors in (("user", given.users), ("item", given.movies)):
        place = folder / f"{name}Factors"
        place.mkdir()
        edges = np.linspace(0, len(vectors), FILES + 1).astype(int)
        for number, (start, end) in enumerate(pairwise(edges)):
            values = pa.array(vectors[start:end].ravel())
            offsets = pa.array(np.arange(0, len(values) + 1, rank), pa.int32())
            ids = pa.array(np.arange(start, end) + 1, pa.int32())
            lists = pa.ListArray.from_arrays(offsets, values)
            table = pa.table({"id": ids, "features": lists})
            pq.write_table(table, place / f"{number}.parquet")
    return ALSModel.load(str(folder))


def taken(work: Callable[[], object]) -> dict[str, float]:
    """Return the seconds of a piece of work, and the memory of all processes."""
    cost = Cost()
    with watched(os.getpid(), cost):
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_bytes": cost.peak_bytes}


def thrown_away(rows: DataFrame) -> None:
    rows.write.format("noop").mode("overwrite").save()


def compare(
    session: SparkSession, given: Given, folder: Path, repeats: int
) -> Iterator[tuple[str, object]]:
    """Yield by name what each way took, and the share of places that are the same."""
    write_histories(given, folder / "histories")
    histories = session.read.parquet(str(folder / "histories"))
    model = mllib_model(session, given, folder / "als")
    catalogue = np.arange(len(given.movies)) + 1
    ids = np.arange(len(given.users)) + 1
    # the vectors as train/rankers.py holds them
    part = LearntUsers(ids, given.users.astype(float), given.movies.astype(float))
    ranker = RankerModel(catalogue, np.ones(len(catalogue), bool), ((1.0, part),))
    few = top_n({"als": ranker}, histories.where(f"user_id <= {CHECKED}"), N)
    lists = few.orderBy("user_id", "rank").toPandas()["movie_id"].to_numpy()
    expected = numpy_lists(given, CHECKED).ravel() + 1
    yield "same_places", float((lists == expected).mean())
    thrown_away(model.recommendForUserSubset(histories.limit(10), N))  # starts the JVM
    ways: dict[str, Callable[[], object]] = {
        "NumPy": partial(numpy_lists, given),
        "cinespark": lambda: thrown_away(top_n({"als": ranker}, histories, N)),
        "recommendForAllUsers": lambda: thrown_away(model.recommendForAllUsers(N)),
    }
    for _ in range(repeats):
        for name, way in ways.items():
            yield name, taken(way)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    for name in ("users", "movies", "factors", "ratings", "repeats"):
        parser.add_argument(f"--{name}", type=int, required=True)
    asked = parser.parse_args()
    given = make(asked.users, asked.movies, asked.factors, asked.ratings)
    found: dict[str, list] = {}
    file = asked.file.resolve()
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        (Path(folder) / "jars").symlink_to(ROOT / "var" / "jars")
        credentials = SparkSessionCredentials(
            schema="lists", state_dir=folder, project_root=folder
        )
        session = get_session(credentials)
        for name, value in compare(session, given, Path(folder), asked.repeats):
            found.setdefault(name, []).append(value)
            file.write_text(json.dumps(found))
        session.stop()


if __name__ == "__main__":
    main()
