"""What models that were renamed leave behind is dropped by a command."""

import json

import pytest

SCHEMA = "left_behind"


@pytest.fixture
def relations(spark):
    """Return a function that names what is in the schema: a model's table, an old table
    and an old view at first.
    """  # noqa: D205
    spark.sql(f"create schema if not exists {SCHEMA}")
    spark.sql(f"create table {SCHEMA}.dim_movies using iceberg as select 1 as one")
    spark.sql(f"create table {SCHEMA}.line_accounts using iceberg as select 1 as one")
    spark.sql(f"create view {SCHEMA}.int_old as select * from {SCHEMA}.dim_movies")

    def names():
        tables = spark.sql(f"show tables in {SCHEMA}").collect()
        views = spark.sql(f"show views in {SCHEMA}").collect()
        return sorted({row[1] for row in (*tables, *views)})

    yield names
    spark.sql(f"drop view if exists {SCHEMA}.int_old")
    for name in ("dim_movies", "line_accounts"):
        spark.sql(f"drop table if exists {SCHEMA}.{name} purge")
    spark.sql(f"drop schema {SCHEMA}")


def drop(dbt, **arguments):
    options = ["--args", json.dumps(arguments)] if arguments else []
    return dbt("run-operation", "drop_orphaned_relations", *options, schema=SCHEMA)


def test_orphans_are_named_first_and_dropped_when_asked(dbt, relations, capfd):
    assert drop(dbt).success
    assert relations() == ["dim_movies", "int_old", "line_accounts"]
    said = capfd.readouterr().out
    assert f"would drop table {SCHEMA}.line_accounts" in said
    assert f"would drop view {SCHEMA}.int_old" in said
    assert "dim_movies" not in said

    assert drop(dbt, dry_run=False).success
    assert relations() == ["dim_movies"]
    assert drop(dbt).success
    assert f"nothing to drop in {SCHEMA}" in capfd.readouterr().out
