"""Ratings that people send: none is lost for which there was a receipt."""

import json
import multiprocessing
import os
import shutil
import signal
import threading
import time

import pytest
from made_service import publish_service

from cinespark.serve import incoming
from cinespark.serve.incoming import Incoming, close_all_left, closed_segments
from cinespark.serve.tokens import create_token

RATING = {"user_id": 1, "movie_id": 100, "rating": 4.5}
FILMS = "films"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "incoming"


def lines_in(folder):
    """Return what closed segments hold, by name and line."""
    return {
        (file.name, number): json.loads(line)
        for file in closed_segments(folder)
        for number, line in enumerate(file.read_text().splitlines(), 1)
    }


def post(asker, token, *ratings):
    headers = {"Authorization": f"Bearer {token}"}
    return asker.post("/api/v1/ratings", json={"ratings": ratings}, headers=headers)


def test_a_receipt_says_where_the_ratings_are(asker, tmp_path, folder):
    token = create_token(tmp_path / "serve", "feed", ["write"])
    begun = int(time.time())
    first = post(asker, token, RATING, {**RATING, "movie_id": 7, "rated_at": 9})
    second = post(asker, token, RATING)
    assert (first.status_code, second.status_code) == (202, 202)
    asker.application.extensions["cinespark_incoming"].close()
    found, one = lines_in(folder), first.get_json()
    assert (one["first"], one["last"], second.get_json()["last"]) == (1, 2, 3)
    row = found[one["segment"], 1]
    assert {name: row[name] for name in RATING} == RATING
    assert begun <= row["rated_at"] <= time.time()
    assert row["received_at"] == one["received_at"]
    assert found[one["segment"], 2]["rated_at"] == 9
    assert len(found) == 3


def test_only_who_may_write_sends_ratings(asker, tmp_path, folder):
    state = tmp_path / "serve"
    assert post(asker, "", RATING).status_code == 401
    assert post(asker, create_token(state, "r", ["read"]), RATING).status_code == 403
    own = create_token(state, "own", ["write"], "2")
    assert post(asker, own, RATING).status_code == 403
    assert post(asker, own, {**RATING, "user_id": 2}).status_code == 202


@pytest.mark.parametrize(
    "wrong", [{"user_id": "1"}, {"movie_id": 1.5}, {"rating": 9}, {"rated_at": -1}]
)
def test_what_is_no_rating_is_kept_by_nobody(asker, tmp_path, folder, wrong):
    token = create_token(tmp_path / "serve", "feed", ["write"])
    answer = post(asker, token, RATING, {**RATING, **wrong})
    assert answer.status_code == 422
    assert not folder.exists()


def test_segments_are_closed_by_size_and_age(folder, monkeypatch):
    monkeypatch.setattr(incoming, "LARGEST", 150)
    mine = Incoming(folder)
    receipts = [mine.add([RATING], FILMS) for _ in range(10)]
    assert len({one.segment for one in receipts}) == 5  # two lines are too many
    assert len(closed_segments(folder)) == 4
    monkeypatch.setattr(incoming, "OLDEST", 0.0)
    mine.close_old()
    found = lines_in(folder)
    assert {(one.segment, one.first) for one in receipts} == set(found)


def test_threads_and_processes_do_not_mix_their_lines(folder):
    several = [Incoming(folder) for _ in range(2)]
    receipts = []

    def add(mine, number):
        rows = [{**RATING, "movie_id": number}] * 3
        receipts.extend((mine.add(rows, FILMS), number) for _ in range(5))

    threads = [
        threading.Thread(target=add, args=(several[number % 2], number))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine in several:
        mine.close()
    found = lines_in(folder)
    assert len(found) == 8 * 5 * 3
    for receipt, number in receipts:
        for line in range(receipt.first, receipt.last + 1):
            assert found[receipt.segment, line]["movie_id"] == number


def add_for_ever(folder, sender):
    mine = Incoming(folder)
    while True:
        sender.send(mine.add([RATING] * 50, FILMS))


def test_no_rating_with_a_receipt_is_lost_by_a_kill(folder):
    receiver, sender = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=add_for_ever, args=(folder, sender)
    )
    process.start()
    sender.close()
    receipts = [receiver.recv() for _ in range(5)]
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    while True:
        try:
            receipts.append(receiver.recv())
        except EOFError:
            break
    close_all_left(folder)
    found = lines_in(folder)
    assert not list(folder.glob("*/*.open"))
    for receipt in receipts:
        for line in range(receipt.first, receipt.last + 1):
            assert found[receipt.segment, line]["rating"] == 4.5
    receiver.close()


