"""The alias `champion` in MLflow's registry, without MLflow.

Its import takes five seconds, a rollback is to take one: so the row is written here, in
the table that MLflow 3 reads.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from cinespark.errors import CineSparkError

DATABASE = "mlflow.db"  # in the state folder
MODEL = "cinespark"
ALIAS = "champion"


def point_alias_at(database: Path, version: str | None) -> None:
    """Let the alias name a version of the registered model, as `current` does.

    Parameters
    ----------
    database
        MLflow's SQLite file.
    version
        Number of the model's version; without one the alias is taken away, so that it
        never names what is not published.

    Raises
    ------
    CineSparkError
        If the registry has no such version.
    """
    if version is None and not database.is_file():
        return
    if not database.is_file():
        raise CineSparkError(
            f"{database} is not there, so no model is registered as version {version}: "
            "build again with `dbt build`"
        )
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute(
            "delete from registered_model_aliases where name = ? and alias = ?",
            (MODEL, ALIAS),
        )
        if version is None:
            return
        found = connection.execute(
            "insert into registered_model_aliases (name, alias, version, workspace) "
            "select name, ?, version, workspace from model_versions "
            "where name = ? and version = ? and current_stage != 'Deleted_Internal'",
            (ALIAS, MODEL, int(version)),
        )
        if found.rowcount != 1:
            raise CineSparkError(
                f"{database} has no version {version} of the model {MODEL}; the alias "
                f"{ALIAS} stays: choose another version from `cinespark history`"
            )
