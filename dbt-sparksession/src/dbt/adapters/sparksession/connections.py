"""dbt-spark's connections, on a Spark session that lives in dbt's own process."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.spark.connections import SparkConnectionManager
from dbt.adapters.spark.session import Connection as SessionConnection
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import SparkSession

from dbt.adapters.sparksession.python_models import preload, running
from dbt.adapters.sparksession.session import get_session, message_of


class SparkSessionCursor(Cursor):
    """A cursor on the session it was given."""

    def __init__(self, session: SparkSession) -> None:
        super().__init__()
        self._session = session

    def execute(self, sql: str, *parameters: Any) -> None:
        self._df = self._session.sql(sql % parameters if parameters else sql)


class SparkSessionHandle(SessionConnectionWrapper):
    """A connection whose literals survive quoting and whose jobs can be cancelled."""

    def __init__(self, session: SparkSession) -> None:
        super().__init__(SessionConnection())
        self._session = session

    def cursor(self) -> "SparkSessionHandle":
        self._cursor = SparkSessionCursor(self._session)
        return self

    def cancel(self) -> None:
        for model in list(running):
            model.cancel()
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
        escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"


class SparkSessionConnectionManager(SparkConnectionManager):
    """Opens connections on the one session and words Spark's errors for people."""

    TYPE = "sparksession"

    def __init__(self, profile: Any, mp_context: Any) -> None:
        super().__init__(profile, mp_context)
        root = Path(getattr(profile, "project_root", None) or Path.cwd()).resolve()
        profile.credentials.resolve_paths(root)

    @contextmanager
    def exception_handler(self, sql: str) -> Iterator[None]:
        try:
            yield
        except DbtRuntimeError:
            raise
        except Exception as error:
            raise DbtRuntimeError(message_of(error)) from error

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        if connection.state == ConnectionState.OPEN:
            return connection
        command = get_flags().WHICH  # type: ignore[no-untyped-call]
        if command in ("build", "run", "retry"):
            preload(connection.credentials.preload)
        connection.handle = SparkSessionHandle(get_session(connection.credentials))
        connection.state = ConnectionState.OPEN
        return connection
