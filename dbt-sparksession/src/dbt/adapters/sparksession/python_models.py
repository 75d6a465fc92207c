"""Runs a dbt Python model in a new session of dbt's own Spark."""

import importlib
import linecache
import math
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt.adapters.base import PythonJobHelper
from dbt_common.exceptions import DbtRuntimeError
from dbt_common.invocation import get_invocation_id
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from dbt.adapters.sparksession.interruptible import interruptible
from dbt.adapters.sparksession.messages import message_of
from dbt.adapters.sparksession.session import get_session

if TYPE_CHECKING:
    import pandas as pd

# as dbt writes the `.nan` and `.inf` of a model's YAML into its code
YAML_NAMES = {"nan": math.nan, "inf": math.inf}
_preloads: dict[tuple[str, ...], threading.Thread] = {}
_preloading = threading.Lock()


def preload(modules: list[str]) -> None:
    """Import modules from the first Python model on, which waits for them.

    A command without Python models does not pay for them.

    One after the other: two threads that import what has parts in common can meet half
    a module. One that cannot be imported is left to the model that imports it.
    """
    wanted = tuple(modules)
    with _preloading:
        if wanted not in _preloads:
            thread = threading.Thread(target=_import, args=wanted, daemon=True)
            _preloads[wanted] = thread
            thread.start()


def _import(*modules: str) -> None:
    for module in modules:
        with suppress(ImportError):
            importlib.import_module(module)


class SessionPythonJobHelper(PythonJobHelper):
    """Executes the compiled code of one model."""

    def __init__(self, model: dict[str, Any], credentials: Any) -> None:
        self._path = model["original_file_path"]
        self._file = str(Path(credentials.project_root) / self._path)
        self._credentials = credentials
        self._invocation_id = get_invocation_id()

    def submit(self, compiled_code: str) -> None:
        """Run the code; `spark` and `write_table` are in its globals.

        Ctrl-C stops a model that computes in Python, too.

        Raises
        ------
        DbtRuntimeError
            If the model raises: its message and the lines that led there.
        """
        preload(self._credentials.preload)
        code = _blank_head(self._file) + compiled_code.lstrip()  # same lines
        interruptible(f"Python model {self._path}", lambda: self._run(code))

    def _run(self, code: str) -> None:
        lines = code.splitlines(keepends=True)
        linecache.cache[self._file] = (len(code), None, lines, self._file)
        for thread in list(_preloads.values()):
            thread.join()
        # models that run at the same time share no views, settings or time zone
        session = get_session(self._credentials).newSession()
        session.conf.set("spark.sparksession.invocation_id", self._invocation_id)
        names = {"__name__": "model", "spark": session, "write_table": write_table}
        try:
            exec(compile(code, self._file, "exec"), YAML_NAMES | names)
        except Exception as error:
            raise DbtRuntimeError(self._describe(error)) from error

    def _describe(self, error: Exception) -> str:
        """Return the user's lines of the traceback and the message.

        An exception whose class sets `hide_traceback` has a message that is enough.
        """
        if getattr(error, "hide_traceback", False):
            return f"Python model {self._path}: {error}"
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if "/site-packages/" not in frame.filename
            and "/concurrent/futures/" not in frame.filename
            and "/dbt/adapters/sparksession/" not in frame.filename
            and frame.name != "<module>"
        ]
        lines = "".join(traceback.format_list(frames))
        is_spark = isinstance(error, Py4JJavaError | PySparkException)
        name = "" if is_spark else f"{type(error).__name__}: "
        return f"Python model {self._path}:\n{lines}{name}{message_of(error)}"


def _blank_head(file: str) -> str:
    """Return the blank lines at a file's head, which dbt strips."""
    text = Path(file).read_text("utf-8") if Path(file).is_file() else ""
    return "\n" * text[: len(text) - len(text.lstrip())].count("\n")


def write_table(
    session: SparkSession,
    result: "DataFrame | pd.DataFrame",
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
    import pandas as pd  # a second of every dbt command's start, if imported above

    if isinstance(result, pd.DataFrame):
        result = session.createDataFrame(result)
    if not isinstance(result, DataFrame):
        raise TypeError(
            f"model() returned {type(result).__name__}: "
            "return a Spark or a pandas DataFrame"
        )
    columns = [partition_by] if isinstance(partition_by, str) else partition_by or []
    if file_format and file_format not in ("iceberg", "delta"):  # cannot replace
        plain = result.write.format(file_format).mode("overwrite")
        plain.partitionBy(*columns).saveAsTable(table)
        return
    writer = result.writeTo(table)
    if file_format is not None:
        writer = writer.using(file_format)
    if columns:
        writer = writer.partitionedBy(*[result[column] for column in columns])
    for key, value in (properties or {}).items():
        writer = writer.tableProperty(key, str(value))
    writer.createOrReplace()
