"""A stream goes on where it was, whatever happened to it, or says why it cannot."""

import json
import re
import shutil
from pathlib import Path

import pytest
import stream_worker
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from cinespark.errors import CineSparkError
from cinespark.stream.checkpoint import checkpoint_of, note_of, read_plan
from cinespark.topic.producer import sent
from cinespark.topic.topics import make_topic, require_topic

ROOT = Path(__file__).parents[3]
TABLE = "lake.raw.rating_events"


def send(topic, numbers):
    """Send numbered ratings, each of a user and an event of its own."""
    records = [
        (
            str(number).encode(),
            json.dumps(
                {
                    "user_id": number,
                    "movie_id": 1,
                    "rating": 3,
                    "rated_at": number,
                    "event_id": f"event {number}",
                }
            ).encode(),
        )
        for number in numbers
    ]
    sent(topic, records)


def users(spark_does, topic):
    """Return the users of the rows of a topic, in order; one twice is there twice."""
    found = spark_does(
        stream_worker.rows,
        f"select int(user_id) from {TABLE} where topic = '{topic.topic}' order by 1",
    )
    return [row[0] for row in found]


@pytest.fixture
def read_once(spark_does, topic):
    return lambda **manner: spark_does(stream_worker.read_once, topic, **manner)


@pytest.fixture
def checkpoint(state, topic):
    return checkpoint_of(state, topic.topic)


def forget_commit(checkpoint, topic):
    """Let a checkpoint be as if the stream was killed right after its last batch."""
    plan = read_plan(checkpoint, topic.topic)
    assert plan.is_committed
    for name in (str(plan.batch), f".{plan.batch}.crc"):
        (checkpoint / "commits" / name).unlink(missing_ok=True)
    assert not read_plan(checkpoint, topic.topic).is_committed


def test_it_goes_on_where_it_was(spark_does, topic, read_once):
    send(topic, range(30))
    assert read_once(batch=10)[0] == 30
    assert read_once()[0] == 0
    send(topic, range(30, 40))
    assert read_once()[0] == 10
    assert users(spark_does, topic) == list(range(40))


def test_a_batch_that_is_repeated_is_written_once(
    spark_does, topic, read_once, checkpoint
):
    send(topic, range(30))
    read_once(batch=10)
    forget_commit(checkpoint, topic)
    send(topic, range(30, 35))
    read_once()
    assert users(spark_does, topic) == list(range(35))


def test_a_batch_is_repeated_rightly_after_maintenance(
    spark_does, topic, read_once, checkpoint
):
    send(topic, range(30))
    read_once(batch=2)
    forget_commit(checkpoint, topic)
    before = spark_does(stream_worker.size)
    after = spark_does(stream_worker.maintain)
    assert after.files < before.files
    send(topic, range(30, 35))
    read_once()
    assert users(spark_does, topic) == list(range(35))


def test_a_batch_whose_snapshot_is_gone_is_written_once(
    spark_does, topic, read_once, checkpoint
):
    send(topic, range(30))
    read_once(batch=10)
    forget_commit(checkpoint, topic)
    # more snapshots than are kept: as if other streams had gone on for long
    spark_does(stream_worker.expire_all)
    send(topic, range(30, 35))
    *_, said = read_once()
    assert any("the snapshot was expired" in line for line in said)
    assert users(spark_does, topic) == list(range(35))


def test_a_batch_that_was_not_written_is(spark_does, topic, read_once, checkpoint):
    send(topic, range(20))
    read_once(batch=10)
    plan = read_plan(checkpoint, topic.topic)
    forget_commit(checkpoint, topic)
    ends = " or ".join(
        f"partition = {partition} and offset >= {offset}"
        for partition, offset in plan.start.items()
    )
    spark_does(
        stream_worker.rows,
        f"delete from {TABLE} where topic = '{topic.topic}' and ({ends})",
    )
    spark_does(stream_worker.expire_all)
    assert len(users(spark_does, topic)) == 10
    read_once()
    assert users(spark_does, topic) == list(range(20))


def test_a_lost_checkpoint_loses_and_doubles_nothing(
    spark_does, topic, read_once, checkpoint
):
    send(topic, range(30))
    read_once(batch=7)
    shutil.rmtree(checkpoint)
    send(topic, range(30, 35))
    assert read_once()[0] == 5
    assert users(spark_does, topic) == list(range(35))


