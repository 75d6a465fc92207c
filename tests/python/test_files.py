"""The one atomic replacement: the old file or the new one, and no rest."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from cinespark.files import (
    make_folder,
    remove,
    replace_file,
    replacing,
    sha256_of,
    unfinished,
)


def test_a_file_is_replaced_by_text_or_bytes_and_leaves_no_rest(tmp_path):
    file = tmp_path / "new folder" / "page.html"
    replace_file(file, "é\n")
    assert file.read_bytes() == b"\xc3\xa9\n"
    replace_file(file, b"\0")
    assert file.read_bytes() == b"\0"
    assert list(file.parent.iterdir()) == [file]


def test_an_error_leaves_the_old_file_and_no_rest(tmp_path):
    file = tmp_path / "page.html"
    replace_file(file, "old")

    def interrupted():
        with replacing(file) as new:
            new.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_two_writers_at_once_do_not_share_a_half_written_file(tmp_path):
    file = tmp_path / "page.html"
    with replacing(file) as one, replacing(file) as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
    assert file.read_text() == "one"  # which was ready last
    assert list(tmp_path.iterdir()) == [file]


KILLED = """
import os, pathlib, sys
from cinespark.files import replacing
with replacing(pathlib.Path(sys.argv[1])) as new:
    new.write_text("half")
    os._exit(9)
"""


def test_what_a_kill_leaves_is_removed_and_nothing_else(tmp_path):
    file = tmp_path / "page.html"
    replace_file(file, "old")
    subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
    (tmp_path / ".new-version").mkdir()
    (tmp_path / ".new-version" / "part").touch()
    (tmp_path / ".new-link").symlink_to(file)
    assert len(list(tmp_path.iterdir())) == 4
    remove(unfinished(tmp_path))
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "old"


def test_a_sum_is_that_of_the_bytes(tmp_path):
    file = tmp_path / "data"
    file.write_bytes(b"abc" * 100_000)
    assert sha256_of(file) == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_many_may_make_one_folder_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        for number in range(50):
            folder = tmp_path / str(number) / "deep"
            list(pool.map(make_folder, [folder] * 8))
            assert folder.is_dir()
