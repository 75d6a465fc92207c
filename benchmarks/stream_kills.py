"""Kill the stream and the broker: `python benchmarks/stream_kills.py [KILLS [BROKER]]`.

Numbered ratings are produced while `cinespark stream` is killed with SIGKILL ten times,
and the broker three times, at random moments; each is started again at once. Then every
rating that the broker acknowledged has to be in the table exactly once, and the latest
of each user and movie has to be the one that was made to be. The same has to hold after
the last batch was repeated (its note in the checkpoint is taken away), and after
maintenance has put files together and removed snapshots and files.

The table is read with pyiceberg, without Spark. Prints a line for each look, and the
seed; the code is 1 if anything is wrong.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cinespark.cli.topic import java
from cinespark.report.marts import read_marts
from cinespark.stream.checkpoint import checkpoint_of, read_plan
from cinespark.topic.broker import start, stop
from cinespark.topic.producer import make_producer, offer
from cinespark.topic.settings import FOLDER, KafkaSettings
from cinespark.topic.topics import require_topic

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RATINGS, KILLS, BROKER_KILLS = 20_000, 10, 3
SEED = 20260101
TOPIC = "ratings.kills"
PAIR = ["user_id", "movie_id"]
USERS, MOVIES = 400, 25  # two ratings of each pair, in the mean
LONGEST = 14.0  # seconds that a stream lives; it needs some seven to begin

MAINTAIN = """
import sys
from datetime import timedelta
from pathlib import Path
from cinespark.stream import maintenance
from cinespark.stream.run import Place, open_session
maintenance.SMALL_FILES = maintenance.MANIFESTS = 1
maintenance.YOUNG = timedelta()
maintenance.SNAPSHOTS = 3
session = open_session(Place(Path.cwd(), Path(sys.argv[1])), print)
maintenance.maintain_table(session, print)
"""


@dataclass
class Sent:
    """Ratings by number: what each says, and whether the broker acknowledged it."""

    ratings: list[dict[str, Any]]
    acknowledged: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Look:
    """What the table had at one look, of the ratings that were acknowledged."""

    when: str
    rows: int
    missing: int
    twice: int
    unknown: int
    wrong_latest: int

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.twice or self.unknown or self.wrong_latest)


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    kills, of_broker = (*given, *(KILLS, BROKER_KILLS)[len(given) :])
    with tempfile.TemporaryDirectory() as folder:
        looks = prove(Path(folder), kills, of_broker, RATINGS, SEED, print)
    print(f"\nseed {SEED}, {RATINGS:,} ratings, {USERS * MOVIES:,} pairs\n")
    print(table_of(looks))
    sys.exit(0 if all(look.is_right for look in looks) else 1)


def prove(
    state: Path,
    kills: int,
    broker_kills: int,
    count: int,
    seed: int,
    say: Any = lambda text: None,
) -> list[Look]:
    """Kill, repeat and maintain in an empty state folder; return what each look saw."""
    chance = random.Random(seed)
    (state / "jars").symlink_to(ROOT / "var" / "jars")
    broker, _ = start(state / FOLDER, java(state), 0, lambda: None)
    settings = KafkaSettings(broker.address, TOPIC, is_own=True)
    try:
        require_topic(settings)
        made = Sent(made_up(count, chance))
        lives = [chance.uniform(0.3, LONGEST) for _ in range(kills)]
        with producing(settings, made, sum(lives)):
            kill(state, settings, lives, broker_kills, chance, say)
        say(f"acknowledged: {len(made.acknowledged):,}, not: {len(made.failed):,}")
        read_all(state, settings)
        looks = [look_at(state, made, f"after {kills} and {broker_kills} kills")]
        repeat_last(state, settings)
        looks.append(look_at(state, made, "after the last batch was repeated"))
        command([sys.executable, "-c", MAINTAIN, str(state)], settings)
        repeat_last(state, settings)
        looks.append(look_at(state, made, "after maintenance, and once more repeated"))
        command([BIN / "cinespark", "--state-dir", state, "maintain"], settings)
        read_all(state, settings)
        looks.append(look_at(state, made, "after cinespark maintain"))
        return looks
    finally:
        stop(state / FOLDER, lambda: None)


def made_up(count: int, chance: random.Random) -> list[dict[str, Any]]:
    """Return ratings whose time says nothing about when they are sent."""
    moments = chance.sample(range(10**9), count)  # no two at once
    return [
        {
            "user_id": chance.randrange(USERS),
            "movie_id": chance.randrange(MOVIES),
            "rating": chance.randint(1, 5),
            "rated_at": moment,
            "event_id": str(number),
        }
        for number, moment in enumerate(moments)
    ]


@contextmanager
def producing(settings: KafkaSettings, made: Sent, seconds: float) -> Iterator[None]:
    """Send ratings evenly over some seconds, and wait for what becomes of each."""
    # each waits for a broker that was killed, as long as it takes
    producer = make_producer(settings, 300)

    def note(number: int) -> Any:
        def told(error: Any, _message: Any) -> None:
            (made.failed if error else made.acknowledged).add(number)

        return told

    def send() -> None:
        began, count = time.monotonic(), len(made.ratings)
        for number, rating in enumerate(made.ratings):
            if (wait := began + seconds * number / count - time.monotonic()) > 0:
                producer.poll(wait)
            value = json.dumps(rating).encode()
            key = str(rating["user_id"]).encode()
            offer(producer, settings.topic, key, value, note(number))
        producer.flush()

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def kill(
    state: Path,
    settings: KafkaSettings,
    lives: list[float],
    broker_kills: int,
    chance: random.Random,
    say: Any,
) -> None:
    """Let a stream live for so many seconds, kill it, and start the next one."""
    of_broker = set(chance.sample(range(len(lives)), min(broker_kills, len(lives))))
    for number, life in enumerate(lives):
        process = begin(state, settings)
        killer = threading.Thread(target=kill_broker, args=(state, chance.random()))
        if number in of_broker:
            killer.start()
        time.sleep(life)
        # together with Spark, or Spark is left to find out
        alone = chance.random() < 0.5
        (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
        process.wait()
        if number in of_broker:
            killer.join()
        say(
            f"{number + 1}: killed after {life:.1f} s{', Spark not' * alone}"
            f"{'; the broker, too' * (number in of_broker)}"
        )


def kill_broker(state: Path, moment: float) -> None:
    """Kill the broker within some seconds, and start it again at the same port."""
    time.sleep(moment * LONGEST / 2)
    broker, _ = start(state / FOLDER, java(state), None, lambda: None)
    os.kill(broker.pid, signal.SIGKILL)
    time.sleep(2 * moment)
    start(state / FOLDER, java(state), None, lambda: None)


def begin(
    state: Path, settings: KafkaSettings, every: float = 0.5
) -> subprocess.Popen[bytes]:
    """Start a stream, in a process group of its own."""
    with (state / "stream.log").open("ab") as log:
        return subprocess.Popen(
            [BIN / "cinespark", "--state-dir", state, "stream", "--every", str(every)],
            cwd=ROOT,
            env=environment(settings),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def environment(settings: KafkaSettings) -> dict[str, str]:
    named = {"BOOTSTRAP": settings.bootstrap, "TOPIC": settings.topic}
    return os.environ | {f"CINESPARK_KAFKA_{name}": one for name, one in named.items()}


def command(words: list[Any], settings: KafkaSettings) -> str:
    """Run a command to its end; return what it said."""
    done = subprocess.run(
        words, cwd=ROOT, env=environment(settings), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{words}: code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def read_all(state: Path, settings: KafkaSettings) -> None:
    """Let a stream read what is left."""
    command([BIN / "cinespark", "--state-dir", state, "stream", "--once"], settings)


def repeat_last(state: Path, settings: KafkaSettings) -> None:
    """Let the last batch come again, as if the stream was killed right after it."""
    checkpoint = checkpoint_of(state, settings.topic)
    plan = read_plan(checkpoint, settings.topic)
    assert plan is not None
    assert plan.is_committed
    for name in (str(plan.batch), f".{plan.batch}.crc"):
        (checkpoint / "commits" / name).unlink(missing_ok=True)
    read_all(state, settings)


def look_at(state: Path, made: Sent, when: str) -> Look:
    """Return what is in the table, next to what was acknowledged."""
    rows = read_marts(state, "raw", ["rating_events"])["rating_events"]
    assert rows is not None
    numbers = [int(one) for one in rows["event_id"]]
    there = set(numbers)
    places = set(zip(rows["topic"], rows["partition"], rows["offset"], strict=True))
    latest = rows.sort_values("rated_at").drop_duplicates(PAIR, keep="last")
    found = {
        (int(one.user_id), int(one.movie_id)): int(one.event_id)
        for one in latest.itertuples()
    }
    wanted: dict[tuple[int, int], int] = {}
    for number in sorted(there, key=lambda one: made.ratings[one]["rated_at"]):
        rating = made.ratings[number]
        wanted[rating["user_id"], rating["movie_id"]] = number
    wrong = [pair for pair, number in wanted.items() if found.get(pair) != number]
    return Look(
        when,
        len(rows),
        len(made.acknowledged - there),
        len(numbers) - min(len(there), len(places)),
        len(there - made.acknowledged - made.failed),
        len(wrong) + abs(len(found) - len(wanted)),
    )


def table_of(looks: list[Look]) -> str:
    """Return the looks as a table in Markdown."""
    lines = [
        "| when | rows | acknowledged, missing | twice | never sent | wrong latest |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.when} | {one.rows:,} | {one.missing} | {one.twice} | {one.unknown} "
        f"| {one.wrong_latest} |"
        for one in looks
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
