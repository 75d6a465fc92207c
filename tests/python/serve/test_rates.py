"""How often somebody may ask, and who that is."""

import json
import logging
import multiprocessing
import random
import time
from collections import deque

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_service import publish_service

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.serve.access import require_tokens
from cinespark.serve.counts import SLOTS, SharedCounts
from cinespark.serve.problems import Problem
from cinespark.serve.rates import Limiter, Rates, network_of
from cinespark.serve.server import JsonLines
from cinespark.serve.tokens import create_token

PATH = "/api/v1/movies/101"


@pytest.fixture
def state(tmp_path):
    return tmp_path / "serve"


@pytest.fixture
def asking(exports, make_app):
    """Return a function that gives who asks a service with some settings."""
    publish_service(exports)

    def ask(**more):
        return make_app(exports, **more).test_client()

    return ask


def statuses(asker, times, **more):
    return [asker.get(PATH, **more).status_code for _ in range(times)]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def from_address(address):
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_who_asks_too_often_is_told_when_to_ask_again(asking):
    asker = asking(rates=Rates("3/minute"))
    assert statuses(asker, 3) == [200] * 3
    answer = asker.get(PATH)
    assert answer.status_code == 429
    assert answer.content_type == "application/problem+json"
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 120
    assert answer.headers["RateLimit-Policy"] == '"requests";q=3;w=60'
    assert answer.headers["RateLimit"] == f'"requests";r=0;t={seconds}'
    found = answer.get_json()
    assert found["title"] == "Too Many Requests"
    assert (
        "address 127.0.0.1 sent more than 3 requests in 60 seconds" in found["detail"]
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_after_the_seconds_that_were_said_one_more_is_answered(asking):
    asker = asking(rates=Rates("2/second"))
    while True:
        answer = asker.get(PATH)
        if answer.status_code == 429:
            break
    time.sleep(int(answer.headers["Retry-After"]))
    assert asker.get(PATH).status_code == 200


def test_whether_it_lives_is_asked_as_often_as_one_likes(asking):
    asker = asking(rates=Rates("1/hour"))
    for path in ("/healthz", "/readyz"):
        assert {asker.get(path).status_code for _ in range(5)} == {200}
    assert statuses(asker, 2) == [200, 429]


def test_each_address_and_each_token_has_a_count_of_its_own(asking, state):
    asker = asking(rates=Rates("2/hour"))
    assert statuses(asker, 3, **from_address("192.0.2.1")) == [200, 200, 429]
    assert statuses(asker, 3, **from_address("192.0.2.2")) == [200, 200, 429]
    ann, bob = (create_token(state, name, ["read"]) for name in ("ann", "bob"))
    # wherever a token is shown, it is the same one's
    for address, expected in (("192.0.2.1", [200, 200, 429]), ("192.0.2.9", [429])):
        found = statuses(
            asker, len(expected), headers=bearer(ann), **from_address(address)
        )
        assert found == expected
    assert statuses(asker, 1, headers=bearer(bob)) == [200]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.1", "address 192.0.2.1"),
        ("::ffff:192.0.2.1", "address 192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "network 2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "network 2001:db8:1:2::/64"),
        (None, "address None"),
    ],
)
def test_addresses_of_one_customer_are_one(address, name):
    assert network_of(address) == name


def test_wrong_tokens_are_counted_by_address_and_lock_nobody_out(asking, state):
    token = create_token(state, "ann", ["read"])
    asker = asking(rates=Rates(failed="2/hour"))
    wrong = {"headers": bearer("cs_wrong")}
    assert statuses(asker, 4, **wrong) == [401, 401, 429, 429]
    assert statuses(asker, 1, **wrong, **from_address("192.0.2.2")) == [401]
    # who shows none has guessed nothing; and the right one is always right
    assert statuses(asker, 5) == [401] * 5
    assert statuses(asker, 5, headers=bearer(token)) == [200] * 5


