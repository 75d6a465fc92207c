"""A stream that runs: lists follow ratings and versions by themselves."""

import threading
import time

import pytest
from made_events import TOPIC, append, drop, event, published
from made_service import LISTED

from cinespark.publish.rollback import rollback
from cinespark.stream import keep_folding as module
from cinespark.stream.fold import Folded
from cinespark.versions.overlay import FOLDER, overlay_file, remove_overlay

LIST = f"/api/v1/users/{{}}/recommendations?n={LISTED}"


@pytest.fixture
def following(state, exports):
    """Give what a thread that folds was told; it ends with the test."""
    told, stop = [], threading.Event()
    given = exports, state, TOPIC, stop, told.append
    thread = threading.Thread(target=module.keep_folding, args=given)
    thread.start()
    yield told
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def wait_for(what, seconds=10):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    assert what()


def test_ratings_and_versions_are_followed_as_they_come(
    state, exports, following, make_asker
):
    append(state, [event(0, 3, 129, 5.0, 90)])
    first, _ = published(exports)
    wait_for(lambda: len(following) == 1)
    assert (following[0].version, following[0].users) == (first, 1)
    append(state, [event(1, 4, 129, 5.0, 90)])
    begun = time.monotonic()
    wait_for(lambda: len(following) == 2)
    assert time.monotonic() - begun < 2
    second, _ = published(exports, seed=4)
    begun = time.monotonic()
    wait_for(lambda: len(following) == 3)
    assert time.monotonic() - begun < 2
    assert (following[2].version, following[2].users) == (second, 2)
    asker = make_asker()
    assert asker.get(LIST.format(3)).get_json()["folded_at"] is not None
    rollback(exports)
    append(state, [event(2, 5, 129, 5.0, 90)])
    wait_for(lambda: len(following) == 4)
    assert (following[3].version, following[3].users) == (first, 1)
    assert all(one.problem is None for one in following)


def test_an_overlay_that_somebody_removed_is_made_again(state, exports, following):
    append(state, [event(0, 3, 129, 5.0, 90)])
    version, _ = published(exports)
    wait_for(lambda: len(following) == 1)
    remove_overlay(state / FOLDER, version)
    wait_for(lambda: len(following) == 2)
    assert overlay_file(state / FOLDER, version).exists()


def test_overlays_of_versions_that_went_are_removed(state, exports, following):
    append(state, [event(0, 3, 129, 5.0, 90)])
    (state / FOLDER).mkdir(mode=0o700)
    left = state / FOLDER / "20200101T000000Z-01234567.sqlite"
    left.touch()
    published(exports)
    wait_for(lambda: len(following) == 1)
    assert not left.exists()


def test_a_failure_is_told_once_and_tried_again(state, exports, following, monkeypatch):
    monkeypatch.setattr(module, "RETRY", 0.1)
    append(state, [event(0, 3, 129, 5.0, 90)])
    files = {file: file.read_bytes() for file in state.rglob("*.parquet")}
    for file in files:
        file.unlink()
    published(exports)
    wait_for(lambda: len(following) == 1)
    time.sleep(0.5)
    assert "FileNotFoundError" in following[0].problem
    for file, content in files.items():
        file.write_bytes(content)
    wait_for(lambda: len(following) == 2)
    assert (following[1].users, following[1].problem) == (1, None)
    drop(state)


def test_ratings_of_another_data_set_are_not_folded_in(
    state, exports, following, monkeypatch
):
    monkeypatch.setenv("CINESPARK_KAFKA_TOPIC", "ratings.other")
    append(state, [event(0, 3, 129, 5.0, 90)])
    published(exports)
    wait_for(lambda: len(following) == 1)
    assert "has its ratings from the topic ratings.other" in following[0].problem
    assert not (state / FOLDER).exists()


def test_a_version_that_nobody_serves_is_not_followed(
    state, exports, following, monkeypatch
):
    append(state, [event(0, 3, 129, 5.0, 90)])
    version, _ = published(exports)
    wait_for(lambda: len(following) == 1)
    damaged, _ = published(exports, seed=4)
    wait_for(lambda: len(following) == 2)
    rollback(exports)
    wait_for(lambda: (exports / "current").read_text().strip() == version)
    remove_overlay(state / FOLDER, damaged)
    file = exports / damaged / "ranker.npz"
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    time.sleep(0.5)
    (exports / "current").write_text(f"{damaged}\n")
    wait_for(lambda: any(one.problem for one in following))
    problem = next(one.problem for one in following if one.problem)
    assert f"version {damaged} is not served" in problem
    assert "ranker.npz" in problem
    assert not overlay_file(state / FOLDER, damaged).exists()


def test_what_is_left_is_folded_in_once_and_a_failure_is_said(
    state, exports, monkeypatch
):
    assert module.fold_rest(exports, state, TOPIC) == Folded(None)
    version, _ = published(exports)
    append(state, [event(0, 3, 129, 5.0, 90)])
    assert not module.fold_rest(exports, state, TOPIC, 0.0).is_whole
    assert module.fold_rest(exports, state, TOPIC).users == 1
    assert module.fold_rest(exports, state, TOPIC).users == 0
    monkeypatch.setenv("CINESPARK_KAFKA_TOPIC", "ratings.other")
    found = module.fold_rest(exports, state, TOPIC)
    assert f"version {version} has its ratings from the topic ratings.other" in (
        found.problem
    )
