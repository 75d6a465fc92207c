"""The command: processes that answer, follow what is published, and end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from made_service import publish_service

ROOT = Path(__file__).parents[3]
LIST = "/api/v1/users/1/recommendations?n=3"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ask(port, path, seconds=10, **headers):
    request = Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urlopen(request, timeout=seconds) as answer:
        return answer.read().decode()


@pytest.fixture
def service(tmp_path):
    """Run the command on a version; give its port and process."""
    publish_service(tmp_path / "exports")
    port = free_port()
    command = Path(sys.executable).with_name("cinespark")
    words = ["--state-dir", str(tmp_path), "serve", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([command, *words], cwd=ROOT, stderr=log)
        try:
            wait_until_ready(port, process)
            yield port, process
        finally:
            process.terminate()
            process.wait(60)


def wait_until_ready(port, process):
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            ask(port, "/readyz")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service does not answer")


@pytest.mark.slow
def test_processes_answer_follow_count_together_and_end(service, tmp_path):
    port, process = service
    first = json.loads(ask(port, LIST))
    assert len(first["recommendations"]) == 3
    name, _ = publish_service(tmp_path / "exports", seed=4)
    time.sleep(1.5)
    versions = {json.loads(ask(port, LIST))["version"] for _ in range(30)}
    assert versions == {name}  # whichever process answers
    with pytest.raises(HTTPError, match="400"):
        ask(port, LIST, Host="evil.example.com")
    counted = re.search(
        r'cinespark_answers_total\{endpoint="reading.user_list",method="GET",'
        r'status="200"\} ([\d.]+)',
        ask(port, "/metrics"),
    )
    assert float(counted[1]) == 31  # of both
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert any(line.get("version") == name for line in lines)


@pytest.mark.slow
def test_slow_clients_are_told_and_do_not_keep_others_for_ever(service):
    port, _ = service
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for one in slow:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
    begun = time.monotonic()
    assert json.loads(ask(port, "/healthz", seconds=60)) == {"status": "ok"}
    assert time.monotonic() - begun < 30
    for one in slow[:10]:
        one.settimeout(30)
        answer = one.recv(4096).decode()
        assert answer.startswith("HTTP/1.1 408 Request Timeout\r\n")
        assert "application/problem+json" in answer
    for one in slow:
        one.close()


NO_REQUESTS = {
    b"nonsense\r\n\r\n": 400,
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n": 414,
    b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"a" * 9000 + b"\r\n\r\n": 431,
    b"GET / HTTP/1.1\r\nHost: localhost\r\n A: b\r\n\r\n": 400,
}


@pytest.mark.slow
def test_what_is_no_request_is_a_problem(service):
    port, _ = service
    for sent, status in NO_REQUESTS.items():
        with socket.create_connection(("127.0.0.1", port)) as one:
            one.settimeout(10)
            one.sendall(sent)
            head, _, body = one.recv(4096).decode().partition("\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ")
        assert json.loads(body)["status"] == status


def sent_to(port, *parts, pause=0.0):
    """Send parts of a request; return the status and the problem of the answer."""
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.settimeout(30)
        for part in parts:
            try:
                one.sendall(part)
            except OSError:  # it was refused already
                break
            time.sleep(pause)
        received = b""
        while b"}" not in received:
            more = one.recv(65536)
            assert more, received
            received += more
    head, _, body = received.decode().partition("\r\n\r\n")
    assert "application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


def head_of(*headers):
    lines = ["POST /api/v1/recommendations HTTP/1.1", "Host: localhost"]
    lines += ["Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(lines).encode()


@pytest.mark.slow
def test_huge_bodies_are_refused_however_they_come(service):
    port, _ = service
    # said in the head, and never sent
    assert sent_to(port, head_of("Content-Length: 99999999999"))[0] == 413
    # in pieces, whose sum nobody said
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    status, problem = sent_to(
        port, head_of("Transfer-Encoding: chunked"), *[chunk] * 5, b"0\r\n\r\n"
    )
    assert (status, problem["status"]) == (411, 411)
    assert json.loads(ask(port, "/healthz")) == {"status": "ok"}


@pytest.mark.slow
def test_a_body_that_drips_in_is_told_that_it_is_too_slow(service):
    port, _ = service
    begun = time.monotonic()
    status, _ = sent_to(port, head_of("Content-Length: 100"), *[b" "] * 12, pause=1.0)
    assert status == 408
    assert time.monotonic() - begun < 30


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: -1",),
        ("Content-Length: 0x5",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding : chunked",),
    ],
)
def test_a_request_with_two_ends_is_none(service, headers):
    port, _ = service
    status, _ = sent_to(port, head_of(*headers), b"{}")
    assert status in (400, 501)


def children_of(process):
    file = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return set(file.read_text().split())


@pytest.mark.slow
def test_a_process_that_dies_is_replaced(service):
    port, process = service

    def wait_for(is_right):
        end = time.monotonic() + 30
        while not is_right() and time.monotonic() < end:
            time.sleep(0.1)
        assert is_right()

    wait_for(lambda: len(children_of(process)) == 2)
    before = children_of(process)
    os.kill(int(min(before)), signal.SIGKILL)
    wait_for(lambda: len(children_of(process) - {min(before)}) == 2)
    assert json.loads(ask(port, LIST))["recommendations"]