def test_processes_count_together(tmp_path):
    file = tmp_path / "counts"
    context = multiprocessing.get_context("fork")
    queue, all_there = context.Queue(), context.Barrier(4)
    workers = [
        context.Process(target=count_some, args=(file, queue, all_there))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    let_in = [queue.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(let_in) == 1000


def count_some(file, queue, all_there):
    limiter = Limiter(Rates("1000/day"), file)
    let_in = 0
    all_there.wait()
    for _ in range(2000):
        try:
            limiter.count(None, "192.0.2.1")
        except Problem:
            continue
        let_in += 1
    queue.put(let_in)


def test_a_window_slides(tmp_path, monkeypatch):
    """By hand: of 10 in 10 seconds, what was sent before counts by its share."""
    now = 1000.0
    monkeypatch.setattr("cinespark.serve.counts.time.time", lambda: now)
    counts = SharedCounts(tmp_path / "counts")

    def hits(times):
        one = counts.acquire_sliding_window_entry
        return sum(one("a", 10, 10) for _ in range(times))

    assert hits(12) == 10
    now = 1010.0  # the next window: all ten still count
    assert hits(3) == 0
    now = 1013.0  # seven of them do
    assert hits(9) == 3
    now = 1015.0  # five, and three that are new
    assert hits(9) == 2
    now = 1040.0  # nobody asked for a whole window
    assert hits(20) == 10


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.floats(0, 4), min_size=1, max_size=60),
    limit=st.integers(1, 5),
)
def test_never_more_than_twice_a_rate_is_let_in(tmp_path, monkeypatch, steps, limit):
    """Of any window; of one that begins with a window of the counts, never more."""
    now = 5000.0
    monkeypatch.setattr("cinespark.serve.counts.time.time", lambda: now)
    counts = SharedCounts(tmp_path / f"counts-{random.random()}")
    let_in = deque()
    for step in steps:
        now += step
        if counts.acquire_sliding_window_entry("a", limit, 7):
            let_in.append(now)
        fixed = [one for one in let_in if one // 7 == now // 7]
        assert len(fixed) <= limit
        recent = [one for one in let_in if one > now - 7]
        assert len(recent) < 2 * limit


def test_however_many_ask_the_file_stays_of_one_size(tmp_path):
    file = tmp_path / "counts"
    counts = SharedCounts(file)
    size = file.stat().st_size
    for one in range(SLOTS + 5000):
        assert counts.acquire_sliding_window_entry(f"address {one}", 1, 60)
    assert file.stat().st_size == size
    # those who asked just now are known
    assert not counts.acquire_sliding_window_entry(f"address {one}", 1, 60)


@pytest.mark.parametrize("rate", ["many", "0/minute", "-1/second", "", "5/fortnight"])
def test_a_rate_that_is_none_is_refused_with_how_to_write_it(rate, tmp_path):
    with pytest.raises(CineSparkError, match="600/minute, 20/second or none"):
        Limiter(Rates(rate), tmp_path / "counts")
    for option in ("rate", "failed-rate"):
        # with a token wanted, as this must end if the rate is taken for one
        words = ["--state-dir", str(tmp_path), "serve", "--proxies=1"]
        result = CliRunner().invoke(cli, [*words, f"--{option}={rate}"])
        assert "600/minute" in str(result.exception)


def test_behind_a_proxy_the_address_is_the_clients(asking, state):
    def forwarded(*addresses):
        headers = {"X-Forwarded-For": ", ".join(addresses)}
        return {"headers": headers, **from_address("127.0.0.1")}

    asker = asking(rates=Rates("1/hour"), proxies=1)
    assert statuses(asker, 2, **forwarded("192.0.2.1")) == [200, 429]
    assert statuses(asker, 2, **forwarded("192.0.2.2")) == [200, 429]
    # the last one is the proxy's word, those before it are anybody's
    assert statuses(asker, 1, **forwarded("192.0.2.99", "192.0.2.2")) == [429]
    without = asking(rates=Rates("1/hour"))
    assert statuses(without, 1, **forwarded("192.0.2.1")) == [200]
    assert statuses(without, 1, **forwarded("192.0.2.2")) == [429]


def test_a_proxy_does_not_give_the_service_another_name(asking):
    asker = asking(proxies=1)
    headers = {"X-Forwarded-Host": "evil.example.com"}
    assert asker.get(PATH, headers=headers).status_code == 200
    headers = {"X-Forwarded-Host": "localhost", "Host": "evil.example.com"}
    assert asker.get(PATH, headers=headers).status_code == 400


def test_behind_a_proxy_nobody_asks_without_a_token(tmp_path):
    with pytest.raises(CineSparkError, match="a proxy asks for others"):
        require_tokens("127.0.0.1", tmp_path, proxies=1)
    words = ["--state-dir", str(tmp_path), "serve", "--proxies", "1"]
    result = CliRunner().invoke(cli, words)
    assert "there are no tokens" in str(result.exception)


def lines_of(caplog):
    found = [one for one in caplog.records if one.getMessage() == "answered"]
    return [json.loads(JsonLines().format(one)) for one in found]


@pytest.fixture
def log(caplog):
    logger = logging.getLogger("cinespark.serve")
    logger.setLevel(logging.INFO)
    logger.propagate = True
    return caplog


def test_a_line_of_the_log_says_who_asked_what_and_nothing_private(
    asking, state, log, exports
):
    secret = create_token(state, "ann", ["admin"])
    asker = asking(logs_requests=True)
    asker.get("/api/v1/users/7/recommendations?exclude=12345", headers=bearer(secret))
    body = {"ratings": [{"movie_id": 104, "rating": 4.5}]}
    asker.post("/api/v1/recommendations", json=body, headers=bearer(secret))
    asker.get("/nowhere/secret-path", headers=bearer(secret))
    first, second, third = lines_of(log)
    assert first.pop("ms") > 0
    assert first.pop("time")
    assert first == {
        "level": "info",
        "message": "answered",
        "method": "GET",
        "route": "/api/v1/users/<path:user_id>/recommendations",
        "status": 200,
        "address": "127.0.0.1",
        "token": "ann",
        "version": (exports / "current").read_text().strip(),
    }
    assert second["route"] == "/api/v1/recommendations"
    assert (third["status"], third.get("route")) == (404, None)
    text = json.dumps([first, second, third])
    for private in (secret, "12345", "4.5", "secret-path", "users/7"):
        assert private not in text


def test_who_is_refused_is_in_the_log_in_any_case(asking, state, log):
    create_token(state, "ann", ["read"])
    asker = asking()
    asker.get(PATH, headers=bearer("cs_wrong"))
    (line,) = lines_of(log)
    assert line["status"] == 401
    assert line["address"] == "127.0.0.1"
    assert "cs_wrong" not in json.dumps(line)


def test_who_shows_no_token_is_counted_too(asking, state):
    create_token(state, "phone", ["read"])
    asker = asking(rates=Rates("2/minute"))
    statuses = [asker.get("/api/v1/version").status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
