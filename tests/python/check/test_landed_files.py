"""Files that are not what they were when they landed, or were listed, are counted."""

import hashlib

import pytest

from cinespark.check.landed_files import with_damaged_files

COLUMNS = "landed_at_path string, source_file string, sha256 string, is_segment boolean"


@pytest.fixture
def count(spark, tmp_path):
    """Return a function that counts damage of files by whether they are segments."""
    for kind in ("landing 1", "incoming"):
        folder = tmp_path / kind
        folder.mkdir()
        for name in ("a", "b"):
            (folder / name).write_text(f"{kind}{name}")

    def run(*kinds):
        rows = [
            (
                (tmp_path / kind / "list.json").as_uri(),
                name,
                hashlib.sha256(f"{kind}{name}".encode()).hexdigest(),
                kind == "incoming",
            )
            for kind in kinds
            for name in ("a", "b")
        ]
        manifest = spark.createDataFrame(rows, COLUMNS)
        found = with_damaged_files(spark.range(1), manifest).first()
        return found.damaged_file_count, found.damaged_segment_count

    return run


def test_damage_is_counted_of_files_and_of_segments(count, tmp_path):
    both = ("landing 1", "incoming")
    assert count(*both) == (0, 0)
    assert count("landing 1") == (0, None)
    (tmp_path / "incoming" / "a").write_text("x")
    (tmp_path / "incoming" / "b").unlink()
    assert count(*both) == (0, 2)
    (tmp_path / "landing 1" / "b").write_text("x")
    assert count(*both) == (1, 2)
