"""What is found on a machine, and the words for each thing missing."""

import shlex
import shutil
import stat

import pytest
from dbt.adapters.exceptions import FailedToConnectError

from dbt.adapters.sparksession import machine
from dbt.adapters.sparksession.machine import (
    Finding,
    find_jars,
    find_java,
    find_python,
    jars_command,
    require,
)


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
        ('openjdk version "17.0.19" 2026-04-21', "17.0.19"),
        ('openjdk version "21" 2023-09-19', "21"),
        ('Picked up _JAVA_OPTIONS: -Xmx1g\nopenjdk version "17.0.1" x', "17.0.1"),
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
        ('java version "1.8.0_392"', "1.8.0_392 ("),
        ('openjdk version "11.0.2" 2019-01-15', "11.0.2 ("),
        ('openjdk version "24-ea" 2025-03-18', "24-ea ("),
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


def test_missing_jars_name_the_command_that_brings_them(tmp_path):
    finding = find_jars(tmp_path, "fetch them")
    assert "iceberg-spark-runtime" in finding.found
    assert str(tmp_path / "jars") in finding.found
    assert finding.remedy == "run `fetch them`"


@pytest.mark.parametrize("place", ["elsewhere/var", "var 2"])
def test_the_command_for_the_jars_names_a_state_folder_of_ones_own(tmp_path, place):
    (tmp_path / "dbt_project.yml").touch()
    assert jars_command(tmp_path / "var") == "dbt-sparksession jars"
    state = tmp_path / place
    option = f"--state-dir {shlex.quote(str(state))}"
    assert jars_command(state) == f"dbt-sparksession jars {option}"


def test_the_jars_of_the_session_are_complete(state_dir):
    assert find_jars(state_dir, "").is_good


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    free = shutil._ntuple_diskusage(10**12, 10**12, 2**30)  # 1 GiB free
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    finding = machine.find_disk(tmp_path / "not" / "yet")
    assert finding.found == f"1.0 GiB free at {tmp_path}"
    assert not finding.is_good


def test_the_first_thing_missing_stops_with_its_remedy():
    good, bad = Finding("disk", "plenty"), Finding("Java", "11", "install Java 17")
    require(good)
    with pytest.raises(FailedToConnectError, match=r"Java: 11; install Java 17$"):
        require(good, bad, Finding("jars", "none", "run it"))


@pytest.mark.parametrize(
    ("version", "is_good"),
    [((3, 10, 14), False), ((3, 11, 0), True), ((3, 13, 9), True), ((3, 14, 0), False)],
)
def test_only_a_python_that_was_tried_will_do(monkeypatch, version, is_good):
    monkeypatch.setattr(machine.sys, "version_info", version)
    finding = find_python()
    assert finding.is_good is is_good
    assert is_good or finding.remedy == "install Python 3.11, 3.12 or 3.13"
