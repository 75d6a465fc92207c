"""Which broker and which topic: from the environment, or those of our own broker."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.paths import command, dataset_folder
from cinespark.topic.broker_file import broker_of

PREFIX = "CINESPARK_KAFKA_"
FOLDER = "kafka"  # of the state folder
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
LOGINS = {
    "PLAIN": "org.apache.kafka.common.security.plain.PlainLoginModule",
    "SCRAM-SHA-256": "org.apache.kafka.common.security.scram.ScramLoginModule",
    "SCRAM-SHA-512": "org.apache.kafka.common.security.scram.ScramLoginModule",
}
# the parts of `security`, each by the rest of its variable's name
PARTS = {
    "protocol": "SECURITY_PROTOCOL",
    "mechanism": "SASL_MECHANISM",
    "username": "SASL_USERNAME",
    "password": "SASL_PASSWORD",
    "ca": "SSL_CA",
}
SERVERS = re.compile(r"[^\s,/]+:\d{1,5}(,[^\s,/]+:\d{1,5})*")
TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")  # as Kafka has it


@dataclass(frozen=True)
class KafkaSettings:
    """Where ratings are sent to, and read from.

    Parameters
    ----------
    bootstrap
        Servers to ask first, as `host:port`, with commas between them.
    topic
        The topic of one data set's ratings.
    security
        `protocol`, and what it needs of `mechanism`, `username`, `password` and `ca`;
        empty for a broker that is open.
    is_own
        Whether it is the broker of `cinespark kafka start`.
    """

    bootstrap: str
    topic: str
    security: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_own: bool = False


def kafka_settings(state: Path, dataset: str | None) -> KafkaSettings:
    """Return the settings of the environment, or of our own broker where it has none.

    Parameters
    ----------
    state
        The state folder.
    dataset
        The name of the data set whose ids the ratings have; None needs a topic in the
        environment.

    Raises
    ------
    CineSparkError
        If there is no broker, no topic, or a variable cannot be.
    """
    topic = topic_of(dataset)
    given = os.environ.get(f"{PREFIX}BOOTSTRAP", "").replace(" ", "")
    if given:
        if not SERVERS.fullmatch(given):
            raise CineSparkError(
                f"{PREFIX}BOOTSTRAP is {given!r}: name servers as host:port, with "
                "commas between them"
            )
        return KafkaSettings(given, topic, security())
    if (broker := broker_of(state / FOLDER)) is None:
        raise CineSparkError(
            f"no broker is known: start one with `{command(state, 'kafka start')}`, or "
            f"name servers in {PREFIX}BOOTSTRAP (docs/streaming.md)"
        )
    return KafkaSettings(broker.address, topic, is_own=True)


def topic_of(dataset: str | None) -> str:
    """Return the topic of a data set, or the one that the environment names.

    Raises
    ------
    CineSparkError
        If there is neither, or Kafka has no such name.
    """
    topic = os.environ.get(f"{PREFIX}TOPIC", "")
    if not topic and dataset is None:
        raise CineSparkError(
            "of which data set are the ratings? Bring one with `cinespark data`, or "
            f"name a topic in {PREFIX}TOPIC"
        )
    topic = topic or f"ratings.{dataset_folder(dataset or '')}"
    if not TOPIC.fullmatch(topic) or topic in (".", ".."):
        raise CineSparkError(
            f"{PREFIX}TOPIC is {topic!r}: a topic's name is of letters, digits, '.', "
            "'_' and '-', at most 249 of them"
        )
    return topic


def security() -> dict[str, str]:
    """Return the parts of the security that the environment asks for.

    Raises
    ------
    CineSparkError
        If they do not go together. The message has no password.
    """
    names = {part: f"{PREFIX}{rest}" for part, rest in PARTS.items()}
    given = {part: os.environ.get(name, "") for part, name in names.items()}
    found = {part: value for part, value in given.items() if value}
    protocol = found.get("protocol", "PLAINTEXT")
    if protocol not in PROTOCOLS:
        raise CineSparkError(
            f"{names['protocol']} is {protocol!r}: one of {', '.join(PROTOCOLS)}"
        )
    has_sasl, has_tls = protocol.startswith("SASL_"), protocol.endswith("SSL")
    wanted = ("username", "password") if has_sasl else ()
    if lacking := [names[part] for part in wanted if part not in found]:
        raise CineSparkError(f"{protocol} needs {' and '.join(lacking)}: set them too")
    idle = [] if has_sasl else ["mechanism", "username", "password"]
    idle += [] if has_tls else ["ca"]
    if unused := [names[part] for part in idle if part in found]:
        raise CineSparkError(
            f"{', '.join(unused)} would not be used with {protocol}: set "
            f"{names['protocol']} to SASL_SSL (or SSL, where nobody logs in)"
        )
    if has_sasl and found.setdefault("mechanism", "PLAIN") not in LOGINS:
        raise CineSparkError(
            f"{names['mechanism']} is {found['mechanism']!r}: one of "
            f"{', '.join(LOGINS)}"
        )
    if "ca" in found and not Path(found["ca"]).is_file():
        raise CineSparkError(
            f"{names['ca']} is {found['ca']!r}, which is no file: name one with the "
            "certificates in PEM that sign the broker's"
        )
    return found


def for_producer(settings: KafkaSettings) -> dict[str, str]:
    """Return what librdkafka wants, of a producer or of who asks the broker."""
    names = {
        "protocol": "security.protocol",
        "mechanism": "sasl.mechanism",
        "username": "sasl.username",
        "password": "sasl.password",
        "ca": "ssl.ca.location",
    }
    own = {names[part]: value for part, value in settings.security.items()}
    return {"bootstrap.servers": settings.bootstrap, "client.id": "cinespark"} | own


def for_spark(settings: KafkaSettings) -> dict[str, str]:
    """Return the options of Spark's source that reach Kafka's client in Java."""
    given = settings.security
    own = {"bootstrap.servers": settings.bootstrap}
    if "protocol" in given:
        own["security.protocol"] = given["protocol"]
    if "mechanism" in given:
        own["sasl.mechanism"] = given["mechanism"]
        login = f"{LOGINS[given['mechanism']]} required"
        name, password = quoted(given["username"]), quoted(given["password"])
        own["sasl.jaas.config"] = f"{login} username={name} password={password};"
    if "ca" in given:
        own["ssl.truststore.type"] = "PEM"
        own["ssl.truststore.location"] = str(Path(given["ca"]).absolute())
    return {f"kafka.{name}": value for name, value in own.items()}


def quoted(text: str) -> str:
    """Return a text as JAAS has it, with quotes and backslashes in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
