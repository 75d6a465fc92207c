"""The table `raw.rating_events` as a stream writes it, made by pyiceberg alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.schema import Schema
from pyiceberg.types import (
    BinaryType,
    DoubleType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)

NAME = ("raw", "rating_events")
KINDS = {
    "topic": StringType(),
    "partition": IntegerType(),
    "offset": LongType(),
    "sent_at": TimestamptzType(),
    "ingested_at": TimestamptzType(),
    "raw_key": BinaryType(),
    "raw_value": BinaryType(),
    "user_id": StringType(),
    "movie_id": StringType(),
    "rating": DoubleType(),
    "rated_at": TimestamptzType(),
    "event_id": StringType(),
    "reason": StringType(),
}
SCHEMA = Schema(
    *(
        NestedField(place, name, kind, required=False)
        for place, (name, kind) in enumerate(KINDS.items(), 1)
    )
)


@contextmanager
def catalog_of(state: Path) -> Iterator[SqlCatalog]:
    """Give the catalog of a state folder, as the adapter makes one."""
    state.mkdir(exist_ok=True)
    catalog = SqlCatalog(
        "lake",
        uri=f"sqlite:///{state / 'catalog.db'}",
        warehouse=str(state / "warehouse"),
    )
    try:
        yield catalog
    finally:
        catalog.close()


def append(state: Path, rows: list[dict[str, Any]]) -> None:
    """Append rows in one snapshot; the table is made if it is not there."""
    with catalog_of(state) as catalog:
        catalog.create_namespace_if_not_exists(NAME[0])
        table = catalog.create_table_if_not_exists(
            NAME, SCHEMA, location=str(state / "warehouse" / Path(*NAME))
        )
        table.append(pa.Table.from_pylist(rows, SCHEMA.as_arrow()))


def event(
    topic: str,
    offset: int,
    user: object,
    movie: object,
    rating: float,
    rated_at: int,
    partition: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """Return a row; ids in public, the time in seconds."""
    return {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "sent_at": datetime.fromtimestamp(rated_at, UTC),
        "user_id": str(user),
        "movie_id": str(movie),
        "rating": rating,
        "rated_at": datetime.fromtimestamp(rated_at, UTC),
        **more,
    }
