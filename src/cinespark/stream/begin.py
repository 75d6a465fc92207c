"""Where a stream begins, and why it does not: nothing may be lost or come twice.

The table has the last word on what was read. A checkpoint goes on where it was, as long
as it is about this very table and this very topic; where there is none, the stream
begins after the last record that the table has.
"""

import json
from collections.abc import Callable
from pathlib import Path

from pyspark.sql import SparkSession

from cinespark.errors import CineSparkError
from cinespark.spark_session import one_line
from cinespark.stream import table
from cinespark.stream.checkpoint import (
    Note,
    Plan,
    forget,
    note_of,
    read_note,
    read_plan,
    write_note,
)
from cinespark.stream.upstream import Topic

EARLIEST = -2  # in Spark's offsets


def find_start(
    session: SparkSession,
    name: str,
    topic: Topic,
    checkpoint: Path,
    say: Callable[[str], None],
) -> str:
    """Return Spark's `startingOffsets`, which count where there is no checkpoint.

    Makes the table if it is not there, and notes which table and topic the checkpoint
    is about.

    Parameters
    ----------
    name, topic
        The topic's name, and what the broker has of it.
    say
        Told if the stream does not begin as one would expect.

    Raises
    ------
    CineSparkError
        If the table or the topic is not the one that the checkpoint is about, or if the
        broker no longer has what is to be read next.
    """
    plan, note = read(checkpoint, name, say)
    found = table.uuid_of(session)
    if plan and note and note.table != found:
        raise CineSparkError(
            f"{table.TABLE} is not the table that {checkpoint} was written for: it was "
            f"dropped. Delete that folder (rm -r '{checkpoint}'), and the stream reads "
            f"the topic {name} from its oldest record"
        )
    if note and note.table == found and note.topic_id != topic.topic_id:
        raise CineSparkError(
            made_anew(name, "it has another id than before", checkpoint)
        )
    uuid = found or table.create_table(session)
    if plan and (why := parted(session, name, plan)):
        say(f"{checkpoint.name}: {why}: going on after the table's last record")
        forget(checkpoint)
        plan = None
    if plan:
        require_offsets(name, topic, plan, checkpoint)
        start = {}
    else:
        start = table.next_offsets(session, name) if found else {}
        require_old(name, topic, start, checkpoint)
    write_note(checkpoint, Note(uuid, topic.topic_id))
    return starting_offsets(name, topic, start)


def read(
    checkpoint: Path, name: str, say: Callable[[str], None]
) -> tuple[Plan | None, Note | None]:
    """Return what a checkpoint says; one that is damaged is removed, and says nothing.

    As after a power cut: Spark would not begin with it either.
    """
    try:
        return read_plan(checkpoint, name), read_note(checkpoint)
    except (ValueError, KeyError, FileNotFoundError) as error:
        say(
            f"{checkpoint.name} is damaged ({one_line(str(error))}) and is removed: "
            "going on after the table's last record"
        )
    if checkpoint.exists():
        forget(checkpoint)
    return None, None


def parted(session: SparkSession, name: str, plan: Plan) -> str | None:
    """Return how table and checkpoint are of different moments, None if of one.

    One of them may come from a backup; and a batch may be in the table without Iceberg
    finding that out, if the stream was killed before it noted that, and the snapshot
    was expired since.
    """
    last = table.last_batch(session, plan.query)
    if last is None:
        there, after = table.next_offsets(session, name), plan.next_offsets
        if any(there.get(one, 0) > after.get(one, 0) for one in plan.end):
            what = "it is older" if plan.is_committed else "the snapshot was expired"
            return f"the table has more than batch {plan.batch}, as {what}"
        return None
    if last > plan.batch:
        return f"its last batch is {plan.batch}, and the table has batch {last}"
    if last < (plan.batch if plan.is_committed else plan.batch - 1):
        return f"it has batch {plan.batch}, and the table's last one is {last}"
    return None


def require_offsets(name: str, topic: Topic, plan: Plan, checkpoint: Path) -> None:
    """Raise an error if the broker has not what comes next for a checkpoint."""
    require_old(name, topic, plan.end, checkpoint)
    for partition, offset in plan.next_offsets.items():
        if offset < topic.first[partition]:
            raise CineSparkError(
                f"the records {offset:,} to {topic.first[partition] - 1:,} of "
                f"partition {partition} of {name} were deleted before they were read: "
                "the topic keeps them too shortly, or the stream stood still for too "
                f"long. Delete the folder {checkpoint}, and the stream goes on with "
                "the oldest that is left"
            )


def require_old(
    name: str, topic: Topic, offsets: dict[int, int], checkpoint: Path
) -> None:
    """Raise an error if a topic ends before the offsets that were read of it."""
    for partition, offset in sorted(offsets.items()):
        end = topic.ends.get(partition)
        if end is None or end < offset:
            has = "is not there" if end is None else f"ends at {end:,}"
            why = f"partition {partition} was read up to {offset:,} and {has}"
            raise CineSparkError(made_anew(name, why, checkpoint))


def made_anew(name: str, why: str, checkpoint: Path) -> str:
    """Return what to do about a topic that was deleted and made again."""
    delete = f"delete from {table.TABLE} where topic = '{name}'"
    return (
        f"the topic {name} was made anew ({why}): its records would have the keys of "
        "those that the table has. Name a new topic in CINESPARK_KAFKA_TOPIC; or "
        f'forget the old one: run cinespark sql --write "{delete}", delete '
        f"{checkpoint} and {note_of(checkpoint).name} beside it, and build with "
        "`dbt build --full-refresh`, after which lists follow again"
    )


def starting_offsets(name: str, topic: Topic, start: dict[int, int]) -> str:
    """Return Spark's JSON of where each partition begins."""
    if not start:
        return "earliest"
    begins = {
        str(partition): max(start[partition], first) if partition in start else EARLIEST
        for partition, first in sorted(topic.first.items())
    }
    return json.dumps({name: begins})
