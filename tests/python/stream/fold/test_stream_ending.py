"""How `cinespark stream` ends when the last lists are made, with Spark left out."""

import signal

import pytest
from click.testing import CliRunner
from made_events import TOPIC, append, event, published

from cinespark.cli import stream as module
from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.stream import fold, keep_folding, run
from cinespark.stream.progress import Counts


@pytest.fixture
def stream(state, exports, monkeypatch):
    """Return a function that runs the command, whose query reads nothing."""
    monkeypatch.setenv("CINESPARK_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv("CINESPARK_KAFKA_TOPIC", TOPIC)
    monkeypatch.setattr(run, "stream", lambda *given: Counts(1000))
    monkeypatch.setattr(module, "exports_of", lambda folder: exports)
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    yield lambda *words: CliRunner().invoke(
        cli, ["--state-dir", str(state), "stream", "--once", *words]
    )
    for one, handler in before.items():
        signal.signal(one, handler)


def test_lists_that_do_not_follow_end_it_with_an_error(state, exports, stream):
    published(exports)
    append(state, [event(0, 3, 129, 5.0, 50)])
    files = {
        file: file.read_bytes() for file in (state / "warehouse").rglob("*.parquet")
    }
    for file in files:
        file.unlink()
    found = stream()
    assert isinstance(found.exception, CineSparkError)
    assert "lists do not follow: FileNotFoundError" in found.output
    assert stream("--no-fold").exit_code == 0
    for file, content in files.items():
        file.write_bytes(content)
    found = stream()
    assert (found.exit_code, found.exception) == (0, None)
    assert "1 list anew" in found.output


def test_the_first_signal_ends_the_last_folding(state, exports, stream, monkeypatch):
    published(exports)
    append(state, [event(0, 3, 129, 5.0, 50)])
    made, asked = fold.fold_once, []

    def fold_once(opened, state, topic, may_go_on):
        signal.raise_signal(signal.SIGTERM)
        asked.append(may_go_on())
        return made(opened, state, topic, may_go_on)

    monkeypatch.setattr(keep_folding, "fold_once", fold_once)
    found = stream()
    assert (found.exit_code, asked) == (0, [False])
    assert "anew" not in found.output