def test_a_checkpoint_from_a_backup_loses_and_doubles_nothing(
    spark_does, topic, read_once, checkpoint, tmp_path
):
    send(topic, range(30))
    read_once(batch=7)
    shutil.copytree(checkpoint, tmp_path / "backup")
    send(topic, range(30, 50))
    read_once(batch=7)
    shutil.rmtree(checkpoint)
    shutil.copytree(tmp_path / "backup", checkpoint)
    send(topic, range(50, 60))
    *_, said = read_once(batch=7)
    assert any("and the table has batch" in line for line in said)
    assert users(spark_does, topic) == list(range(60))


def test_a_table_from_a_backup_is_filled_up(spark_does, topic, read_once):
    send(topic, range(30))
    read_once(batch=7)
    snapshots = f"select max_by(snapshot_id, committed_at) from {TABLE}.snapshots"
    ((before,),) = spark_does(stream_worker.rows, snapshots)
    send(topic, range(30, 50))
    read_once(batch=7)
    spark_does(
        stream_worker.rows,
        f"call lake.system.set_current_snapshot('{TABLE}', {before})",
    )
    assert users(spark_does, topic) == list(range(30))
    send(topic, range(50, 60))
    *_, said = read_once(batch=7)
    assert any("and the table's last one is" in line for line in said)
    assert users(spark_does, topic) == list(range(60))


def delete_topic(topic):
    admin = AdminClient({"bootstrap.servers": topic.bootstrap})
    admin.delete_topics([topic.topic])[topic.topic].result(10)


def test_a_topic_made_anew_is_refused_with_the_way_out(
    spark_does, topic, read_once, checkpoint
):
    send(topic, range(10))
    read_once()
    delete_topic(topic)
    make_topic(AdminClient({"bootstrap.servers": topic.bootstrap}), topic, 10)
    send(topic, range(100, 120))  # more than before, so that the offsets would do
    with pytest.raises(CineSparkError, match=r"was made anew .* another id") as error:
        read_once()
    # the way out that it names
    delete = str(error.value).split('"')[1]
    assert delete.startswith("delete from")
    spark_does(stream_worker.rows, delete)
    shutil.rmtree(checkpoint)
    note_of(checkpoint).unlink()
    read_once()
    assert users(spark_does, topic) == list(range(100, 120))


def test_a_topic_that_ends_before_what_was_read_is_refused(
    topic, read_once, checkpoint
):
    send(topic, range(10))
    read_once()
    delete_topic(topic)
    require_topic(topic)
    shutil.rmtree(checkpoint)
    note_of(checkpoint).unlink()  # as if there had never been one
    with pytest.raises(CineSparkError, match=r"made anew \(partition . was read up to"):
        read_once()


def test_a_dropped_table_is_refused_with_the_way_out(
    spark_does, topic, read_once, checkpoint
):
    send(topic, range(5))
    read_once()
    spark_does(stream_worker.rows, f"drop table {TABLE}")
    with pytest.raises(CineSparkError, match="it was dropped") as error:
        read_once()
    assert str(checkpoint) in str(error.value)
    shutil.rmtree(checkpoint)
    read_once()
    assert users(spark_does, topic) == list(range(5))


def test_a_gap_in_the_topic_is_named(topic, read_once, checkpoint, spark_does):
    send(topic, range(10))
    read_once()
    send(topic, range(10, 30))
    admin = AdminClient({"bootstrap.servers": topic.bootstrap})
    everything = [TopicPartition(topic.topic, number, -1) for number in range(2)]
    for one in admin.delete_records(everything).values():
        one.result(10)
    send(topic, range(30, 33))
    with pytest.raises(CineSparkError, match="were deleted before they were read"):
        read_once()
    shutil.rmtree(checkpoint)  # the way out that it names
    read_once()
    assert users(spark_does, topic) == [*range(10), *range(30, 33)]


def test_the_job_of_the_docs_reads_what_is_there(spark_does, topic, tmp_path):
    text = (ROOT / "docs" / "streaming.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.S)[1]
    assert "s3://lake" in code
    send(topic, range(9))
    for _ in range(2):  # the next run of a schedule has nothing to do
        code = code.replace("s3://lake", str(tmp_path))
        spark_does(stream_worker.run_job, code, topic)
        assert users(spark_does, topic) == list(range(9))
