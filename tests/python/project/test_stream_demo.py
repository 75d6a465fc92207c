"""The demo of a stream keeps to itself: its ratings are made up."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILE = ROOT / "scripts" / "stream_demo.py"


@pytest.fixture(scope="module")
def demo():
    spec = importlib.util.spec_from_file_location("stream_demo", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def state(tmp_path):
    """Return a state folder with something published and landed."""
    for name in ("exports", "data/current"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "exports" / "current").write_text("20260101T000000Z-01234567\n")
    (tmp_path / "data" / "current" / "ratings.csv").write_text("userId\n")
    return tmp_path


def test_it_writes_into_a_folder_of_its_own_that_goes_with_it(demo, state):
    before = {file: file.read_bytes() for file in state.rglob("*") if file.is_file()}
    with demo.own_state(state) as own:
        assert own.parent == state
        assert (own / "data" / "current" / "ratings.csv").read_text() == "userId\n"
        assert (own / "exports" / "current").read_text().startswith("2026")
        for name in ("catalog.db", "warehouse", "kafka", "checkpoints", "overlays"):
            assert not (own / name).exists()
        (own / "catalog.db").write_text("its ratings")
        (own / "jars" / "new.jar").write_text("for all")
    assert not own.exists()
    (state / "jars" / "new.jar").unlink()
    assert before == {
        file: file.read_bytes() for file in state.rglob("*") if file.is_file()
    }


def test_a_broker_of_the_environment_is_not_asked(demo, state, monkeypatch):
    monkeypatch.setenv("CINESPARK_KAFKA_BOOTSTRAP", "kafka.example.com:9092")
    monkeypatch.setenv("CINESPARK_KAFKA_TOPIC", "ratings.real")
    program = state / "program"
    program.write_text(
        f"#!{sys.executable}\nimport json, os\nprint(json.dumps(dict(os.environ)))\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(demo, "PROGRAM", program)
    log = state / "log"
    with demo.running(state, log, "stream") as process:
        process.wait(20)
    for said in (demo.cinespark(state, "produce").stdout, log.read_text()):
        given = json.loads(said)
        assert given["PATH"] == os.environ["PATH"]
        assert not [name for name in given if name.startswith("CINESPARK_KAFKA_")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_ends_what_was_started(state, number):
    code = (
        f"import sys, time; sys.path.insert(0, {str(FILE.parent)!r})\n"
        "import stream_demo as demo\n"
        "from pathlib import Path\n"
        f"demo.PROGRAM = 'sleep'\nstate = Path({str(state)!r})\n"
        "demo.state_dir = lambda given: state\n"
        "demo.exports_of = lambda state: state / 'exports'\n"
        "demo.data_of = lambda state: state / 'data' / 'current'\n"
        "def show(own, started, seconds, log):\n"
        "    demo.subprocess.Popen = popen\n"
        "    one = started.enter_context(demo.running(own, log, 'stream'))\n"
        "    print(one.pid, flush=True)\n"
        "    time.sleep(60)\n"
        "made = demo.subprocess.Popen\n"
        "popen = lambda words, **more: made(['sleep', '60'], **more)\n"
        "demo.show = show\nsys.argv[1:] = []\ndemo.main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    )
    child = int(process.stdout.readline())
    process.send_signal(number)
    assert process.wait(20) == 128 + number
    process.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert not list(state.glob("stream-demo-*"))
