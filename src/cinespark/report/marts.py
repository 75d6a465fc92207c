"""Read marts as data frames, without Spark."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError

from cinespark.errors import CineSparkError

CATALOG = "lake"  # what the adapter calls it

Marts = dict[str, pd.DataFrame | None]


def read_marts(state: Path, schema: str, names: Iterable[str]) -> Marts:
    """Return tables by name, None for a table that does not exist.

    Parameters
    ----------
    state
        The state folder, with `catalog.db`.
    schema
        The schema that was built.

    Raises
    ------
    CineSparkError
        If nothing has been built, or nothing in this schema, or if a build replaced a
        table while it was being read.
    """
    file = state / "catalog.db"
    if not file.is_file():
        raise CineSparkError(
            f"nothing is built, {file} is missing: run `make run`, or `dbt build`"
        )
    # its tables are the adapter's to make
    options = {"uri": f"sqlite:///{file}", "init_catalog_tables": "false"}
    catalog = SqlCatalog(CATALOG, **options)
    try:
        there = sorted(".".join(schema) for schema in catalog.list_namespaces())
        if schema not in there:
            raise CineSparkError(
                f"no schema {schema} in {file}: give --schema one of those that are "
                f"there ({', '.join(there) or 'none yet'}), or run `dbt build`"
            )
        return {name: _read(catalog, schema, name) for name in names}
    finally:
        catalog.close()


def _read(catalog: SqlCatalog, schema: str, name: str) -> pd.DataFrame | None:
    try:
        return catalog.load_table((schema, name)).scan().to_pandas()
    except NoSuchTableError:
        return None
    except FileNotFoundError as error:
        raise CineSparkError(
            f"a file of the table {name} is gone ({error}): if a build is running, "
            "wait until it has ended and try again; if not, run `dbt build`"
        ) from error
