"""Show lists that follow ratings: `make stream-demo`.

Starts a broker, a stream, the service and a feed of ratings of the data set. Somebody
of the data rates, and somebody new; their lists are shown before and after. Whatever
happens, all that was started is ended.

The ratings are made up, so they go into a state folder of the demo's own, with a broker
and tables of its own; no build learns from them. Versions, data and jars are looked at
where they are.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from cinespark.errors import CineSparkError
from cinespark.paths import data_of, exports_of, state_dir
from cinespark.serve.histories import scale_of
from cinespark.serve.opened import open_version
from cinespark.topic.settings import PREFIX
from cinespark.versions.lists import first_user
from cinespark.versions.versions import require_current

PROGRAM = Path(sys.executable).with_name("cinespark")
N = 5  # places that are shown
STARTING, FOLLOWING = 120.0, 30.0  # seconds, at most
ENDINGS = (signal.SIGTERM, signal.SIGHUP)  # the second when a terminal is closed
Rows = list[dict[str, Any]]
RATE = 20  # ratings a second of the feed


def main() -> None:
    parser = argparse.ArgumentParser(description="Lists that follow ratings.")
    parser.add_argument("--state-dir", type=Path, help="that of the profile otherwise")
    parser.add_argument("--seconds", type=int, default=10, help="of the last feed")
    chosen = parser.parse_args()
    for one in ENDINGS:
        signal.signal(one, end_in_order)
    try:
        state = state_dir(chosen.state_dir)
        with own_state(state) as own, ExitStack() as started:
            log = state / "logs" / "stream-demo.log"
            log.parent.mkdir(exist_ok=True, parents=True)
            show(own, started, chosen.seconds, log)
    except CineSparkError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def end_in_order(number: int, _frame: FrameType | None) -> None:
    """End, and let nothing keep what was started from being ended."""
    for one in ENDINGS:
        signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)


@contextmanager
def own_state(state: Path) -> Iterator[Path]:
    """Give a state folder that goes with the block, beside what is only read.

    That are versions, data and jars, which are brought for all if they are not there.
    """
    require_current(exports_of(state))
    (state / "jars").mkdir(exist_ok=True, parents=True)
    with tempfile.TemporaryDirectory(
        prefix="stream-demo-", dir=state, ignore_cleanup_errors=True
    ) as folder:
        own = Path(folder)
        (own / "exports").symlink_to(exports_of(state).absolute())
        (own / "jars").symlink_to((state / "jars").absolute())
        (own / "data").mkdir()
        (own / "data" / "current").symlink_to(data_of(state).absolute())
        yield own


def surroundings(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without a broker or topic of somebody else's."""
    return {name: one for name, one in given.items() if not name.startswith(PREFIX)}


def most_stars(exports: Path) -> float:
    """Return a rating of who likes a movie: the most there is, 1 of events."""
    with closing(open_version(exports, require_current(exports))) as opened:
        scale = scale_of(opened)
        return 1.0 if scale.is_of_events else scale.most


def show(state: Path, started: ExitStack, seconds: int, log: Path) -> None:
    """Start everything, have people rate, and print their lists."""
    user, stars = first_user(exports_of(state)), most_stars(exports_of(state))
    started.callback(lambda: tell(words_of(cinespark(state, "kafka", "stop"))))
    tell(done(cinespark(state, "kafka", "start", "--port", "0")))
    port = free_port()
    ask = asking(f"http://127.0.0.1:{port}")
    stream = started.enter_context(running(state, log, "stream"))
    service = started.enter_context(running(state, log, "serve", "--port", str(port)))
    tell(f"starting a stream and the service; what they say is in {log}")
    await_all(lambda: ask("/readyz") is not None, service, log, STARTING)
    offsets = state / "checkpoints"
    await_all(lambda: any(offsets.glob("*/offsets/*")), stream, log, STARTING)
    tell(f"the page: http://127.0.0.1:{port}")
    feed = ("produce", "--rate", str(RATE), "--now")
    feeding = started.enter_context(running(state, log, *feed))
    tell(f"a feed of {RATE} ratings a second; lists follow once Spark is warm")

    def follows() -> bool:
        return bool((ask("/api/v1/version") or {}).get("overlay"))

    await_all(follows, stream, log, STARTING)
    before = list_of(ask, user)
    first = before[0]
    print_list(f"\nthe list of user {user}", before, before)
    follow(state, ask, user, [first], stars, before, stream, log)

    new = visitor(ask)
    popular = ask("/api/v1/movies/popular?n=3")
    assert popular is not None
    follow(state, ask, new, popular["movies"], stars, [], stream, log)
    tell(f"\nfor {seconds} s more the feed goes on: look at other lists on the page")
    time.sleep(seconds)
    feeding.terminate()
    overlay = (ask("/api/v1/version") or {}).get("overlay") or {}
    tell(
        f"{overlay.get('ratings', 0):,} ratings changed the lists of "
        f"{overlay.get('users', 0):,} users"
    )


