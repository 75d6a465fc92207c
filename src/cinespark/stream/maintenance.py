"""Keep the table of a stream small: many small files and snapshots become few.

Files that are put together stay on the disk until the snapshots before that are
expired, so whoever reads the table meanwhile has that long to end. A batch that is
repeated looks for its own snapshot, so the last ones stay whatever their age.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import SparkSession

from cinespark.stream.table import TABLE
from dbt.adapters.sparksession.orphans import load_table

SNAPSHOTS = 50  # stay whatever their age
YOUNG = timedelta(minutes=10)  # of a snapshot that stays
SMALL_FILES = 100  # in the table before they are put together
MANIFESTS = 100  # in the table before they are written anew
FILE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Size:
    """What a table is made of."""

    snapshots: int
    files: int
    manifests: int
    bytes: int


def size_of(session: SparkSession) -> Size:
    """Return what the table is made of, from its metadata alone."""
    table: Any = load_table(session, TABLE)
    current = table.currentSnapshot()
    if current is None:
        return Size(0, 0, 0, 0)
    said = current.summary()
    return Size(
        int(table.operations().current().snapshots().size()),
        int(said.get("total-data-files")),
        int(current.allManifests(table.io()).size()),
        int(said.get("total-files-size")),
    )


def maintain_table(session: SparkSession, say: Callable[[str], None]) -> None:
    """Expire old snapshots and put small files together, where there are many.

    A stream may append meanwhile, and dbt may read.
    """
    before = size_of(session)
    if before.snapshots > 2 * SNAPSHOTS:
        _call(
            session,
            "expire_snapshots",
            f"older_than => timestamp'{datetime.now(UTC) - YOUNG:%F %T}Z'",
            f"retain_last => {SNAPSHOTS}",
        )
    if before.files - before.bytes // FILE_BYTES > SMALL_FILES:
        _call(
            session,
            "rewrite_data_files",
            "options => map('min-input-files', '20', "
            f"'target-file-size-bytes', '{FILE_BYTES}')",
        )
    if before.manifests > MANIFESTS:
        _call(session, "rewrite_manifests", "use_caching => false")
    after = size_of(session)
    if after != before:
        say(
            f"{TABLE}: {before.files:,} files of data, {before.snapshots:,} snapshots "
            f"and {before.manifests:,} manifests became {after.files:,}, "
            f"{after.snapshots:,} and {after.manifests:,}"
        )


def _call(session: SparkSession, procedure: str, *arguments: str) -> None:
    given = ", ".join((f"table => '{TABLE}'", *arguments))
    session.sql(f"call lake.system.{procedure}({given})").collect()
