"""What this machine has, what it lacks, and what to do about it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from dbt.adapters.exceptions import FailedToConnectError

from dbt.adapters.sparksession.jars import missing_jars
from dbt.adapters.sparksession.limits import memory_limit

# docs/adapter.md says what was tried
PYTHON_VERSIONS = ((3, 11), (3, 12), (3, 13))
JAVA_VERSIONS = (17, 21)
STATE_DIR = "var"  # where a profile does not say another
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


def look_around(state_dir: Path, jars_command: str) -> list[Finding]:
    """Return a finding for everything that Spark needs from this machine.

    Parameters
    ----------
    jars_command
        What a user types to fetch the jars.
    """
    packages = ("dbt-core", "dbt-spark", "pyspark")
    return [
        find_python(),
        find_java(),
        *(Finding(name, version(name)) for name in packages),
        find_jars(state_dir, jars_command),
        find_disk(state_dir),
        find_memory(),
    ]


def require(*findings: Finding) -> None:
    """Stop at the first finding that will not do.

    Raises
    ------
    FailedToConnectError
        What was found instead, and the way out.
    """
    for finding in findings:
        if not finding.is_good:
            message = f"{finding.subject}: {finding.found}; {finding.remedy}"
            raise FailedToConnectError(message)


def find_python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] in PYTHON_VERSIONS:
        return Finding("Python", found)
    return Finding("Python", found, "install Python 3.11, 3.12 or 3.13")


@cache
def find_java() -> Finding:
    """Return which Java Spark would start: JAVA_HOME first, then the path."""
    home, java = os.environ.get("JAVA_HOME"), java_program()
    remedy = (
        "install Java 17 or 21 (Debian: apt-get install openjdk-17-jre-headless)"
        " or set JAVA_HOME to one"
    )
    if java is None or not Path(java).exists():
        where = f"not in JAVA_HOME={home}" if home else "not on the path"
        return Finding("Java", where, remedy)
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    match = re.search(r'version "((\d+)(?:\.(\d+))?[^"]*)"', said)
    if match is None:
        return Finding("Java", f"{java} does not say its version", remedy)
    major = int(match[3] if match[2] == "1" else match[2])
    found = f"{match[1]} ({java})"
    return Finding("Java", found, "" if major in JAVA_VERSIONS else remedy)


def java_program() -> str | None:
    """Return the Java that Spark would start, whether it is there or not."""
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/java" if home else shutil.which("java")


def find_jars(state_dir: Path, jars_command: str) -> Finding:
    missing = missing_jars(state_dir / "jars")
    if missing:
        found = f"missing or damaged in {state_dir / 'jars'}: {', '.join(missing)}"
        return Finding("jars", found, f"run `{jars_command}`")
    return Finding("jars", str(state_dir / "jars"))


def find_disk(state_dir: Path) -> Finding:
    folder = next(path for path in (state_dir, *state_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    found = f"{free / GIB:.1f} GiB free at {folder}"
    return Finding("disk", found, "" if free > 2 * GIB else "free 2 GiB or more")


def find_memory() -> Finding:
    memory = memory_limit()
    found = f"{memory / GIB:.1f} GiB"
    remedy = "" if memory > 3.5 * GIB else "use a machine with 4 GiB or more"
    return Finding("memory", found, remedy)


def jars_command(state_dir: Path) -> str:
    """Return the command that fetches the jars for this state folder."""
    command = "dbt-sparksession jars"
    is_default = (state_dir.parent / "dbt_project.yml").is_file()
    if is_default and state_dir.name == STATE_DIR:
        return command
    return f"{command} --state-dir {shlex.quote(str(state_dir))}"
