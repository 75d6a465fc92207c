"""A folder is held by one at a time, and freed by the kernel."""

import subprocess
import sys

import pytest

from dbt.adapters.sparksession.locks import (
    hold_schema,
    locked,
    make_folder,
    release_schemas,
)

HOLD = """
import sys
from pathlib import Path
from dbt.adapters.sparksession.locks import locked, make_folder

with locked(Path(sys.argv[1]), on_wait=lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Return a process that holds the folder."""
    command = [sys.executable, "-c", HOLD, tmp_path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_a_free_folder_is_made_and_held_without_waiting(tmp_path):
    for _ in range(2):
        with locked(tmp_path / "new", on_wait=pytest.fail):
            assert (tmp_path / "new").is_dir()


def test_who_waits_is_told_once_and_goes_on_when_the_holder_is_killed(holder, tmp_path):
    told = []

    def on_wait():
        told.append("waiting")
        holder.kill()

    with locked(tmp_path, on_wait):
        assert told == ["waiting"]


HOLD_SCHEMA = """
import sys
from pathlib import Path
from dbt.adapters.sparksession.locks import hold_schema

hold_schema(Path(sys.argv[1]), "prod", "dbt build", on_wait=print)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_schema_is_held_until_its_holder_dies(tmp_path):
    command = [sys.executable, "-c", HOLD_SCHEMA, tmp_path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        told = []

        def on_wait(words):
            told.append(words)
            process.kill()

        hold_schema(tmp_path, "dev", "dbt run", on_wait)  # another schema is free
        assert told == []
        hold_schema(tmp_path, "prod", "dbt run", on_wait)
        hold_schema(tmp_path, "prod", "dbt run", pytest.fail)  # is held by this process
        release_schemas()
        assert told[0].startswith(
            f"waiting for dbt build (process {process.pid}, since "
        )
        assert told[0].endswith("), which writes to the schema prod, to end")
        hold_schema(tmp_path, "prod", "dbt run", pytest.fail)
        release_schemas()


def test_folders_that_are_made_are_their_owners_alone(tmp_path):
    tmp_path.chmod(0o755)
    make_folder(tmp_path / "var" / "logs")
    make_folder(tmp_path / "var" / "logs")
    modes = [
        folder.stat().st_mode & 0o777
        for folder in (tmp_path, tmp_path / "var", tmp_path / "var" / "logs")
    ]
    assert modes == [0o755, 0o700, 0o700]
