"""The broker for development: it runs once, comes back, and is taken for no other."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from cinespark.cli.topic import java
from cinespark.errors import CineSparkError
from cinespark.topic.broker import format_once, running_broker, start, stop
from cinespark.topic.broker_config import as_properties, cluster_id
from cinespark.topic.broker_file import Broker, broker_of, process_of, write_broker
from cinespark.topic.contract import record_of
from cinespark.topic.ports import free_port
from cinespark.topic.producer import sent
from cinespark.topic.settings import FOLDER
from cinespark.topic.topics import topic_counts

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
RATING = {"user_id": 1, "movie_id": 50, "rating": 4.5, "rated_at": 881250949}


def nobody():
    raise AssertionError("nobody else is at it")


@pytest.fixture
def cinespark(tmp_path):
    """Return a function that runs a command with a state folder of its own."""

    def run(*words, state=tmp_path, **environment):
        command = Path(sys.executable).with_name("cinespark")
        return subprocess.run(
            [command, "--state-dir", state, *words],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
        )

    return run


def test_it_runs_says_so_and_ends(cinespark, tmp_path):
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "broker").symlink_to(ROOT / "var" / "jars" / "broker")
    begun = time.time()
    started = cinespark("kafka", "start", "--port", "0", CINESPARK_KAFKA_TOPIC="films")
    assert started.returncode == 0, started.stderr
    broker = broker_of(tmp_path / FOLDER)
    assert f"answers at {broker.address} (process {broker.pid})" in started.stdout
    assert "topic: films" in started.stdout
    assert begun - 1 < broker.started < time.time()
    again = cinespark("kafka", "start")
    assert f"runs already at {broker.address}" in again.stdout
    other = cinespark("kafka", "start", "--port", str(free_port(0)))
    assert other.returncode == 1
    assert "kafka stop` before you start it at port" in other.stderr
    said = cinespark("kafka", "status")
    assert said.returncode == 0
    assert f"{broker.address}, process {broker.pid}, since 20" in said.stdout
    assert "films: 0 records in 2 partitions" in said.stdout
    ended = cinespark("kafka", "stop")
    assert f"process {broker.pid} has ended" in ended.stdout
    assert not psutil.pid_exists(broker.pid)
    assert "no broker runs" in cinespark("kafka", "stop").stdout
    assert cinespark("kafka", "status").returncode == 3


def test_a_cluster_may_have_an_id_that_begins_like_an_option(tmp_path, monkeypatch):
    number = UUID(bytes=b"\xf8" + bytes(15), version=4)
    assert cluster_id(number).startswith("-")
    monkeypatch.setattr("cinespark.topic.broker.uuid4", lambda: number)
    (tmp_path / "jars").symlink_to(ROOT / "var" / "jars")
    folder = tmp_path / FOLDER
    format_once(folder, java(tmp_path), free_port(0))
    said = (folder / "data" / "meta.properties").read_text()
    assert f"cluster.id={cluster_id(number)}" in said


def test_it_listens_on_loopback_alone_and_takes_little_memory(broker):
    process = psutil.Process(broker.broker.pid)
    listening = [
        one.laddr.ip
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 2
    assert {one.removeprefix("::ffff:") for one in listening} == {"127.0.0.1"}
    assert process.memory_info().rss < 500 * 2**20


def test_after_a_kill_it_comes_back_at_its_port_with_all_records(own_broker):
    topic = own_broker.topic()
    records = [record_of({**RATING, "user_id": one}) for one in range(500)]
    places = sent(topic, records)
    before = own_broker.broker
    own_broker.kill()
    folder = own_broker.state / FOLDER
    assert running_broker(folder) is None
    begun = time.monotonic()
    own_broker.start()
    assert time.monotonic() - begun < 30
    assert own_broker.broker.port == before.port
    assert own_broker.broker.pid != before.pid
    assert topic_counts(before.address)[0].records == 500
    found = own_broker.records(topic.topic)
    assert {(one.partition(), one.offset()) for one in found} == {
        (one.partition, one.offset) for one in places
    }
    assert sent(topic, records[:1])[0].offset in {
        1 + max(one.offset for one in places if one.partition == partition)
        for partition in (0, 1)
    }


def test_a_process_that_has_the_number_by_now_is_left_alone(tmp_path):
    folder = tmp_path / FOLDER
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as other:
        began = psutil.Process(other.pid).create_time()
        for started in (began, began - 3600):
            noted = Broker(other.pid, started, 9092)
            write_broker(folder, noted)
            assert process_of(folder, noted) is None
            assert running_broker(folder) is None
            assert stop(folder, nobody) is None
            assert other.poll() is None
            assert broker_of(folder) is None
        other.communicate(b"\n")


def test_a_broker_that_nobody_noted_is_found_and_ended(own_broker):
    folder = own_broker.state / FOLDER
    (folder / "broker.json").unlink()
    again, is_new = start(folder, own_broker.java, None, nobody)
    assert (again, is_new) == (own_broker.broker, False)
    (folder / "broker.json").unlink()
    assert stop(folder, nobody) == own_broker.broker.pid
    assert not own_broker.runs()


def test_a_broker_whose_folder_is_gone_is_named_and_ended(own_broker):
    folder = own_broker.state / FOLDER
    shutil.rmtree(folder)
    with pytest.raises(CineSparkError, match=f"process {own_broker.broker.pid}, whose"):
        own_broker.start()
    shutil.rmtree(folder)
    assert stop(folder, nobody) == own_broker.broker.pid
    assert not own_broker.runs()


def test_two_who_start_it_at_once_start_one(tmp_path):
    found, waited = [], []
    kafka = java(ROOT / "var")

    def run():
        found.append(start(tmp_path / FOLDER, kafka, 0, lambda: waited.append(1)))

    threads = [threading.Thread(target=run) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(is_new for _, is_new in found) == [False, True]
        assert len({broker.pid for broker, _ in found}) == 1
        assert len(waited) == 1
    finally:
        stop(tmp_path / FOLDER, nobody)


def test_a_port_that_is_taken_is_named_with_who_has_it(cinespark):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = cinespark("kafka", "start", "--port", str(port), state=ROOT / "var")
    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 cannot be used" in done.stderr
    assert f"process {os.getpid()}" in done.stderr
    assert "--port (0 for any)" in done.stderr


def test_without_java_it_says_so(cinespark):
    done = cinespark("kafka", "start", JAVA_HOME="/no/java")
    assert done.returncode == 1
    assert "not in JAVA_HOME=/no/java; install Java 17 or 21" in done.stderr
    assert cinespark("kafka", "stop", JAVA_HOME="/no/java").returncode == 0


def test_a_broker_that_does_not_begin_says_why(own_broker):
    own_broker.stop()
    (own_broker.state / FOLDER / "data" / "meta.properties").write_text("version=9\n")
    with pytest.raises(CineSparkError, match=r"ended with code 1: .*meta\.properties"):
        own_broker.start()
    assert broker_of(own_broker.state / FOLDER) is None
    assert not own_broker.runs()


def test_settings_have_any_letters_and_are_latin_1(tmp_path):
    odd = "a\\b = c: Ä 電 🎬 #!"
    text = as_properties({"log.dirs": odd})
    assert text.isascii()
    name, _, value = text.rstrip("\n").partition("=")
    # the escapes of Java are those of JSON
    assert (name, json.loads(f'"{value}"')) == ("log.dirs", odd)
