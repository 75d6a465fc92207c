"""The file of a version that answers are read from: lists, movies, neighbours, heads.

A database of SQLite that nobody writes to again. What it holds is in the version's
other files, too, but for what is popular; here a row is found by its key.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from cinespark.errors import CineSparkError
from cinespark.publish.lists_as_text import with_lists_as_text
from cinespark.versions.keys import Dictionary, keys_of
from cinespark.versions.serving_file import COLUMNS, SCHEMA, SERVING

BLOCK = 50_000  # rows that are Python's at a time

Row = tuple[object, ...]


def write_serving(
    recommendations: pa.Table,
    similar_movies: pa.Table,
    movies: pa.Table,
    popular: pa.Table,
    dictionary: Dictionary,
    folder: Path,
) -> int:
    """Write the serving file of a version, and return how many lists' places it has.

    The same tables give the same bytes.

    Parameters
    ----------
    recommendations, similar_movies, movies, popular
        As `Content` has them, in order of their keys.
    dictionary
        What the keys of the arrays are in public.

    Raises
    ------
    CineSparkError
        If Python's SQLite cannot search texts.
    """
    with closing(sqlite3.connect(folder / SERVING, isolation_level=None)) as store:
        # nobody reads it before it is whole, and publishing brings it to the disk
        store.execute("pragma journal_mode = off")
        store.execute("pragma synchronous = off")
        store.execute("begin")
        try:
            for statement in SCHEMA:
                store.execute(statement)
        except sqlite3.OperationalError as error:
            raise CineSparkError(
                f"Python's SQLite {sqlite3.sqlite_version} cannot make the tables that "
                f"are served ({error}): use a Python whose SQLite has FTS5, as those "
                "of Debian and python.org have"
            ) from error
        put(store, "recommendations", rows_of(recommendations, "recommendations"))
        put(store, "made", made(recommendations))
        put(store, "users", with_keys(distinct(recommendations), "user", dictionary))
        named = zip(
            rows_of(movies, "movies"),
            with_keys(movies["movie_id"].to_pylist(), "movie", dictionary),
            strict=True,
        )
        put(store, "movies", ((*row, key) for row, (_, key) in named))
        put(store, "similar", rows_of(similar_movies, "similar"))
        put(store, "popular", rows_of(popular, "popular"))
        store.execute(
            "insert into titles (rowid, title) select rowid, title from movies"
        )
        store.execute("commit")
    return int(recommendations.num_rows)


def put(
    store: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows with all the columns of a table, in their order."""
    marks = ", ".join("?" * len(COLUMNS[table]))
    store.executemany(f"insert into {table} values ({marks})", rows)


def rows_of(table: pa.Table, name: str) -> Iterator[Row]:
    """Yield the rows of a table for one of SQLite, null for columns it lacks."""
    missing = [column for column in COLUMNS[name] if column not in table.column_names]
    for column in missing:
        table = table.append_column(column, pa.nulls(table.num_rows))
    table = table.select([one for one in COLUMNS[name] if not one.endswith("_key")])
    for batch in table.to_batches(max_chunksize=BLOCK):
        rows = with_lists_as_text(pa.Table.from_batches([batch]))
        yield from zip(*(column.to_pylist() for column in rows.columns), strict=True)


def made(recommendations: pa.Table) -> list[Row]:
    """Return by which models the lists were made, and when: one row."""
    last = recommendations.slice(max(0, recommendations.num_rows - 1))
    found: list[object] = []
    for name in COLUMNS["made"]:
        column = last[name] if name in last.column_names else pa.nulls(1)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us"))  # in UTC, as Spark has it
        found += column.to_pylist()
    model, time = found or (None, None)
    return [(model, time and f"{time:%FT%TZ}")]


def distinct(recommendations: pa.Table) -> list[object]:
    """Return the ids of those who have a list, in their order."""
    ids: list[object] = recommendations["user_id"].unique().to_pylist()
    return ids


def with_keys(
    ids: list[object], entity: str, dictionary: Dictionary
) -> Iterator[tuple[object, int]]:
    """Yield ids with their keys."""
    keys = keys_of(ids, entity, dictionary)  # type: ignore[arg-type]
    yield from zip(ids, keys.tolist(), strict=True)
