"""`cinespark stream` as a process: how it is ended, and how it ends by itself."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import stream_worker

from cinespark.errors import CineSparkError
from cinespark.stream.checkpoint import checkpoint_of
from cinespark.stream.upstream import look_at
from cinespark.topic.producer import sent
from cinespark.topic.settings import KafkaSettings

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
TABLE = "lake.raw.rating_events"
GOOD = json.dumps({"user_id": 1, "movie_id": 1, "rating": 3, "rated_at": 1}).encode()


@contextmanager
def streaming(state, topic, *words):
    """Run the command and give its process, which ends with the block at the latest."""
    process = subprocess.Popen(
        [BIN / "cinespark", "--state-dir", state, "stream", *words],
        cwd=ROOT,
        env=os.environ
        | {
            "CINESPARK_KAFKA_BOOTSTRAP": topic.bootstrap,
            "CINESPARK_KAFKA_TOPIC": topic.topic,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def await_batches(state, topic, number):
    """Wait until so many batches are committed."""
    commits = checkpoint_of(state, topic.topic) / "commits"
    latest = time.monotonic() + 90
    while len([one for one in commits.glob("*") if one.name.isdigit()]) < number:
        assert time.monotonic() < latest
        time.sleep(0.1)


def count(spark_does, topic):
    query = f"select count(*) from {TABLE} where topic = '{topic.topic}'"
    return spark_does(stream_worker.rows, query)[0][0]


def test_sigterm_ends_it_after_its_batch_and_a_second_one_is_refused(
    state, topic, spark_does
):
    with streaming(state, topic, "--every", "0.3") as process:
        sent(topic, [(b"1", GOOD)] * 500)
        await_batches(state, topic, 1)
        with streaming(state, topic) as second:
            out, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"process {process.pid} streams {topic.topic} into" in out
        assert out.count("\n") == 1
        sent(topic, [(b"1", GOOD)] * 500)
        await_batches(state, topic, 2)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert "stopped: 1,000 records" in out
    assert count(spark_does, topic) == 1_000
    assert "WARN" not in out
    assert "Exception" not in out


def test_ctrl_c_ends_it_too_and_the_holder_is_forgotten(state, topic):
    with streaming(state, topic) as process:
        sent(topic, [(b"1", GOOD)])
        await_batches(state, topic, 1)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    checkpoint = checkpoint_of(state, topic.topic)
    assert not checkpoint.with_name(f"{checkpoint.name}.holder").exists()


def test_a_dead_query_is_one_sentence_and_an_exit_code(state, topic, spark_does):
    with streaming(state, topic, "--every", "0.3") as process:
        sent(topic, [(b"1", GOOD)])
        await_batches(state, topic, 1)
        spark_does(stream_worker.rows, f"drop table {TABLE}")
        sent(topic, [(b"1", GOOD)])
        out, _ = process.communicate(timeout=90)
    assert process.returncode == 1, out
    error = out.splitlines()[-1]
    assert error.startswith("error: the stream died (")
    assert "rating_events" in error
    assert "\tat " not in out
    # it was the table that went: what to do is said when it is started again
    with pytest.raises(CineSparkError, match="was dropped"):
        spark_does(stream_worker.read_once, topic)


def test_a_dead_jvm_is_one_sentence_and_an_exit_code(state, topic):
    with streaming(state, topic) as process:
        sent(topic, [(b"1", GOOD)])
        await_batches(state, topic, 1)
        (java,) = (
            one
            for one in psutil.Process(process.pid).children(recursive=True)
            if one.name() == "java"
        )
        java.kill()
        out, _ = process.communicate(timeout=90)
    assert process.returncode == 1, out
    assert out.splitlines()[-1].startswith("error: Spark's process has ended")
    assert "Traceback" not in out


def test_too_many_rejected_records_stop_it(topic, spark_does):
    sent(topic, [(b"1", b"nonsense")] * 600 + [(b"1", GOOD)] * 400)
    read = lambda **more: spark_does(stream_worker.read_once, topic, **more)  # noqa: E731
    with pytest.raises(CineSparkError, match="as \"the value 'nonsense' is not JSON\""):
        read(max_rejected=0.5, batch=500)
    sent(topic, [(b"1", b"nonsense")] * 15_000)
    with pytest.raises(CineSparkError, match=r"1,000 of the last 1,000 records break"):
        read(max_rejected=0.5, batch=500)
    there = count(spark_does, topic)
    assert 2_000 <= there < 16_000  # it stopped long before the end
    assert read(max_rejected=1.0)[0] == 16_000 - there


def test_few_rejected_records_stop_nothing(topic, spark_does):
    sent(topic, [(b"1", b"nonsense")] * 999)
    assert spark_does(stream_worker.read_once, topic, max_rejected=0.0)[1] == 999


def test_a_broker_that_is_not_there_is_said_in_time():
    with pytest.raises(CineSparkError, match=r"no broker answers at 127\.0\.0\.1:9 "):
        look_at(KafkaSettings("127.0.0.1:9", "ratings"))


def test_a_topic_that_is_not_there_is_said(broker):
    with pytest.raises(CineSparkError, match="has no topic missing"):
        look_at(KafkaSettings(broker.broker.address, "missing"))
