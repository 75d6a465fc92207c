"""Read marts as data frames, without Spark."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import ArrowException
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError, ValidationError
from pyiceberg.expressions import AlwaysTrue, And, BooleanExpression, EqualTo
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.typedef import EMPTY_DICT, Properties
from sqlalchemy.exc import SQLAlchemyError

from cinespark.errors import CineSparkError

EVERY_ROW = AlwaysTrue()
CATALOG = "lake"  # what the adapter calls it
SCHEMA, WAREHOUSE = "cinespark.schema", "cinespark.warehouse"

# what pyiceberg and pyarrow raise of torn files, of each format another
UNREADABLE = (
    *(OSError, ValueError, KeyError, EOFError, AssertionError),
    *(ArrowException, ValidationError),
)

Marts = dict[str, pd.DataFrame | None]


class FilesHere(PyArrowFileIO):
    """Reads a schema's files below the state folder, wherever they were made.

    The adapter's tables hold locations that are relative to the project's folder, or
    absolute ones, which a move of the state folder makes wrong.
    """

    @staticmethod
    def parse_location(
        location: str, properties: Properties = EMPTY_DICT
    ) -> tuple[str, str, str]:
        _, inside, rest = location.rpartition(f"/warehouse/{properties[SCHEMA]}/")
        if inside:
            location = f"{properties[WAREHOUSE]}/{properties[SCHEMA]}/{rest}"
        return PyArrowFileIO.parse_location(location, properties)


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
    with opened(state, schema) as catalog:
        return {name: _read(catalog, schema, name) for name in names}


def read_rows(
    state: Path,
    schema: str,
    name: str,
    wanted: Mapping[str, str],
    columns: Iterable[str],
) -> pd.DataFrame | None:
    """Return columns of the rows of a table that have these values, None without one.

    Raises
    ------
    CineSparkError
        As `read_marts` does.
    """
    equal: Any = EqualTo  # whose types are those of its fields
    values = [equal(column, value) for column, value in wanted.items()]
    with opened(state, schema) as catalog:
        return _read(catalog, schema, name, And(*values), tuple(columns))


@contextmanager
def opened(state: Path, schema: str) -> Iterator[SqlCatalog]:
    """Open the catalog of a state folder, whose files of a schema can be read then."""
    file = state / "catalog.db"
    if not file.is_file():
        raise CineSparkError(
            f"nothing is built, {file} is missing: run `make run`, or `dbt build`"
        )
    # its tables are the adapter's to make
    options = {
        "uri": f"sqlite:///{file}",
        "init_catalog_tables": "false",
        "py-io-impl": f"{__name__}.{FilesHere.__name__}",
        SCHEMA: schema,
        WAREHOUSE: str(state / "warehouse"),
    }
    try:
        with closing(SqlCatalog(CATALOG, **options)) as catalog:
            there = sorted(".".join(schema) for schema in catalog.list_namespaces())
            if schema in there:
                yield catalog
                return
    except SQLAlchemyError as error:
        words = getattr(error, "orig", None) or error
        raise CineSparkError(
            f"{file} cannot be read ({words}): delete it and {state / 'warehouse'} and "
            "build again with `dbt build`"
        ) from error
    raise CineSparkError(
        f"no schema {schema} in {file}: give --schema one of those that are "
        f"there ({', '.join(there) or 'none yet'}), or run `dbt build`"
    )


def _read(
    catalog: SqlCatalog,
    schema: str,
    name: str,
    wanted: BooleanExpression = EVERY_ROW,
    columns: tuple[str, ...] = ("*",),
) -> pd.DataFrame | None:
    try:
        return catalog.load_table((schema, name)).scan(wanted, columns).to_pandas()
    except NoSuchTableError:
        return None
    except FileNotFoundError as error:
        raise CineSparkError(
            f"a file of the table {name} is gone ({error}): if a build is running, "
            "wait until it has ended and try again; if not, run `dbt build`"
        ) from error
    except UNREADABLE as error:
        words = " ".join(str(error).split())
        raise CineSparkError(
            f"the table {schema}.{name} cannot be read ({words[:200]}): drop it with "
            f'`cinespark sql --write "drop table {schema}.{name}"` and run `dbt build`'
        ) from error
