"""Publish and roll back under load: `python …/publishing_under_load.py [SECONDS]`.

`cinespark serve` answers with two processes while clients ask one question after the
other. Meanwhile ten versions are published, by the function that builds call; one of
them is broken, and twice somebody rolls back. Titles carry the version that they are
of. An answer is wrong if its status is not 200, if a title or the model is not of the
version that it names, or if the same question to the same version had another answer.

Prints a line for each step, and how many answers were wrong; then the code is 1.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "python"))
sys.path.insert(0, str(ROOT / "tests" / "python" / "serve"))

from made_service import about, service_content  # noqa: E402

from cinespark.publish import publish as publishing  # noqa: E402
from cinespark.publish.content import Content  # noqa: E402
from cinespark.publish.current import point_current_at  # noqa: E402
from cinespark.publish.rollback import rollback  # noqa: E402
from cinespark.versions.versions import current_version  # noqa: E402

WORKERS, CLIENTS = 2, 3
SHORTEST = 0.6  # seconds between two steps
BROKEN, BACK = 5, (3, 8)  # of ten: which is broken, after which somebody rolls back
RECONNECT = 20  # answers over one connection, so that each process is asked
RATINGS = [{"movie_id": 100 + n, "rating": 5 - n % 5} for n in range(10)]
LIST = "/api/v1/users/{}/recommendations"
QUESTIONS = [
    *(("GET", LIST.format(user) + "?n=5", None) for user in (1, 7, 20)),
    ("GET", LIST.format(2) + "?genre=Drama&n=20", None),
    ("POST", "/api/v1/recommendations", {"ratings": RATINGS, "n": 10}),
    ("GET", "/api/v1/movies?search=film&n=30", None),
    ("GET", "/api/v1/movies/100/similar", None),
    ("GET", "/api/v1/movies/popular", None),
    ("GET", "/api/v1/movies/110", None),
    ("GET", "/api/v1/version", None),
]


@dataclass(frozen=True)
class Answer:
    """An answer, and when it was asked for; `text` without the time it was made."""

    question: int
    asked: float
    status: int
    version: str = ""
    model: str = ""
    marks: frozenset[str] = frozenset()
    text: str = ""


@dataclass
class Step:
    """A step: what was done, the version that is to be served then, and since when."""

    what: str
    version: str
    since: float
    until: float = field(default=0.0)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory() as folder:
        wrong = run(Path(folder), seconds)
    sys.exit(1 if wrong else 0)


def run(state: Path, seconds: float) -> list[str]:
    """Publish under load for some seconds; print and return what was wrong."""
    contents = [marked(service_content(seed=seed)[0], seed) for seed in range(11)]
    exports = state / "exports"
    publishing.publish(contents[0], exports, about())
    known = {str(current_version(exports)): contents[0]}
    answers: list[Answer] = []
    with served(state) as port, asking(port, answers):
        steps = take_steps(exports, contents, known, seconds)
        refused = json.loads(body_of(port, "/readyz"))["refused"]
    wrong = [*wrong_answers(answers, known), *unserved(answers, steps)]
    if refused is not None:
        wrong.append(f"in the end {refused['version']} is refused: {refused['reason']}")
    print_steps(answers, steps)
    print(f"{len(answers):,} answers in {seconds:.0f} s of load, {len(wrong)} wrong")
    for line in wrong[:10]:
        print(f"  {line}")
    return wrong


def marked(content: Content, seed: int) -> Content:
    """Return a content whose titles say which it is."""

    def mark(table: pa.Table, name: str) -> pa.Table:
        place = table.column_names.index(name)
        texts = pc.replace_substring_regex(table[name], r"(Film \d+)", rf"\1 of {seed}")
        return table.set_column(place, name, texts)

    lists = mark(mark(content.recommendations, "title"), "reason")
    return replace(content, recommendations=lists, movies=mark(content.movies, "title"))


@contextmanager
def served(state: Path) -> Iterator[int]:
    """Run the service, and give its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    program = Path(sys.executable).with_name("cinespark")
    words = ["serve", "--port", str(port), "--workers", str(WORKERS)]
    words += ["--rate", "none"]  # as many questions as clients can ask
    with (state / "log").open("w") as log:
        command = [program, "--state-dir", state, *words]
        process = subprocess.Popen(command, cwd=ROOT, stderr=log)
    try:
        wait_for_service(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def wait_for_service(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            body_of(port, "/readyz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("error: the service does not answer")


def body_of(port: int, path: str) -> str:
    """Return what is answered to one question."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@contextmanager
def asking(port: int, answers: list[Answer]) -> Iterator[None]:
    """Have clients ask without a pause, and keep what they are answered."""
    stop = threading.Event()

    def client(number: int) -> None:
        turn = number
        while not stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            for _ in range(RECONNECT):
                answers.append(ask(connection, turn % len(QUESTIONS)))
                turn += 1
            connection.close()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def ask(connection: http.client.HTTPConnection, question: int) -> Answer:
    """Ask a question, and return the answer; the status is 0 if there was none."""
    method, path, body = QUESTIONS[question]
    asked = time.time()
    try:
        headers = {"Content-Type": "application/json"} if body else {}
        data = json.dumps(body) if body else None
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            return Answer(question, asked, answer.status, text=text)
        found = json.loads(text)
    except (OSError, http.client.HTTPException, ValueError) as error:
        connection.close()
        return Answer(question, asked, 0, text=repr(error))
    if "generated_at" in found and (method == "POST" or "genre=" in path):
        del found["generated_at"]
    marks = frozenset(one.rpartition(" of ")[2] for one in titles_in(found))
    text = json.dumps(found)
    return Answer(
        question, asked, 200, found["version"], found["model_version"], marks, text
    )


def titles_in(found: dict | list) -> Iterator[str]:
    """Yield all titles in an answer, however deep."""
    for value in found.values() if isinstance(found, dict) else found:
        if isinstance(value, dict | list):
            yield from titles_in(value)
    if isinstance(found, dict) and "title" in found:
        yield found["title"]


def take_steps(
    exports: Path, contents: list[Content], known: dict[str, Content], seconds: float
) -> list[Step]:
    """Publish all but the first of these contents, and roll back, step by step."""
    begun, steps = time.time(), []
    count = len(contents) - 1 + len(BACK)

    def wait() -> None:
        until = begun + (len(steps) + 1) * seconds / (count + 1)
        time.sleep(max(SHORTEST, until - time.time()))

    for number, content in enumerate(contents[1:], 1):
        wait()
        what = "published, broken" if number == BROKEN else "published"
        serving = str(current_version(exports))
        with breaking() if number == BROKEN else patch.dict(os.environ):
            publishing.publish(content, exports, about())
        name = str(current_version(exports))
        known[name] = content
        steps.append(step(what, serving if number == BROKEN else name, exports))
        if number in BACK:
            wait()
            steps.append(step("rolled back", rollback(exports)[1], exports))
    wait()
    for one, other in zip(steps, [*steps[1:], None], strict=True):
        one.until = other.since if other else time.time()
    return steps


def step(what: str, version: str, exports: Path) -> Step:
    """Return a step that was taken when `current` was written."""
    return Step(what, version, (exports / "current").stat().st_mtime)


@contextmanager
def breaking() -> Iterator[None]:
    """Damage the version that is published in the block before it becomes current."""
    point = point_current_at

    def damage_and_point(exports: Path, version: str) -> None:
        file = exports / version / "ranker.npz"
        data = bytearray(file.read_bytes())
        data[-2000] ^= 1
        file.unlink()  # other versions may have it, too
        file.write_bytes(data)
        point(exports, version)

    with patch.object(publishing, "point_current_at", damage_and_point):
        yield


def wrong_answers(answers: list[Answer], known: dict[str, Content]) -> Iterator[str]:
    """Yield a line for each answer that failed, or is of more than one version."""
    first: dict[tuple[str, int], str] = {}
    for answer in answers:
        where = f"{QUESTIONS[answer.question][1]} of {answer.version}"
        if answer.status != 200:
            yield f"{where}: {answer.status} {answer.text[:200]}"
            continue
        if answer.version not in known:
            yield f"{where}: no such version"
            continue
        lists = known[answer.version].recommendations
        mark = lists["title"][0].as_py().rpartition(" of ")[2]
        if answer.marks - {mark}:
            yield f"{where}: titles of {sorted(answer.marks)}, not of {mark}"
        if answer.model != lists["model_version"][0].as_py():
            yield f"{where}: of the model {answer.model}"
        if first.setdefault((answer.version, answer.question), answer.text) != (
            answer.text
        ):
            yield f"{where}: another answer than before"


def seconds_to_serve(answers: list[Answer], one: Step) -> tuple[float, float] | None:
    """Return seconds until a version was served first, and until by all processes."""
    since = [each for each in answers if one.since < each.asked < one.until]
    new = [each.asked for each in since if each.version == one.version]
    old = [each.asked for each in since if each.version != one.version]
    if not new:
        return None
    return min(new) - one.since, max([min(new), *old]) - one.since


def unserved(answers: list[Answer], steps: list[Step]) -> Iterator[str]:
    """Yield a line for each version that was not served, or not by all processes."""
    for one in steps:
        took = seconds_to_serve(answers, one)
        if took is None or took[1] >= one.until - one.since - 0.05:
            yield f"{one.what}: {one.version} was not served by all before the next"


def print_steps(answers: list[Answer], steps: list[Step]) -> None:
    """Print the seconds from `current` to answers, by step, and in the middle."""
    waits = []
    print(f"{'step':20}{'answers':>9}{'first, s':>10}{'all, s':>8}  serves")
    for one in steps:
        count = sum(one.since < each.asked < one.until for each in answers)
        first, last = seconds_to_serve(answers, one) or (float("nan"),) * 2
        if "broken" not in one.what:
            waits.append(last)
        print(f"{one.what:20}{count:9,}{first:10.2f}{last:8.2f}  {one.version}")
    middle, most = statistics.median(waits), max(waits)
    print(f"from `current` to all processes: median {middle:.2f} s, max {most:.2f} s")


if __name__ == "__main__":
    main()
