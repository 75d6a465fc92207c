"""dbt-spark's connections, on a Spark session that lives in dbt's own process."""

import datetime as dt
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.spark.connections import SparkConnectionManager
from dbt.adapters.spark.session import Connection as SessionConnection
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt.flags import get_flags
from dbt_common.events.contextvars import get_node_info
from dbt_common.exceptions import DbtDatabaseError, DbtRuntimeError
from pyspark.sql import SparkSession

from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.interruptible import running
from dbt.adapters.sparksession.locks import WRITING, hold_schema, release_schemas
from dbt.adapters.sparksession.machine import require
from dbt.adapters.sparksession.messages import at_model_line, message_of
from dbt.adapters.sparksession.odd_paths import find_folder
from dbt.adapters.sparksession.pinned_lists import forget_lists
from dbt.adapters.sparksession.pinned_rows import forget_rows
from dbt.adapters.sparksession.pins import start_pinning, unpin
from dbt.adapters.sparksession.session import get_session
from dbt.adapters.sparksession.sql_text import text_literal

if TYPE_CHECKING:
    import pyarrow as pa

# statements that leave something in a session: settings, temporary views and functions
_CHANGES_SESSION = re.compile(
    r"\s*(/\*.*?\*/\s*)*"  # dbt's query comment
    r"(set|reset|use|add|cache|uncache|declare|drop\s+temporary"
    r"|create\s+(or\s+replace\s+)?(global\s+)?temp(orary)?)\b",
    re.IGNORECASE | re.DOTALL,
)
# of Iceberg, where a batch replaces the rows of its time
_MIXED_FILE = "Cannot delete file where some, but not all, rows match filter"
MIXED_FILE_ADVICE = (
    "The table has files with rows of several batches, which one batch cannot replace:"
    " build it once with --full-refresh, or partition it by the batch"
    " (`partition_by: ['days(…)']`)"
)

log = AdapterLogger("sparksession")
_own = threading.local()


def own_session(credentials: SparkSessionCredentials) -> SparkSession:
    """Return this thread's session, a new one where a node has changed the last.

    Nodes that run at the same time, or one after the other in a thread, share neither
    temporary views nor settings, current schema or functions. A session costs a tenth
    of a second, so one that nothing changed is used again.
    """
    shared = get_session(credentials)
    mine: SparkSession | None = getattr(_own, "session", None)
    if mine is None or mine.sparkContext is not shared.sparkContext:
        mine = _own.session = shared.newSession()
    return mine


class SparkSessionCursor(Cursor):
    """A cursor on the session it was given."""

    def __init__(self, session: SparkSession) -> None:
        super().__init__()
        self._session = session

    def execute(self, sql: str, *parameters: Any) -> None:
        if _CHANGES_SESSION.match(sql):
            _own.session = None  # the next node of this thread gets another one
        self._df = self._session.sql(sql % parameters if parameters else sql)


class SparkSessionHandle(SessionConnectionWrapper):
    """A connection whose literals survive quoting and whose jobs can be cancelled."""

    def __init__(self, session: SparkSession) -> None:
        super().__init__(SessionConnection())
        self._session = session

    def cursor(self) -> "SparkSessionHandle":
        self._cursor = SparkSessionCursor(self._session)
        return self

    def make_view(self, name: str, rows: "pa.Table") -> None:
        """Make a temporary view of rows, which the node writes as one file."""
        _own.session = None
        self._session.createDataFrame(rows).coalesce(1).createOrReplaceTempView(name)

    def cancel(self) -> None:
        for work in list(running):
            work.cancel()
        self._session.sparkContext.cancelAllJobs()

    @classmethod
    def _fix_binding(cls, value: Any) -> str:
        """Return the value as a Spark SQL literal."""
        if value is None:
            return "null"
        if isinstance(value, bool | int | float | Decimal):
            return str(value).lower()
        if isinstance(value, dt.date | dt.time):
            return f"'{value.isoformat()}'"
        return text_literal(str(value))


class SparkSessionConnectionManager(SparkConnectionManager):
    """Opens connections on the one session and words Spark's errors for people."""

    TYPE = "sparksession"

    def __init__(self, profile: Any, mp_context: Any) -> None:
        super().__init__(profile, mp_context)
        root = Path(getattr(profile, "project_root", None) or Path.cwd()).resolve()
        profile.credentials.resolve_paths(root)
        state_dir = Path(profile.credentials.state_dir)
        require(*map(find_folder, (root, state_dir, state_dir.resolve())))
        start_pinning(root)
        kinds = ("model_paths", "test_paths", "snapshot_paths")
        names = [name for kind in kinds for name in getattr(profile, kind, [])]
        self._folders = [root / name for name in names]
        forget_lists()
        forget_rows()
        command = getattr(get_flags(), "WHICH", None)  # type: ignore[no-untyped-call]
        if command in WRITING:  # before anything is read
            schema = profile.credentials.schema
            hold_schema(
                state_dir,
                schema,
                f"dbt {command}",
                log.info,
            )

    def cleanup_all(self) -> None:
        try:
            super().cleanup_all()
        finally:
            release_schemas()
            unpin()
            forget_lists()
            forget_rows()

    @contextmanager
    def exception_handler(self, sql: str) -> Iterator[None]:
        try:
            yield
        except DbtRuntimeError:
            raise
        except Exception as error:
            message = message_of(error)
            if _MIXED_FILE in message:
                message += f"\n{MIXED_FILE_ADVICE}"
            text = at_model_line(message, sql, self._model_file())
            raise DbtDatabaseError(text) from error

    def _model_file(self) -> Path | None:
        """Return the SQL file of the node that this thread runs, if there is one."""
        path = get_node_info().get("node_path") or ""
        files = [folder / path for folder in self._folders if path.endswith(".sql")]
        return next((file for file in files if file.is_file()), None)

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        if connection.state == ConnectionState.OPEN:
            return connection
        connection.handle = SparkSessionHandle(own_session(connection.credentials))
        connection.state = ConnectionState.OPEN
        return connection
