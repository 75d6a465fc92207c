"""Lists follow what is sent to a real broker, by a real stream, through maintenance."""

import json
import shutil
import sys
import time
from pathlib import Path

import pytest
import stream_worker

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))

from made_service import LISTED, publish_service
from test_stream_command import streaming

from cinespark.serve.app import Settings, create_app
from cinespark.topic.producer import sent
from cinespark.versions.overlay import FOLDER

LIST = f"/api/v1/users/{{}}/recommendations?n={LISTED}"
STRANGER = 900


@pytest.fixture
def asker(state, tmp_path):
    """Return who asks a service of a version in the state folder of streams."""
    publish_service(state / "exports")
    folders = state / "serve", tmp_path, state / "incoming"
    app = create_app(Settings(state / "exports", *folders, overlays=state / FOLDER))
    yield app.test_client()
    app.extensions["cinespark"].close()
    for name in ("exports", FOLDER):
        shutil.rmtree(state / name, ignore_errors=True)


def rate(topic, user, movie, stars):
    rating = {"user_id": user, "movie_id": movie, "rating": stars}
    value = json.dumps({**rating, "rated_at": int(time.time())}).encode()
    sent(topic, [(str(user).encode(), value)])


def movies_of(asker, user):
    answer = asker.get(LIST.format(user))
    if answer.status_code == 404:
        return []
    return [one["movie_id"] for one in answer.get_json()["recommendations"]]


def seconds_until(what, most):
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < most
        time.sleep(0.05)
    return time.monotonic() - begun


def test_lists_follow_what_is_sent_whatever_maintenance_does(
    state, topic, spark_does, asker
):
    assert movies_of(asker, STRANGER) == []
    with streaming(state, topic, "--every", "0.5") as process:
        rate(topic, STRANGER, 105, 5)
        seconds_until(lambda: movies_of(asker, STRANGER), 90)
        for step, between in enumerate(
            [lambda: None, stream_worker.maintain, stream_worker.expire_all]
        ):
            spark_does(between) if step else between()
            for user in (3 + step, 10 + step):
                first = movies_of(asker, user)[0]
                rate(topic, user, first, 4)
                taken = seconds_until(
                    lambda user=user, first=first: first not in movies_of(asker, user),
                    20,
                )
                assert taken < 10
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "7 lists anew" in out
    state_now = asker.get("/api/v1/version").get_json()["overlay"]
    assert (state_now["ratings"], state_now["users"]) == (7, 7)


def test_once_folds_what_it_has_read(state, topic, asker):
    first = movies_of(asker, 3)[0]
    rate(topic, 3, first, 4)
    with streaming(state, topic, "--once") as process:
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "1 list anew" in out
    assert first not in movies_of(asker, 3)
    rate(topic, 4, 129, 4)
    with streaming(state, topic, "--once", "--no-fold") as process:
        out, _ = process.communicate(timeout=120)
    assert "anew" not in out
    assert asker.get(LIST.format(4)).get_json()["folded_at"] is None
