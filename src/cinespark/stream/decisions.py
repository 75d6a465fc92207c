"""What somebody decided on held ratings: `lake.raw.held_decisions`, without Spark.

It is written where `raw.rating_events` is, by pyiceberg, and read by dbt's next build.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.types import LongType, NestedField, StringType, TimestamptzType
from sqlalchemy.exc import OperationalError

from cinespark.errors import CineSparkError
from cinespark.lock import locked
from cinespark.report.marts import CATALOG, WAREHOUSE, FilesHere, opened, read_marts
from cinespark.report.marts import SCHEMA as FILES_OF
from cinespark.stream.event_catalog import NAME, NAMESPACE
from cinespark.stream.holding import beside_maintenance

TABLE = "held_decisions"
RELEASED, REJECTED = "released", "rejected"
SECONDS = 60  # to wait for a commit of somebody else
TEXT, NUMBER, TIME = StringType(), LongType(), TimestamptzType()
COLUMNS = {
    "topic": (TEXT, "The topic, of one data set"),
    "decision_number": (NUMBER, "The place among the decisions on the topic, from 1"),
    "hold_id": (TEXT, "The hold, as held_ratings names it"),
    "decision": (TEXT, "released or rejected"),
    "hold_rule": (TEXT, "Which flood it is"),
    "held_of": (TEXT, "The user or the movie whose flood it is"),
    "window_start": (TIME, "When its window began"),
    "rating_count": (NUMBER, "How many ratings were held"),
    "last_ingested_at": (TIME, "The decision is about records that were there by then"),
    "decided_at": (TIME, "When it was decided"),
    "decided_by": (TEXT, "Who decided"),
    "why": (TEXT, "What was said of it, if anything"),
}

Decision = dict[str, Any]


def decisions(state: Path) -> pd.DataFrame:
    """Return all decisions, in the order of their numbers; empty without any."""
    found = read_marts(state, NAMESPACE, [TABLE])[TABLE]
    if found is None:
        return pd.DataFrame(columns=list(COLUMNS))
    return found.sort_values("decision_number", ignore_index=True)


def add_decisions(state: Path, rows: Sequence[Decision]) -> None:
    """Append decisions to the table, which is made if it is not there.

    One command at a time, none while `cinespark maintain` looks files over.

    Parameters
    ----------
    rows
        COLUMNS but for `decision_number`, which is given here.

    Raises
    ------
    CineSparkError
        If there is no table of the stream, or the catalog cannot be written.
    """
    folder = state / "checkpoints"
    with locked(folder, _nothing), beside_maintenance(folder, _nothing):
        known = decisions(state).groupby("topic")["decision_number"].max().to_dict()
        numbered = []
        for row in rows:
            known[row["topic"]] = int(known.get(row["topic"], 0)) + 1
            numbered.append(row | {"decision_number": known[row["topic"]]})
        try:
            _append(state, numbered)
        except OperationalError as error:
            raise CineSparkError(
                f"{state / 'catalog.db'} cannot be written ({error.orig}), so nothing "
                "is decided: try again when no build commits a table"
            ) from error


def _append(state: Path, rows: Sequence[Decision]) -> None:
    with opened(state, NAMESPACE) as reading:
        events = reading.load_table((NAMESPACE, NAME)).location()
    options = {
        "uri": f"sqlite:///{state / 'catalog.db'}?timeout={SECONDS}",
        "init_catalog_tables": "false",
        "py-io-impl": f"{FilesHere.__module__}.{FilesHere.__name__}",
        FILES_OF: NAMESPACE,
        WAREHOUSE: str(state / "warehouse"),
    }
    with closing(SqlCatalog(CATALOG, **options)) as catalog:
        table = _table_in(catalog, f"{events.rsplit('/', 1)[0]}/{TABLE}")
        table.append(pa.Table.from_pylist(list(rows), table.schema().as_arrow()))


def _table_in(catalog: SqlCatalog, location: str) -> Table:
    try:
        return catalog.load_table((NAMESPACE, TABLE))
    except NoSuchTableError:
        fields = [
            NestedField(place, name, kind, required=False, doc=meaning)
            for place, (name, (kind, meaning)) in enumerate(COLUMNS.items(), start=1)
        ]
        return catalog.create_table((NAMESPACE, TABLE), Schema(*fields), location)


def _nothing() -> None:
    """Wait without a word: whoever is waited for takes seconds."""
