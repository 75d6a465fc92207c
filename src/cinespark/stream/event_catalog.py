"""Whether there is a table of the stream, and where it is: asked often, and at once."""

import sqlite3
from contextlib import closing
from pathlib import Path

CATALOG = "catalog.db"  # of the state folder
NAMESPACE, NAME = "raw", "rating_events"
WHERE = """
    select metadata_location
    from iceberg_tables
    where table_namespace = ? and table_name = ?
"""


def metadata_of(state: Path) -> str | None:
    """Return where the metadata of the table is now, None if there is no table.

    It is another place after each commit, and asking costs next to nothing.
    """
    file = state / CATALOG
    if not file.is_file():
        return None
    address = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as catalog:
        try:
            found = catalog.execute(WHERE, (NAMESPACE, NAME)).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # nothing was ever built
                return None
            raise
    return None if found is None else str(found[0])
