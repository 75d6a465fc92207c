"""A folder that a link names is found once per command, and held."""

import fcntl
import os

import pytest

from dbt.adapters.sparksession.pins import pinned, start_pinning, unpin


@pytest.fixture
def folder(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text(name)
    (tmp_path / "current").symlink_to("old")
    start_pinning(tmp_path)
    yield tmp_path
    unpin()


def is_held(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def test_a_link_that_is_moved_meanwhile_changes_nothing(folder):
    assert pinned("current/a.csv") == str(folder / "old" / "a.csv")
    (folder / "current").unlink()
    (folder / "current").symlink_to("new")
    assert pinned("current/b.csv") == str(folder / "old" / "b.csv")
    assert is_held(folder / "old")
    start_pinning(folder)  # the next command
    assert not is_held(folder / "old")
    assert pinned("current/a.csv") == str(folder / "new" / "a.csv")


def test_what_no_link_leads_to_is_named_as_it_was(folder):
    assert pinned("old/a.csv") == "old/a.csv"
    assert pinned("nowhere/a.csv") == "nowhere/a.csv"
    assert not is_held(folder / "old")
