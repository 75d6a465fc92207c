"""Builds that were asked for: what files and locks say of each, whoever looks.

Each job has a folder. Its runner holds a lock of the kernel on it: where nobody does,
the job has ended, however it ended.
"""

import fcntl
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.files import replace_file
from cinespark.versions.manifest import MANIFEST, damaged_files, read_manifest
from cinespark.versions.versions import versions

JOB_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}")
RECORD, OUTPUT, EVENTS = "job.json", "output.log", "dbt.log"
CANCEL = "cancel"  # a file: somebody wants the job to end
LOCK = ".lock"  # held while any job runs
KEPT = 20  # the newest jobs
RUNNING, SUCCEEDED, FAILED, CANCELLED = "running", "succeeded", "failed", "cancelled"
STATES = (RUNNING, SUCCEEDED, FAILED, CANCELLED)


@dataclass(frozen=True)
class Builds:
    """Where builds are kept that were asked for, and what starts them.

    Parameters
    ----------
    folder
        Of the jobs.
    project
        The folder of dbt_project.yml, None where builds cannot be asked for.
    reason
        Why not.
    state
        The state folder that the project builds into.
    environment
        Of the commands: the service's, before it changed its own.
    programs
        The folder of the programs `cinespark` and `dbt`.
    """

    folder: Path
    project: Path | None = None
    reason: str = "it was started without one"
    state: Path = Path("var")
    environment: Mapping[str, str] = field(default_factory=dict)
    programs: Path = Path(sys.executable).parent


@dataclass(frozen=True)
class Job:
    """A build that was asked for.

    Parameters
    ----------
    state
        Of STATES.
    requested_by
        The name of the token.
    cancelled_at
        When somebody wanted it to end.
    exit_code
        Of dbt; below 0 the signal that ended it, None where nobody saw it end.
    reason
        Why it failed.
    version
        That it published; None if it gave the content of one that was there.
    """

    job_id: str
    state: str
    started_at: str
    requested_by: str | None = None
    cancelled_at: str | None = None
    ended_at: str | None = None
    exit_code: int | None = None
    reason: str | None = None
    version: str | None = None


def job_ids(folder: Path) -> list[str]:
    """Return the ids of all jobs, newest first."""
    there = (one.name for one in folder.glob("*-*") if JOB_ID.fullmatch(one.name))
    return sorted(there, reverse=True)


def read_job(folder: Path, job_id: str, exports: Path) -> Job | None:
    """Return a job as it is now, None if there is none, or none that can be read.

    Parameters
    ----------
    folder
        Of the jobs.
    exports
        The folder of versions, to find what a job published that was killed.
    """
    mine = folder / job_id
    if not JOB_ID.fullmatch(job_id):
        return None
    is_alive = is_held(mine)  # first: it writes what it is before it lets go
    try:
        found = json.loads((mine / RECORD).read_text(encoding="utf-8"))
        known = {one.name for one in fields(Job)}
        job = Job(**{name: found[name] for name in known & found.keys()})
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    if (mark := time_of(mine / CANCEL)) is not None:
        job = replace(job, cancelled_at=mark)
    if job.state != RUNNING or is_alive:
        return job
    return replace(
        job,
        state=FAILED,
        ended_at=time_of(mine / OUTPUT) or job.started_at,
        reason="it was killed: its processes ended without a word",
        version=published_by(invocation_of(mine / EVENTS), exports),
    )


def write_job(folder: Path, job: Job) -> None:
    """Write what a job is into its folder, in one step."""
    replace_file(folder / RECORD, json.dumps(asdict(job), indent=1) + "\n")


def running_job(folder: Path, exports: Path) -> Job | None:
    """Return the job that runs now, None if none does."""
    for job_id in job_ids(folder):
        job = read_job(folder, job_id, exports)
        if job is not None and job.state == RUNNING:
            return job
    return None


def is_held(path: Path) -> bool:
    """Return whether a process holds a file or folder alone."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def hold(path: Path) -> int | None:
    """Hold a file or folder alone, and return its descriptor; None if another does.

    Who inherits the descriptor holds it, too: it is free when all of them ended.
    """
    how = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, how, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def now() -> str:
    """Return the time, in UTC."""
    return f"{datetime.now(UTC):%FT%TZ}"


def time_of(file: Path) -> str | None:
    """Return when a file was written last, None if it is not there."""
    try:
        return f"{datetime.fromtimestamp(file.stat().st_mtime, UTC):%FT%TZ}"
    except OSError:
        return None


def invocation_of(events: Path) -> str | None:
    """Return dbt's own id of a build, None if it wrote nothing yet."""
    try:
        with events.open(encoding="utf-8") as lines:
            found = json.loads(next(lines, "null"))
        return str(found["info"]["invocation_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def published_by(invocation_id: str | None, exports: Path) -> str | None:
    """Return the version that a build published, None if it published none."""
    if invocation_id is None:
        return None
    for name in reversed(versions(exports)):
        if MANIFEST in damaged_files(exports, name, by_sum=False):
            continue
        try:
            about = read_manifest(exports, name).about
        except CineSparkError:  # it was removed just now
            continue
        if about is not None and about.invocation_id == invocation_id:
            return name
    return None
