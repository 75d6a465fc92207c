"""Folding in: lists of who rated are what the same ratings give asked for."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from made_events import TOPIC, append, compact, drop, event, expire, published
from made_service import (
    HELD,
    IDS,
    LISTED,
    OWN,
    PINNED,
    SILENT,
    USERS,
    made_rules,
    publish_service,
)

from cinespark.errors import CineSparkError
from cinespark.serve import lists
from cinespark.serve.histories import on_scale
from cinespark.serve.opened import open_version
from cinespark.stream import event_table, fold_rows
from cinespark.stream import fold as fold_module
from cinespark.stream.fold import Folded
from cinespark.versions.keys import UNKNOWN
from cinespark.versions.overlay import FOLDER, overlay_file
from cinespark.versions.versions import current_version

LISTS = "/api/v1/users/{}/recommendations"
NEW = "/api/v1/recommendations"
STRANGER = 900  # whom no version knows


def list_of(asker, user, **query):
    path = LISTS.format(user).replace("°", "%C2%B0").replace("/x/", "%2Fx/")
    answer = asker.get(path, query_string={"n": LISTED, "explain": "true", **query})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def rows_of(found):
    return found["recommendations"]


def ids(found):
    return [one["movie_id"] for one in rows_of(found)]


def assert_same(rows, others, stars=True):
    """Assert that lists are the same, but for rounding."""
    assert [one["movie_id"] for one in rows] == [one["movie_id"] for one in others]
    for one, other in zip(rows, others, strict=True):
        one, other = dict(one), dict(other)
        if not stars:
            del one["predicted_rating"], other["predicted_rating"]
        for name in ("because_of",):
            pairs = zip(one.pop(name), other.pop(name), strict=True)
            for mine, theirs in pairs:
                assert mine["movie_id"] == theirs["movie_id"]
                amount = pytest.approx(theirs["contribution"], abs=1e-9)
                assert mine["contribution"] == amount
        assert one == {
            name: pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
            for name, value in other.items()
        }


def history(frame, user):
    """Return a user's ratings, by movie: the stars and the time."""
    mine = frame[frame["user_id"] == user]
    return {
        row.movie_id: (row.rating, row.rated_at) for row in mine.itertuples(index=False)
    }


