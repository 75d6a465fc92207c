"""The writing side of an overlay: made in one step, and changed in transactions."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from uuid import uuid4

import orjson

from cinespark.files import NEW, make_folder, remove, unfinished
from cinespark.lock import locked
from cinespark.serve.ids import PublicId
from cinespark.serve.lists import Place
from cinespark.versions.overlay import BESIDE, SCHEMA, overlay_file, remove_overlay
from cinespark.versions.serving_file import COLUMNS

FORM = 2  # of the tables: another release may want others
WAIT = 60.0  # seconds for another writer
AT_A_TIME = 500  # ids in a statement
LISTS = ("reason_movie_ids", "reason_contributions", "rule_lines")  # kept as texts
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
log = logging.getLogger("cinespark.stream")

# topic, partition, offset, user_id, movie_id, rating, rated_at in seconds, event_id
Rating = tuple[str, int, int, PublicId, PublicId, float, int, str | None]
INSERT = "insert or ignore into ratings values (?, ?, ?, ?, ?, ?, ?, ?)"
KNOW = "insert or ignore into events values (?)"


def open_overlay(
    folder: Path,
    version: str,
    topic: str,
    start: Mapping[int, int],
    learnt: Iterable[int] = (),
) -> sqlite3.Connection:
    """Open the overlay of a version for writing, made if it is not there.

    One that is damaged, or of another release, is made anew: it is worked out again.

    Parameters
    ----------
    start
        By partition of the topic, the offset up to which the version has learnt.
    learnt
        Marks of events that it has learnt; asked for where the overlay is made.
    """
    file = overlay_file(folder, version)
    make_folder(folder)
    with locked(folder, on_wait=lambda: None):
        if file.exists() and not is_sound(file):
            remove_overlay(folder, version)
        if not file.exists():
            remove(unfinished(folder))
            make_overlay(file, topic, start, learnt)
    return connected(file)


def connected(file: Path) -> sqlite3.Connection:
    """Return a connection that begins and ends its transactions by itself."""
    store = sqlite3.connect(file, timeout=WAIT, isolation_level=None)
    store.execute("pragma synchronous = normal")  # position and lists go together
    return store


def is_sound(file: Path) -> bool:
    """Return whether a file is an overlay of this release."""
    store = sqlite3.connect(file, timeout=WAIT)
    try:
        ((form,),) = store.execute("pragma user_version")
        states = store.execute("select made_at from state").fetchall()
        return form == FORM and len(states) == 1
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_ERROR, *DAMAGED):
            return False
        raise
    finally:
        store.close()


def removed_if_damaged(folder: Path, version: str) -> bool:
    """Remove the overlay of a version if any page of it is damaged; return whether."""
    file = overlay_file(folder, version)
    with locked(folder, on_wait=lambda: None):
        if not file.exists() or is_whole(file):
            return False
        remove_overlay(folder, version)
    log.warning("an overlay was damaged and is made anew", extra={"path": str(file)})
    return True


def is_whole(file: Path) -> bool:
    """Return whether all of a database can be read."""
    with closing(sqlite3.connect(file, timeout=WAIT)) as store:
        try:
            return store.execute("pragma integrity_check(1)").fetchall() == [("ok",)]
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in DAMAGED:
                return False
            raise


def make_overlay(
    file: Path, topic: str, start: Mapping[int, int], learnt: Iterable[int]
) -> None:
    """Make an overlay in which nothing is folded in; hold its folder's lock."""
    new = file.with_name(f"{NEW}{file.name}-{uuid4().hex[:8]}")
    store = sqlite3.connect(new, isolation_level=None)
    try:
        store.execute("pragma journal_mode = wal")
        store.execute(f"pragma user_version = {FORM}")
        store.execute("begin")
        for statement in SCHEMA:
            store.execute(statement)
        store.execute("insert into state (made_at) values (?)", (now(),))
        move_to(store, topic, start)
        store.executemany(KNOW, ((one,) for one in learnt))
        store.execute("commit")
    finally:
        store.close()
    for name in BESIDE:  # what one left that was removed by hand
        file.with_name(file.name + name).unlink(missing_ok=True)
    new.replace(file)


@contextmanager
def writing(store: sqlite3.Connection) -> Iterator[None]:
    """Write in one transaction, alone; nothing is written if the block raises."""
    store.execute("begin immediate")
    try:
        yield
        store.execute("commit")
    except BaseException:
        with suppress(sqlite3.Error):  # it may have been undone already
            store.execute("rollback")
        raise


