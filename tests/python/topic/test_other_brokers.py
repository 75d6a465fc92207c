"""A broker that wants TLS and a name with a password, as others have it."""

import subprocess
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from made_broker import MadeBroker, read_back

from cinespark.errors import CineSparkError
from cinespark.topic import broker as module
from cinespark.topic.broker import free_port
from cinespark.topic.contract import record_of
from cinespark.topic.producer import sent
from cinespark.topic.settings import for_producer, kafka_settings
from cinespark.topic.topics import require_topic

pytestmark = pytest.mark.slow
RATING = {"user_id": 1, "movie_id": 50, "rating": 4.5, "rated_at": 881250949}
SECRET = 'a "secret" \\ word;'
IN_JAAS = SECRET.replace("\\", "\\\\").replace('"', '\\"')


def made_certificate(folder, keytool):
    """Return a store with a certificate for loopback, and the certificate as PEM."""
    store, pem = folder / "store.p12", folder / "ca.pem"
    common = ["-keystore", store, "-storepass", "changeit", "-alias", "broker"]
    names = ["-dname", "CN=broker", "-ext", "san=ip:127.0.0.1"]
    new = ["-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12", *names]
    for words in (new, ["-exportcert", "-rfc", "-file", pem]):
        subprocess.run([keytool, *words, *common], check=True, capture_output=True)
    return store, pem


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Return a broker whose second listener wants TLS and SASL, and its certificate."""
    folder = tmp_path_factory.mktemp("guarded")
    made = MadeBroker(folder)
    keytool = Path(made.java.program).resolve().with_name("keytool")
    store, pem = made_certificate(folder, keytool)
    port, usual = free_port(0), module.settings_of

    def settings_of(*given):
        found = usual(*given)
        listener = f",SASL_SSL://127.0.0.1:{port}"
        login = "org.apache.kafka.common.security"
        return found | {
            "listeners": found["listeners"] + listener,
            "advertised.listeners": found["advertised.listeners"] + listener,
            "listener.security.protocol.map": found["listener.security.protocol.map"]
            + ",SASL_SSL:SASL_SSL",
            "inter.broker.listener.name": "PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
            "listener.name.sasl_ssl.plain.sasl.jaas.config": f"{login}.plain."
            f'PlainLoginModule required user_ann="{IN_JAAS}";',
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{login}.scram."
            "ScramLoginModule required;",
            "ssl.keystore.location": str(store),
            "ssl.keystore.password": "changeit",
            "ssl.keystore.type": "PKCS12",
        }

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "settings_of", settings_of)
        made.start()
    password = UserScramCredentialUpsertion(
        "bob", ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), SECRET.encode()
    )
    asked = AdminClient({"bootstrap.servers": made.broker.address})
    for done in asked.alter_user_scram_credentials([password]).values():
        done.result(20)
    yield made, f"127.0.0.1:{port}", pem
    made.stop()


@pytest.fixture
def variables(guarded, monkeypatch):
    """Return a function that sets the variables of a user, and others if given."""
    _, address, pem = guarded
    usual = {
        "BOOTSTRAP": address,
        "SECURITY_PROTOCOL": "SASL_SSL",
        "SASL_PASSWORD": SECRET,
        "SSL_CA": str(pem),
    }

    def given(**more):
        for name, value in (usual | more).items():
            monkeypatch.setenv(f"CINESPARK_KAFKA_{name}", value)

    return given


@pytest.mark.parametrize(
    ("user", "mechanism"), [("ann", "PLAIN"), ("bob", "SCRAM-SHA-512")]
)
def test_who_logs_in_sends_over_tls(guarded, variables, tmp_path, user, mechanism):
    made, address, _ = guarded
    topic = made.topic()
    variables(SASL_USERNAME=user, SASL_MECHANISM=mechanism, TOPIC=topic.topic)
    settings = kafka_settings(tmp_path, None)
    assert settings.bootstrap == address
    record = record_of(RATING)
    (place,) = sent(settings, [record])
    (found,) = read_back(address, topic.topic, **for_producer(settings))
    assert (found.partition(), found.offset()) == (place.partition, place.offset)
    assert (found.key(), found.value()) == record


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SASL_PASSWORD": "another secret"}, "Authentication failed"),
        ({"SASL_USERNAME": "eve"}, "Authentication failed"),
        ({"SSL_CA": ""}, "certificate"),
    ],
)
def test_who_does_not_log_in_is_told_why_without_the_password(
    variables, tmp_path, wrong, words
):
    variables(**{"SASL_USERNAME": "ann", "TOPIC": "films", **wrong})
    with pytest.raises(CineSparkError) as error:
        require_topic(kafka_settings(tmp_path, None), 5)
    assert "no broker answers" in str(error.value)
    assert words in str(error.value)
    assert "secret" not in str(error.value)
