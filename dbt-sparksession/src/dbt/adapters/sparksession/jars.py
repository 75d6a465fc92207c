"""The jars Spark needs beside its own: resolved once, checked against locked sums."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.locks import make_folder

LOCK = Path(__file__).with_name("jars.lock")

# Spark's resolver runs when a session starts; nothing else of the session is used
_RESOLVE = """
import sys
from pyspark.sql import SparkSession
packages, excludes, folder = sys.argv[1:]
(
    SparkSession.builder.master("local[1]")
    .config("spark.jars.packages", packages)
    .config("spark.jars.excludes", excludes)
    .config("spark.jars.ivy", folder)
    .config("spark.ui.enabled", "false")
    .getOrCreate()
    .stop()
)
"""
_EXCLUDES = "org.slf4j:slf4j-api"  # Spark has its own


def locked_jars() -> dict[str, str]:
    """Return the SHA-256 sum of each jar by its coordinates, group:artifact:version."""
    lines = LOCK.read_text().splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {coordinates: digest for digest, coordinates in pairs}


def jar_name(coordinates: str) -> str:
    """Return the file name that Spark's resolver gives to a jar."""
    group, artifact, version = coordinates.split(":")
    return f"{group}_{artifact}-{version}.jar"


def missing_jars(folder: Path) -> list[str]:
    """Return the names of the jars that are not in the folder or not as locked."""
    return [
        jar_name(coordinates)
        for coordinates, digest in locked_jars().items()
        if _sha256(folder / jar_name(coordinates)) != digest
    ]


def fetch_jars(folder: Path) -> list[str]:
    """Resolve the missing jars into the folder and return their names.

    Raises
    ------
    DbtRuntimeError
        If the resolver fails or a jar's sum is not the committed one.
    """
    missing = missing_jars(folder)
    if not missing:
        return []
    make_folder(folder)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        packages = ",".join(locked_jars())
        done = subprocess.run(
            [sys.executable, "-c", _RESOLVE, packages, _EXCLUDES, temporary],
            capture_output=True,
            text=True,
            env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"},
        )
        if done.returncode != 0:
            raise DbtRuntimeError(
                f"Spark's resolver could not bring {packages}: {_reason(done.stderr)}; "
                "check the network (or the mirror in ~/.m2, ivysettings) and try again"
            )
        for coordinates, digest in locked_jars().items():
            jar = Path(temporary) / "jars" / jar_name(coordinates)
            if _sha256(jar) != digest:
                raise DbtRuntimeError(
                    f"{jar.name} has SHA-256 {_sha256(jar)}, but {LOCK} says {digest}: "
                    "the download was damaged or changed; try again"
                )
            shutil.move(jar, folder / jar.name)
    return missing


def _sha256(file: Path) -> str | None:
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _reason(stderr: str) -> str:
    """Return the resolver's own words, from among Java's."""
    telling = ("unresolved", "not found", "UnknownHost", "Exception", "FAILED")
    lines = [line.strip() for line in stderr.splitlines()]
    chosen = [line for line in lines if any(word in line for word in telling)]
    return chosen[-1] if chosen else (lines[-1] if lines else "it said nothing")
