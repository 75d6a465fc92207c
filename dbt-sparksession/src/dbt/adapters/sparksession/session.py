"""The one Spark session of a dbt process, with its embedded lakehouse."""

import os
import sys
import threading
from pathlib import Path

import pyspark
from dbt.adapters.events.logging import AdapterLogger
from dbt.adapters.exceptions import FailedToConnectError
from py4j.protocol import Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from dbt.adapters.sparksession.credentials import (
    SparkSessionCredentials,
    in_project,
)
from dbt.adapters.sparksession.jars import jar_files
from dbt.adapters.sparksession.java_locale import java_locale
from dbt.adapters.sparksession.jvm import heap_bytes, jvm_options, quoted
from dbt.adapters.sparksession.limits import cores
from dbt.adapters.sparksession.locks import locked, make_folder
from dbt.adapters.sparksession.machine import (
    find_jars,
    find_java,
    jars_command,
    require,
)
from dbt.adapters.sparksession.messages import message_of
from dbt.adapters.sparksession.odd_paths import find_folder
from dbt.adapters.sparksession.place import find_tables
from dbt.adapters.sparksession.scratch import keep_scratch, scratch_settings

LAKE = "spark.sql.catalog.lake"
_starting = threading.Lock()


def get_session(credentials: SparkSessionCredentials) -> SparkSession:
    """Return the process's session; the first call starts it.

    Raises
    ------
    FailedToConnectError
        If Java or a jar is missing, or the JVM does not start.
    """
    with _starting:
        if SparkContext._active_spark_context is None:
            _start_context(credentials)
        return SparkSession.builder.getOrCreate()


def _start_context(credentials: SparkSessionCredentials) -> None:
    state_dir = Path(credentials.state_dir)
    folders = (state_dir, (state_dir / "jars").resolve(), Path(pyspark.__file__).parent)
    require(*map(find_folder, folders))
    require(find_java(), find_jars(state_dir, jars_command(state_dir)))
    settings = settings_of(credentials, keep_scratch(state_dir))
    if uses_own_catalog(settings, state_dir):
        require(find_tables(state_dir))
    log = state_dir / "logs" / "spark.log"
    for name in ("logs", "warehouse"):
        make_folder(state_dir / name)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.update(java_locale())
    if credentials.master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    conf = SparkConf(loadDefaults=False)
    conf.setMaster(credentials.master).setAppName("dbt")
    conf.setAll(list(settings.items()))
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True  # dbt words the error
    with log.open("ab") as stderr:  # what the launcher and the JVM say about themselves
        try:
            options = {"stderr": stderr}
            gateway = launch_gateway(conf, options)  # type: ignore[no-untyped-call]
            SparkContext(conf=conf, gateway=gateway)
        except Exception as error:
            raise FailedToConnectError(
                f"Spark did not start ({message_of(error)}): {log} has the reason"
            ) from error
    if uses_own_catalog(settings, state_dir):
        _create_catalog(state_dir / "catalog.db")


def settings_of(credentials: SparkSessionCredentials, scratch: Path) -> dict[str, str]:
    """Return the settings of a session, with those of the profile."""
    input_dir = Path(credentials.input_dir) if credentials.input_dir else None
    state_dir = Path(credentials.state_dir)
    settings = session_config(state_dir, credentials.project_root, input_dir)
    of_profile = {key: str(one) for key, one in credentials.spark_config.items()}
    # Spark's session catalog is forgotten with its process, unless it is Hive's
    is_hive = of_profile.get("spark.sql.catalogImplementation") == "hive"
    left = scratch_settings(scratch, state_dir if is_hive else scratch)
    return settings | left | of_profile


def uses_own_catalog(settings: dict[str, str], state_dir: Path) -> bool:
    """Return whether the catalog is the state folder's, not one of the profile."""
    return settings[f"{LAKE}.uri"].startswith(f"jdbc:sqlite:{state_dir}/catalog.db?")


def _create_catalog(file: Path) -> None:
    """Let one process at a time create the catalog's tables.

    Two that find none would both add the same column, and one would fail.
    """
    wait = "waiting for another run to create the catalog of tables"
    with locked(file.parent, lambda: AdapterLogger("sparksession").info(wait)):
        if file.exists():
            return
        try:
            SparkSession.builder.getOrCreate().sql("show namespaces").collect()
            file.chmod(0o600)
        except (Py4JJavaError, PySparkException) as error:
            raise FailedToConnectError(
                f"the catalog {file} was not created: {message_of(error)}"
            ) from error


def session_config(
    state_dir: Path, project_root: str, input_dir: Path | None = None
) -> dict[str, str]:
    """Return the settings of a session on the lakehouse below `state_dir`.

    The lakehouse is Apache Iceberg with a JDBC catalog in SQLite and plain files:
    https://iceberg.apache.org/docs/latest/jdbc/
    """
    log4j = Path(__file__).with_name("log4j2.properties")
    properties = f"{LAKE}.table-default"
    return {
        "spark.driver.memory": f"{heap_bytes(input_dir) // 2**20}m",
        "spark.driver.maxResultSize": "0",
        "spark.driver.extraClassPath": ":".join(
            map(str, jar_files(state_dir / "jars"))
        ),
        "spark.driver.extraJavaOptions": quoted(
            *jvm_options(state_dir, input_dir),
            f"-Duser.dir={project_root}",
            f"-Dlog4j2.configurationFile={log4j.as_uri()}",
            f"-Dsparksession.log={state_dir}/logs/spark.log",
        ),
        # for Python models that write files
        "spark.sparksession.project_root": project_root,
        "spark.sparksession.state_dir": str(state_dir),
        "spark.cleaner.referenceTracking.cleanCheckpoints": "true",
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",  # one Python worker a core
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.ansi.enabled": "true",  # a bad cast raises
        # 1,443 classes are generated for a build of this project; Spark keeps 1,000 and
        # compiles others again
        "spark.sql.codegen.cache.maxEntries": "10000",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(max(4, cores())),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.defaultCatalog": "lake",
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        LAKE: "org.apache.iceberg.spark.SparkCatalog",
        f"{LAKE}.type": "jdbc",
        f"{LAKE}.uri": f"jdbc:sqlite:{state_dir}/catalog.db?busy_timeout=30000",
        f"{LAKE}.jdbc.schema-version": "V1",  # views
        f"{LAKE}.warehouse": warehouse_of(state_dir, project_root),
        f"{LAKE}.cache-enabled": "false",  # or one session reads another's stale tables
        f"{properties}.history.expire.min-snapshots-to-keep": "5",
        f"{properties}.write.metadata.delete-after-commit.enabled": "true",
        f"{properties}.write.metadata.previous-versions-max": "20",
    }


def warehouse_of(state_dir: Path, project_root: str) -> str:
    """Return the folder of the tables, which is written into each table's metadata.

    Relative to the JVM's `user.dir`, the project's folder, if it lies in there: so
    tables go on to be found where the whole project is moved, renamed or copied.
    """
    return in_project(f"{state_dir}/warehouse", project_root)
