"""Java's classes in one file, loaded by every later start of Spark in half the time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.jars import NEW
from dbt.adapters.sparksession.jvm import archive_key, archive_name, find_archive
from dbt.adapters.sparksession.locks import locked, make_folder
from dbt.adapters.sparksession.scratch import scratch

# run as a program of its own: an archive is written when its JVM ends
WARM_UP = "dbt.adapters.sparksession.warm_up"


def archive_classes(state_dir: Path) -> Path:
    """Write the archive beside the jars, if it is not there, and return its path.

    Those of another Java or other jars, and torn ones, are deleted.

    Raises
    ------
    DbtRuntimeError
        If none was written: Spark starts without one too, but slower.
    """
    folder = state_dir / "jars"
    with locked(folder, lambda: None), scratch(state_dir) as lake:
        if (archive := find_archive(state_dir)) is not None:
            return archive
        for old in old_archives(state_dir):
            old.unlink()
        new = folder / NEW / "classes.jsa"
        make_folder(new.parent)
        try:
            _warm_up(state_dir, lake, new)
            size = new.stat().st_size
            return new.replace(folder / archive_name(state_dir, size))
        finally:
            shutil.rmtree(new.parent)


def _warm_up(state_dir: Path, lake: Path, archive: Path) -> None:
    """Let a JVM of its own work on a lake and write down which classes it loaded."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", WARM_UP, str(state_dir), str(lake), str(archive)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"},
    )
    if done.returncode != 0 or not archive.exists() or not archive.stat().st_size:
        said = done.stderr.strip().splitlines() or ["Java wrote none"]
        raise DbtRuntimeError(f"there is no class archive: {said[-1].strip()}")
    with archive.open("rb") as written:
        os.fsync(written.fileno())  # or a power cut leaves its name, but no bytes


def old_archives(state_dir: Path) -> list[Path]:
    """Return the archives that may go: not another project's, where they share jars."""
    folder = state_dir / "jars"
    mine = archive_key(state_dir) if folder.is_symlink() else ""
    return list(folder.glob(f"classes-{mine}*.jsa"))
