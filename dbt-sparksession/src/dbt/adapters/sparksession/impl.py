"""dbt-spark's adapter, mended where a session and an embedded lakehouse differ."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from dbt.adapters.base import BaseRelation, PythonJobHelper, available
from dbt.adapters.base.impl import ConstraintSupport
from dbt.adapters.contracts.connection import AdapterResponse
from dbt.adapters.contracts.relation import RelationType
from dbt.adapters.spark.column import SparkColumn
from dbt.adapters.spark.impl import SCHEMA_NOT_FOUND_MESSAGES, SparkAdapter
from dbt.adapters.spark.relation import SparkRelation
from dbt_common.contracts.constraints import ConstraintType
from dbt_common.exceptions import DbtRuntimeError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from dbt.adapters.sparksession.connections import SparkSessionConnectionManager
from dbt.adapters.sparksession.contracts import CHECKED, KEYS, contract_rules
from dbt.adapters.sparksession.fixtures import example, fixture_sql, surely_fits
from dbt.adapters.sparksession.interruptible import interruptible
from dbt.adapters.sparksession.messages import message_of, plain
from dbt.adapters.sparksession.orphans import load_table
from dbt.adapters.sparksession.pinned_lists import Pin, pin_files
from dbt.adapters.sparksession.pinned_rows import Ends, pin_rows
from dbt.adapters.sparksession.pins import absolute, literal, pinned
from dbt.adapters.sparksession.python_models import SessionPythonJobHelper
from dbt.adapters.sparksession.seeds import rows_of
from dbt.adapters.sparksession.session import get_session
from dbt.adapters.sparksession.sql_text import text_literal

# Spark's words, and Iceberg's without the name of its class
NO_SCHEMA = (*SCHEMA_NOT_FOUND_MESSAGES, "Namespace does not exist")

# https://spark.apache.org/docs/latest/sql-data-sources-file-metadata.html
TEXT_FILE = {
    "value": "string",
    "_metadata": "struct<file_path:string,file_name:string,file_size:bigint,"
    "file_block_start:bigint,file_block_length:bigint,"
    "file_modification_time:timestamp>",
}


@dataclass(frozen=True, eq=False, repr=False)
class SparkSessionRelation(SparkRelation):
    """A table, a view or a file: text.`path`."""

    def render(self) -> str:
        if self.schema == "text" and self.identifier:
            file = literal(pinned(self.identifier)).replace("`", "``")
            if file != self.identifier:
                path = replace(self.path, identifier=file)
                return str(SparkRelation.render(replace(self, path=path)))
        return str(super().render())

    def render_limited(self) -> str:
        limited = str(super().render_limited())
        if self.schema == "text" and self.limit is not None:  # `*` has no _metadata
            return limited.replace("select *", "select *, _metadata", 1)
        return limited


class SparkSessionAdapter(SparkAdapter):
    """What dbt asks of Spark, answered in process."""

    Relation = SparkSessionRelation
    ConnectionManager = SparkSessionConnectionManager
    CONSTRAINT_SUPPORT = dict.fromkeys(
        map(ConstraintType, CHECKED), ConstraintSupport.ENFORCED
    ) | dict.fromkeys(map(ConstraintType, KEYS), ConstraintSupport.NOT_ENFORCED)

    @property
    def default_python_submission_method(self) -> str:
        return "session"

    @property
    def python_submission_helpers(self) -> dict[str, type[PythonJobHelper]]:
        return {"session": SessionPythonJobHelper}

    @property
    def _session(self) -> SparkSession:
        return get_session(self.config.credentials)

    @available.parse_list
    def list_relations_without_caching(
        self, schema_relation: BaseRelation
    ) -> list[BaseRelation]:
        """Return a schema's tables and views, two statements for any number."""
        kinds: dict[str, RelationType] = {}
        try:
            # views come last: some catalogs list them as tables, too
            for kind in (RelationType.Table, RelationType.View):
                sql = f"show {kind}s in {schema_relation.schema}"
                _, rows = self.execute(sql, fetch=True)
                kinds |= {
                    row[f"{kind}Name"]: kind for row in rows if not row["isTemporary"]
                }
        except DbtRuntimeError as error:
            if any(text in error.msg for text in NO_SCHEMA):
                return []
            raise
        table_format = self.table_format()
        return [
            self.Relation.create(
                schema=schema_relation.schema,
                identifier=name,
                type=kind,
                is_iceberg=kind == "table" and table_format == "iceberg",
                is_delta=kind == "table" and table_format == "delta",
            )
            for name, kind in kinds.items()
        ]

    def get_relation(
        self, database: str | None, schema: str, identifier: str
    ) -> SparkRelation | None:
        """Return a relation with its format, also one that this command has made."""
        relation = super().get_relation(database or "", schema, identifier)
        assert relation is None or isinstance(relation, SparkRelation)
        if relation is None or relation.is_view:
            return relation
        table_format = self.table_format()
        return replace(
            relation,
            is_iceberg=table_format == "iceberg",
            is_delta=table_format == "delta",
        )

    @available.parse_none
    def table_format(self) -> str | None:
        """Return the format of the default catalog's tables, where it has one."""
        conf = self._session.conf
        catalog = conf.get("spark.sql.defaultCatalog", "spark_catalog")
        implementation = str(conf.get(f"spark.sql.catalog.{catalog}", "")).lower()
        return next((f for f in ("iceberg", "delta") if f in implementation), None)

    def get_columns_in_relation(self, relation: BaseRelation) -> list[SparkColumn]:
        """Return the columns of a table, a view or a file read as text."""
        if relation.schema != "text":
            return super().get_columns_in_relation(relation)
        return [
            SparkColumn(column=name, dtype=kind) for name, kind in TEXT_FILE.items()
        ]

    @available.parse_none
    def comments_of(self, relation: BaseRelation) -> dict[str, Any]:
        """Return the comments of a table and of each of its columns, now."""
        name = relation.render()
        fields = self._session.table(name).schema.fields
        rows = self._session.sql(f"describe extended {name}").collect()[len(fields) :]
        of_table = [row.data_type for row in rows if row.col_name == "Comment"]
        return {
            "relation": of_table[0] if of_table else None,
            "columns": {one.name: one.metadata.get("comment") for one in fields},
        }

    @available
    def text_literal(self, text: str) -> str:
        """Return the literal that Spark reads as exactly this text."""
        return text_literal(text)

    @available.parse_none
    def contract_rules(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return what the contract of a model asks of rows: `contracts.py`."""
        return contract_rules(model)

    @available
    def fixture_value(self, fixture: str, column: str, value: Any, kind: str) -> str:
        """Return a value of a unit test's row as SQL.

        Raises
        ------
        DbtRuntimeError
            If it does not fit its column.
        """
        sql = fixture_sql(value, kind)
        try:
            if not surely_fits(value, kind):
                self._session.sql(f"select {sql}").collect()
        except PySparkException as error:
            raise DbtRuntimeError(
                f"Unit test fixture for {fixture}: {value!r} in the column {column} is "
                f"no {kind}; write {example(kind)}. Spark says: {message_of(error)}"
            ) from error
        return sql

    @available.parse_none
    def validate_sql(self, sql: str) -> AdapterResponse:
        """Raise for a statement that Spark cannot plan, and run nothing."""
        response: AdapterResponse
        response, rows = self.execute(f"explain {sql}", fetch=True)
        said, *lines = [line for row in rows for line in row[0].splitlines()]
        if said.startswith("Error occurred during query planning"):
            raise DbtRuntimeError(plain("\n".join(lines)))
        return response

    def _get_columns_for_catalog(
        self, relation: BaseRelation
    ) -> Iterable[dict[str, Any]]:
        """Yield the catalog's columns, with comments, and rows and bytes of Iceberg."""
        columns = list(super()._get_columns_for_catalog(relation))
        if not columns:  # a view that cannot be read
            return
        comments = self.comments_of(relation)
        more = {"table_comment": comments["relation"]}
        if getattr(relation, "is_iceberg", False):
            snapshot = self._iceberg_table(relation).currentSnapshot()
            counts = snapshot.summary() if snapshot else {}
            more |= SparkColumn.convert_table_stats(
                f"{counts.get('total-files-size') or 0} bytes, "
                f"{counts.get('total-records') or 0} rows"
            )
        for column in columns:
            comment = comments["columns"].get(column["column_name"])
            yield column | more | {"column_comment": comment}

    @available
    def expire_snapshots(self, relations: list[BaseRelation]) -> None:
        """Drop all but the newest snapshots of Iceberg tables, and their files.

        How many stay is the table's `history.expire.min-snapshots-to-keep`; what a
        tag or a branch names stays too. Iceberg's own rule, by age, would keep each
        of a day's rebuilds: after a replacement the old snapshots are no ancestors
        of the new one, and only ancestors are counted.
        """
        with ThreadPoolExecutor(max_workers=4) as pool:  # each waits for the disk
            list(pool.map(self._expire_snapshots, relations))

    def _expire_snapshots(self, relation: BaseRelation) -> None:
        table = self._iceberg_table(relation)
        properties = table.properties()
        keep = int(properties.get("history.expire.min-snapshots-to-keep") or 1)
        times = sorted(snapshot.timestampMillis() for snapshot in table.snapshots())
        if len(times) > keep:
            table.expireSnapshots().expireOlderThan(times[-keep]).commit()

    def _iceberg_table(self, relation: BaseRelation) -> Any:
        catalog = self._session.conf.get("spark.sql.defaultCatalog")
        return load_table(self._session, f"{catalog}.{relation.render()}")

    @available
    def path_exists(self, path: str) -> bool:
        """Return whether Spark sees a file or folder there; relative to the project."""
        system, file = self._file(path)
        return bool(system.exists(file))

    @available
    def read_text(self, path: str) -> str:
        """Return the text, in UTF-8, of a small file that Spark sees."""
        system, file = self._file(path)
        stream = system.open(file)
        try:
            jvm: Any = self._session._jvm
            return str(jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()

    @available.parse_none
    def pin_files(
        self, folder: str, ending: str, name: str | None = None
    ) -> Pin | None:
        """Return which files of a folder this command reads, whatever comes in.

        See `pinned_lists.pin_files`; a relative path starts at the project.
        """
        try:
            return pin_files(absolute(folder), ending, name)
        except (OSError, ValueError) as error:
            raise DbtRuntimeError(
                f"the files *{ending} in {folder} cannot be listed: {error}"
            ) from error

    @available.parse_none
    def pin_rows(
        self, relation: BaseRelation, of: Mapping[str, object], by: str, order: str
    ) -> Ends | None:
        """Return how far this command reads a table that others append to.

        See `pinned_rows.pin_rows`.
        """
        try:
            return pin_rows(self._session, relation.render(), of, by, order)
        except PySparkException as error:
            raise DbtRuntimeError(
                f"how far {relation.render()} goes cannot be read: {message_of(error)}"
            ) from error

    @available.parse_none
    def read_seed(self, load: Callable[[], Any]) -> Any:
        """Return agate's table of a seed; Ctrl-C does not wait for a large one."""
        try:
            return interruptible("reading the seed", load)
        except StopIteration as error:  # agate's answer
            raise DbtRuntimeError(
                "the seed's file is empty: its first line must name the columns"
            ) from error

    @available.parse_none
    def seed_view(self, name: str, table: Any) -> str:
        """Make a temporary view of agate's table, in texts, and return its name."""
        rows = interruptible("reading the seed", lambda: rows_of(table))
        handle = self.connections.get_thread_connection().handle
        handle.make_view(self.quote(name), rows)
        return str(self.quote(name))

    def _file(self, path: str) -> tuple[Any, Any]:
        """Return the file system of a path, and the path, as Hadoop knows them.

        Of a folder that sources read, it is the file that they read in this command.
        """
        jvm: Any = self._session._jvm
        file = jvm.org.apache.hadoop.fs.Path(pinned(path))
        return file.getFileSystem(self._session._jsc.hadoopConfiguration()), file
