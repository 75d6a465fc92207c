"""Let MLflow's database follow when its folder is moved, renamed or copied.

MLflow writes the absolute place of artifacts into the rows of its runs and models, of
MLflow 3.17 in the columns below, and would go on to write to the old one.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from cinespark.errors import CineSparkError

LOCATIONS = {
    "experiments": ("artifact_location",),
    "runs": ("artifact_uri",),
    "logged_models": ("artifact_location",),
    "model_versions": ("source", "storage_location"),
}


def follow(database: Path, artifacts: Path, experiment: str) -> None:
    """Make all places of artifacts in the database those below a folder.

    Parameters
    ----------
    artifacts
        Where they are now.
    experiment
        The name of the one whose artifacts say where they were.

    Raises
    ------
    CineSparkError
        If the file is no database of MLflow.
    """
    try:
        rewrite(database, artifacts.as_uri(), experiment)
    except sqlite3.Error as error:
        is_busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
        remedy = (
            "end the process that holds it"
            if is_busy
            else "move it away, and the next build makes another; its runs are lost"
        )
        raise CineSparkError(
            f"{database} cannot be read ({error}): {remedy}"
        ) from error


def rewrite(database: Path, now: str, experiment: str) -> None:
    """Let all places below the experiment's former one begin with the one now."""
    uri = f"file:{quote(str(database))}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True)) as rows, rows:
        ask = "select artifact_location from experiments where name = ?"
        found = rows.execute(ask, (experiment,)).fetchone()
        if found is None or found[0] == now:
            return
        (before,) = found
        for table, columns in LOCATIONS.items():
            for column in columns:
                rows.execute(
                    f"update {table} set {column} = ? || substr({column}, ?) "
                    f"where {column} = ? or substr({column}, 1, ?) = ?",
                    (now, len(before) + 1, before, len(before) + 1, f"{before}/"),
                )
