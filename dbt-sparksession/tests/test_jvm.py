"""What Spark's launcher is told of Java."""

import pytest

from dbt.adapters.sparksession import jvm
from dbt.adapters.sparksession.jvm import archive_path, is_small, jvm_options, quoted

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


def test_an_archive_is_named_once_it_holds_classes(tmp_path):
    archive = archive_path(tmp_path)
    option = f"-XX:SharedArchiveFile={archive}"
    assert option not in jvm_options(tmp_path)
    archive.parent.mkdir()
    archive.touch()  # where a JVM writes none, it is empty
    assert option not in jvm_options(tmp_path)
    archive.write_text("classes")
    assert option in jvm_options(tmp_path)
