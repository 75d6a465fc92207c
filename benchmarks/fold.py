"""How fast ratings of a stream are folded in: `python benchmarks/fold.py`.

A version of numbers by chance is published, or that of a state folder is copied, and
rows are put into the table of a stream by pyiceberg, as a stream does once a second.
Prints how long it takes until the lists of those who rated are made anew, by the number
of people; what a service pays for looking whether there is something new; and memory.
No broker and no Spark are in these figures.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil
from serving.made_up_events import append, event
from serving.made_up_version import publish_made_up

from cinespark.serve.answer_parts import user_of
from cinespark.serve.list_answers import list_of_user
from cinespark.serve.opened import Opened, open_version
from cinespark.stream.fold import fold_once, topic_of_version
from cinespark.versions.overlay import FOLDER
from cinespark.versions.versions import current_version

LISTED = 20
ROUNDS = 10
PEOPLE = (1, 20, 200, 2_000)  # in a batch
ANSWERS = 5_000
ASKED = {"n": 10, "genre": [], "from_year": None, "to_year": None, "exclude": []}


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of folding in.")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--movies", type=int, default=10_000)
    parser.add_argument("--state", type=Path, help="whose version is copied")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "var"
        if chosen.state:
            shutil.copytree(chosen.state / "exports", state / "exports", symlinks=True)
        else:
            given = state / "exports", chosen.users, chosen.movies, LISTED
            # in a process of its own: what that takes is none of folding
            making = get_context("spawn").Process(target=publish_made_up, args=given)
            making.start()
            making.join()
        name = current_version(state / "exports")
        assert name is not None
        with closing(open_version(state / "exports", name)) as opened:
            measure(state, opened)


def measure(state: Path, opened: Opened) -> None:
    """Print all figures."""
    users = [row["user_id"] for row in opened.ask("select user_id from users")]
    movies = opened.catalogue.movie_ids
    print(f"{len(users):,} users, {len(movies):,} movies, {opened.id_type} ids")
    before = tell_answers(state, opened.name, users[-1], "without an overlay")
    rng, offset = np.random.default_rng(3), 0
    topic = topic_of_version(opened.manifest)

    def rate(people: int) -> None:
        """Append ratings of so many users, each of one movie, one in ten a stranger."""
        nonlocal offset
        chosen = rng.choice(len(users) - 1, people, replace=people >= len(users))
        rows = []
        for place, user in enumerate(chosen.tolist()):
            who = users[user] if place % 10 else stranger(opened, place)
            movie = movies[int(rng.integers(len(movies)))]
            rows.append(event(topic, offset, who, movie, 4.0, 2_000_000_000 + offset))
            offset += 1
        append(state, rows)

    print("people  seconds  of CPU  people a second")
    for people in PEOPLE:
        taken, used = [], []
        for place in range(ROUNDS + 1):
            rate(people)
            begun, cpu = time.perf_counter(), time.process_time()
            fold_once(opened, state, topic)
            if place:  # the first has files read and code compiled
                taken.append(time.perf_counter() - begun)
                used.append(time.process_time() - cpu)
        middle, work = statistics.median(taken), statistics.median(used)
        print(f"{people:6,} {middle:8.3f} {work:7.3f} {people / middle:16,.0f}")
    after = tell_answers(state, opened.name, users[-1], "of who has not rated since")
    print(f"looking for something new: {1e6 * (after - before):.0f} µs a list")
    folded = opened.ask("select user_id from users limit 1")[0]["user_id"]
    append(state, [event(topic, offset, folded, movies[0], 4.0, 2_100_000_000)])
    fold_once(opened, state, topic)
    tell_answers(state, opened.name, folded, "of who has rated since")
    used_memory = psutil.Process().memory_full_info()
    print(
        f"memory: {used_memory.rss / 2**20:,.0f} MiB, of these "
        f"{used_memory.uss / 2**20:,.0f} of its own"
    )


def stranger(opened: Opened, place: int) -> object:
    """Return an id that no user has."""
    return f"stranger {place}" if opened.id_type == "string" else 2_000_000_000 + place


def tell_answers(state: Path, name: str, user: object, whose: str) -> float:
    """Print and return how many seconds a stored list takes, without HTTP."""
    overlays = state / FOLDER
    with closing(open_version(state / "exports", name, overlays)) as opened:

        def answer() -> object:
            found = user_of(opened, str(user))
            return list_of_user(opened, found, {**ASKED, "explain": False})

        seconds = at_best(answer)
    print(f"a stored list {whose}: {1e6 * seconds:.0f} µs")
    return seconds


def at_best(work: Callable[[], object]) -> float:
    """Return the seconds of a call, of the quickest tenth of many."""
    work()
    taken = []
    for _ in range(ANSWERS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(sorted(taken)[: ANSWERS // 10])


if __name__ == "__main__":
    main()
