"""Runs a dbt Python model in a new session of dbt's own Spark."""

import linecache
import traceback
from pathlib import Path
from typing import Any

import pandas as pd
from dbt.adapters.base import PythonJobHelper
from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import DataFrame, SparkSession

from dbt.adapters.sparksession.connections import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session, message_of


class SessionPythonJobHelper(PythonJobHelper):
    """Executes the compiled code of one model."""

    def __init__(self, model: dict[str, Any], credentials: Any) -> None:
        assert isinstance(credentials, SparkSessionCredentials)
        self._path = model["original_file_path"]
        self._file = str(Path(credentials.project_root) / self._path)
        self._credentials = credentials

    def submit(self, compiled_code: str) -> None:
        """Run the code; `spark` and `write_table` are in its globals.

        A session of its own keeps temporary views, settings and the time zone of
        models that run at the same time apart.

        Raises
        ------
        DbtRuntimeError
            If the model raises: its message and the lines that led there.
        """
        code = compiled_code.lstrip()  # the model's own text comes first: same lines
        linecache.cache[self._file] = (
            len(code),
            None,
            code.splitlines(keepends=True),
            self._file,
        )
        session = get_session(self._credentials).newSession()
        names = {"__name__": "model", "spark": session, "write_table": write_table}
        try:
            exec(compile(code, self._file, "exec"), names)
        except Exception as error:
            raise DbtRuntimeError(self._describe(error)) from error

    def _describe(self, error: Exception) -> str:
        """Return the user's lines of the traceback and the message."""
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if "/site-packages/" not in frame.filename
            and "/dbt/adapters/sparksession/" not in frame.filename
            and frame.name != "<module>"
        ]
        lines = "".join(traceback.format_list(frames))
        name = type(error).__name__
        return f"Python model {self._path}:\n{lines}{name}: {message_of(error)}"


def write_table(
    session: SparkSession,
    result: DataFrame | pd.DataFrame,
    table: str,
    file_format: str | None,
    partition_by: list[str] | str | None = None,
    properties: dict[str, str] | None = None,
) -> None:
    """Write what a model returned as a table, replacing the old one atomically.

    Raises
    ------
    TypeError
        If the model returned neither a Spark nor a pandas DataFrame.
    """
    if isinstance(result, pd.DataFrame):
        result = session.createDataFrame(result)
    if not isinstance(result, DataFrame):
        raise TypeError(
            f"model() returned {type(result).__name__}: "
            "return a Spark or a pandas DataFrame"
        )
    columns = [partition_by] if isinstance(partition_by, str) else partition_by or []
    if file_format not in (None, "iceberg", "delta"):  # no catalog that can replace
        plain = result.write.format(file_format).mode("overwrite")
        plain.partitionBy(*columns).saveAsTable(table)
        return
    writer = result.writeTo(table)
    if file_format is not None:
        writer = writer.using(file_format)
    if columns:
        writer = writer.partitionedBy(*[result[column] for column in columns])
    for key, value in (properties or {}).items():
        writer = writer.tableProperty(key, value)
    writer.createOrReplace()
