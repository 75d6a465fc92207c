"""What the service does under load on loopback: `python benchmarks/serve.py`.

A version of numbers by chance is published and served by two processes. Prints how
long lists take at a constant rate, how many a second are possible next to a bare Flask
application in the same run, how long a new person waits, and the memory of a process,
each beside its goal. Wants vegeta and wrk, and a machine that does nothing else.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np
from serving.load import Times, at_most, at_rate, target
from serving.made_up_version import publish_made_up
from serving.services import bare, free_port, memory, running, service

from cinespark.paths import exports_of

LISTED = 20
RATE = 500  # requests a second
NEW_RATE = 20
ROUNDS = 3  # of each, in turns
LIST = "/api/v1/users/{}/recommendations?n=20"


def main() -> None:
    parser = argparse.ArgumentParser(description="Load on the service.")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--movies", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30, help="of each measurement")
    parser.add_argument("--state", type=Path, help="of an earlier run; made otherwise")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = chosen.state or Path(folder)
        if not exports_of(state).exists():
            publish_made_up(exports_of(state), chosen.users, chosen.movies, LISTED)
        measure(state, chosen, Path(folder))


def measure(state: Path, chosen: argparse.Namespace, folder: Path) -> None:
    """Print all figures."""
    rng = np.random.default_rng(2)
    users = rng.integers(1, chosen.users + 1, 20_000).tolist()
    paths = [LIST.format(user) for user in users]
    port, other = free_port(), free_port()
    print(f"{chosen.users:,} users × {LISTED} places, {chosen.movies:,} movies")
    with (
        running(service(state, port), "/readyz", port) as process,
        running(bare(other), "/", other),
    ):
        address = f"http://127.0.0.1:{port}"
        asked = [target(address + path) for path in paths]
        at_rate(asked, RATE, 5)  # files are in memory, and code is warm
        tell("user lists", RATE, at_rate(asked, RATE, chosen.seconds), 5)
        new = [new_person(address, rng, chosen.movies) for _ in range(2_000)]
        at_rate(new, NEW_RATE, 3)
        tell("new people", NEW_RATE, at_rate(new, NEW_RATE, chosen.seconds), 25)
        lists, hellos = [], []
        for _ in range(ROUNDS):
            lists.append(at_most(port, paths, chosen.seconds // ROUNDS, folder))
            hellos.append(at_most(other, ["/"], chosen.seconds // ROUNDS, folder))
        mine, bares = statistics.median(lists), statistics.median(hellos)
        print(f"user lists at most:  {mine:,.0f} a second")
        print(f"bare Flask at most:  {bares:,.0f} a second")
        print(f"ratio:               {mine / bares:.2f} (goal: at least 0.5)")
        for place, (shared, private) in enumerate(memory(process), 1):
            print(f"process {place}: {shared:.0f} MiB (PSS), {private:.0f} its own")


def tell(what: str, rate: int, found: Times, goal: float) -> None:
    """Print how long answers took."""
    print(
        f"{what}, {rate} a second: {found.requests:,} requests, {found.failed} failed, "
        f"p50 {found.middle:.1f} ms, p99 {found.p99:.1f} ms (goal: {goal:.0f}), "
        f"longest {found.longest:.1f} ms"
    )


def new_person(
    address: str, rng: np.random.Generator, movies: int
) -> dict[str, object]:
    """Return a request for a list by twenty ratings."""
    rated = rng.choice(movies, 20, replace=False) + 1
    ratings = [
        {"movie_id": movie, "rating": stars}
        for movie, stars in zip(
            rated.tolist(), rng.integers(1, 6, 20).tolist(), strict=True
        )
    ]
    return target(f"{address}/api/v1/recommendations", {"ratings": ratings})


if __name__ == "__main__":
    main()
