"""The rooms of src/cinespark import downwards, and the check sees one that does not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def lint(tmp_path):
    """Return a function that checks a copy of the package with a line more."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src" / "cinespark", tmp_path / "cinespark")

    def run(file, line):
        with (tmp_path / "cinespark" / file).open("a") as module:
            module.write(f"\n{line}\n")
        command = Path(sys.executable).with_name("lint-imports")
        return subprocess.run(
            [command, "--no-cache"], cwd=tmp_path, capture_output=True, text=True
        )

    return run


def test_rooms_are_in_order(lint):
    done = lint("errors.py", "")
    assert done.returncode == 0, done.stdout
    assert "2 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        (
            "algorithms/bias.py",
            "import cinespark.train.als",
            "cinespark.algorithms is not allowed to import cinespark.train",
        ),
        (
            "check/gates.py",
            "import cinespark.publish.content",
            "cinespark.check is not allowed to import cinespark.publish",
        ),
        (
            "versions/lists.py",
            "def late():\n    import cinespark.cli.main",
            "cinespark.versions is not allowed to import cinespark.cli",
        ),
        (
            "serve/lists.py",
            "import cinespark.score.top_n",
            "cinespark.serve is not allowed to import cinespark.score",
        ),
        (
            "serve/ids.py",
            "def late():\n    import mlflow",
            "cinespark.serve is not allowed to import mlflow",
        ),
    ],
)
def test_an_import_upwards_or_sideways_is_named(lint, file, line, broken):
    done = lint(file, line)
    assert done.returncode == 1
    assert broken in done.stdout


def test_a_room_without_a_place_in_the_order_is_named(lint, tmp_path):
    (tmp_path / "cinespark" / "attic.py").touch()
    done = lint("errors.py", "")
    assert done.returncode == 1
    assert "cinespark.attic" in done.stdout
