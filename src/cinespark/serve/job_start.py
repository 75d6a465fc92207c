"""Start a build in a process of its own, one at a time, and ask it to end."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cinespark.files import NEW, make_folder, remove, sync, unfinished
from cinespark.serve.jobs import (
    CANCEL,
    KEPT,
    LOCK,
    OUTPUT,
    RUNNING,
    Builds,
    Job,
    hold,
    job_ids,
    now,
    running_job,
    write_job,
)

PATIENCE = 2.0  # seconds until a job that has just begun, or ended, shows itself
RUNNER = "cinespark.serve.job_runner"


class Busy(Exception):
    """Another job runs; `job` is None if it is not known which."""

    def __init__(self, job: Job | None) -> None:
        super().__init__(job.job_id if job else "a job that has just begun")
        self.job = job


def start_job(builds: Builds, exports: Path, who: str | None) -> Job:
    """Start a build, and return its job, which runs from now on.

    Parameters
    ----------
    builds
        With a project.
    exports
        The folder of versions.
    who
        The name of the token that asks for it.

    Raises
    ------
    Busy
        If a job runs, started by this service or by another one.
    """
    make_folder(builds.folder)
    lock = only_one(builds, exports)
    try:
        remove(unfinished(builds.folder))
        for old in job_ids(builds.folder)[KEPT - 1 :]:
            remove([builds.folder / old])
        job = Job(new_id(), RUNNING, now(), who)
        own = make_job(builds.folder, job)
        try:
            run_apart(builds, exports, job.job_id, (lock, own))
        finally:
            os.close(own)  # the runner holds it now
    finally:
        os.close(lock)
    return job


def only_one(builds: Builds, exports: Path) -> int:
    """Hold what lets one job run, and return its descriptor.

    Raises
    ------
    Busy
        If another holds it.
    """
    end = time.monotonic() + PATIENCE
    while (lock := hold(builds.folder / LOCK)) is None:
        job = running_job(builds.folder, exports)
        if job is not None or time.monotonic() > end:
            raise Busy(job)
        time.sleep(0.02)
    return lock


def new_id() -> str:
    """Return an id that comes after those before it in the alphabet."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{uuid4().hex[:8]}"


def make_job(folder: Path, job: Job) -> int:
    """Make the folder of a job, held before anybody sees it; return its descriptor."""
    new = folder / f"{NEW}{job.job_id}"
    new.mkdir(mode=0o700)
    own = hold(new)
    assert own is not None  # nobody knows it yet
    (new / OUTPUT).touch(mode=0o600)
    write_job(new, job)
    new.rename(folder / job.job_id)
    sync(folder)
    return own


def run_apart(
    builds: Builds, exports: Path, job_id: str, locks: tuple[int, ...]
) -> None:
    """Start the runner of a job, which outlives this process and inherits the locks."""
    mine = builds.folder / job_id
    words = [mine, builds.project, builds.state, exports, builds.programs, *locks]
    with (mine / OUTPUT).open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", RUNNER, *map(str, words)],
            cwd=builds.project,
            env=dict(builds.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=locks,
            start_new_session=True,
        )
    # nobody waits for it, but the kernel keeps what ended until somebody has looked
    threading.Thread(target=process.wait, name="runner", daemon=True).start()


def cancel_job(folder: Path, job_id: str) -> None:
    """Ask a job to end: its runner looks for this; again it changes nothing."""
    (folder / job_id / CANCEL).touch(mode=0o600, exist_ok=True)
