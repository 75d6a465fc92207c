"""The environment: set up where Debian splits Python, and again where it broke."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def clone(tmp_path):
    """Return a folder with what setting up reads, and an empty bin for stand-ins."""
    for folder in ("scripts", "bin", "dbt-sparksession"):
        (tmp_path / folder).mkdir()
    for file in (
        "Makefile",
        "requirements.lock",
        "pyproject.toml",
        "dbt-sparksession/pyproject.toml",
        "scripts/install.sh",
    ):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def script(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def run(clone, *command):
    """Run a command that finds the stand-ins and the system's tools, but no uv."""
    kept = ("PYTHON", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL")
    environment = {key: os.environ[key] for key in os.environ if key not in kept}
    return subprocess.run(
        command,
        cwd=clone,
        env=environment | {"PATH": f"{clone}/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


NEWER_PYTHON = """
case "$*" in
    *ensurepip*) exit 1 ;;
    *-venv*) echo python3.12-venv ;;
    *version_info*) exit 0 ;;
    --version) echo Python 3.12.1 ;;
    "-m pip --python python3.12 --version") [ -e has_pip ] ;;
    *without-pip*|"-m pip "*) echo "$*" >>asked ;;
    "-m venv"*) exit 7 ;;
esac
"""


@pytest.fixture
def debian(clone):
    """Return the clone on a Debian whose Python 3.12 has no venv; 7 is success."""
    script(clone / "bin" / "python3.12", NEWER_PYTHON)
    for other in ("python3", "python3.13"):
        script(clone / "bin" / other, "exit 1")
    return clone


def test_root_gets_the_package_of_this_python_after_an_update(debian):
    script(debian / "bin" / "id", "echo 0")
    script(
        debian / "bin" / "apt-get",
        'echo "$*" >>asked; [ "$1" = update ] || grep -q update asked',
    )
    assert run(debian, "scripts/install.sh", "requirements.lock").returncode == 7
    assert (debian / "asked").read_text().splitlines() == [
        "install -qq -y python3.12-venv",
        "update -qq",
        "install -qq -y python3.12-venv",
    ]


def test_others_are_told_the_package_of_this_python(debian):
    script(debian / "bin" / "id", "echo 1000")
    done = run(debian, "scripts/install.sh", "requirements.lock")
    assert done.returncode == 1
    assert "run `apt-get install python3.12-venv` as root" in done.stderr


def test_others_get_pip_from_the_pip_of_this_python(debian):
    script(debian / "bin" / "id", "echo 1000")
    (debian / "has_pip").touch()
    run(debian, "scripts/install.sh", "requirements.lock")
    assert (debian / "asked").read_text().splitlines() == [
        "-m venv --clear --without-pip .venv",
        "-m pip --python .venv/bin/python install --quiet "
        "--disable-pip-version-check pip",
    ]


@pytest.mark.parametrize(
    ("interpreter", "is_set_up_again"),
    [("exit 0", False), ("exit 1", True), (None, True)],
)
def test_a_broken_environment_is_set_up_again(clone, interpreter, is_set_up_again):
    python = clone / ".venv" / "bin" / "python"
    if interpreter is None:
        python.parent.mkdir(parents=True)
        python.symlink_to("/usr/bin/python-of-last-year")
    else:
        script(python, interpreter)
    (clone / ".venv" / ".runtime").touch()
    planned = run(clone, "make", "-n", "setup")
    assert planned.returncode == 0
    assert ("scripts/install.sh" in planned.stdout) == is_set_up_again


@pytest.mark.parametrize("character", [*":,?*%[]{}\\", "\n"])
def test_a_folder_that_spark_cannot_work_in_is_refused_first(clone, character):
    odd = clone / f"a{character}b"
    shutil.copytree(clone / "scripts", odd / "scripts")
    done = run(odd, "scripts/install.sh", "requirements.lock")
    assert done.returncode == 1
    assert f"error: the path {odd} holds one of : , ? * " in done.stderr
    assert [entry.name for entry in odd.iterdir()] == ["scripts"]


@pytest.mark.parametrize("character", '"$`')
def test_pip_is_not_asked_where_its_scripts_would_not_start(clone, character):
    odd = clone / f"a {character}b"
    shutil.copytree(clone / "scripts", odd / "scripts")
    script(odd / ".venv" / "bin" / "python", "exit 0")
    done = run(odd, "scripts/install.sh", "requirements.lock")
    assert done.returncode == 1
    assert f"error: the path {odd} holds one of " in done.stderr
    assert "install uv" in done.stderr


def test_an_environment_is_told_of_the_profile_of_a_nasty_folder(clone):
    odd = clone / "it's 50 #ä 日本 @~;&"
    shutil.copytree(clone / "scripts", odd / "scripts")
    site = odd / "site"
    script(
        odd / ".venv" / "bin" / "python",
        f'[ "$1" != - ] || sed \'s/get_path("purelib")/"site"/\' | {sys.executable}',
    )
    site.mkdir()
    done = run(odd, "scripts/install.sh", "requirements.lock")
    assert done.returncode == 0, done.stderr
    told = (site / "cinespark_profiles.pth").read_text()
    code = f"{told}\nprint(os.environ['DBT_PROFILES_DIR'])"
    read = run(clone, "env", "-u", "DBT_PROFILES_DIR", "/usr/bin/python3", "-c", code)
    assert read.stdout.strip() == str(odd)
