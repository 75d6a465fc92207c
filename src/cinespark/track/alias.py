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
select versions.workspace, versions.name, ?, max(versions.version)
from model_versions as versions
inner join model_version_tags as tags
    on versions.workspace = tags.workspace
    and versions.name = tags.name
    and versions.version = tags.version
where
    versions.name = ?
    and tags."key" = 'model_version'
    and tags.value = ?
    and versions.current_stage <> 'Deleted_Internal'
group by versions.workspace, versions.name
on conflict (workspace, name, alias) do update set version = excluded.version
returning version
"""


def point_alias_at(mlflow_db: Path, model_version: str) -> str:
    """Point the alias at the registered model of these arrays, the newest if several.

    It is found by its tag, not by its number: a registry that was lost counts from one
    again.

    Parameters
    ----------
    mlflow_db
        MLflow's SQLite file.
    model_version
        As in `recommendations`: the start of the SHA-256 sum of the model's arrays.

    Returns
    -------
    str
        The number that the model has in the registry.

    Raises
    ------
    CineSparkError
        If the file does not exist, or holds no such version of the model.
    """
    stays = f"the alias {ALIAS} cannot be pointed at the model {model_version}"
    anew = "the next `dbt build` registers it anew"
    if not mlflow_db.is_file():
        raise CineSparkError(f"{stays}, because {mlflow_db} is missing: {anew}")
    uri = f"file:{quote(str(mlflow_db))}?mode=rw"  # never makes a file
    try:
        with (
            closing(sqlite3.connect(uri, timeout=BUSY_SECONDS, uri=True)) as database,
            database,
        ):
            moved = database.execute(MOVE, (ALIAS, MODEL, model_version)).fetchall()
    except sqlite3.Error as error:
        raise CineSparkError(
            f"{stays}, because {mlflow_db} cannot be written ({error}): end the "
            "process that holds it, or bring it up to date with "
            f"`mlflow db upgrade sqlite:///{mlflow_db}`"
        ) from error
    if not moved:
        raise CineSparkError(f"{stays}, because {mlflow_db} does not have it: {anew}")
    return str(moved[0][0])
