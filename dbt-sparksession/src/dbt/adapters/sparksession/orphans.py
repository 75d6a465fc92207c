"""Files of Iceberg tables that nothing refers to: what killed commands left behind."""

from contextlib import closing
from pathlib import Path
from typing import Any

from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import SparkSession

from dbt.adapters.sparksession.session import LAKE, uses_own_catalog


def orphan_files(session: SparkSession, state_dir: Path, schema: str) -> list[Path]:
    """Return the files below a schema's folder that none of its tables refers to.

    Iceberg's own `remove_orphan_files` compares whole paths, so it would take every
    file of a table with a relative location for an orphan, and does not look into the
    folders of tables that are gone. Hold the schema: what another command is writing
    belongs to no table yet.

    Parameters
    ----------
    state_dir
        The folder of the catalog and the tables. A catalog of the profile's own, which
        is elsewhere, is not looked into.

    Raises
    ------
    DbtRuntimeError
        If a table refers to a file that is not there.
    """
    folder = state_dir.resolve() / "warehouse" / schema
    conf = session.conf
    if not uses_own_catalog({f"{LAKE}.uri": str(conf.get(f"{LAKE}.uri"))}, state_dir):
        return []
    orphans = {path for path in folder.rglob("*") if path.is_file()}
    schemas = {row[0] for row in session.sql("show namespaces in lake").collect()}
    if schema not in schemas:
        return sorted(orphans)
    root = Path(str(conf.get("spark.sparksession.project_root")))
    for _, view, _ in session.sql(f"show views in lake.`{schema}`").collect():
        orphans -= set((folder / view).rglob("*"))  # small, and few
    for _, table, _ in session.sql(f"show tables in lake.`{schema}`").collect():
        name = f"lake.`{schema}`.`{table}`"
        paths = files_of(session, load_table(session, name))
        used = {(root / path.removeprefix("file:")).resolve() for path in paths}
        missing = sorted(path for path in used if not path.exists())
        if missing:
            raise DbtRuntimeError(
                f"table {schema}.{table} is damaged, {missing[0]} is missing: build it "
                f"again with `dbt run --full-refresh --select {table}`"
            )
        # Hadoop's local file system writes a file of checksums beside each
        orphans -= used | {path.with_name(f".{path.name}.crc") for path in used}
    return sorted(orphans)


def load_table(session: SparkSession, name: str) -> Any:
    """Return Iceberg's own view of a table: quicker than its metadata tables."""
    jvm: Any = session._jvm
    # a thread that ran no SQL has no active session, and so knows no catalog
    jvm.SparkSession.setActiveSession(session._jsparkSession)
    load = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable
    return load(session._jsparkSession, name)


def files_of(session: SparkSession, table: Any) -> set[str]:
    """Return the paths of all files that a table refers to, and of its metadata.

    https://iceberg.apache.org/spec/#overview
    """
    jvm: Any = session._jvm
    iceberg, io = jvm.org.apache.iceberg, table.io()
    # py4j cannot walk through what is iterable in Java and no collection
    listed = iceberg.relocated.com.google.common.collect.Lists.newArrayList
    reachable, manifests = iceberg.ReachableFileUtil, iceberg.ManifestFiles
    files = {
        *reachable.metadataFileLocations(table, True),
        *reachable.manifestListLocations(table),
        *reachable.statisticsFilesLocations(table),
    }
    for snapshot in table.snapshots():
        for manifest in snapshot.dataManifests(io):
            if manifest.path() not in files:  # snapshots share them
                with closing(manifests.readPaths(manifest, io, table.specs())) as paths:
                    files.update(listed(paths))
                files.add(manifest.path())
        for manifest in snapshot.deleteManifests(io):
            specs = table.specs()
            with closing(manifests.readDeleteManifest(manifest, io, specs)) as deletes:
                files.update(one.location() for one in listed(deletes))
            files.add(manifest.path())
    return files