def follow(
    state: Path,
    ask: Callable[[str], Any],
    user: object,
    movies: Rows,
    stars: float,
    before: Rows,
    stream: subprocess.Popen[bytes],
    log: Path,
) -> None:
    """Have a user rate movies, and print the list once it is another one."""
    titles = ", ".join(str(one["title"]) for one in movies)
    tell(f"\nuser {user} rates {titles}")
    rated = {one["movie_id"] for one in movies}
    same = {"user_id": user, "rating": stars, "rated_at": int(time.time())}
    lines = "\n".join(json.dumps({**same, "movie_id": one}) for one in rated)
    done(cinespark(state, "produce", "-", given=lines))
    begun = time.monotonic()

    def is_other() -> bool:
        found = list_of(ask, user)
        return bool(found) and not rated & {one["movie_id"] for one in found}

    await_all(is_other, stream, log, FOLLOWING)
    heading = f"the list of user {user}, {time.monotonic() - begun:.1f} s later"
    print_list(heading, list_of(ask, user), before)


def visitor(ask: Callable[[str], Any]) -> object:
    """Return an id that no user has, of the type that ids have."""
    kind = ask("/api/v1/version")["id_type"]
    return f"visitor-{int(time.time())}" if kind == "string" else int(time.time())


def list_of(ask: Callable[[str], Any], user: object) -> Rows:
    """Return a user's list, empty of one who has none."""
    path = f"/api/v1/users/{quote(str(user), safe='')}/recommendations?n={N}"
    found = ask(path)
    return found["recommendations"] if found else []


def print_list(heading: str, rows: Rows, before: Rows) -> None:
    """Print a list, and which places were not in it before."""
    tell(heading)
    known = {one["movie_id"] for one in before}
    for one in rows:
        mark = " " if one["movie_id"] in known else "+"
        tell(f" {mark} {one['rank']}. {one['title']}  ({one['reason']})")


def asking(address: str) -> Callable[[str], Any]:
    """Return what asks the service, and gives None where there is no answer."""

    def ask(path: str) -> Any:
        try:
            with urlopen(f"{address}{path}", timeout=10) as answer:
                return json.load(answer)
        except (HTTPError, URLError, ConnectionError):
            return None

    return ask


def cinespark(
    state: Path, *words: str, given: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [PROGRAM, "--state-dir", state, *words],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env=surroundings(os.environ),
    )


def done(command: subprocess.CompletedProcess[str]) -> str:
    """Return what a command said that did what it should.

    Raises
    ------
    CineSparkError
        If it did not.
    """
    if command.returncode:
        raise CineSparkError(words_of(command).removeprefix("error: "))
    return words_of(command)


def words_of(command: subprocess.CompletedProcess[str]) -> str:
    """Return what a command said."""
    return f"{command.stdout}{command.stderr}".strip()


@contextmanager
def running(state: Path, log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the block ends."""
    with log.open("a") as said:
        process = subprocess.Popen(
            [PROGRAM, "--state-dir", state, *words],
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C is ours to pass on
            env=surroundings(os.environ),
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_all(
    is_so: Callable[[], bool],
    process: subprocess.Popen[bytes],
    log: Path,
    seconds: float,
) -> None:
    """Wait until something is so.

    Raises
    ------
    CineSparkError
        If the process ends before that, or it takes too long.
    """
    end = time.monotonic() + seconds
    while not is_so():
        if process.poll() is not None or time.monotonic() > end:
            last = log.read_text(errors="replace").strip().splitlines()[-3:]
            raise CineSparkError(
                f"it did not come to pass within {seconds:.0f} s; {log} ends with: "
                f"{' | '.join(last)}"
            )
        time.sleep(0.1)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def tell(words: str) -> None:
    """Print a line at once, where there is still a terminal."""
    with suppress(OSError):
        print(words, flush=True)


if __name__ == "__main__":
    main()
