"""The table `raw.rating_events` as a stream writes it, made by pyiceberg alone."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from made_service import about, service_content
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.io.pyarrow import _dataframe_to_data_files
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

from cinespark.publish.publish import publish
from cinespark.versions.versions import current_version

TOPIC = "ratings.tiny"  # of the data set of made-up versions
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
def catalog_of(state):
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


def append(state, rows):
    """Append rows in one snapshot; the table is made if it is not there."""
    with catalog_of(state) as catalog:
        catalog.create_namespace_if_not_exists(NAME[0])
        table = catalog.create_table_if_not_exists(
            NAME, SCHEMA, location=str(state / "warehouse" / Path(*NAME))
        )
        table.append(as_table(rows))


def as_table(rows):
    return pa.Table.from_pylist(rows, SCHEMA.as_arrow())


def event(offset, user, movie, rating, rated_at, partition=0, topic=TOPIC, **more):
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


def compact(state):
    """Put all files together in one snapshot that changes no row, as maintenance does.

    pyiceberg writes no snapshot that says `replace`: it is made to say so.
    """
    with catalog_of(state) as catalog:
        table = catalog.load_table(NAME)
        rows = table.scan().to_arrow()
        tasks = list(table.scan().plan_files())
        with table.transaction() as change:
            files = _dataframe_to_data_files(change.table_metadata, rows, table.io)
            with change.update_snapshot().overwrite() as overwrite:
                for task in tasks:
                    overwrite.delete_data_file(task.file)
                for made in files:
                    overwrite.append_data_file(made)
        file = Path(catalog.load_table(NAME).metadata_location)
    text = file.read_text()
    assert text.count('"operation":"overwrite"') == 1
    file.write_text(text.replace('"operation":"overwrite"', '"operation":"replace"'))


def expire(state):
    """Expire all snapshots but the last."""
    with catalog_of(state) as catalog:
        table = catalog.load_table(NAME)
        old = [one.snapshot_id for one in table.snapshots()[:-1]]
        with table.maintenance.expire_snapshots() as change:
            change.by_ids(old)


def drop(state):
    with catalog_of(state) as catalog:
        catalog.drop_table(NAME)


def published(exports, id_type="int", seed=3, rules=None, stream=None, **more):
    """Publish a version, and return its name and the ratings that it was made of.

    Parameters
    ----------
    stream
        By partition, up to where it learnt from the topic.
    more
        As `publish` takes it.
    """
    content, frame = service_content(id_type, seed, rules)
    made = about()
    if stream is not None:
        offsets = {str(one): offset for one, offset in stream.items()}
        dataset = replace(
            made.dataset, stream={"topic": TOPIC, "next_offsets": offsets}
        )
        made = replace(made, dataset=dataset)
    publish(content, exports, made, **more)
    return current_version(exports), frame