def asked_as_new(asker, rated, public=int, **more):
    """Return the list of a stranger with these ratings."""
    body = {
        "ratings": [
            {"movie_id": public(movie), "rating": stars, "rated_at": time}
            for movie, (stars, time) in rated.items()
        ],
        "n": LISTED,
        "explain": True,
        **more,
    }
    answer = asker.post(NEW, json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


@pytest.mark.parametrize("id_type", IDS)
def test_who_rates_the_same_again_keeps_the_published_list(
    state, exports, fold, make_asker, id_type
):
    public = IDS[id_type][0]
    _, frame = published(exports, id_type)
    asker = make_asker()
    users = range(1, SILENT + 1)
    before = {user: list_of(asker, public(user)) for user in users}
    rows = [
        event(
            place, public(row.user_id), public(row.movie_id), row.rating, row.rated_at
        )
        for place, row in enumerate(frame.drop_duplicates("user_id").itertuples())
    ]
    unknown = public(7)  # a movie that nobody knows; its rating says nothing of liking
    rows.append(event(len(rows), public(SILENT), unknown, 1.0, 1))
    append(state, rows)
    folded = fold()
    assert (folded.ratings, folded.users, folded.skipped) == (USERS + 1, USERS + 1, 0)
    for user in users:
        after = list_of(asker, public(user))
        assert before[user]["folded_at"] is None
        assert after["folded_at"] == after["generated_at"] is not None
        assert after["is_stored"]
        assert_same(rows_of(after), rows_of(before[user]))


def test_who_rates_the_same_again_keeps_the_list_by_rules(
    state, exports, fold, make_asker
):
    rules = {"new": range(100, 109), "exploration_share": 0.5, "diversity": 0.4}
    _, frame = published(
        exports, rules=lambda catalogue: made_rules(catalogue, **rules)
    )
    asker, nothing = make_asker(), {"exclude": 5}  # a filter has it made by the rules
    users = range(1, USERS + 1)
    before = {user: rows_of(list_of(asker, user, **nothing)) for user in users}
    rows = [
        event(place, row.user_id, row.movie_id, row.rating, row.rated_at)
        for place, row in enumerate(frame.drop_duplicates("user_id").itertuples())
    ]
    rows += [
        event(USERS + place, STRANGER, 100 + place, 5.0, place) for place in (0, 3)
    ]
    append(state, rows)
    assert fold().users == USERS + 1
    for user in users:
        assert_same(rows_of(list_of(asker, user)), before[user])
    sources = {one["source"] for rows in before.values() for one in rows}
    assert {"personal", "pin", "exploration"} <= sources
    stranger = list_of(asker, STRANGER)
    assert ids(stranger)[1] == PINNED
    assert OWN not in ids(stranger)
    assert "exploration" not in {one["source"] for one in rows_of(stranger)}
    expected = asked_as_new(asker, {100: (5.0, 0), 103: (5.0, 3)})
    assert_same(rows_of(stranger), rows_of(expected))
    assert HELD not in {one for user in [2] for one in ids(list_of(asker, user))}


@pytest.mark.parametrize("id_type", IDS)
def test_a_new_rating_gives_what_the_same_ratings_give_asked_for(
    state, exports, fold, make_asker, id_type
):
    public = IDS[id_type][0]
    _, frame = published(exports, id_type)
    asker, rows, expected = make_asker(), [], {}
    for user in range(1, USERS + 1):
        first = rows_of(list_of(asker, public(user)))[0]["movie_id"]
        movie = next(one for one in range(100, 130) if public(one) == first)
        stars = float(1 + user % 5)
        rated = history(frame, user) | {movie: (stars, 100 + user)}
        expected[user] = asked_as_new(asker, rated, public)
        assert public(movie) not in ids(expected[user])
        rows.append(event(user, public(user), first, stars, 100 + user, user % 3))
    stranger = {105: (5.0, 3), 110: (2.0, 9), 7: (4.0, 5)}
    for place, (movie, (stars, time)) in enumerate(stranger.items()):
        person, movie = public(STRANGER), public(movie)
        rows.append(event(100 + place, person, movie, stars, time))
    append(state, rows)
    assert fold().users == USERS + 1
    for user, answer in expected.items():
        found = list_of(asker, public(user))
        assert_same(rows_of(found), rows_of(answer), stars=False)
        pairs = [
            {"user_id": public(user), "movie_id": one["movie_id"]}
            for one in rows_of(found)
        ]
        predicted = asker.post("/api/v1/predictions", json={"pairs": pairs}).get_json()
        for one, other in zip(rows_of(found), predicted["predictions"], strict=True):
            assert one["predicted_rating"] == pytest.approx(other["predicted_rating"])
    found = list_of(asker, public(STRANGER))
    assert_same(rows_of(found), rows_of(asked_as_new(asker, stranger, public)))
    assert {one["predicted_rating"] for one in rows_of(found)} == {None}


def test_of_ratings_of_a_movie_the_latest_counts(state, exports, fold, make_asker):
    _, frame = published(exports)
    asker, user = make_asker(), 3
    rated = history(frame, user)
    movie, (stars, time) = next(iter(rated.items()))
    other = next(one for one in range(100, 130) if one not in rated)
    append(state, [event(0, user, movie, 6.0 - stars, time - 1)])  # older: it loses
    fold()
    assert_same(
        rows_of(list_of(asker, user)),
        rows_of(asked_as_new(asker, rated)),
        stars=False,
    )
    rows = [
        event(3, user, movie, 2.0, time + 9),
        event(4, user, movie, 4.0, time + 9.9),
        event(7, user, movie, 5.0, time + 9.2),  # of one second, what came last
        event(5, user, movie, 1.0, time + 8),
        event(6, user, other, 4.0, time),
    ]
    append(state, rows)
    fold()
    now = rated | {movie: (5.0, time + 9), other: (4.0, time)}
    expected = asked_as_new(asker, now)
    assert_same(rows_of(list_of(asker, user)), rows_of(expected), stars=False)
    longer = list_of(asker, user, n=20)
    assert not longer["is_stored"]
    assert longer["folded_at"] is not None
    expected = asked_as_new(asker, now, n=20)
    assert_same(rows_of(longer), rows_of(expected), stars=False)


def test_who_has_rated_everything_has_an_empty_list(state, exports, fold, make_asker):
    _, frame = published(exports)
    append(state, [event(one, 3, 100 + one, 4.0, 200 + one) for one in range(30)])
    append(state, [event(30 + one, 4, 100 + one, 4.0, 300) for one in range(28)])
    assert fold().users == 2
    assert ids(list_of(make_asker(), 3)) == []
    left = {128, 129} - set(history(frame, 4))
    assert set(ids(list_of(make_asker(), 4))) == left != set()


def test_an_event_that_comes_again_counts_once(state, exports, fold, make_asker):
    _, frame = published(exports)
    first = event(0, 3, 129, 5.0, 50, event_id="a")
    append(state, [first, event(1, 3, 129, 1.0, 60, event_id="a")])
    append(state, [first, event(2, 4, 129, 1.0, 60, event_id="b")])
    assert fold().ratings == 2
    append(state, [first])  # as if a batch had been written twice
    append(state, [event(3, 3, 129, 2.0, 70, event_id="a")])
    assert fold().ratings == 0
    expected = asked_as_new(make_asker(), history(frame, 3) | {129: (5.0, 50)})
    found = list_of(make_asker(), 3)
    assert_same(rows_of(found), rows_of(expected), stars=False)


def test_nobody_can_take_the_event_of_somebody_else(state, exports, fold, make_asker):
    _, frame = published(exports)
    append(state, [event(0, 4, 100, 1.0, 50, event_id="a")])
    append(state, [event(1, 3, 129, 5.0, 50, event_id="a")])
    assert fold().ratings == 2
    expected = asked_as_new(make_asker(), history(frame, 3) | {129: (5.0, 50)})
    found = list_of(make_asker(), 3)
    assert_same(rows_of(found), rows_of(expected), stars=False)


@pytest.mark.parametrize("id_type", IDS)
def test_a_rating_that_was_learnt_counts_no_more_when_it_comes_again(
    state, exports, fold, make_asker, id_type
):
    public = IDS[id_type][0]
    published(exports, id_type, stream={0: 2})
    asker, one = make_asker(), (public(3), public(129), 5.0)
    before = list_of(asker, public(3))
    append(state, [event(1, *one, 50, event_id="a")])
    append(state, [event(2, *one, 90, event_id="a")])
    folded = fold()
    assert (folded.ratings, folded.users) == (0, 0)
    assert list_of(asker, public(3)) == before
    append(state, [event(3, *one, 90, event_id="b")])
    append(state, [event(4, public(4), *one[1:], 90, event_id="a")])
    assert fold().users == 2


def test_rows_that_are_no_ratings_are_counted_and_change_nothing(
    state, exports, fold, make_asker
):
    published(exports)
    rows = [
        event(0, 3, 129, 5.0, 50, reason="rating is missing"),
        event(1, "anna", 129, 5.0, 50),
        event(2, 3, "1.5", 5.0, 50),
        event(3, 3, 129, 5.5, 50),
        event(4, 3, 129, 0.5, 50),
        event(5, 3, 129, float("nan"), 50),
        {**event(6, 3, 129, 5.0, 50), "rating": None},
        {**event(7, 3, 129, 5.0, 50), "user_id": None},
        event(8, 3, 129, 5.0, 50, topic="ratings.other"),
        event(9, 2**31, 129, 5.0, 50),
    ]
    append(state, rows)
    folded = fold()
    assert (folded.ratings, folded.users, folded.skipped) == (0, 0, 9)
    answer = make_asker().get("/api/v1/version").get_json()["overlay"]
    assert answer.pop("folded_at") is not None
    assert answer == {
        "users": 0,
        "new_users": 0,
        "ratings": 0,
        "skipped": 9,
        "positions": [{"topic": TOPIC, "partition": 0, "next_offset": 10}],
    }
    assert list_of(make_asker(), 3)["folded_at"] is None


def test_what_the_version_has_learnt_is_not_folded_in(state, exports, fold, make_asker):
    published(exports, stream={0: 2, 1: 5})
    rows = [
        event(1, 3, 129, 5.0, 50),
        event(2, 4, 128, 5.0, 50),
        event(4, 5, 127, 5.0, 50, 1),
        event(5, 6, 126, 5.0, 50, 1),
        event(0, 7, 125, 5.0, 50, 2),
    ]
    append(state, rows)
    assert fold().users == 3
    asker = make_asker()
    folded = [user for user in range(1, 9) if list_of(asker, user)["folded_at"]]
    assert folded == [4, 6, 7]


def test_without_a_predictor_the_least_is_that_of_the_build(exports):
    publish_service(exports, **{"recommender.rating_min": "1.0"})
    with closing(open_version(exports, current_version(exports))) as opened:
        opened = replace(opened, predictor=None)
        stars = np.array([-5.0, 0.5, 1.0, 5.0, 5.5])
        assert on_scale(opened, stars).tolist() == [False, False, True, True, False]


def test_who_has_no_list_keeps_nobody_else_from_having_one(
    state, exports, fold, make_asker, monkeypatch
):
    published(exports)
    made = lists.lists_of

    def lists_of(opened, people, *more):
        if 3 in people.user_ids:
            raise CineSparkError("no unique solution")
        return made(opened, people, *more)

    monkeypatch.setattr(fold_rows, "lists_of", lists_of)
    append(state, [event(user, user, 129, 5.0, 50) for user in (2, 3, 4)])
    folded = fold()
    assert (folded.ratings, folded.skipped, folded.is_whole) == (3, 1, True)
    asker = make_asker()
    followed = [one for one in (2, 3, 4) if list_of(asker, one)["folded_at"]]
    assert followed == [2, 4]
    append(state, [event(5, 5, 129, 5.0, 50)])
    assert fold().users == 1


@pytest.mark.parametrize("between", [compact, expire, drop, None])
def test_maintenance_between_loses_and_repeats_nothing(
    state, exports, fold, make_asker, between
):
    _, frame = published(exports)
    rated, rows = history(frame, 3), []
    for offset, movie in enumerate(range(100, 130, 3)):
        rated[movie] = (4.0, 200 + movie)
        rows.append(event(offset, 3, movie, 4.0, 200 + movie))
        append(state, rows[-1:])
        if offset % 3 == 0:
            assert fold().ratings == min(offset, 2) + 1
        if between is not None and offset in (3, 4):
            between(state)
            if between is drop:
                append(state, rows[:-1])
                append(state, rows[-1:])
    assert fold() == Folded(current_version(exports), seconds=pytest.approx(0, abs=9))
    asker = make_asker()
    assert asker.get("/api/v1/version").get_json()["overlay"]["ratings"] == len(rows)
    assert_same(
        rows_of(list_of(asker, 3)), rows_of(asked_as_new(asker, rated)), stars=False
    )


def test_no_overlay_is_made_for_nothing(state, exports, fold):
    version, _ = published(exports, stream={0: 2})
    assert fold() == Folded(version)
    append(state, [event(1, 3, 129, 5.0, 50), event(7, 3, 129, 5.0, 50, topic="a.b")])
    assert not fold().users
    assert not (state / FOLDER).exists()


def test_who_is_interrupted_has_changed_nothing_and_goes_on_later(
    state, exports, fold, make_asker
):
    published(exports)
    append(state, [event(user, user, 129, 5.0, 50) for user in range(1, 5)])
    folded = fold(may_go_on=lambda: False)
    assert not folded.is_whole
    asker = make_asker()
    assert [list_of(asker, user)["folded_at"] for user in range(1, 5)] == [None] * 4
    assert asker.get("/api/v1/version").get_json()["overlay"]["ratings"] == 0
    assert fold().users == 4
    assert all(list_of(asker, user)["folded_at"] for user in range(1, 5))


def test_each_topic_is_read_from_its_own_beginning(state, exports, fold):
    version, _ = published(exports)
    rows = [event(one, 3 + one, 129, 5.0, 50) for one in range(2)]
    others = [{**one, "topic": "ratings.other"} for one in rows]
    append(state, [*rows, *others])
    assert fold().ratings == 2
    with closing(open_version(exports, version)) as opened:
        again = [fold_module.fold_once(opened, state, "ratings.other") for _ in "ab"]
    assert [one.ratings for one in again] == [2, 0]
    assert fold().ratings == 0


def test_a_user_of_the_data_without_a_published_list_is_no_stranger(exports):
    version, frame = published(exports)
    user = int(frame["user_id"].iloc[0])
    with closing(open_version(exports, version)) as opened:
        unlisted = replace(opened, _connect=lambda: sqlite3.connect(":memory:"))
        unlisted.ask("create table users (user_id, user_key)")
        found = fold_rows.user_keys(unlisted, [user, STRANGER])
    assert found == {user: user, STRANGER: UNKNOWN}


def test_what_is_done_in_time_stays_done(state, exports, fold, monkeypatch):
    monkeypatch.setattr(fold_module, "FIRST_ROWS", 2)
    monkeypatch.setattr(fold_module, "SECONDS", 0.0)
    published(exports)
    append(state, [event(user, user, 129, 5.0, 50) for user in range(1, 8)])
    answers = iter([True, True, False, True, False])
    found = [fold(may_go_on=lambda: next(answers)) for _ in range(2)]
    assert [(one.users, one.is_whole) for one in found] == [(4, False), (2, False)]
    last = fold()
    assert (last.users, last.is_whole) == (1, True)


def test_a_transaction_takes_about_as_long_as_it_may(state, exports, fold, monkeypatch):
    published(exports)
    sizes, seconds = [], iter([0.1, 0.5, 4.0, 1.0, 1.0, 1.0, 1.0])
    clock = [0.0]

    def fold_rows(opened, store, topic, rows, n):
        sizes.append(rows.num_rows)
        clock[0] += next(seconds)
        return Counter()

    monkeypatch.setattr(fold_module, "fold_rows", fold_rows)
    watch = SimpleNamespace(perf_counter=lambda: clock[0])
    monkeypatch.setattr(fold_module, "time", watch)
    append(state, [event(one, 3, 129, 5.0, 50) for one in range(4_000)])
    fold()
    assert sizes == [200, 800, 1600, 400, 400, 400, 200]


def test_much_is_read_some_at_a_time(state, exports, fold, monkeypatch, make_asker):
    monkeypatch.setattr(event_table, "MOST_AT_ONCE", 30)
    monkeypatch.setattr(event_table, "WINDOW", 20)
    published(exports)
    far = 10**9  # where a topic may begin whose first records went long ago
    rows = [event(far + one, 3, 100 + one % 30, 4.0, 200 + one) for one in range(45)]
    rows += [event(one, 4, 100 + one % 30, 2.0, 200 + one, 1) for one in range(45)]
    append(state, rows[:50])
    append(state, rows[50:])
    sizes, made = [], fold_rows.fold_rows

    def folded(opened, store, topic, rows, n):
        sizes.append(rows.num_rows)
        return made(opened, store, topic, rows, n)

    monkeypatch.setattr(fold_module, "fold_rows", folded)
    assert fold().ratings == 90
    assert sizes == [20, 20, 5, 20, 20, 5]
    asker = make_asker()
    positions = asker.get("/api/v1/version").get_json()["overlay"]["positions"]
    assert [one["next_offset"] for one in positions] == [far + 45, 45]
    assert fold().ratings == 0
    append(state, [event(far + 45, 3, 129, 1.0, 900)])
    assert fold().ratings == 1


@pytest.mark.parametrize("damage", [b"no database", b""])
def test_an_overlay_that_is_damaged_is_made_anew(state, exports, fold, damage):
    version, _ = published(exports)
    append(state, [event(0, 3, 129, 5.0, 50)])
    fold()
    file = overlay_file(state / FOLDER, version)
    for one in (state / FOLDER).glob(f"{file.name}*"):
        one.unlink()
    file.write_bytes(damage)
    assert fold().users == 1


def test_an_overlay_with_a_damaged_page_is_made_anew_once(
    state, exports, fold, make_asker
):
    version, _ = published(exports)
    append(state, [event(one, 1 + one, 129, 5.0, 50) for one in range(8)])
    fold()
    file = overlay_file(state / FOLDER, version)
    with closing(sqlite3.connect(file)) as store:
        store.execute("pragma wal_checkpoint(truncate)")
        store.execute("pragma journal_mode = delete")
        (page,) = store.execute(
            "select rootpage from sqlite_master where name = 'ratings'"
        ).fetchone()
        (size,) = store.execute("pragma page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(content)
    append(state, [event(8, 9, 129, 5.0, 50)])
    assert fold().users == 9
    assert fold().users == 0
    assert list_of(make_asker(), 9)["folded_at"] is not None


def test_a_version_opened_for_folding_reads_no_overlay(state, exports, fold):
    version, _ = published(exports)
    append(state, [event(0, 3, 129, 5.0, 50)])
    fold()
    opened = open_version(exports, version)
    assert opened.overlay.ask("select 1") == []
    opened.close()
