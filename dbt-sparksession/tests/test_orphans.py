"""Files that no table refers to: what a killed command left in the lakehouse."""

import pytest
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.orphans import orphan_files

SCHEMA = "with_orphans"


@pytest.fixture
def tables(spark, state_dir):
    """Return the folder of a schema with tables of each kind, each written twice."""
    spark.sql(f"create schema {SCHEMA}")
    options = "tblproperties ('write.delete.mode'='merge-on-read')"
    spark.sql(f"create table {SCHEMA}.plain as select id from range(9)")
    spark.sql(f"create table {SCHEMA}.deleted {options} as select id from range(9)")
    spark.sql(f"delete from {SCHEMA}.deleted where id = 3")
    spark.sql(f"create or replace table {SCHEMA}.plain as select id from range(5)")
    spark.sql(f"create view {SCHEMA}.seen as select * from {SCHEMA}.plain")
    yield state_dir / "warehouse" / SCHEMA
    for name in ("plain", "deleted"):
        spark.sql(f"drop table if exists {SCHEMA}.{name} purge")
    spark.sql(f"drop view {SCHEMA}.seen")
    spark.sql(f"drop schema {SCHEMA}")


def test_only_what_no_table_refers_to_is_an_orphan(spark, state_dir, tables):
    assert orphan_files(spark, state_dir, SCHEMA) == []
    left = [
        tables / "plain" / "data" / "00000-9-of-a-kill.parquet",
        tables / "plain" / "data" / ".00000-9-of-a-kill.parquet.crc",
        tables / "deleted" / "metadata" / "00009-of-a-kill.metadata.json",
        tables / "gone__dbt_tmp" / "data" / "00000-1.parquet",
    ]
    for file in left:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert orphan_files(spark, state_dir, SCHEMA) == sorted(left)
    for file in left:
        file.unlink()
    first = f"select * from {SCHEMA}.plain version as of "
    snapshot = f"select min_by(snapshot_id, committed_at) from {SCHEMA}.plain.snapshots"
    assert spark.sql(first + str(spark.sql(snapshot).first()[0])).count() == 9
    assert spark.table(f"{SCHEMA}.deleted").count() == 8


def test_all_files_of_a_schema_that_is_gone_are_orphans(spark, state_dir):
    file = state_dir / "warehouse" / "gone_schema" / "t" / "data" / "0.parquet"
    file.parent.mkdir(parents=True)
    file.touch()
    assert orphan_files(spark, state_dir, "gone_schema") == [file]
    file.unlink()


def test_a_catalog_elsewhere_is_left_alone(spark, tmp_path):
    file = tmp_path / "warehouse" / "prod" / "t" / "data" / "0.parquet"
    file.parent.mkdir(parents=True)
    file.touch()
    assert orphan_files(spark, tmp_path, "prod") == []


def test_a_damaged_table_is_named_and_nothing_is_an_orphan(spark, state_dir, tables):
    file = next((tables / "plain" / "data").glob("*.parquet"))
    content = file.read_bytes()
    file.unlink()
    try:
        with pytest.raises(DbtRuntimeError, match=f"plain is damaged, {file}"):
            orphan_files(spark, state_dir, SCHEMA)
    finally:
        file.write_bytes(content)
