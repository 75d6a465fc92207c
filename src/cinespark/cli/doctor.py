"""What this machine has, what it lacks, and what to do about it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from cinespark.data.known import KNOWN, SAMPLE
from cinespark.data.landing import MANIFEST, read_whole
from cinespark.errors import CineSparkError
from cinespark.jars import missing_jars
from cinespark.paths import command

JAVA_VERSIONS = (17, 21)
GIB = 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked for: what was found and, if it will not do, the way out."""

    subject: str
    found: str
    remedy: str = ""

    @property
    def is_good(self) -> bool:
        return not self.remedy


def memory_bytes() -> int:
    """Return the machine's memory in bytes, the container's limit where lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text().strip()).isdigit():
        return min(total, int(text))
    return total


def look_around(state_dir: Path) -> list[Finding]:
    """Return a finding for everything a build needs from this machine."""
    return [
        find_python(),
        find_java(),
        *(
            Finding(name, version(name))
            for name in ("dbt-core", "dbt-spark", "pyspark")
        ),
        find_jars(state_dir),
        find_data(state_dir),
        find_disk(state_dir),
        find_memory(),
    ]


def find_python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("Python", found)
    return Finding("Python", found, "install Python 3.11, 3.12 or 3.13")


@cache
def find_java() -> Finding:
    """Return which Java Spark would start: JAVA_HOME first, then the path."""
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    remedy = (
        "install Java 17 or 21 (Debian: apt-get install openjdk-17-jre-headless)"
        " or set JAVA_HOME to one"
    )
    if java is None or not Path(java).exists():
        where = f"not in JAVA_HOME={home}" if home else "not on the path"
        return Finding("Java", where, remedy)
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    match = re.search(r'version "(\d+)(?:\.(\d+))?', said)
    if match is None:
        return Finding("Java", f"{java} does not say its version", remedy)
    major = int(match[2] if match[1] == "1" else match[1])
    found = f"{major} ({java})"
    return Finding("Java", found, "" if major in JAVA_VERSIONS else remedy)


def find_jars(state_dir: Path) -> Finding:
    missing = missing_jars(state_dir / "jars")
    if missing:
        found = f"missing or damaged in {state_dir / 'jars'}: {', '.join(missing)}"
        return Finding("jars", found, f"run `{command(state_dir, 'jars')}`")
    return Finding("jars", str(state_dir / "jars"))


def find_data(state_dir: Path) -> Finding:
    current = state_dir / "data" / "current"
    if not (current / MANIFEST).is_file():
        found = f"no {current / MANIFEST}"
        return Finding("data", found, f"run `{command(state_dir, 'data ml-100k')}`")
    manifest = read_whole(current)
    if manifest is None:
        found = f"{current.resolve()} is damaged: not as its {MANIFEST} says"
        name = current.resolve().name
        again = f"data {name if name in (*KNOWN, SAMPLE) else 'FOLDER'}"
        remedy = f"bring it again: `{command(state_dir, again)}`"
        return Finding("data", found, remedy)
    ratings = f"{manifest.rows('ratings.csv'):,} ratings"
    return Finding("data", f"{manifest.about.dataset}, {ratings}")


def find_disk(state_dir: Path) -> Finding:
    folder = next(path for path in (state_dir, *state_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    found = f"{free / GIB:.1f} GiB free at {folder}"
    return Finding("disk", found, "" if free > 2 * GIB else "free 2 GiB or more")


def find_memory() -> Finding:
    memory = memory_bytes()
    found = f"{memory / GIB:.1f} GiB"
    remedy = "" if memory > 3.5 * GIB else "use a machine with 4 GiB or more"
    return Finding("memory", found, remedy)


def require(*findings: Finding) -> None:
    """Stop at the first finding that will not do, with the words of the doctor.

    Raises
    ------
    CineSparkError
        What was found instead, and the way out.
    """
    for finding in findings:
        if not finding.is_good:
            message = f"{finding.subject}: {finding.found}; {finding.remedy}"
            raise CineSparkError(message)
