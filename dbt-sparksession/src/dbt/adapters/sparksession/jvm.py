"""The options of the JVM that Spark runs in."""

import hashlib
from pathlib import Path

import pyspark

from dbt.adapters.sparksession.machine import find_java

SMALL_INPUT_BYTES = 10 * 2**20


def jvm_options(state_dir: Path, input_dir: Path | None = None) -> list[str]:
    """Return what makes the JVM start, compile and collect garbage faster on few cores.

    A build of a few megabytes is over before the JVM's optimising compiler has paid for
    itself: without it, such a build takes four fifths of the time.
    """
    options = ["-XX:+UseParallelGC", "-Xlog:disable"]
    archive = archive_path(state_dir)
    if archive.is_file() and archive.stat().st_size > 0:
        options.append(f"-XX:SharedArchiveFile={archive}")
    if input_dir is not None and is_small(input_dir):
        options += ["-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"]
    return options


def is_small(folder: Path) -> bool:
    """Return whether a folder is there and its files are below 10 MB together."""
    size = 0
    for file in folder.rglob("*"):
        size += file.stat().st_size if file.is_file() else 0
        if size >= SMALL_INPUT_BYTES:
            return False
    return folder.is_dir()


def archive_path(state_dir: Path) -> Path:
    """Return where the class archive for this Java and this Spark belongs."""
    jars = (state_dir / "jars").resolve()
    parts = (find_java().found, pyspark.__version__, pyspark.__file__, str(jars))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    return jars / f"classes-{key}.jsa"


def quoted(*options: str) -> str:
    """Return Java options as the one string Spark takes apart again, as a shell does.

    Spaces, double quotes and backslashes in them survive.
    """
    escaped = (option.replace("\\", "\\\\").replace('"', '\\"') for option in options)
    return " ".join(f'"{option}"' for option in escaped)