def positions_in(store: sqlite3.Connection, topic: str) -> dict[int, int]:
    """Return, by partition of a topic, the offset that comes next."""
    statement = "select partition, next_offset from positions where topic = ?"
    return dict(store.execute(statement, (topic,)).fetchall())


def snapshot_in(store: sqlite3.Connection, topic: str) -> int | None:
    """Return the snapshot whose rows of a topic are all in, None if none is known."""
    statement = "select snapshot_id from snapshots where topic = ?"
    found = store.execute(statement, (topic,)).fetchone()
    return None if found is None else found[0]


def move_to(store: sqlite3.Connection, topic: str, offsets: Mapping[int, int]) -> None:
    """Note which offsets come next."""
    rows = [(topic, partition, offset) for partition, offset in offsets.items()]
    store.executemany("insert or replace into positions values (?, ?, ?)", rows)


def note(store: sqlite3.Connection, topic: str, snapshot: int | None) -> None:
    """Note that all rows of a topic in a snapshot are in, and when."""
    store.execute("update state set folded_at = ?", (now(),))
    store.execute("insert or replace into snapshots values (?, ?)", (topic, snapshot))


def add_ratings(store: sqlite3.Connection, rows: Sequence[Rating]) -> list[Rating]:
    """Add ratings, and return them without those that are in already."""
    return [row for row in rows if is_unknown(store, row) and is_added(store, row)]


def is_unknown(store: sqlite3.Connection, row: Rating) -> bool:
    """Return whether a rating comes under an event_id that counts not yet, or none."""
    user_id, event_id = row[3], row[7]
    if event_id is None:
        return True
    return store.execute(KNOW, (mark_of(user_id, event_id),)).rowcount == 1


def is_added(store: sqlite3.Connection, row: Rating) -> bool:
    """Add a rating, and return whether its record was not in."""
    return store.execute(INSERT, row).rowcount == 1


def mark_of(user_id: PublicId, event_id: str) -> int:
    """Return what stands for an event of a user's: 8 bytes of a sum.

    Two of ten million are the same with a chance of one in 300,000.
    """
    text = f"{user_id}\n{event_id}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)


def add_skipped(store: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Count rows that are no ratings of this data set, by why."""
    store.executemany(
        "insert into skipped values (?, ?) on conflict (why) do update "
        "set row_count = row_count + excluded.row_count",
        counts.items(),
    )


def ratings_of(
    store: sqlite3.Connection, user_ids: Sequence[PublicId]
) -> dict[PublicId, list[tuple[PublicId, float, int]]]:
    """Return what users have rated since the version, in order of time."""
    found: dict[PublicId, list[tuple[PublicId, float, int]]] = {
        one: [] for one in user_ids
    }
    for start in range(0, len(user_ids), AT_A_TIME):
        block = user_ids[start : start + AT_A_TIME]
        statement = (
            "select user_id, movie_id, rating, rated_at from ratings "
            f"where user_id in ({', '.join('?' * len(block))}) "
            'order by user_id, rated_at, partition, "offset"'
        )
        for user, *rating in store.execute(statement, block):
            found[user].append(tuple(rating))
    return found


def put_lists(
    store: sqlite3.Connection,
    lists: Mapping[PublicId, Sequence[Place]],
    new_users: set[PublicId],
) -> None:
    """Put lists of users in the place of those that they had."""
    revision, time = token_hex(8), now()
    users = [(one, one in new_users, revision, time) for one in lists]
    rows = (as_row(one, place) for one, places in lists.items() for place in places)
    marks = ", ".join("?" * len(COLUMNS["recommendations"]))
    store.executemany("insert or replace into users values (?, ?, ?, ?)", users)
    store.executemany(
        "delete from recommendations where user_id = ?", ((one,) for one in lists)
    )
    store.executemany(f"insert into recommendations values ({marks})", rows)


def as_row(user_id: PublicId, place: Place) -> tuple[object, ...]:
    """Return a place of a user's list in the columns of `recommendations`."""
    values = {**vars(place), "user_id": user_id}
    for name in LISTS:
        values[name] = orjson.dumps(values[name]).decode()
    return tuple(values[name] for name in COLUMNS["recommendations"])


def now() -> str:
    """Return the time, in UTC."""
    return f"{datetime.now(UTC):%FT%TZ}"
