"""Where the tables of a state folder were made, which their metadata holds."""

import sqlite3
from contextlib import closing
from pathlib import Path, PurePath
from urllib.parse import quote

from dbt.adapters.sparksession.machine import Finding

ASK = "select metadata_location from iceberg_tables"


def find_tables(state_dir: Path) -> Finding:
    """Return whether the catalog can be read and its tables were made in this folder.

    Where they were not, Spark would not find them, or write to the old place: a state
    folder outside of the project was moved, or one in it was renamed. Other locations
    are relative to the project.
    """
    catalog, warehouse = state_dir / "catalog.db", state_dir / "warehouse"
    again = f"delete {catalog} and {warehouse}, then run `dbt build`"
    if not catalog.exists():
        return Finding("tables", "none yet")
    uri = f"file:{quote(str(catalog))}?mode=ro"  # never makes a file
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            files = [row[0] for row in database.execute(ASK) if row[0]]
    except sqlite3.Error as error:
        return Finding("tables", f"{catalog} cannot be read ({error})", again)
    # <warehouse>/<schema>/<table>/metadata/<file>
    paths = [PurePath(file.removeprefix("file:")) for file in files]
    places = {path.parents[3] for path in paths if len(path.parents) > 3}
    for place in sorted(places):
        if not is_same(place, warehouse):
            found = f"those of {catalog} were made in {place}, so the folder was moved"
            return Finding("tables", found, f"move it back, or {again}")
    return Finding("tables", f"{len(files)} in {warehouse}")


def is_same(place: PurePath, warehouse: Path) -> bool:
    """Return whether a place, maybe relative to some project, is the warehouse."""
    if place.is_absolute():
        return Path(place) == warehouse
    return warehouse.parts[-len(place.parts) :] == place.parts