def test_the_line_that_a_process_died_at_is_not_read(folder):
    own = folder / FILMS
    own.mkdir(parents=True)
    (own / "a.open").write_text('{"user_id": 1}\n{"user_i')
    (own / "b.open").write_text('{"user_i')
    mine = Incoming(folder)
    mine.add([RATING], FILMS)
    assert lines_in(folder) == {("a.jsonl", 1): {"user_id": 1}}
    assert len(list(own.glob("*.open"))) == 1  # that of who is alive
    mine.close()


def test_a_full_disk_gives_no_receipt_and_no_half_line(folder, monkeypatch):
    mine = Incoming(folder)
    mine.add([RATING], FILMS)

    def full(file, data):
        os.write(file, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as small:
        small.setattr(incoming, "write_all", full)
        with pytest.raises(OSError, match="No space left"):
            mine.add([RATING], FILMS)
    receipt = mine.add([{**RATING, "movie_id": 8}], FILMS)
    mine.close()
    found = lines_in(folder)
    assert len(found) == 2
    assert found[receipt.segment, 2]["movie_id"] == 8


def test_segments_are_of_one_data_set_each(folder):
    mine = Incoming(folder)
    receipts = [mine.add([RATING], name) for name in (FILMS, FILMS, "own-x", "a/../b")]
    mine.close()
    found = {file.name: file.parent.name for file in closed_segments(folder)}
    assert [found[one.segment] for one in receipts] == [
        FILMS,
        FILMS,
        "own-x",
        "md5.ab8571e2483e5507e054273d486f829c",  # as md5sum has it
    ]
    assert receipts[1].first == 2


def test_who_is_asked_closes_what_was_begun_before(folder):
    mine, other = Incoming(folder), Incoming(folder)
    mine.add([RATING], FILMS)
    other.ask_to_close()
    mine.close_old()
    assert len(closed_segments(folder)) == 1
    time.sleep(0.02)  # more than a tick of the file system
    mine.add([RATING], FILMS)
    mine.close_old()
    assert len(closed_segments(folder)) == 1
    mine.close()


def test_lines_say_which_ones_they_are_and_when_they_came(folder):
    mine = Incoming(folder)
    for _ in range(3):
        mine.add([RATING] * 2, FILMS)
    mine.close()
    found = lines_in(folder)
    assert all(row["line"] == line for (_, line), row in found.items())
    times = [row["received_at"] for row in found.values()]
    assert times == sorted(times)
    assert len(set(times)) == 3


def test_ratings_lie_in_the_folder_of_the_data_set_that_is_served(
    asker, tmp_path, folder
):
    token = create_token(tmp_path / "serve", "feed", ["write"])
    receipt = post(asker, token, RATING).get_json()
    asker.application.extensions["cinespark_incoming"].close()
    (file,) = closed_segments(folder)
    assert (file.parent.name, file.name) == ("tiny", receipt["segment"])


def test_a_segment_that_somebody_removes_ends_and_another_one_begins(folder):
    writer = Incoming(folder)
    writer.add([RATING], FILMS)
    shutil.rmtree(folder)
    again = writer.add([RATING], FILMS)
    assert (again.first, again.last) == (1, 1)
    (open_one,) = folder.glob("films/*.open")
    open_one.rename(folder / "moved away")
    writer.close()
    writer.add([RATING], "books")
    writer.close()
    assert [file.parent.name for file in closed_segments(folder)] == ["books"]


def test_what_a_build_would_reject_gets_no_receipt(asker, tmp_path, folder):
    token = create_token(tmp_path / "serve", "feed", ["write"])
    for field, value in (
        ("user_id", 2**31),
        ("movie_id", -(2**31)),
        ("rated_at", 4_102_444_801),
        ("rated_at", int(time.time()) + 3 * 86_400),
    ):
        answer = post(asker, token, {**RATING, field: value})
        assert answer.status_code == 422
        assert field in json.dumps(answer.get_json()["errors"])
    assert not folder.exists()


@pytest.mark.parametrize("odd", ["", " a", "a ", "a\n", "\ud800", "x" * 201])
def test_texts_that_are_no_ids_are_refused(exports, make_app, tmp_path, odd):
    publish_service(exports, "string")
    asker = make_app(exports).test_client()
    token = create_token(tmp_path / "serve", "feed", ["write"])
    rating = {"movie_id": odd, "rating": 5}
    sent = post(asker, token, {**rating, "user_id": "ann"})
    headers = {
        "Authorization": f"Bearer {create_token(tmp_path / 'serve', 'r', ['read'])}"
    }
    new = asker.post(
        "/api/v1/recommendations", json={"ratings": [rating]}, headers=headers
    )
    pair = {"pairs": [{"user_id": odd, "movie_id": "m"}]}
    predicted = asker.post("/api/v1/predictions", json=pair, headers=headers)
    assert {sent.status_code, new.status_code, predicted.status_code} == {422}
