"""The service reads what came since a version, whatever happens to the file."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from made_events import append, event, published
from made_service import IDS, LISTED, SILENT, USERS

from cinespark.stream import overlay_store
from cinespark.versions.overlay import BESIDE, FOLDER, overlay_file, remove_overlay

LISTS = "/api/v1/users/{}/recommendations"
STRANGER = 900


def get(asker, user, headers=None, **query):
    return asker.get(
        LISTS.format(user), query_string={"n": LISTED, **query}, headers=headers
    )


def movies(answer):
    assert answer.status_code == 200
    return [one["movie_id"] for one in answer.get_json()["recommendations"]]


def test_who_is_only_in_the_overlay_has_a_list_and_a_page(
    state, exports, fold, make_asker
):
    published(exports)
    asker = make_asker()
    assert get(asker, STRANGER).status_code == 404
    assert asker.get(f"/users/{STRANGER}").status_code == 404
    append(state, [event(0, STRANGER, 105, 5.0, 90), event(1, STRANGER, 7, 4.0, 91)])
    fold()
    found = get(asker, STRANGER).get_json()
    assert found["user_id"] == STRANGER
    assert found["is_stored"]
    assert len(movies(get(asker, STRANGER))) == LISTED
    assert 105 not in movies(get(asker, STRANGER, n=100))
    filtered = get(asker, STRANGER, genre="War").get_json()
    assert not filtered["is_stored"]
    assert filtered["folded_at"] == found["folded_at"] == found["generated_at"]
    page = asker.get(f"/users/{STRANGER}?n={LISTED}").text
    assert "The list with what came since" in page
    assert f"User {STRANGER} has rated more since version {found['version']}" in page
    assert "2 ratings" in page
    assert "Film 105" in page
    assert asker.get("/users", query_string={"id": "90"}).text.count("/users/900") == 1
    assert "/users/900" in asker.get("/users?id=900").headers["Location"]
    assert get(asker, STRANGER + 1).status_code == 404


@pytest.mark.parametrize("id_type", IDS)
def test_ids_of_all_types_are_found_by_how_they_begin(
    state, exports, fold, make_asker, id_type
):
    public = IDS[id_type][0]
    published(exports, id_type)
    asker, start = make_asker(), str(public(STRANGER))[:-1]
    append(state, [event(0, public(STRANGER), public(105), 5.0, 90)])
    append(state, [event(1, public(3), public(105), 5.0, 90)])
    page = asker.get("/users", query_string={"id": start})
    assert f"No user's id begins with {start}" in page.text
    assert fold().users == 2
    page = asker.get("/users", query_string={"id": start})
    assert f">{public(STRANGER)}<" in page.text
    query = {"id": str(public(3))[:3], "live": ""}
    everybody = asker.get("/users", query_string=query).text
    assert everybody.count(f">{public(3)}<") == 1


def test_the_tag_of_a_list_is_another_once_its_user_has_rated(
    state, exports, fold, make_asker
):
    published(exports)
    asker = make_asker()
    queries = ({}, {"genre": "War"})
    tags = {
        (user, place): get(asker, user, **query).headers["ETag"]
        for user in (3, 4)
        for place, query in enumerate(queries)
    }
    version = asker.get("/api/v1/version").headers["ETag"]
    for step in range(3):
        append(state, [event(step, 3, 120 + step, 5.0, 90)])
        fold()
        for (user, place), tag in tags.items():
            answer = get(asker, user, {"If-None-Match": tag}, **queries[place])
            assert answer.status_code == (200 if user == 3 else 304)
            tags[user, place] = answer.headers.get("ETag", tag)
        answer = asker.get("/api/v1/version", headers={"If-None-Match": version})
        assert answer.status_code == 200
        version = answer.headers["ETag"]
        assert answer.get_json()["overlay"]["ratings"] == step + 1
    for (user, place), tag in tags.items():
        answer = get(asker, user, {"If-None-Match": tag}, **queries[place])
        assert answer.status_code == 304


def test_the_tag_of_the_version_is_another_after_each_fold(
    state, exports, fold, make_asker, monkeypatch
):
    monkeypatch.setattr(overlay_store, "now", lambda: "2026-01-01T00:00:00Z")
    published(exports)
    asker, tags = make_asker(), set()
    for step in range(3):  # rows that are no ratings, within one second
        append(state, [event(step, 3, 129, 9.0, 90)])
        fold()
        tags.add(asker.get("/api/v1/version").headers["ETag"])
    assert len(tags) == 3


def test_an_overlay_may_come_go_and_come_again(state, exports, fold, make_asker):
    version, _ = published(exports)
    asker = make_asker()
    before = get(asker, 3).get_json()
    append(state, [event(0, 3, before["recommendations"][0]["movie_id"], 1.0, 90)])
    for _ in range(2):
        assert get(asker, 3).get_json() == before
        assert asker.get("/api/v1/version").get_json()["overlay"] is None
        fold()
        after = get(asker, 3)
        assert movies(after) != [one["movie_id"] for one in before["recommendations"]]
        remove_overlay(state / FOLDER, version)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b"no database, but long enough to be read"),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:4096]),
    ],
)
def test_an_overlay_that_cannot_be_read_is_none_and_the_log_says_so(
    state, exports, fold, make_asker, caplog, damage
):
    version, _ = published(exports)
    before = movies(get(make_asker(), 3))
    append(state, [event(0, 3, before[0], 1.0, 90)])
    fold()
    file = overlay_file(state / FOLDER, version)
    other = file.with_name("copy")
    other.write_bytes(file.read_bytes())
    damage(other)
    for name in BESIDE:
        file.with_name(file.name + name).unlink(missing_ok=True)
    other.replace(file)
    asker = make_asker()
    caplog.clear()
    for _ in range(3):
        assert movies(get(asker, 3)) == before
    (record,) = [one for one in caplog.records if "overlay" in one.message]
    assert record.path == str(file)


def test_lists_are_whole_while_they_are_written(state, exports, fold, make_asker):
    """Of one fold each, and never of none: ratings alternate between two lists."""
    published(exports)
    asker = make_asker()
    users = range(1, USERS + 1)
    right: dict[int, list] = {}
    states, offset = ({129: 5.0, 128: 1.0}, {129: 1.0, 128: 5.0}), 0

    def rate(stars):
        nonlocal offset
        rows = []
        for user in users:
            for movie, rating in stars.items():
                rows.append(event(offset, user, movie, rating, 100 + offset))
                offset += 1
        append(state, rows)
        fold()

    for stars in states:
        rate(stars)
        for user in users:
            right.setdefault(user, []).append(get(asker, user).get_json())
    lists = {
        user: [one["recommendations"] for one in found] for user, found in right.items()
    }
    assert sum(one != other for one, other in lists.values()) > USERS / 2
    wrong, asked, stop = [], [], threading.Event()

    def ask():
        mine = asker.application.test_client()
        while not stop.is_set():
            for user in users:
                answer = get(mine, user)
                asked.append(answer.status_code)
                if (
                    answer.status_code != 200
                    or answer.get_json()["recommendations"] not in lists[user]
                ):
                    wrong.append((user, answer.get_data(as_text=True)))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 4
    while time.monotonic() < end:
        rate(states[0])
        rate(states[1])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(asked) > 100


def test_what_a_user_liked_is_shown_with_what_came_since(
    state, exports, fold, make_asker
):
    published(exports)
    append(state, [event(0, 3, 129, 5.0, 90), event(1, SILENT, 100, 5.0, 91)])
    fold()
    asker = make_asker()
    assert "1 rating" in asker.get(f"/users/{SILENT}").text
    liked = asker.get("/users/3").text.split('id="liked"')[1]
    assert "Film 129" in liked


def test_reading_writes_nothing(state, exports, fold, make_asker):
    version, _ = published(exports)
    append(state, [event(0, 3, 129, 5.0, 90)])
    fold()
    get(make_asker(), 3)
    address = f"{overlay_file(state / FOLDER, version).as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as store,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        store.execute("delete from users")
