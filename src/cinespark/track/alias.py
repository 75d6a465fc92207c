"""The alias `champion` in MLflow's registry, without MLflow.

Its import takes five seconds and a rollback is to take less than one: so the row is
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
    """Let the alias name a version of the registered model, as `current` does.

    Parameters
    ----------
    mlflow_db
        MLflow's SQLite file.
    version
        Number of the model's version; without one the alias stays where it is.

    Returns
    -------
    bool
        Whether the alias names the version now.

    Raises
    ------
    CineSparkError
        If there is no such file, or no such version of the model in it.
    """
    if version is None:
        return False
    stays = f"the alias {ALIAS} cannot name version {version} of the model {MODEL}"
    anew = (
        "to register it anew, remove the version's folder below exports and run "
        "`dbt run --select published_files`"
    )
    if not mlflow_db.is_file():
        raise CineSparkError(f"{stays}, there is no {mlflow_db}: {anew}")
    uri = f"file:{quote(str(mlflow_db))}?mode=rw"  # never makes a file
    try:
        with (
            closing(sqlite3.connect(uri, timeout=BUSY_SECONDS, uri=True)) as database,
            database,
        ):
            moved = database.execute(MOVE, (ALIAS, MODEL, version)).rowcount
    except sqlite3.Error as error:
        raise CineSparkError(
            f"{stays}, {mlflow_db} cannot be written ({error}): end what holds it, or "
            f"bring it up to date with `mlflow db upgrade sqlite:///{mlflow_db}`"
        ) from error
    if moved == 0:
        raise CineSparkError(
            f"{stays}, {mlflow_db} has none, or it was deleted: {anew}"
        )
    return True
