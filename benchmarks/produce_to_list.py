"""From a rating that is sent to the list that changes: `benchmarks/produce_to_list.py`.

A broker, `cinespark stream` and `cinespark serve` run on this machine, with a version
of numbers by chance or that of a state folder. Ratings are sent at a constant rate,
each of a user by chance. Some rate what is first in their list: the service has another
list once that movie is gone from it, and is asked until then. Prints how long that took
from before the rating was sent, and what each program took of a core and of memory.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from serving.made_up_version import publish_made_up
from serving.services import free_port, running, service

from cinespark.cli.topic import java
from cinespark.serve.opened import open_version
from cinespark.topic.broker import start, stop
from cinespark.topic.contract import record_of
from cinespark.topic.producer import make_producer, offer
from cinespark.topic.settings import FOLDER, KafkaSettings
from cinespark.topic.topics import require_topic
from cinespark.versions.versions import current_version

ROOT = Path(__file__).parents[1]
LIST = "/api/v1/users/{}/recommendations?n={}"
LISTED = 10
LOOK = 0.05  # seconds between two looks at a list
LONGEST = 60.0  # seconds that a list is waited for
WARM = 15.0  # seconds of ratings before any is timed


@dataclass(frozen=True)
class Waiting:
    """A user whose list is asked for until a movie is gone from it."""

    user: object
    movie: object
    sent_at: float


def main() -> None:
    parser = argparse.ArgumentParser(description="From a rating to the list.")
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--movies", type=int, default=10_000)
    parser.add_argument("--state", type=Path, help="whose version is copied")
    parser.add_argument("--rate", type=int, default=200, help="ratings a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--timed", type=int, default=4, help="of them, a second")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "var"
        state.mkdir()
        (state / "jars").symlink_to(ROOT / "var" / "jars")
        if chosen.state:
            shutil.copytree(chosen.state / "exports", state / "exports")
        else:
            publish_made_up(state / "exports", chosen.users, chosen.movies, LISTED)
        measure(state, chosen)


def measure(state: Path, chosen: argparse.Namespace) -> None:
    """Print all figures."""
    lists = published_lists(state)
    broker, _ = start(state / FOLDER, java(state), 0, lambda: None)
    try:
        settings = KafkaSettings(broker.address, "ratings.measured", is_own=True)
        require_topic(settings)
        os.environ["CINESPARK_KAFKA_BOOTSTRAP"] = settings.bootstrap
        os.environ["CINESPARK_KAFKA_TOPIC"] = settings.topic
        port = free_port()
        with (
            streaming(state) as stream,
            running(service(state, port), "/readyz", port) as serving,
        ):
            programs = {
                "stream, Python": stream.pid,
                "stream, Spark": child_named(stream.pid, "java"),
                "broker": broker.pid,
                "service": serving.pid,
            }
            before = {name: used_by(pid) for name, pid in programs.items()}
            begun = time.monotonic()
            taken = feed(settings, port, lists, chosen)
            seconds = time.monotonic() - begun
            tell(taken, chosen)
            for name, pid in programs.items():
                cpu, memory = used_by(pid)
                share = (cpu - before[name][0]) / seconds
                print(f"{name}: {share:.2f} cores, {memory:,.0f} MiB (PSS)")
    finally:
        stop(state / FOLDER, lambda: None)


def published_lists(state: Path) -> dict[object, object]:
    """Return the first movie of each user's list."""
    name = current_version(state / "exports")
    assert name is not None
    opened = open_version(state / "exports", name)
    words = "select user_id, movie_id from recommendations where rank = 1"
    found = {row["user_id"]: row["movie_id"] for row in opened.ask(words)}
    opened.close()
    return found


@contextmanager
def streaming(state: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a stream until the block ends; give it once its query runs."""
    command = str(Path(sys.executable).with_name("cinespark"))
    log = (state / "stream.log").open("w+")
    process = subprocess.Popen(
        [command, "--state-dir", str(state), "stream"], cwd=ROOT, stderr=log
    )
    try:
        checkpoints = state / "checkpoints"
        end = time.monotonic() + 120
        while not [*checkpoints.glob("*/offsets")]:
            if process.poll() is not None or time.monotonic() > end:
                sys.exit((state / "stream.log").read_text())
            time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def feed(
    settings: KafkaSettings,
    port: int,
    lists: dict[object, object],
    chosen: argparse.Namespace,
) -> list[float]:
    """Send ratings, and return how many seconds it took until lists were others."""
    rng = np.random.default_rng(5)
    users, movies = [*lists], sorted({*lists.values()}, key=str)
    timed = iter(rng.permutation(len(users)).tolist())
    producer = make_producer(settings, 30)
    waiting: list[Waiting] = []
    taken: list[float] = []
    begun = look_at = time.monotonic()
    every, last = chosen.rate // chosen.timed, (WARM + chosen.seconds) * chosen.rate
    asker = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    number = 0
    while number < last or waiting:
        now = time.monotonic()
        while number < min(last, (now - begun) * chosen.rate):
            user = users[int(rng.integers(len(users)))]
            movie = movies[int(rng.integers(len(movies)))]
            is_timed = number > WARM * chosen.rate and number % every == 0
            if is_timed:
                user = users[next(timed)]
                movie = first_of(asker, user)
                waiting.append(Waiting(user, movie, time.monotonic()))
            rating = {"user_id": user, "movie_id": movie, "rating": 4.0}
            key, value = record_of({**rating, "rated_at": int(time.time())})
            offer(producer, settings.topic, key, value, lambda *given: None)
            number += 1
        producer.poll(0)
        if now >= look_at:
            look_at = now + LOOK
            for one in [*waiting]:
                if first_of(asker, one.user, one.movie) != one.movie:
                    taken.append(time.monotonic() - one.sent_at)
                    waiting.remove(one)
                elif time.monotonic() - one.sent_at > LONGEST:
                    sys.exit(f"the list of {one.user} stayed as it was")
        time.sleep(0.002)
    producer.flush(10)
    return taken


def first_of(
    asker: http.client.HTTPConnection, user: object, movie: object = None
) -> object:
    """Return the first movie of a user's list, or the one given if it is in there."""
    asker.request("GET", LIST.format(user, LISTED))
    found = json.loads(asker.getresponse().read())["recommendations"]
    ids = [one["movie_id"] for one in found]
    return movie if movie in ids else ids[0]


def child_named(pid: int, name: str) -> int:
    """Return the process among those that a process started that runs a program."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for one in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.name() == name:
                    return one.pid
        time.sleep(0.2)
    sys.exit(f"no {name} was started")


def used_by(pid: int) -> tuple[float, float]:
    """Return seconds of CPU and MiB of memory (PSS), with those of workers."""
    found = psutil.Process(pid)
    all_of_it = [found, *(one for one in found.children() if one.name() != "java")]
    times = [one.cpu_times() for one in all_of_it]
    cpu = sum(one.user + one.system for one in times)
    return cpu, sum(one.memory_full_info().pss for one in all_of_it) / 2**20


def tell(taken: list[float], chosen: argparse.Namespace) -> None:
    """Print how long it took."""
    middle, late = np.quantile(taken, [0.5, 0.99])
    print(
        f"{chosen.rate} ratings a second for {chosen.seconds} s, {len(taken):,} timed: "
        f"p50 {middle:.2f} s (goal: 2.5), p99 {late:.2f} s (goal: 5), "
        f"longest {max(taken):.2f} s"
    )


if __name__ == "__main__":
    main()
