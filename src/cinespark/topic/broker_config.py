"""The settings of our own broker: one node, loopback alone, little memory."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from cinespark.topic.broker_file import HOST, PROPERTIES

PORT = 9092  # Kafka's usual one


def settings_of(data: Path, port: int, controller_port: int) -> dict[str, str]:
    """Return what a broker is told that is its own controller."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(data),
        # a topic that somebody misspelt is an error, and no topic
        "auto.create.topics.enable": "false",
        # one node: there is nobody to copy to
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "group.initial.rebalance.delay.ms": "0",
        # after a kill it registers again in five seconds instead of twelve
        "broker.session.timeout.ms": "3000",
        # of 128 MiB, half of the heap
        "log.cleaner.dedupe.buffer.size": str(8 * 2**20),
        "num.network.threads": "2",
        "num.io.threads": "4",
        "background.threads": "2",
    }


def as_properties(values: Mapping[str, str]) -> str:
    """Return settings as Java reads them, whatever letters a path has."""
    return "".join(f"{name}={escaped(value)}\n" for name, value in values.items())


def escaped(text: str) -> str:
    """Return a value of a properties file, which is Latin-1 with escapes."""
    plain = text.replace("\\", "\\\\")
    units = plain.encode("utf-16-be")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(
        chr(pair[1]) if pair[0] == 0 and 32 <= pair[1] < 127 else f"\\u{pair.hex()}"
        for pair in pairs
    )


def port_of(folder: Path) -> int | None:
    """Return the port of the settings that were written last, None if there are none.

    A broker that was killed comes back where those look for it that wait.
    """
    try:
        text = (folder / PROPERTIES).read_text()
    except FileNotFoundError:
        return None
    found = re.search(r"^advertised\.listeners=PLAINTEXT://.*:(\d+)$", text, re.M)
    return int(found[1]) if found else None


def cluster_id(number: UUID) -> str:
    """Return the name of a new cluster, as Kafka writes it."""
    return base64.urlsafe_b64encode(number.bytes).decode().rstrip("=")


def log_settings(file: Path) -> str:
    """Return the settings of the broker's log: warnings, in a file that is bounded."""
    values = {
        "status": "error",
        "appender.file.type": "RollingFile",
        "appender.file.name": "File",
        "appender.file.fileName": str(file),
        "appender.file.filePattern": f"{file}.%i",
        "appender.file.layout.type": "PatternLayout",
        "appender.file.layout.pattern": "%d{ISO8601} %p %m (%c)%n",
        "appender.file.policies.type": "Policies",
        "appender.file.policies.size.type": "SizeBasedTriggeringPolicy",
        "appender.file.policies.size.size": "10MB",
        "appender.file.strategy.type": "DefaultRolloverStrategy",
        "appender.file.strategy.max": "2",
        "rootLogger.level": "warn",
        "rootLogger.appenderRef.file.ref": "File",
        # when it began and when it ended
        "logger.server.name": "kafka.server.KafkaRaftServer",
        "logger.server.level": "info",
    }
    return as_properties(values)
