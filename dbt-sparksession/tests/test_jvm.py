"""What Spark's launcher is told of Java."""

import subprocess

import pytest

from dbt.adapters.sparksession import jvm
from dbt.adapters.sparksession.jars import jar_files
from dbt.adapters.sparksession.jvm import archive_name, is_small, jvm_options, quoted
from dbt.adapters.sparksession.machine import Finding, find_java

NO_OPTIMISING_COMPILER = "-XX:TieredStopAtLevel=1"


def test_options_survive_being_taken_apart():
    assert quoted("-Da=b c", "-XX:+UseParallelGC") == '"-Da=b c" "-XX:+UseParallelGC"'
    assert quoted('-Da=x"y') == r'"-Da=x\"y"'
    assert quoted(r"-Da=c:\d e") == r'"-Da=c:\\d e"'


@pytest.mark.parametrize(("last", "expected"), [(3, True), (4, False)])
def test_all_files_below_the_input_folder_count(tmp_path, monkeypatch, last, expected):
    monkeypatch.setattr(jvm, "SMALL_INPUT_BYTES", 10)
    folder = tmp_path / "landed"
    (folder / "2026").mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"x" * 6)
    (folder / "2026" / "b.csv").write_bytes(b"x" * last)
    (tmp_path / "current").symlink_to(folder)
    assert is_small(tmp_path / "current") is expected


def test_an_input_folder_that_is_not_there_is_not_small(tmp_path):
    assert not is_small(tmp_path / "nowhere")


def test_only_a_small_input_is_built_without_the_optimising_compiler(tmp_path):
    assert NO_OPTIMISING_COMPILER in jvm_options(tmp_path, tmp_path)
    assert NO_OPTIMISING_COMPILER not in jvm_options(tmp_path, tmp_path / "nowhere")
    assert NO_OPTIMISING_COMPILER not in jvm_options(tmp_path)


def test_only_a_larger_input_is_built_with_a_compiler_that_waits_longer(tmp_path):
    nowhere = tmp_path / "nowhere"
    assert not {*jvm.HOT_METHODS} & {*jvm_options(tmp_path, tmp_path)}
    assert {*jvm.HOT_METHODS} < {*jvm_options(tmp_path, nowhere)}


def test_this_java_knows_the_options(tmp_path):
    java = find_java().found.partition("(")[2].removesuffix(")")
    for input_dir in (tmp_path, tmp_path / "nowhere"):
        options = jvm_options(tmp_path, input_dir)
        done = subprocess.run(
            [java, *options, "-version"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def options_with(state_dir):
    marks = [option for option in jvm_options(state_dir) if "SharedArchive" in option]
    return [option.removeprefix("-XX:SharedArchiveFile=") for option in marks]


@pytest.fixture
def archive(tmp_path):
    file = tmp_path / "jars" / archive_name(tmp_path, len("classes"))
    file.parent.mkdir()
    file.write_text("classes")
    return file


def test_an_archive_is_named_while_it_is_whole(archive, tmp_path):
    assert options_with(tmp_path) == [str(archive)]
    for torn in ("class", ""):
        archive.write_text(torn)
        assert options_with(tmp_path) == []


def test_an_archive_of_another_java_is_not_named(archive, tmp_path, monkeypatch):
    newer = Finding("Java", f"{find_java().found}.1")
    monkeypatch.setattr(jvm, "find_java", lambda: newer)
    assert options_with(tmp_path) == []


def test_an_archive_of_other_jars_is_not_named(archive, tmp_path):
    jar_files(tmp_path / "jars")[0].write_bytes(b"a jar of another time")
    assert options_with(tmp_path) == []
