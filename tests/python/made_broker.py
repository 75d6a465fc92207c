"""A real broker for tests, of the jars that the project has, in a folder of their own.

A pytest plugin. `broker` runs for all tests of a process, each with topics of its own;
`own_broker` is for one that kills it.
"""

import os
import signal
import time
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from confluent_kafka import Consumer, TopicPartition

from cinespark.cli.topic import java
from cinespark.topic.broker import start, stop
from cinespark.topic.settings import FOLDER, KafkaSettings
from cinespark.topic.topics import require_topic

ROOT = Path(__file__).parents[2]
SECONDS = 20  # that a read may take


class MadeBroker:
    """A broker in the folder `kafka` of a state folder.

    Parameters
    ----------
    state
        The state folder.
    """

    def __init__(self, state):
        self.state, self.java = state, java(ROOT / "var")
        self.broker = None

    def start(self, port=None):
        """Start it, at any free port or that of the last time, and wait."""
        had_one = (self.state / FOLDER / "server.properties").is_file()
        port = None if had_one and port is None else port or 0
        self.broker, _ = start(self.state / FOLDER, self.java, port, lambda: None)
        return self

    def stop(self):
        stop(self.state / FOLDER, lambda: None)

    def kill(self):
        """End it as a crash of the machine's memory does, and wait until it has."""
        os.kill(self.broker.pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(self.broker.pid)] if self.runs() else [])

    def runs(self):
        try:
            process = psutil.Process(self.broker.pid)
            return process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def topic(self, name=None):
        """Return settings with a topic that is there, by default a new one."""
        topic = name or f"test-{uuid4().hex[:12]}"
        settings = KafkaSettings(self.broker.address, topic, is_own=True)
        require_topic(settings)
        return settings

    def records(self, topic):
        """Return the records of a topic, by partition and offset."""
        return read_back(self.broker.address, topic)


def read_back(address, topic, **more):
    """Return the messages of a topic in the order of each partition, read by itself."""
    consumer = Consumer(
        {
            "bootstrap.servers": address,
            "group.id": uuid4().hex,
            "enable.auto.commit": False,
            **more,
        }
    )
    try:
        partitions = consumer.list_topics(topic, timeout=SECONDS).topics[topic]
        places = [TopicPartition(topic, one, 0) for one in partitions.partitions]
        ends = {
            one.partition: consumer.get_watermark_offsets(one, timeout=SECONDS)[1]
            for one in places
        }
        consumer.assign(places)
        found, latest = [], time.monotonic() + SECONDS
        while len(found) < sum(ends.values()):
            assert time.monotonic() < latest, f"{len(found)} of {ends} were read"
            message = consumer.poll(0.5)
            if message is not None:
                assert message.error() is None, message.error()
                found.append(message)
    finally:
        consumer.close()
    return sorted(found, key=lambda one: (one.partition(), one.offset()))


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """Return a broker that runs; its folder has a name as people give them."""
    made = MadeBroker(tmp_path_factory.mktemp("Größe №1 of a broker"))
    yield made.start()
    made.stop()


@pytest.fixture
def own_broker(tmp_path):
    """Return a broker that one test may end."""
    made = MadeBroker(tmp_path)
    yield made.start()
    made.stop()
