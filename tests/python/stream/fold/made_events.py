"""Rows of a stream, what maintenance does to their table, and versions to fold into."""

from dataclasses import replace
from pathlib import Path

from made_service import about, service_content
from pyiceberg.io.pyarrow import _dataframe_to_data_files
from serving.made_up_events import NAME, append, catalog_of
from serving.made_up_events import event as row_of

from cinespark.publish.publish import publish
from cinespark.versions.versions import current_version

TOPIC = "ratings.tiny"  # of the data set of made-up versions


def event(offset, user, movie, rating, rated_at, partition=0, topic=TOPIC, **more):
    """Return a row; ids in public, the time in seconds."""
    return row_of(topic, offset, user, movie, rating, rated_at, partition, **more)


__all__ = ["TOPIC", "append", "compact", "drop", "event", "expire", "published"]


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
