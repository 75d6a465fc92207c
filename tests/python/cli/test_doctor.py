"""What the doctor finds, and the words for each thing missing."""

import os
import shlex
import shutil
import stat

import pytest
from click.testing import CliRunner

from cinespark.cli import doctor
from cinespark.cli.doctor import Finding, find_data, find_jars, find_java, require
from cinespark.cli.main import cli
from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.errors import CineSparkError


@pytest.fixture(autouse=True)
def _forget_java():
    find_java.cache_clear()
    yield
    find_java.cache_clear()


@pytest.fixture
def java_home(tmp_path, monkeypatch):
    """Return a function that installs a Java saying so and so."""

    def install(said):
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}\nEND\n")
        java.chmod(java.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    return install


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('openjdk version "17.0.19" 2026-04-21', "17"),
        ('openjdk version "21" 2023-09-19', "21"),
        ('Picked up _JAVA_OPTIONS: -Xmx1g\nopenjdk version "17.0.1" x', "17"),
    ],
)
def test_java_17_and_21_will_do(java_home, said, found):
    java_home(said)
    finding = find_java()
    assert finding.is_good
    assert finding.found.startswith(f"{found} (")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('java version "1.8.0_392"', "8 ("),
        ('openjdk version "11.0.2" 2019-01-15', "11 ("),
        ('openjdk version "24-ea" 2025-03-18', "24 ("),
        ("no such thing", "does not say its version"),
    ],
)
def test_another_java_is_named_with_the_way_out(java_home, said, found):
    java_home(said)
    finding = find_java()
    assert found in finding.found
    assert "install Java 17 or 21" in finding.remedy


def test_java_home_goes_before_the_path(monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/no/such/java")
    assert find_java().found == "not in JAVA_HOME=/no/such/java"


def test_no_java_anywhere_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_java().found == "not on the path"


@pytest.fixture
def var(tmp_path):
    (tmp_path / "dbt_project.yml").touch()
    return tmp_path / "var"


def test_missing_jars_name_the_command_that_brings_them(var):
    finding = find_jars(var)
    assert "iceberg-spark-runtime" in finding.found
    assert str(var / "jars") in finding.found
    assert finding.remedy == "run `cinespark jars`"


@pytest.mark.parametrize("place", ["elsewhere/var", "var 2"])
def test_remedies_name_a_state_folder_of_ones_own(var, place):
    state = var.parent / place
    option = f"--state-dir {shlex.quote(str(state))}"
    assert find_jars(state).remedy == f"run `cinespark {option} jars`"
    assert find_data(state).remedy == f"run `cinespark {option} data ml-100k`"


def test_data_are_brought_into_the_state_folder_given(var, monkeypatch):
    monkeypatch.chdir(var.parent)
    words = ["data", "sample", "--users", "5", "--movies", "9", "--ratings", "30"]
    for given in ("state", str(var.parent / "state")):
        result = CliRunner().invoke(cli, ["--state-dir", given, *words])
        assert result.exit_code == 0
        assert "in state/data/sample (current)" in result.output
    assert find_data(var.parent / "state").is_good
    assert not var.exists()


def test_the_jars_of_the_session_are_complete(state_dir):
    assert find_jars(state_dir).is_good


def test_missing_data_name_the_command_that_brings_them(var):
    assert find_data(var).remedy == "run `cinespark data ml-100k`"


@pytest.fixture
def current(var):
    bring("sample", var / "data", str, sample=SampleParams(5, 9, 30))
    return var / "data" / "current"


def test_data_are_shown_with_their_size(var, current):
    assert find_data(var).found == "sample, 30 ratings"


@pytest.mark.parametrize("damage", ["", "{}", '{"dataset": "sample", "fi', "\0\xff"])
def test_damaged_data_name_the_command_that_brings_them_again(var, current, damage):
    (current / "manifest.json").write_bytes(damage.encode("latin-1"))
    finding = find_data(var)
    assert f"{var / 'data' / 'sample'} is damaged" in finding.found
    assert finding.remedy == "bring it again: `cinespark data sample`"


def test_damaged_data_of_ones_own_are_brought_again_from_their_folder(var, current):
    current.resolve().rename(var / "data" / "own-x")
    current.unlink()
    current.symlink_to("own-x")
    (current / "movies.csv").unlink()
    assert find_data(var).remedy == "bring it again: `cinespark data FOLDER`"


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    free = shutil._ntuple_diskusage(10**12, 10**12, 2**30)  # 1 GiB free
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    finding = doctor.find_disk(tmp_path / "not" / "yet")
    assert finding.found == f"1.0 GiB free at {tmp_path}"
    assert not finding.is_good


def test_the_memory_is_at_most_the_machines():
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < doctor.memory_bytes() <= pages


def test_the_first_thing_missing_stops_with_its_remedy():
    good, bad = Finding("disk", "plenty"), Finding("Java", "11", "install Java 17")
    require(good)
    with pytest.raises(CineSparkError, match=r"^Java: 11; install Java 17$"):
        require(good, bad, Finding("jars", "none", "run it"))
