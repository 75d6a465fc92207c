"""Which broker and which topic, by the environment or by our own broker's file."""

import os

import pytest

from cinespark.errors import CineSparkError
from cinespark.topic.broker_file import Broker, write_broker
from cinespark.topic.settings import for_producer, for_spark, kafka_settings, topic_of

SECRET = 'p"a\\ss; word'


@pytest.fixture
def set_variables(monkeypatch):
    """Return a function that sets variables of ours, of which there are no others."""
    for name in [name for name in os.environ if name.startswith("CINESPARK_KAFKA_")]:
        monkeypatch.delenv(name)

    def given(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"CINESPARK_KAFKA_{name}", value)

    return given


def test_our_own_broker_is_asked_where_nothing_is_said(set_variables, tmp_path):
    write_broker(tmp_path / "kafka", Broker(1, 2.0, 19092))
    found = kafka_settings(tmp_path, "ml-100k")
    assert (found.bootstrap, found.topic) == ("127.0.0.1:19092", "ratings.ml-100k")
    assert found.is_own
    assert for_spark(found) == {"kafka.bootstrap.servers": "127.0.0.1:19092"}


def test_the_environment_goes_first(set_variables, tmp_path):
    write_broker(tmp_path / "kafka", Broker(1, 2.0, 19092))
    set_variables(BOOTSTRAP="b1:9092, b2:9093", TOPIC="movies.rated")
    found = kafka_settings(tmp_path, None)
    assert (found.bootstrap, found.topic) == ("b1:9092,b2:9093", "movies.rated")
    assert not found.is_own


def test_both_ways_to_a_broker_are_named_where_there_is_none(set_variables, tmp_path):
    with pytest.raises(CineSparkError, match=r"kafka start.*CINESPARK_KAFKA_BOOTSTRAP"):
        kafka_settings(tmp_path, "ml-100k")


def test_a_topic_is_of_one_data_set(set_variables):
    assert topic_of("ml-100k") == "ratings.ml-100k"
    # as `printf 'my data' | md5sum` has it
    assert topic_of("my data") == "ratings.md5.1291e1c0aa879147f51f4a279e7c2e55"
    with pytest.raises(CineSparkError, match="of which data set"):
        topic_of(None)
    set_variables(TOPIC="no topic")
    with pytest.raises(CineSparkError, match="'no topic'"):
        topic_of("ml-100k")


def test_who_logs_in_is_said_to_both_clients(set_variables, tmp_path):
    ca = tmp_path / "ca.pem"
    ca.touch()
    set_variables(
        BOOTSTRAP="b:9093",
        SECURITY_PROTOCOL="SASL_SSL",
        SASL_MECHANISM="SCRAM-SHA-512",
        SASL_USERNAME="ann",
        SASL_PASSWORD=SECRET,
        SSL_CA=str(ca),
    )
    found = kafka_settings(tmp_path, "ml-100k")
    assert for_producer(found) == {
        "bootstrap.servers": "b:9093",
        "client.id": "cinespark",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "ann",
        "sasl.password": SECRET,
        "ssl.ca.location": str(ca),
    }
    assert for_spark(found) == {
        "kafka.bootstrap.servers": "b:9093",
        "kafka.security.protocol": "SASL_SSL",
        "kafka.sasl.mechanism": "SCRAM-SHA-512",
        "kafka.sasl.jaas.config": "org.apache.kafka.common.security.scram."
        'ScramLoginModule required username="ann" password="p\\"a\\\\ss; word";',
        "kafka.ssl.truststore.type": "PEM",
        "kafka.ssl.truststore.location": str(ca),
    }
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SECURITY_PROTOCOL": "TLS"}, "'TLS': one of PLAINTEXT, SSL"),
        ({"SECURITY_PROTOCOL": "SASL_SSL"}, "SASL_USERNAME and CINESPARK_KAFKA_SASL_P"),
        ({"SASL_USERNAME": "a", "SASL_PASSWORD": SECRET}, "would not be used with PLA"),
        ({"SECURITY_PROTOCOL": "SSL", "SASL_PASSWORD": SECRET}, "not be used with SSL"),
        ({"SECURITY_PROTOCOL": "SSL", "SSL_CA": "/no/file"}, "'/no/file', which is no"),
        ({"BOOTSTRAP": "localhost"}, "'localhost': name servers as host:port"),
        ({"BOOTSTRAP": "kafka://b:9092"}, "'kafka://b:9092': name servers"),
        (
            {
                "SECURITY_PROTOCOL": "SASL_SSL",
                "SASL_MECHANISM": "GSSAPI",
                "SASL_USERNAME": "a",
                "SASL_PASSWORD": SECRET,
            },
            "'GSSAPI': one of PLAIN",
        ),
    ],
)
def test_variables_that_do_not_go_together_are_named(
    set_variables, tmp_path, variables, words
):
    set_variables(**{"BOOTSTRAP": "b:9093", **variables})
    with pytest.raises(CineSparkError) as error:
        kafka_settings(tmp_path, "ml-100k")
    assert words in str(error.value)
    assert SECRET not in str(error.value)


def test_a_file_that_tells_of_no_broker_is_named(set_variables, tmp_path):
    (tmp_path / "kafka").mkdir()
    (tmp_path / "kafka" / "broker.json").write_text('{"pid": 1')
    with pytest.raises(CineSparkError, match=r"broker\.json cannot be read"):
        kafka_settings(tmp_path, "ml-100k")
