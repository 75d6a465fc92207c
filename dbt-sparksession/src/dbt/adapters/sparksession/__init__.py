"""A dbt adapter that is Spark itself: dbt-spark, in process, on files."""

from dbt.adapters.base import AdapterPlugin

from dbt.adapters.sparksession.connections import (
    SparkSessionConnectionManager,  # noqa: F401  dbt looks it up here
)
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.impl import SparkSessionAdapter
from dbt.include import sparksession

Plugin = AdapterPlugin(
    adapter=SparkSessionAdapter,  # type: ignore[arg-type]
    credentials=SparkSessionCredentials,
    include_path=sparksession.PACKAGE_PATH,
    dependencies=["spark"],
)
