"""Tests that are left out are named at the end, and are a failure in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
MODULES = {
    "test_call.py": "import pytest\ndef test_a(): pytest.skip('no Chromium here')",
    "test_mark.py": (
        "import pytest\n@pytest.mark.skipif(True, reason='no network')\n"
        "def test_b(): pass"
    ),
    "test_fixture.py": (
        "import pytest\n@pytest.fixture\ndef data(): pytest.skip('no data')\n"
        "def test_c(data): pass"
    ),
    "test_whole.py": "import pytest\npytest.importorskip('no_such_package')",
}
PASSES = {"test_good.py": "def test_d(): pass"}


@pytest.fixture
def run(tmp_path):
    """Return a function that runs modules with the plugin, in CI or not."""

    def pytest_run(modules, ci, *options):
        for name, text in modules.items():
            (tmp_path / name).write_text(text)
        command = [sys.executable, "-m", "pytest", "-p", "left_out", "-q", "--color=no"]
        command += options
        env = os.environ | {"PYTHONPATH": str(HERE), "CI": ci}
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True
        )
        return done.returncode, done.stdout

    return pytest_run


@pytest.mark.parametrize("processes", ["0", "2"])
@pytest.mark.parametrize(("ci", "code"), [("", 0), ("false", 0), ("true", 1)])
def test_whatever_leaves_a_test_out_is_named_and_fails_in_ci(run, ci, code, processes):
    returncode, printed = run(MODULES | PASSES, ci, "-n", processes)
    assert returncode == code
    loud = printed[printed.index("= LEFT OUT =") :]
    for line in (
        "test_call.py::test_a: no Chromium here",
        "test_mark.py::test_b: no network",
        "test_fixture.py::test_c: no data",
        "test_whole.py: could not import 'no_such_package'",
    ):
        assert line in loud
    assert "4 tests were left out" in loud
    assert ("in CI that is a failure" in loud) == (code == 1)


def test_where_nothing_is_left_out_nothing_is_said(run):
    returncode, printed = run(PASSES, "true")
    assert returncode == 0
    assert "LEFT OUT" not in printed
