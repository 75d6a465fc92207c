"""The options of the JVM that Spark runs in."""

import hashlib
from pathlib import Path

import pyspark

from dbt.adapters.sparksession.jars import jar_files
from dbt.adapters.sparksession.limits import memory_limit
from dbt.adapters.sparksession.machine import find_java

SMALL_INPUT_BYTES = 10 * 2**20
GIB = 2**30
# ten times Java's own: how often a method runs before it is compiled again, optimised
HOT_METHODS = (
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
)


def jvm_options(state_dir: Path, input_dir: Path | None = None) -> list[str]:
    """Return what makes the JVM start, compile and collect garbage faster on few cores.

    A build of a few megabytes is over before the JVM's optimising compiler has paid for
    itself: without it, such a build takes four fifths of the time. In a larger one, it
    pays for the few methods that are run most, as those of ALS.
    """
    options = ["-XX:+UseParallelGC", "-XX:MetaspaceSize=256m", "-Xlog:disable"]
    archive = find_archive(state_dir)
    if archive is not None:
        options.append(f"-XX:SharedArchiveFile={archive}")
    if input_dir is not None and is_small(input_dir):
        options += ["-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"]
    else:
        options += HOT_METHODS
    return options


def heap_bytes(input_dir: Path | None = None) -> int:
    """Return half of the memory, at most 12 GiB, or 3 GiB where the input is small.

    The JVM fills the heap that it is given before it collects garbage.
    """
    is_little = input_dir is not None and is_small(input_dir)
    return min(memory_limit() // 2, (3 if is_little else 12) * GIB)


def is_small(folder: Path) -> bool:
    """Return whether a folder is there and its files are below 10 MB together."""
    size = 0
    for file in folder.rglob("*"):
        size += file.stat().st_size if file.is_file() else 0
        if size >= SMALL_INPUT_BYTES:
            return False
    return folder.is_dir()


def find_archive(state_dir: Path) -> Path | None:
    """Return the class archive for this Java and this class path, if it is whole."""
    folder = (state_dir / "jars").resolve()
    whole = (
        archive
        for archive in folder.glob(f"classes-{archive_key(state_dir)}-*.jsa")
        if archive.name == archive_name(state_dir, archive.stat().st_size)
    )
    return next(whole, None)


def archive_name(state_dir: Path, size: int) -> str:
    """Return the name of an archive of so many bytes: a torn one has another size."""
    return f"classes-{archive_key(state_dir)}-{size}.jsa"


def archive_key(state_dir: Path) -> str:
    """Return what stands for all that the JVM compares an archive with.

    It is the JVM itself, and path, size and time of each file on the class path. An
    archive of others is ignored in silence, at every start:
    https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
    """
    of_spark = Path(pyspark.__file__).with_name("jars").iterdir()
    java = find_java().found
    stats = [
        (str(file), file.stat().st_size, file.stat().st_mtime_ns)
        for file in (*sorted(of_spark), *jar_files(state_dir / "jars"))
        if file.is_file()
    ]
    return hashlib.sha256(repr((java, stats)).encode()).hexdigest()[:12]


def quoted(*options: str) -> str:
    """Return Java options as the one string Spark takes apart again, as a shell does.

    Spaces, double quotes and backslashes in them survive.
    """
    escaped = (option.replace("\\", "\\\\").replace('"', '\\"') for option in options)
    return " ".join(f'"{option}"' for option in escaped)
