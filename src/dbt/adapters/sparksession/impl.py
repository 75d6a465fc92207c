"""dbt-spark's adapter, mended where a session and an embedded lakehouse differ."""

from collections.abc import Iterable
from typing import Any

from dbt.adapters.base import BaseRelation, PythonJobHelper, available
from dbt.adapters.spark.column import SparkColumn
from dbt.adapters.spark.impl import SCHEMA_NOT_FOUND_MESSAGES, SparkAdapter
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.connections import SparkSessionConnectionManager
from dbt.adapters.sparksession.python_models import SessionPythonJobHelper
from dbt.adapters.sparksession.session import get_session

FILE_METADATA = (
    "struct<file_path:string,file_name:string,file_size:bigint,"
    "file_block_start:bigint,file_block_length:bigint,"
    "file_modification_time:timestamp>"
)


class SparkSessionAdapter(SparkAdapter):
    """What dbt asks of Spark, answered in process."""

    ConnectionManager = SparkSessionConnectionManager

    @property
    def default_python_submission_method(self) -> str:
        return "session"

    @property
    def python_submission_helpers(self) -> dict[str, type[PythonJobHelper]]:
        return {"session": SessionPythonJobHelper}

    def list_relations_without_caching(
        self, schema_relation: BaseRelation
    ) -> list[BaseRelation]:
        """Return a schema's tables and views, two statements for any number."""
        try:
            rows = self.execute_macro(
                "list_tables_and_views", kwargs={"schema_relation": schema_relation}
            )
        except DbtRuntimeError as error:
            if any(text in error.msg for text in SCHEMA_NOT_FOUND_MESSAGES):
                return []
            raise
        catalog = self._catalog_class()
        return [
            self.Relation.create(
                schema=schema_relation.schema,
                identifier=name,
                type="view" if is_view else "table",
                is_iceberg="iceberg" in catalog,
                is_delta="delta" in catalog,
            )
            for name, is_view in rows
        ]

    def _catalog_class(self) -> str:
        conf = get_session(self.config.credentials).conf
        catalog = conf.get("spark.sql.defaultCatalog", "spark_catalog")
        return str(conf.get(f"spark.sql.catalog.{catalog}", "")).lower()

    def get_columns_in_relation(self, relation: BaseRelation) -> list[SparkColumn]:
        """Return the columns of a table, a view or a file read as text."""
        if relation.schema != "text":
            return super().get_columns_in_relation(relation)
        names = {"value": "string", "_metadata": FILE_METADATA}
        return [SparkColumn(column=name, dtype=kind) for name, kind in names.items()]

    def _get_columns_for_catalog(
        self, relation: BaseRelation
    ) -> Iterable[dict[str, Any]]:
        """Yield the catalog's columns, with rows and bytes of Iceberg tables."""
        statistics = self._statistics(relation)
        for column in super()._get_columns_for_catalog(relation):
            yield column | statistics

    def _statistics(self, relation: BaseRelation) -> dict[str, Any]:
        if relation.type != "table" or not getattr(relation, "is_iceberg", False):
            return {}
        summary = self.execute_macro(
            "latest_snapshot_summary", kwargs={"relation": relation}
        )
        if summary is None:
            return {}
        return SparkColumn.convert_table_stats(
            f"{summary.get('total-files-size', 0)} bytes, "
            f"{summary.get('total-records', 0)} rows"
        )

    @available
    def expire_snapshots(self, relation: BaseRelation) -> None:
        """Drop the snapshots of an Iceberg table that its properties no longer keep."""
        session = get_session(self.config.credentials)
        jvm, spark = session._jvm, session._jsparkSession
        load = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable
        catalog = session.conf.get("spark.sql.defaultCatalog")
        load(spark, f"{catalog}.{relation}").expireSnapshots().commit()

    @available
    def path_exists(self, path: str) -> bool:
        """Return whether Spark sees a file or folder there; relative to the project."""
        session = get_session(self.config.credentials)
        file = session._jvm.org.apache.hadoop.fs.Path(path)
        conf = session._jsc.hadoopConfiguration()
        return bool(file.getFileSystem(conf).exists(file))
