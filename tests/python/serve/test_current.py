"""Versions that come and go while they are served."""

import threading
import time

import pytest
from made_service import LISTED, publish_service

from cinespark.publish.rollback import rollback
from cinespark.serve import current as module
from cinespark.serve import opened
from cinespark.serve.current import Current, NothingServed
from cinespark.versions.versions import current_version, versions

PATH = f"/api/v1/users/1/recommendations?n={LISTED}"


def shown(asker, path=PATH):
    return asker.get(path).get_json()


@pytest.fixture
def following(exports, make_app):
    """Return an app that follows what is published, and its Current."""
    publish_service(exports)
    app = make_app(exports)
    current = app.extensions["cinespark"]
    end = current.follow()
    yield app, current
    end()


def wait_for(what, seconds=5):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    assert what()


def test_a_new_version_is_served_within_a_second(following, exports):
    app, current = following
    asker = app.test_client()
    first = shown(asker)
    name, _ = publish_service(exports, seed=4)
    begun = time.monotonic()
    wait_for(lambda: shown(asker)["version"] == name)
    assert time.monotonic() - begun < 1.5
    assert shown(asker)["model_version"] != first["model_version"]
    ready, metrics = asker.get("/readyz").get_json(), asker.get("/metrics").text
    for step in ("verify", "open"):
        taken = ready[f"{step}_seconds"]
        assert 0 < taken < 1.5
        assert f'cinespark_version_seconds{{step="{step}"}} {taken!r}' in metrics
    rollback(exports)
    wait_for(lambda: shown(asker)["version"] == first["version"])
    assert shown(asker) == first
    assert current.swaps == 3


def damage_arrays(folder):
    file = folder / "ranker.npz"
    data = bytearray(file.read_bytes())
    data[-2000] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_arrays, "ranker.npz"),
        (lambda folder: (folder / "serving.sqlite").write_bytes(b"x"), "serving"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json"),
    ],
)
def test_a_broken_version_is_refused_and_the_one_before_goes_on(
    exports, make_app, damage, words
):
    publish_service(exports)
    app = make_app(exports)
    asker, current = app.test_client(), app.extensions["cinespark"]
    first = shown(asker)
    name, _ = publish_service(exports, seed=4)
    damage(exports / name)
    current.look()
    assert shown(asker) == first
    ready = asker.get("/readyz")
    assert ready.status_code == 200
    refused = ready.get_json()["refused"]
    assert refused["version"] == name
    assert words in refused["reason"]
    assert "cinespark_version_refused 1.0" in asker.get("/metrics").text
    rollback(exports, first["version"])
    current.look()
    assert asker.get("/readyz").get_json()["refused"] is None
    name, _ = publish_service(exports, seed=5)
    current.look()
    assert shown(asker)["version"] == name


def test_nothing_published_is_503_until_something_is(exports, make_app):
    app = make_app(exports)
    asker, current = app.test_client(), app.extensions["cinespark"]
    assert asker.get("/healthz").status_code == 200
    assert asker.get("/readyz").status_code == 503
    answer = asker.get(PATH)
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "nothing is published" in answer.get_json()["detail"]
    name, _ = publish_service(exports)
    current.look()
    assert shown(asker)["version"] == name
    assert asker.get("/readyz").status_code == 200


def test_a_version_of_an_older_release_is_refused_with_the_way_out(
    exports, tmp_path, monkeypatch
):
    with monkeypatch.context() as older:
        older.setattr("cinespark.publish.content.write_serving", lambda *_: 0)
        publish_service(exports)
    current = Current(exports, tmp_path)
    current.look()
    assert "publish again with `dbt build`" in current.refused.reason
    with pytest.raises(NothingServed), current.reading():
        pass


def test_a_request_keeps_the_version_that_it_began_with(exports, tmp_path):
    first, _ = publish_service(exports)
    current = Current(exports, tmp_path)
    current.look()
    with current.reading() as held:
        for seed in range(4, 12):  # more than publishing keeps
            name, _ = publish_service(exports, seed=seed)
            current.look()
        assert first in versions(exports)  # as it is held
        assert len(held.ask("select * from recommendations")) > 100
        assert len(held.histories["user_ids"]) > 10
        with current.reading() as newer:
            assert newer.name == name
    with pytest.raises(Exception, match="closed database"):
        held.ask("select 1")
    publish_service(exports, seed=20)
    assert first not in versions(exports)
    current.close()


def test_sums_are_verified_once_for_all_processes(exports, tmp_path, monkeypatch):
    publish_service(exports)
    calls = []
    from cinespark.serve import verified

    def counted(*args):
        calls.append(args)
        time.sleep(0.1)
        return []

    monkeypatch.setattr(verified, "damaged_files", counted)
    several = [Current(exports, tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=one.look) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.version for one in several} == {current_version(exports)}
    assert len(calls) == 1
    assert len({one.took.verify_seconds for one in several}) == 1  # of the one
    assert several[0].took.verify_seconds >= 0.1
    for one in several:
        one.close()


def test_no_answer_is_mixed_while_versions_change(following, exports):
    app, _ = following
    lists = {}
    for seed in (3, 4, 5):
        name, _ = publish_service(exports, seed=seed)
        wait_for(lambda now=name: shown(app.test_client())["version"] == now)
        lists[name] = shown(app.test_client())
    assert len({str(one["recommendations"]) for one in lists.values()}) == 3
    failed, counts, stop = [], [], threading.Event()

    def ask():
        asker = app.test_client()
        while not stop.is_set():
            answer = asker.get(PATH)
            found = answer.get_json()
            counts.append(1)
            if answer.status_code != 200 or found != lists[found["version"]]:
                failed.append(found)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for name in [*lists, *reversed(lists)]:
        rollback(exports, name)
        wait_for(lambda now=name: app.extensions["cinespark"].version == now)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(counts) > 20


def test_what_failed_for_a_moment_is_tried_again(exports, tmp_path, monkeypatch):
    publish_service(exports)
    failures = [OSError(24, "Too many open files"), RuntimeError("odd")]
    whole = opened.open_version

    def open_later(*given):
        if failures:
            raise failures.pop()
        return whole(*given)

    monkeypatch.setattr(module, "open_version", open_later)
    monkeypatch.setattr(module, "RETRY", 0.0)
    served = Current(exports, tmp_path)
    with pytest.raises(RuntimeError):
        served.look()
    served.look()
    assert "Too many open files" in served.refused.reason
    served.look()
    assert served.version == current_version(exports)
    assert served.refused is None
    served.close()
