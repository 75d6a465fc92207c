"""Memory and cores that this process may use: the machine's, within control groups.

Both versions of Linux's control groups, which containers are made of:
https://docs.kernel.org/admin-guide/cgroup-v2.html and cgroup-v1/memory.html beside it.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from math import ceil
from pathlib import Path

import psutil

ROOT = Path("/")
# of version 2 and of version 1: the limit, what is in use, and which part of that is
# files that were read, which give way to whoever needs memory
MEMORY_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def memory_limit(root: Path = ROOT) -> int:
    """Return the machine's memory in bytes, the tightest group's limit where lower.

    Parameters
    ----------
    root
        The folder that holds proc and sys.
    """
    limits = (limit for limit, _ in memory_of_groups(root))
    return min([int(psutil.virtual_memory().total), *limits])


def free_memory(root: Path = ROOT) -> int:
    """Return how many bytes are free, on the machine and in each group.

    Parameters
    ----------
    root
        The folder that holds proc and sys.
    """
    left = (limit - used for limit, used in memory_of_groups(root))
    return max(0, min([int(psutil.virtual_memory().available), *left]))


def cores(root: Path = ROOT) -> int:
    """Return on how many cores this process may run, counted as Java counts them.

    Parameters
    ----------
    root
        The folder that holds proc and sys.
    """
    if hasattr(os, "sched_getaffinity"):
        there = len(os.sched_getaffinity(0))
    else:
        there = os.cpu_count() or 1
    quotas = []
    for folder in groups("cpu", root):
        # microseconds of each period, or `max`, or -1
        times = text_of(folder / "cpu.max") or " ".join(
            text_of(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period")
        )
        quota, _, period = times.partition(" ")
        if quota.isdigit() and period.isdigit():
            quotas.append(max(1, ceil(int(quota) / int(period))))
    return min([there, *quotas])


def memory_of_groups(root: Path) -> Iterator[tuple[int, int]]:
    """Yield the limit of each group that has one, and what is used of it, in bytes."""
    for folder in groups("memory", root):
        for limit, usage, files in MEMORY_FILES:
            most, used = text_of(folder / limit), text_of(folder / usage)
            if most.isdigit() and used.isdigit():  # `max` is no limit
                lines = text_of(folder / "memory.stat").splitlines()
                stat = dict(line.split() for line in lines)
                yield int(most), int(used) - int(stat.get(files, 0))


def groups(controller: str, root: Path) -> Iterator[Path]:
    """Yield the folders of this process's groups, each before what it is in.

    A container may see its own group at the top, and a path that leads nowhere: then
    only what is there counts.
    """
    mounts = root / "sys" / "fs" / "cgroup"
    for line in text_of(root / "proc" / "self" / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        # version 2 names no controllers; it is mounted so where both are in use
        names = (controllers, controller) if controllers else ("", "unified")
        for name in dict.fromkeys(names):
            mount = mounts / name
            folder = mount / path.strip("/")
            around = (folder, *folder.parents)
            yield from (one for one in around if one.is_relative_to(mount))


def text_of(file: Path) -> str:
    """Return what a file says, nothing if it is not there."""
    with suppress(OSError):
        return file.read_text(encoding="ascii").strip()
    return ""
