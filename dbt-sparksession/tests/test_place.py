"""A project that was moved or renamed: its tables, and what is said of others."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dbt.adapters.sparksession.place import find_tables

ROOT = Path(__file__).parents[2]
STEP = """
import sys
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

root, *statements = sys.argv[1:]
session = get_session(
    SparkSessionCredentials(schema="x", state_dir=f"{root}/var", project_root=root)
)
for statement in statements:
    rows = session.sql(statement).collect()
print(rows[0][0])
"""


def run(root, *statements):
    return subprocess.run(
        [sys.executable, "-c", STEP, str(root), *statements],
        cwd="/",
        capture_output=True,
        text=True,
    )


@pytest.mark.slow  # starts Spark in processes
def test_tables_move_along_with_their_project(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "var").mkdir(parents=True)
    (old / "var" / "jars").symlink_to(ROOT / "var" / "jars")
    made = run(
        old,
        "create schema x",
        "create table x.t as select 1 as a",
        "insert into x.t values (2)",
        "create view x.v as select count(*) as n from x.t",
        "select n from x.v",
    )
    assert made.stdout == "2\n", made.stderr
    old.rename(new)
    used = run(
        new,
        "insert into x.t values (3)",
        "create or replace table x.t as select * from x.t where a > 1",
        "call lake.system.expire_snapshots('x.t', timestamp '2999-01-01', 1)",
        "select n from x.v",
    )
    assert used.stdout == "2\n", used.stderr
    assert not old.exists()
    assert find_tables(new / "var").found == f"2 in {new}/var/warehouse"


@pytest.fixture
def catalog(tmp_path):
    """Return a function that makes a catalog of one table, and gives what is found."""

    def made(location):
        with closing(sqlite3.connect(tmp_path / "var" / "catalog.db")) as database:
            database.execute("create table iceberg_tables (metadata_location)")
            database.execute("insert into iceberg_tables values (?)", (location,))
            database.commit()
        return find_tables(tmp_path / "var")

    (tmp_path / "var").mkdir()
    return made


def test_a_state_folder_without_tables_is_no_fault(tmp_path):
    assert find_tables(tmp_path).is_good


@pytest.mark.parametrize(
    "place", ["{here}/var/warehouse", "file:{here}/var/warehouse", "var/warehouse"]
)
def test_tables_of_this_folder_are_good(catalog, tmp_path, place):
    location = f"{place.format(here=tmp_path)}/x/t/metadata/1.metadata.json"
    assert catalog(location).is_good


@pytest.mark.parametrize("place", ["/old/var/warehouse", "made/warehouse"])
def test_tables_of_another_place_are_named_with_the_way_out(catalog, tmp_path, place):
    finding = catalog(f"{place}/x/t/metadata/1.metadata.json")
    var = tmp_path / "var"
    assert finding.found == (
        f"those of {var}/catalog.db were made in {place}, so the folder was moved"
    )
    assert finding.remedy == (
        f"move it back, or delete {var}/catalog.db and {var}/warehouse, then run "
        "`dbt build`"
    )


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" * 9])
def test_a_torn_catalog_is_named_with_the_way_out(tmp_path, content):
    (tmp_path / "catalog.db").write_bytes(content)
    finding = find_tables(tmp_path)
    assert f"{tmp_path}/catalog.db cannot be read (" in finding.found
    assert finding.remedy.startswith(f"delete {tmp_path}/catalog.db and ")


def test_spark_does_not_start_on_tables_of_another_place(catalog, tmp_path):
    catalog("/old/var/warehouse/x/t/metadata/1.metadata.json")
    (tmp_path / "var" / "jars").symlink_to(ROOT / "var" / "jars")
    refused = run(tmp_path, "select 1")
    assert refused.returncode == 1
    assert "were made in /old/var/warehouse, so the folder was moved" in refused.stderr
    assert not (tmp_path / "var" / "warehouse").exists()
