"""Java's classes in one file, loaded by every later start of Spark in half the time."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dbt.adapters.sparksession.jvm import archive_path

# run as a program of its own: an archive is written when its JVM ends
WARM_UP = "dbt.adapters.sparksession.warm_up"


def archive_classes(state_dir: Path) -> Path:
    """Write the archive beside the jars, if it is not there, and return its path.

    The JVM ignores an archive that does not fit its version or its class path, so a
    wrong one costs time, never correctness; where this JVM writes none, it is empty:
    https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
    """
    archive = archive_path(state_dir)
    if archive.is_file():
        return archive
    for old in archive.parent.glob("classes-*.jsa"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=state_dir) as scratch:
        new = Path(scratch) / "classes.jsa"
        subprocess.run(
            [sys.executable, "-P", "-m", WARM_UP, str(state_dir), scratch, str(new)],
            check=False,
            capture_output=True,
            env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"},
        )
        new.touch()
        new.replace(archive)
    return archive
