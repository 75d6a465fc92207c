"""Whatever happens half-way, a data set is the old one or the new one, whole."""

import subprocess
import sys
import threading

import pytest

from cinespark.data import store
from cinespark.errors import CineSparkError
from cinespark.lock import held


def say_nothing(_):
    pass


@pytest.fixture
def old(tmp_path):
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "ratings.csv").write_text("old")
    return tmp_path


def contents(data_dir):
    """Return the files of each data set, as its name and `current` lead to them."""
    return {
        f"{folder.name}/{path.name}": path.read_text()
        for folder in data_dir.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
        for path in folder.iterdir()
    }


def test_a_replacement_is_whole(old):
    with store.replacing(old, "films") as new:
        (new / "ratings.csv").write_text("new")
    assert contents(old) == {"films/ratings.csv": "new"}


def test_a_failure_leaves_the_old_and_no_rest(old):
    def interrupted():
        with store.replacing(old, "films") as new:
            (new / "ratings.csv").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert contents(old) == {"films/ratings.csv": "old"}


KILLED = """
import os, pathlib, shutil, sys
from cinespark.data import store
steps, die_at = 0, int(sys.argv[2])

def or_die(step):
    def counted(*args, **kwargs):
        global steps
        steps += 1
        if steps == die_at:
            os._exit(9)
        return step(*args, **kwargs)
    return counted

for owner, name in [(pathlib.Path, n) for n in ("mkdir", "rename", "write_text")] + [
    (shutil, "rmtree"), (pathlib.Path, "symlink_to"), (pathlib.Path, "replace")
]:
    setattr(owner, name, or_die(getattr(owner, name)))
data_dir = pathlib.Path(sys.argv[1])
with store.opened(data_dir, print):
    with store.replacing(data_dir, "films") as new:
        (new / "ratings.csv").write_text("new")
    store.point_current_at(data_dir, "films")
print("all steps done")
"""


def test_killed_before_any_step_the_next_start_finds_old_or_new(old):
    found = []
    for step in range(1, 20):
        command = [sys.executable, "-c", KILLED, str(old), str(step)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        with store.opened(old, say_nothing):
            found.append(contents(old))
        assert not list(old.glob(".new-*")) + list(old.glob(".old-*"))
        if "all steps done" in done.stdout:
            break
        assert done.returncode == 9, done.stderr
        (old / "films" / "ratings.csv").write_text("old")
    whole = [{"films/ratings.csv": "old"}, {"films/ratings.csv": "new"}]
    assert len(found) > 7
    for one in found:  # by its name and, once it is there, by `current`
        assert set(one) - {"current/ratings.csv"} == {"films/ratings.csv"}
        assert set(one.values()) in ({"old"}, {"new"})
    assert whole[0] in found
    assert (old / "current" / "ratings.csv").read_text() == "new"


def test_what_a_build_reads_stays_until_it_has_read_it(old):
    def put(text):
        with store.opened(old, say_nothing), store.replacing(old, "films") as new:
            (new / "ratings.csv").write_text(text)

    put("one")
    folder = (old / "films").resolve()
    with held(folder) as is_there:
        assert is_there
        put("two")
        put("three")
        assert (folder / "ratings.csv").read_text() == "one"
        assert (old / "films" / "ratings.csv").read_text() == "three"
        assert len(list((old / ".content").iterdir())) == 2
    with store.opened(old, say_nothing):
        assert not folder.exists()


def test_current_is_a_relative_link(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        store.point_current_at(tmp_path, name)
        assert str((tmp_path / "current").readlink()) == name


def test_a_current_that_is_a_folder_is_left_alone(tmp_path):
    (tmp_path / "current").mkdir()
    with pytest.raises(CineSparkError, match="not a link that cinespark made"):
        store.point_current_at(tmp_path, "a")
    assert (tmp_path / "current").is_dir()


def test_two_at_once_wait_for_each_other(tmp_path):
    said, order = [], []
    waiting = threading.Event()

    def hear(sentence):
        said.append(sentence)
        waiting.set()

    def second():
        with store.opened(tmp_path, hear):
            order.append("second")

    thread = threading.Thread(target=second)
    with store.opened(tmp_path, say_nothing):
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert said == ["waiting for another cinespark data to end"]
