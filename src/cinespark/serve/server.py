"""Processes that answer: gunicorn, with the application in each."""

import atexit
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from cinespark.serve.rates import NO_LIMITS, Rates

if TYPE_CHECKING:
    from flask import Flask

    from cinespark.serve.app import Settings
    from cinespark.serve.jobs import Builds

THREADS = 8  # of a process; what takes long lets the others run
TIMEOUT = 30  # seconds
# what a line of the log may have besides its message
FIELDS = (
    *("version", "reason", "path", "verify_seconds", "open_seconds"),
    *("method", "route", "status", "ms", "address", "token"),
)
SEGMENTS = ("incoming", "events", "shown")  # what is kept, each in a folder


@dataclass(frozen=True)
class Binding:
    """Where to listen, and how.

    Parameters
    ----------
    host, port
        The address.
    workers
        Processes.
    names
        Under which it is asked, besides those of loopback and the host.
    proxies
        How many stand before it.
    rates
        How often somebody may ask.
    logs_requests
        Whether the log has a line for each request.
    logs_lists
        Whether what is shown to whom is kept.
    to_topic
        Whether ratings go to a topic of Kafka.
    """

    host: str
    port: int
    workers: int
    names: tuple[str, ...] = ()
    proxies: int = 0
    rates: Rates = NO_LIMITS
    logs_requests: bool = False
    logs_lists: bool = False
    to_topic: bool = False


class JsonLines(logging.Formatter):
    """Records as lines of JSON; nothing of a request's body or headers is in them."""

    def format(self, record: logging.LogRecord) -> str:
        found = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        for name in FIELDS:
            if (value := getattr(record, name, None)) is not None:
                found[name] = value
        if record.exc_info:
            found["error"] = self.formatException(record.exc_info)
        return json.dumps(found)


class JsonLogger(Logger):
    """gunicorn's own log in the same form."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


class Service(BaseApplication):
    """gunicorn with settings of ours, and no file or command line of its own."""

    def __init__(self, make: Callable[[], Any], options: dict[str, Any]) -> None:
        self._make, self._options = make, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._make()


def serve(
    exports: Path,
    state: Path,
    binding: Binding,
    project: Path | None = None,
    reason: str = "",
) -> None:
    """Answer requests until somebody ends it.

    Parameters
    ----------
    exports
        Folder of the published versions.
    state
        The state folder.
    project
        The project whose builds publish there, None where there is none.
    reason
        Why there is none.

    Raises
    ------
    CineSparkError
        If others than this machine could ask, and there are no tokens; or if a rate is
        none.
    """
    builds = builds_of(state, project, reason)  # with the environment as it is
    binding.rates.require_right()
    # one thread a request: BLAS must not start some of its own
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from cinespark.serve.access import require_tokens

    require_tokens(binding.host, state / "serve", binding.proxies)
    log_as_json()
    with folder_of_processes() as shared:
        sums = shared / "metrics"
        sums.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(sums)  # before it is imported
        # imported here, once: the processes share what this takes
        from cinespark.serve.app import create_app

        settings = settings_of(exports, state, shared, binding, builds)

        def make() -> Any:
            app = create_app(settings)
            follow_and_keep(app, state)
            return app

        Service(make, options_of(binding, shared)).run()


def builds_of(state: Path, project: Path | None, reason: str) -> "Builds":
    """Return what starts builds, with the environment that they get."""
    from cinespark.serve.jobs import Builds

    programs = Path(sys.executable).parent
    environment = dict(os.environ)
    return Builds(state / "jobs", project, reason, state, environment, programs)


def settings_of(
    exports: Path, state: Path, shared: Path, binding: Binding, builds: "Builds"
) -> "Settings":
    """Return what an app is told."""
    from cinespark.serve.access import LOOPBACK, is_open_to_others
    from cinespark.serve.app import Settings

    return Settings(
        exports,
        state / "serve",
        shared,
        state / "incoming",
        sorted({*LOOPBACK, *binding.names, binding.host}),
        is_open_to_others(binding.host, binding.proxies),
        report=state / "report" / "index.html",
        builds=builds,
        rates=binding.rates,
        proxies=binding.proxies,
        logs_requests=binding.logs_requests,
        logs_lists=binding.logs_lists,
        overlays=state / "overlays",
        to_topic=binding.to_topic,
    )


def follow_and_keep(app: "Flask", state: Path) -> None:
    """Follow what is published, and close segments in time, and when all ends."""
    from cinespark.serve.incoming import close_all_left, keep_closing

    kept = [app.extensions[f"cinespark_{name}"] for name in SEGMENTS]
    written = [one for one in kept if one is not None]
    for name in SEGMENTS:
        close_all_left(state / name)
    for one in written:
        atexit.register(one.close)
    prepare_topic(app)

    # looking at a new version may take long, and a build that begins waits for neither
    keep_closing(written)
    app.extensions["cinespark"].follow()


def prepare_topic(app: "Flask") -> None:
    """Connect to the broker, if there is one, and let go of it when all ends."""
    from cinespark.serve.current import NothingServed
    from cinespark.serve.other_answers import dataset_of
    from cinespark.serve.problems import Problem

    keeping, current = app.extensions["cinespark_keeping"], app.extensions["cinespark"]
    atexit.register(keeping.close)
    try:
        held = current.take()
    except NothingServed:
        return
    try:
        keeping.prepare(dataset_of(held))
    except Problem:  # who posts is told
        return
    finally:
        current.leave(held)


@contextmanager
def folder_of_processes() -> Iterator[Path]:
    """Give a new folder, which goes when the process ends that asked for it.

    Those that it forked end in the same block, and leave the folder to the others.
    """
    folder, owner = Path(tempfile.mkdtemp(prefix="cinespark-serve-")), os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def options_of(binding: Binding, shared: Path) -> dict[str, Any]:
    """Return gunicorn's settings."""
    from cinespark.serve.worker import TimedWorker

    host = f"[{binding.host}]" if ":" in binding.host else binding.host
    return {
        "bind": f"{host}:{binding.port}",
        "workers": binding.workers,
        "worker_class": TimedWorker,
        "threads": THREADS,
        "timeout": TIMEOUT,
        "limit_request_line": 8190,  # a hundred ids that are left out
        "graceful_timeout": TIMEOUT,
        "worker_tmp_dir": str(shared),
        "control_socket_disable": True,
        "loglevel": "warning",
        "logger_class": JsonLogger,
        "child_exit": forget_process,
        "when_ready": lambda server: say_where(binding, host),
    }


def say_where(binding: Binding, host: str) -> None:
    """Log the address, once it is open."""
    logging.getLogger("cinespark.serve").info(
        f"answering at http://{host}:{binding.port}/api/v1"
    )


def forget_process(server: Any, worker: Any) -> None:
    """Take a process that ended out of the sums."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def log_as_json() -> None:
    """Write the log of the service as lines of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("cinespark.serve")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
