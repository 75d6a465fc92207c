"""The process of a job, which the service starts: `python -m …serve.job_runner`.

It runs dbt in a process group of its own, and writes how that ended into the job's
folder. It holds the job's locks, by descriptors that it inherits.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from cinespark.serve.jobs import (
    CANCEL,
    CANCELLED,
    EVENTS,
    FAILED,
    OUTPUT,
    SUCCEEDED,
    invocation_of,
    now,
    published_by,
    read_job,
    write_job,
)

PAUSE = 0.25  # seconds between two looks for somebody who wants it to end
# what a build is sent that is to end, and how many seconds each is given
STEPS = ((signal.SIGINT, 30), (signal.SIGTERM, 10), (signal.SIGKILL, 10))
NICE = 10  # answers go first
VARS = "vars.json"
PR_SET_PDEATHSIG = 1  # of Linux's prctl

Words = list[str | Path]


@dataclass(frozen=True)
class Runner:
    """What a runner is told; as `Builds` has it, with the job's own folder."""

    folder: Path
    project: Path
    state: Path
    exports: Path
    programs: Path
    locks: tuple[int, ...] = ()


def main() -> None:
    """Run a job; the code is 0 however it ends, as its folder says how."""
    folder, project, state, exports, programs = map(Path, sys.argv[1:6])
    locks = tuple(map(int, sys.argv[6:]))
    run_job(Runner(folder, project, state, exports, programs, locks))


def run_job(runner: Runner) -> None:
    """Build, and write how it ended."""
    with contextlib.suppress(OSError):  # where a service manager forbids it
        os.nice(NICE)
    job = read_job(runner.folder.parent, runner.folder.name, runner.exports)
    assert job is not None  # the service made it
    is_told = told_to_end()
    code, reason = build(runner, lambda: is_told() or wants_end(runner.folder))
    state = FAILED if code else SUCCEEDED
    if code and wants_end(runner.folder):
        state, reason = CANCELLED, ""
    elif code and is_told():
        reason = "its runner was told to end, as by a machine that shuts down"
    version = published_by(invocation_of(runner.folder / EVENTS), runner.exports)
    write_job(
        runner.folder,
        replace(
            job,
            state=state,
            ended_at=now(),
            exit_code=code,
            reason=(reason or None) if code else None,
            version=version,
        ),
    )


def told_to_end() -> Callable[[], bool]:
    """Return what says whether this process was told to end: it goes on until then."""
    told = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.append(True))
    return lambda: bool(told)


def wants_end(folder: Path) -> bool:
    """Return whether somebody wants the job to end."""
    return (folder / CANCEL).exists()


def build(runner: Runner, is_over: Callable[[], bool]) -> tuple[int, str]:
    """Run dbt with the vars of the current data set, as `make run` does.

    Returns
    -------
    tuple
        The exit code of the command that was last, and why it failed, if it did.
    """
    with (
        (runner.folder / OUTPUT).open("ab") as output,
        (runner.folder / VARS).open("wb") as found,
    ):
        program = runner.programs / "cinespark"
        command: Words = [program, "--state-dir", runner.state, "vars"]
        code = run(command, runner, found, output, is_over)
    if code:
        return code, "the vars of the data set were not found: see the last lines"
    with (runner.folder / OUTPUT).open("ab") as output:
        code = run(dbt_command(runner), runner, output, output, is_over)
    if code < 0:
        return code, f"dbt was killed by signal {-code}"
    return code, f"dbt ended with code {code}: see the last lines"


def dbt_command(runner: Runner) -> Words:
    """Return the command of the build, with logs in the job's folder."""
    variables = (runner.folder / VARS).read_text(encoding="utf-8").strip()
    return [
        runner.programs / "dbt",
        "build",
        *("--exclude-resource-type", "unit_test"),
        *("--vars", variables),
        *("--project-dir", runner.project),
        *("--target-path", runner.folder.parent / "target"),
        *("--log-path", runner.folder),
        *("--log-format-file", "json"),
        *("--log-level-file", "info"),
        *("--log-file-max-bytes", "0"),  # in one file
        *("--log-format", "text"),
        "--no-use-colors",
    ]


def run(
    command: Words,
    runner: Runner,
    output: IO[bytes],
    errors: IO[bytes],
    is_over: Callable[[], bool],
) -> int:
    """Run a command in a group of its own, and return how it ended."""
    process = subprocess.Popen(
        command,
        cwd=runner.project,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        pass_fds=runner.locks,
        process_group=0,
        preexec_fn=die_with_parent,
    )
    while True:
        try:
            return process.wait(PAUSE)
        except subprocess.TimeoutExpired:
            if is_over():
                return end(process)


def end(process: "subprocess.Popen[bytes]") -> int:
    """End a group of processes as Ctrl-C does, by and by less politely."""
    for number, seconds in STEPS:
        os.killpg(process.pid, number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    return process.wait()


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, where it can.

    Elsewhere the build goes on, holds the locks, and is one that failed.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
