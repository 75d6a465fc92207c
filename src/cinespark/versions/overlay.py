"""The overlay of a version: what people rated since, and the lists that came of it.

A database of SQLite for each version, in a folder beside those of the versions. One
process writes to it; those that answer read it before the version's own file. It holds
what can be worked out again from the stream: it may be removed at any time.
"""

import logging
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

from cinespark.versions.serving_file import RECOMMENDATIONS
from cinespark.versions.versions import VERSION, versions

FOLDER = "overlays"  # of the state folder
SUFFIX = ".sqlite"
BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a database that is written to
log = logging.getLogger("cinespark.serve")

SCHEMA = (
    "create table state (made_at text not null, folded_at text)",  # one row
    # the snapshot of the table rating_events whose rows of the topic are all in here
    """
    create table snapshots (
        topic text primary key,
        snapshot_id integer
    ) without rowid
    """,
    """
    create table positions (
        topic text not null,
        partition integer not null,
        next_offset integer not null,
        primary key (topic, partition)
    ) without rowid
    """,
    # times in seconds since 1970
    """
    create table ratings (
        topic text not null,
        partition integer not null,
        "offset" integer not null,
        user_id not null,
        movie_id not null,
        rating real not null,
        rated_at integer not null,
        event_id text,
        primary key (topic, partition, "offset")
    )
    """,
    "create index ratings_of_users on ratings (user_id)",
    # of each event_id of a user's that counts already, here or in the version
    "create table events (mark integer primary key)",
    # whose list is in here; another revision with each list
    """
    create table users (
        user_id not null primary key,
        is_new integer not null,
        revision text not null,
        folded_at text not null
    ) without rowid
    """,
    RECOMMENDATIONS,
    # rows of the stream that are no ratings of this data set
    "create table skipped (why text primary key, row_count integer not null)",
)
USER = "select user_id, is_new, revision, folded_at from users where user_id = ?"
LIST = """
    select listed.*, users.folded_at
    from users
    inner join recommendations as listed on listed.user_id = users.user_id
    where users.user_id = ? and listed.rank <= ?
    order by listed.rank
"""
RATINGS_OF_USER = """
    select movie_id, rating, rated_at
    from ratings
    where user_id = ?
    order by rated_at, partition, "offset"
"""
NEW_USERS = """
    select user_id from users where user_id between ? and ? and is_new limit ?
"""
STATE = """
    select
        folded_at,
        (select count(*) from users) as users,
        (select count(*) from users where is_new) as new_users,
        (select count(*) from ratings) as ratings,
        (select coalesce(sum(row_count), 0) from skipped) as skipped
    from state
"""
POSITIONS = "select topic, partition, next_offset from positions order by 1, 2"


def overlay_file(folder: Path, version: str) -> Path:
    """Return where the overlay of a version is, if it has one."""
    return folder / f"{version}{SUFFIX}"


def remove_overlay(folder: Path, version: str) -> None:
    """Remove the overlay of a version, if it has one; who reads it reads on."""
    file = overlay_file(folder, version)
    for name in (file.name, *(f"{file.name}{one}" for one in BESIDE)):
        (folder / name).unlink(missing_ok=True)


def remove_overlays_left(folder: Path, exports: Path) -> list[str]:
    """Remove the overlays of versions that went, and return whose they were."""
    there = versions(exports)
    found = (file.name.removesuffix(SUFFIX) for file in folder.glob(f"*{SUFFIX}"))
    left = [one for one in found if VERSION.fullmatch(one) and one not in there]
    for version in left:
        remove_overlay(folder, version)
    return left


class Overlay:
    """The overlay of a version for those who read it, whether it is there or not.

    It may come, go or be another one at any time: who asks looks at the file first,
    which costs some microseconds. One that cannot be read is none, and the log says so.

    Parameters
    ----------
    file
        None where there never is one.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._path = str(file)
        self._address = f"{file.absolute().as_uri()}?mode=ro" if file else ""
        self._own = threading.local()
        self._lock = threading.Lock()
        self._opened: list[sqlite3.Connection] = []
        self.problem: str | None = None

    def ask(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows that a statement finds, none where there is no overlay.

        Those of one statement are of one moment.
        """
        if self._file is None:
            return []
        try:
            inode = os.stat(self._path).st_ino  # noqa: PTH116, a third of the time
        except OSError:
            if getattr(self._own, "store", None) is not None:
                self._forget()
            return []
        try:
            store = self._connection(inode)
            found = list(store.execute(statement, values))
        except sqlite3.Error as error:
            self._complain(str(error))
            self._forget()
            return []
        self.problem = None
        return found

    def close(self) -> None:
        """Close the connections of all threads, once nobody asks any more."""
        with self._lock:
            for store in self._opened:
                store.close()
            self._opened.clear()

    def _connection(self, inode: int) -> sqlite3.Connection:
        own = self._own
        if getattr(own, "store", None) is not None and own.inode == inode:
            return own.store  # type: ignore[no-any-return]
        self._forget()
        store = sqlite3.connect(
            self._address, uri=True, isolation_level=None, check_same_thread=False
        )
        store.row_factory = sqlite3.Row
        with self._lock:
            self._opened.append(store)
        own.store, own.inode = store, inode
        return store

    def _forget(self) -> None:
        store = getattr(self._own, "store", None)
        self._own.store = None
        if store is not None:
            with self._lock, suppress(ValueError):
                self._opened.remove(store)
            store.close()

    def _complain(self, words: str) -> None:
        if self.problem != words:
            log.error(
                "an overlay cannot be read, so published lists are answered",
                extra={"path": self._path, "reason": words},
            )
        self.problem = words


NO_OVERLAY = Overlay(None)
