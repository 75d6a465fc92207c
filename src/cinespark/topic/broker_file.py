"""What is written down of our own broker: `broker.json`, read without a JVM."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from cinespark.errors import CineSparkError
from cinespark.files import replace_file

FILE, PROPERTIES = "broker.json", "server.properties"
HOST = "127.0.0.1"  # it listens on loopback alone: who may connect may do anything
CLOCK = 2.0  # seconds by which a process's start may seem to move, with the clock


@dataclass(frozen=True)
class Broker:
    """The broker of a folder.

    Parameters
    ----------
    pid
        Its process.
    started
        When that process began, in seconds since 1970: another one may get the number.
    port
        Where it listens.
    """

    pid: int
    started: float
    port: int

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"


def write_broker(folder: Path, broker: Broker) -> None:
    """Note which broker runs."""
    replace_file(folder / FILE, json.dumps(asdict(broker)))


def broker_of(folder: Path) -> Broker | None:
    """Return the broker that was noted last, and may have died since.

    Raises
    ------
    CineSparkError
        If the note cannot be read.
    """
    file = folder / FILE
    try:
        found = json.loads(file.read_text())
        return Broker(int(found["pid"]), float(found["started"]), int(found["port"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CineSparkError(
            f"{file} cannot be read ({error}): remove it, and run `cinespark kafka "
            "start`, which finds a broker that runs"
        ) from error


def process_of(folder: Path, broker: Broker) -> psutil.Process | None:
    """Return the process of a broker, None if it has ended.

    One that has the number by now is another's: it began at another time, or it does
    not run with this folder's settings.
    """
    try:
        process = psutil.Process(broker.pid)
        is_same = abs(process.create_time() - broker.started) < CLOCK
        return process if is_same and is_broker(process, folder) else None
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def stray_broker(folder: Path) -> psutil.Process | None:
    """Return a broker of this folder that nobody noted: who started it was killed."""
    for process in psutil.process_iter():
        try:
            if is_broker(process, folder):
                return process
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return None


def is_broker(process: psutil.Process, folder: Path) -> bool:
    """Return whether a process is a broker that runs with a folder's settings."""
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    return process.cmdline()[-2:] == ["kafka.Kafka", str(folder.resolve() / PROPERTIES)]
