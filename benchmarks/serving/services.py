"""The service, and a bare Flask application, each in processes of their own."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

WORKERS = 2
LARGE = "100000000/minute"  # is counted, and never reached


@contextmanager
def running(
    words: list[str], path: str, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; give it once it answers at a path."""
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while True:
            with contextlib.suppress(OSError):
                urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(f"error: this does not answer: {' '.join(words)}")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(60)


def service(state: Path, port: int) -> list[str]:
    """Return the command that serves a state folder's version."""
    command = str(Path(sys.executable).with_name("cinespark"))
    words = ["--state-dir", str(state), "serve", "--port", str(port)]
    return [command, *words, "--workers", str(WORKERS), "--rate", LARGE]


def bare(port: int) -> list[str]:
    """Return the command that serves a bare Flask application."""
    return [sys.executable, str(Path(__file__)), str(port)]


def memory(process: subprocess.Popen[bytes]) -> list[tuple[float, float]]:
    """Return proportional and private memory of each worker, in MiB.

    What several map counts for each by its share.
    """
    found = []
    for one in psutil.Process(process.pid).children():
        lines = Path(f"/proc/{one.pid}/smaps_rollup").read_text().splitlines()
        sizes = {line.split()[0]: line.split()[1] for line in lines[1:]}
        private = int(sizes["Private_Clean:"]) + int(sizes["Private_Dirty:"])
        found.append((int(sizes["Pss:"]) / 1024, private / 1024))
    return found


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def say_hello(port: int) -> None:
    """Answer "hello" by Flask, under the settings of gunicorn that the service has."""
    import tempfile

    from flask import Flask

    from cinespark.serve.server import Binding, Service, options_of

    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "hello"

    with tempfile.TemporaryDirectory() as folder:
        options = options_of(Binding("127.0.0.1", port, WORKERS), Path(folder))
        del options["child_exit"], options["when_ready"]  # metrics, and a line of log
        Service(lambda: app, options).run()


if __name__ == "__main__":
    say_hello(int(sys.argv[1]))
