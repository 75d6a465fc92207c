"""A real Apache Kafka on this machine, of one node, for development and tests.

It runs in a process of its own until somebody stops it. `broker.json` says which one it
is; whoever starts or stops it holds the folder, so that no two run on one log.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil

from cinespark.errors import CineSparkError
from cinespark.files import make_folder, replace_file
from cinespark.lock import locked
from cinespark.topic.broker_config import (
    PORT,
    as_properties,
    cluster_id,
    log_settings,
    port_of,
    settings_of,
)
from cinespark.topic.broker_file import (
    FILE,
    PROPERTIES,
    Broker,
    broker_of,
    process_of,
    stray_broker,
    write_broker,
)
from cinespark.topic.ports import free_port
from cinespark.topic.topics import answers

DATA, LOG, OUTPUT = "data", "broker.log", "console.log"
LOG_SETTINGS = "log4j2.properties"
HEAP = "-Xmx256m"
SECONDS = 60  # to be ready, or to end
PAUSE = 0.1


@dataclass(frozen=True)
class Java:
    """How to start Java, with Kafka's classes."""

    program: str
    class_path: Sequence[Path]
    environment: dict[str, str]


def start(
    folder: Path, java: Java, port: int | None, on_wait: Callable[[], None]
) -> tuple[Broker, bool]:
    """Start the broker of a folder and wait until it answers.

    Return it, and whether it was started: one that runs stays as it is.

    Parameters
    ----------
    port
        Where to listen, 0 for any that is free; None for that of the last time.
    on_wait
        Called once if another command holds the folder.

    Raises
    ------
    CineSparkError
        If the port is taken, or the broker ends or does not answer.
    """
    folder = folder.resolve()
    with locked(folder, on_wait):
        running = answering_broker(folder)
        if running is not None:
            require_port(running, port)
            return running, False
        port = free_port(port_of(folder) or PORT if port is None else port)
        (folder / FILE).unlink(missing_ok=True)
        format_once(folder, java, port)
        return run(folder, java, port), True


def stop(folder: Path, on_wait: Callable[[], None]) -> int | None:
    """End the broker of a folder and wait until it has; return its process, or None.

    One whose folder somebody has removed ends, too.

    Raises
    ------
    CineSparkError
        If it does not end in time.
    """
    folder = folder.resolve()
    if not folder.is_dir() and stray_broker(folder) is None:
        return None
    with locked(folder, on_wait):
        running = running_broker(folder)
        process = (
            stray_broker(folder) if running is None else process_of(folder, running)
        )
        if process is not None:
            end(process)
        (folder / FILE).unlink(missing_ok=True)
        return None if process is None else process.pid


def running_broker(folder: Path) -> Broker | None:
    """Return the broker of a folder if it runs, also one that nobody noted."""
    folder = folder.resolve()
    noted = broker_of(folder)
    if noted is not None and process_of(folder, noted) is not None:
        return noted
    stray = stray_broker(folder)
    port = port_of(folder)
    if stray is None or port is None:
        return None
    found = Broker(stray.pid, stray.create_time(), port)
    write_broker(folder, found)
    return found


def answering_broker(folder: Path) -> Broker | None:
    """Return the broker of a folder once it answers, None if it does not run.

    One that was killed just now may be a process yet.

    Raises
    ------
    CineSparkError
        If it runs and does not answer.
    """
    latest = time.monotonic() + SECONDS
    while (running := running_broker(folder)) is not None:
        if answers(running.address):
            return running
        if time.monotonic() > latest:
            raise CineSparkError(
                f"the broker, process {running.pid}, does not answer at "
                f"{running.address}: end it with `cinespark kafka stop`, and start it "
                "again"
            )
        time.sleep(PAUSE)
    if (stray := stray_broker(folder)) is not None:
        raise CineSparkError(
            f"a broker runs, process {stray.pid}, whose folder {folder} was removed: "
            "end it with `cinespark kafka stop`"
        )
    return None


def require_port(running: Broker, port: int | None) -> None:
    """Raise if the broker that runs listens elsewhere than is asked for."""
    if port not in (None, 0, running.port):
        raise CineSparkError(
            f"the broker runs already, at {running.address} (process {running.pid}): "
            f"stop it with `cinespark kafka stop` before you start it at port {port}"
        )


def format_once(folder: Path, java: Java, port: int) -> None:
    """Write settings, and prepare the log's folder where that has not been done."""
    make_folder(folder / DATA)
    values = settings_of(folder / DATA, port, free_port(0))
    replace_file(folder / PROPERTIES, as_properties(values))
    replace_file(folder / LOG_SETTINGS, log_settings(folder / LOG))
    if (folder / DATA / "meta.properties").is_file():
        return
    command = command_of(folder, java, "kafka.tools.StorageTool")
    # in one word, as an id may begin like an option
    command += ["format", "--ignore-formatted", f"--cluster-id={cluster_id(uuid4())}"]
    command += ["--config", str(folder / PROPERTIES)]
    done = subprocess.run(command, capture_output=True, text=True, env=java.environment)
    if done.returncode != 0:
        raise CineSparkError(
            f"{folder / DATA} could not be prepared for a broker: "
            f"{last_line(done.stdout + done.stderr)}; remove the folder {folder} to "
            "begin anew, without the records in it"
        )


def run(folder: Path, java: Java, port: int) -> Broker:
    """Start the process, note it, and wait until it answers."""
    command = [*command_of(folder, java, "kafka.Kafka"), str(folder / PROPERTIES)]
    with (folder / OUTPUT).open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=java.environment,
            start_new_session=True,  # no Ctrl-C of a terminal ends it
        )
    started = psutil.Process(process.pid).create_time()
    broker = Broker(process.pid, started, port)
    write_broker(folder, broker)
    latest = time.monotonic() + SECONDS
    try:
        while not answers(broker.address):
            if process.poll() is not None:
                raise CineSparkError(
                    f"the broker ended with code {process.returncode}: "
                    f"{reason_in(folder)}; {folder / LOG} has more"
                )
            if time.monotonic() > latest:
                raise CineSparkError(
                    f"the broker did not answer at {broker.address} within {SECONDS} "
                    f"seconds: {reason_in(folder)}; {folder / LOG} has more"
                )
            time.sleep(PAUSE)
    except BaseException:  # Ctrl-C, too: nothing is left that nobody asked for
        process.kill()
        process.wait()
        (folder / FILE).unlink(missing_ok=True)
        raise
    process.returncode = 0  # it goes on by itself, and nobody waits for it
    return broker


def command_of(folder: Path, java: Java, main: str) -> list[str]:
    class_path = os.pathsep.join(map(str, java.class_path))
    return [
        java.program,
        HEAP,
        "-XX:+UseSerialGC",  # a small heap, and few cores that others use
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={(folder / LOG_SETTINGS).as_uri()}",
        "-cp",
        class_path,
        main,
    ]


def end(process: psutil.Process) -> None:
    """Ask a process to end, and wait until it has."""
    try:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired as error:
        raise CineSparkError(
            f"the broker, process {process.pid}, did not end within {SECONDS} seconds: "
            f"`kill -9 {process.pid}` ends it, and loses nothing that was acknowledged"
        ) from error


def reason_in(folder: Path) -> str:
    """Return the last error that a broker told of."""
    texts = []
    for name in (OUTPUT, LOG):
        file = folder / name
        texts += file.read_text(errors="replace").splitlines() if file.is_file() else []
    telling = ("ERROR", "FATAL", "Exception", "Error")
    errors = [line for line in texts if any(word in line for word in telling)]
    return last_line("\n".join(errors or texts))


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
