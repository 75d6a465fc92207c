"""What the doctor finds: the adapter's findings on the machine, and the data."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cinespark.data.known import KNOWN, SAMPLE
from cinespark.data.landing import MANIFEST, read_whole
from cinespark.paths import command, data_of
from cinespark.printable import printable
from dbt.adapters.sparksession import machine
from dbt.adapters.sparksession.machine import Finding
from dbt.adapters.sparksession.odd_paths import find_folder
from dbt.adapters.sparksession.place import find_tables


def look_around(state_dir: Path) -> list[Finding]:
    """Return a finding for everything a build needs from this machine."""
    findings = machine.look_around(state_dir, command(state_dir, "jars"))
    others = (
        find_folder(state_dir),
        find_tables(state_dir),
        find_data(state_dir),
        find_sqlite(),
    )
    return [
        Finding(one.subject, printable(one.found), printable(one.remedy))
        for one in (*findings, *others)
    ]


def find_data(state_dir: Path) -> Finding:
    current = data_of(state_dir)
    if not (current / MANIFEST).is_file():
        found = f"no {current / MANIFEST}"
        return Finding("data", found, f"run `{command(state_dir, 'data ml-100k')}`")
    manifest = read_whole(current)
    if manifest is None:
        dataset = (
            current.parent / current.readlink() if current.is_symlink() else current
        )
        name = dataset.name
        found = f"{dataset} is damaged: not as its {MANIFEST} says"
        again = f"data {name if name in (*KNOWN, SAMPLE) else 'FOLDER'}"
        remedy = f"bring it again: `{command(state_dir, again)}`"
        return Finding("data", found, remedy)
    ratings = f"{manifest.rows('ratings.csv'):,} ratings"
    return Finding("data", f"{manifest.about.dataset}, {ratings}")


def find_sqlite() -> Finding:
    """Return whether Python's SQLite can search titles, as versions need it."""
    with closing(sqlite3.connect(":memory:")) as store:
        try:
            store.execute("create virtual table titles using fts5 (title)")
        except sqlite3.OperationalError as error:
            remedy = "use a Python whose SQLite has FTS5, as those of Debian have"
            return Finding("SQLite", f"{sqlite3.sqlite_version}: {error}", remedy)
    return Finding("SQLite", f"{sqlite3.sqlite_version}, with FTS5")
