"""The jars Spark needs beside its own: resolved once, checked against locked sums.

A project may have locks of its own, of jars that other programs need.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.java_locale import java_locale
from dbt.adapters.sparksession.locks import locked, make_folder

LOCK = Path(__file__).with_name("jars.lock")

# Spark's resolver, in a JVM that has none of what it brings on its class path; each jar
# is locked, so none is asked for those it depends on
_RESOLVE = """
import sys
from py4j.protocol import Py4JJavaError
from pyspark.java_gateway import launch_gateway
packages, folder = sys.argv[1:]
jvm = launch_gateway().jvm
resolver = jvm.org.apache.spark.util.DependencyUtils
given = resolver.getIvyProperties()
settings = jvm.scala.Option.apply(given.ivySettingsPath())
try:
    resolver.resolveMavenDependencies(
        False, None, packages, given.repositories(), folder, settings
    )
except Py4JJavaError as error:
    sys.exit(error.java_exception.toString())
"""
NEW = ".new"  # what is being fetched, in the folder of the jars


def locked_jars(lock: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 sum of each jar by its coordinates, group:artifact:version.

    Parameters
    ----------
    lock
        A file of sums and coordinates, here and below; that of the jars that Spark
        needs for tables if it is not given.
    """
    lines = (lock or LOCK).read_text().splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {coordinates: digest for digest, coordinates in pairs}


def jar_name(coordinates: str) -> str:
    """Return the file name that Spark's resolver gives to a jar."""
    group, artifact, version = coordinates.split(":")
    return f"{group}_{artifact}-{version}.jar"


def jar_files(folder: Path, lock: Path | None = None) -> list[Path]:
    """Return the files of the jars, without links: Java's class path, and no others."""
    return [folder.resolve() / jar_name(one) for one in locked_jars(lock)]


def missing_jars(folder: Path, lock: Path | None = None) -> list[str]:
    """Return the names of the jars that are not in the folder or not as locked.

    Their sums are taken anew each time, a tenth of a second: no note of an earlier look
    can say that a disk or a program has not changed them since.
    """
    return [jar_name(coordinates) for coordinates in _missing(folder, lock)]


def stale_files(folder: Path, lock: Path | None = None) -> list[Path]:
    """Return the jars of another lock, and what broken downloads have left.

    The jars in a folder that is a link are another project's, maybe with another lock.
    """
    names = {jar_name(coordinates) for coordinates in locked_jars(lock)}
    jars = [] if folder.is_symlink() else sorted(folder.glob("*.jar"))
    old = [jar for jar in jars if jar.name not in names]
    return old + [file for file in (folder / NEW,) if file.exists()]


def fetch_jars(
    folder: Path,
    on_wait: Callable[[], None] = lambda: None,
    lock: Path | None = None,
) -> list[str]:
    """Resolve the missing jars into the folder and return their names.

    Those of another lock are deleted. `on_wait` is called if another process is at it.

    Raises
    ------
    DbtRuntimeError
        If the resolver fails or a jar's sum is not the committed one.
    """
    if not missing_jars(folder, lock) and not stale_files(folder, lock):
        return []
    with locked(folder, on_wait):
        for file in stale_files(folder, lock):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        missing = _missing(folder, lock)
        if missing:
            make_folder(folder / NEW)
            try:
                _resolve(missing, folder / NEW, folder, lock or LOCK)
            finally:
                shutil.rmtree(folder / NEW)
        return [jar_name(coordinates) for coordinates in missing]


def _missing(folder: Path, lock: Path | None) -> dict[str, str]:
    return {
        coordinates: digest
        for coordinates, digest in locked_jars(lock).items()
        if _sha256(folder / jar_name(coordinates)) != digest
    }


def _resolve(wanted: dict[str, str], scratch: Path, folder: Path, lock: Path) -> None:
    """Fetch jars, and move them into the folder where all have the sums they should."""
    packages = ",".join(wanted)
    done = subprocess.run(
        [sys.executable, "-c", _RESOLVE, packages, str(scratch)],
        capture_output=True,
        text=True,
        env=os.environ | java_locale() | {"SPARK_LOCAL_IP": "127.0.0.1"},
    )
    if done.returncode != 0:
        raise DbtRuntimeError(
            f"Spark's resolver could not bring {packages}: {_reason(done.stderr)}; "
            "check the network (or the mirror in ~/.m2, ivysettings) and try again"
        )
    for coordinates, digest in wanted.items():
        jar = scratch / "jars" / jar_name(coordinates)
        if (found := _sha256(jar)) != digest:
            raise DbtRuntimeError(
                f"{jar.name} has SHA-256 {found}, but {lock} says {digest}: "
                "the download was damaged or changed; try again"
            )
    for coordinates in wanted:
        name = jar_name(coordinates)
        (scratch / "jars" / name).replace(folder / name)


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
