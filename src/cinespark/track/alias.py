"""Move the alias `champion` in MLflow's registry, without importing MLflow.

The import takes five seconds, and a rollback should take less than one. So the row is
written here, in the tables of MLflow 3.17, as `set_registered_model_alias` writes it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from cinespark.errors import CineSparkError
from cinespark.names import ALIAS, MODEL

BUSY_SECONDS = 10  # how long another writer may take

# a deleted version stays as a row in this stage
MOVE = """
insert into registered_model_aliases (workspace, name, alias, version)
select workspace, name, ?, version from model_versions
where name = ? and version = ? and current_stage <> 'Deleted_Internal'
on conflict (workspace, name, alias) do update set version = excluded.version
"""


def point_alias_at(mlflow_db: Path, version: str | None) -> bool:
    """Point the alias at a version of the registered model.

    Parameters
    ----------
    mlflow_db
        MLflow's SQLite file.
    version
        The number of the model's version; if None, the alias stays where it is.

    Returns
    -------
    bool
        Whether the alias was pointed at a version.

    Raises
    ------
    CineSparkError
        If the file does not exist, or holds no such version of the model.
    """
    if version is None:
        return False
    stays = (
        f"the alias {ALIAS} cannot be pointed at version {version} of the model {MODEL}"
    )
    anew = (
        "to register it anew, remove the version's folder below exports and run "
        "`dbt run --select published_files`"
    )
    if not mlflow_db.is_file():
        raise CineSparkError(f"{stays}, because {mlflow_db} is missing: {anew}")
    uri = f"file:{quote(str(mlflow_db))}?mode=rw"  # never makes a file
    try:
        with (
            closing(sqlite3.connect(uri, timeout=BUSY_SECONDS, uri=True)) as database,
            database,
        ):
            moved = database.execute(MOVE, (ALIAS, MODEL, version)).rowcount
    except sqlite3.Error as error:
        raise CineSparkError(
            f"{stays}, because {mlflow_db} cannot be written ({error}): end the "
            "process that holds it, or bring it up to date with "
            f"`mlflow db upgrade sqlite:///{mlflow_db}`"
        ) from error
    if moved == 0:
        raise CineSparkError(
            f"{stays}, because {mlflow_db} has no such version any more: {anew}"
        )
    return True
