"""Run one SQL query on a target's tables, and serialise its rows."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, struct, to_json
from pyspark.sql.types import NumericType

from cinespark.errors import CineSparkError
from cinespark.printable import without_formula
from cinespark.show.reads_only import require_no_program, require_reading
from cinespark.spark_session import credentials_of, read_profile, start_session, worded


@dataclass(frozen=True)
class Answer:
    """The first rows of a result, as cells that Spark formatted and as JSON objects."""

    columns: list[str]
    is_number: list[bool]
    cells: list[list[str | None]]
    objects: list[str]
    has_more: bool


def ask(
    root: Path,
    target: str | None,
    state: Path | None,
    sql: str,
    limit: int,
    *,
    write: bool = False,
) -> Answer:
    """Run one statement on a target of the project's profile.

    Parameters
    ----------
    write
        Whether it may be one that does more than read.

    Raises
    ------
    CineSparkError
        If the profile cannot be used, Spark does not start, the statement fails, or it
        does more than read and may not.
    """
    session = open_session(root, target, state)
    with worded():
        if not write:
            require_reading(session, sql)
        frame = session.sql(sql)
        if not write:
            require_no_program(frame, sql)
        return answer(frame, limit)


def open_session(root: Path, target: str | None, state: Path | None) -> SparkSession:
    """Return a session on the tables of a target.

    Raises
    ------
    CineSparkError
        If the profile cannot be used, Spark does not start, or nothing is built yet.
    """
    profile = read_profile(root, target)
    credentials = credentials_of(profile, root, state)
    schema = str(credentials.schema)
    session = start_session(credentials)
    with worded():
        if not session.catalog.databaseExists(schema):
            raise CineSparkError(
                f"target {profile.target_name} has no schema {schema} in "
                f"{credentials.state_dir} yet: run "
                f"`dbt build --target {profile.target_name}` first"
            )
        session.catalog.setCurrentDatabase(schema)
    return session


def answer(frame: DataFrame, limit: int) -> Answer:
    """Return the first rows; Spark formats each value, so that any type will do."""
    fields = frame.schema.fields
    cells, objects = _written(frame, limit + 1) if fields else ([], [])
    return Answer(
        columns=[field.name for field in fields],
        is_number=[isinstance(field.dataType, NumericType) for field in fields],
        cells=cells[:limit],
        objects=objects[:limit],
        has_more=len(cells) > limit,
    )


def _written(frame: DataFrame, limit: int) -> tuple[list[list[str | None]], list[str]]:
    """Return the first rows as cells and as JSON."""
    places = [f"_{place}" for place in range(len(frame.columns))]
    named = zip(places, frame.columns, strict=True)  # names may come twice
    whole = struct(*(col(place).alias(name) for place, name in named))
    rows = (
        frame.toDF(*places)
        .limit(limit)
        .select(
            *(col(place).cast("string") for place in places),
            to_json(whole, {"ignoreNullFields": "false"}),
        )
        .collect()
    )
    return [list(row[:-1]) for row in rows], [row[-1] for row in rows]


def as_csv(answer: Answer) -> str:
    """Return a result as CSV with a header; null is an empty field.

    A text that a spreadsheet would run as a formula has a ' before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(without_formula, answer.columns))
    for row in answer.cells:
        writer.writerow(
            cell if is_number or cell is None else without_formula(cell)
            for cell, is_number in zip(row, answer.is_number, strict=True)
        )
    return text.getvalue().rstrip("\n")


def as_json(answer: Answer) -> str:
    """Return a result as one JSON array, one row per line."""
    return "[" + ",\n ".join(answer.objects) + "]"
