"""`kill -9` at random moments: the overlay is one that was made in one go."""

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from fold_in_process import fold as module
from made_events import TOPIC, append, compact, event, published
from made_service import USERS

from cinespark.serve.opened import open_version
from cinespark.versions.overlay import FOLDER, overlay_file

KILLS, ROWS = 8, 2_000
SCRIPT = Path(__file__).with_name("fold_in_process.py")
TABLES = {
    "ratings": "*",
    "positions": "*",
    "recommendations": "*",
    "skipped": "*",
    "users": "user_id, is_new",
}


def events(rng):
    """Return rows of two partitions; some come twice, and some are no ratings."""
    offsets = [0, 0]
    rows = []
    for place in range(ROWS):
        user = rng.randrange(1, USERS + 10)
        partition = user % 2
        rating = rng.choice([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
        name = f"{user}-{rng.randrange(30)}" if place % 3 else None
        movie = rng.randrange(95, 132)
        more = {"event_id": name}
        rows.append(
            event(offsets[partition], user, movie, rating, place, partition, **more)
        )
        offsets[partition] += 1
    return rows


def content(state, version):
    """Return what an overlay holds, but for when and in which step."""
    address = f"{overlay_file(state / FOLDER, version).as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as store:
        return {
            table: store.execute(
                f"select {columns} from {table} order by 1, 2, 3"
                if columns == "*" and table != "skipped"
                else f"select {columns} from {table} order by 1"
            ).fetchall()
            for table, columns in TABLES.items()
        }


def rounded(rows):
    return [
        tuple(round(one, 6) if isinstance(one, float) else one for one in row)
        for row in rows
    ]


def kill_after(state, seconds):
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(state), TOPIC], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"begun\n"
    time.sleep(seconds)
    process.kill()
    process.wait()
    process.stdout.close()


def test_who_was_killed_goes_on_where_the_last_transaction_ended(
    state, exports, fold, monkeypatch
):
    rng = random.Random(5)
    version, _ = published(exports)
    rows = events(rng)
    per_kill, in_the_midst = len(rows) // KILLS, 0
    for place in range(KILLS):
        for first in range(0, per_kill, 50):
            start = place * per_kill + first
            append(state, rows[start : start + 50])
        if place == KILLS // 2:
            compact(state)
        kill_after(state, rng.uniform(0, 0.4))
        if overlay_file(state / FOLDER, version).exists():
            ends = content(state, version)["positions"]
            in_the_midst += sum(end for *_, end in ends) < (place + 1) * per_kill
    fold()
    assert in_the_midst
    killed = content(state, version)
    other = state.with_name("in_one_go")
    shutil.copytree(state, other, ignore=shutil.ignore_patterns(f"{FOLDER}*"))
    monkeypatch.setattr(module, "MOST_ROWS", ROWS)
    with closing(open_version(other / "exports", version)) as opened:
        module.fold_once(opened, other, TOPIC)
    whole = content(other, version)
    assert len(killed["ratings"]) > ROWS / 2
    assert sum(count for _, count in killed["skipped"]) > 100
    for table in TABLES:
        assert rounded(killed[table]) == rounded(whole[table]), table
