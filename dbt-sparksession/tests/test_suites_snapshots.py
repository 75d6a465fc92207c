"""dbt-tests-adapter on snapshots, and rows that go, come back and get columns."""

import pytest
from dbt.tests.adapter.basic.test_snapshot_check_cols import BaseSnapshotCheckCols
from dbt.tests.adapter.basic.test_snapshot_timestamp import BaseSnapshotTimestamp
from dbt.tests.adapter.simple_snapshot import (
    new_record_check_mode,
    new_record_dbt_valid_to_current,
    new_record_timestamp_mode,
    test_ephemeral_snapshot_hard_deletes,
    test_snapshot,
    test_various_configs,
)
from dbt.tests.util import run_dbt
from suites_sql import SparkProject, without_database


@pytest.fixture(scope="class")
def project(project):
    return SparkProject(project)


class TestSnapshotCheckCols(BaseSnapshotCheckCols):
    pass


class TestSnapshotTimestamp(BaseSnapshotTimestamp):
    pass


class TestSimpleSnapshot(test_snapshot.BaseSimpleSnapshot):
    pass


class TestSnapshotCheck(test_snapshot.BaseSnapshotCheck):
    pass


class OfSeed:
    @pytest.fixture(scope="class")
    def snapshots(self):
        return {
            "snapshot.sql": without_database(test_various_configs.snapshot_actual_sql)
        }


class TestColumnNames(OfSeed, test_various_configs.BaseSnapshotColumnNames):
    pass


class TestColumnNamesFromDbtProject(
    OfSeed, test_various_configs.BaseSnapshotColumnNamesFromDbtProject
):
    pass


class TestInvalidColumnNames(
    OfSeed, test_various_configs.BaseSnapshotInvalidColumnNames
):
    pass


class TestMultiUniqueKey(test_various_configs.BaseSnapshotMultiUniqueKey):
    @pytest.fixture(scope="class")
    def models(self):
        return {
            "seed.sql": without_database(test_various_configs.model_seed_sql),
            "snapshots.yml": test_various_configs.snapshots_multi_key_yml,
        }


class OfDeleted:
    """Fixtures whose snapshot reads a table that has another name in Postgres."""

    @pytest.fixture(scope="class")
    def snapshots(self):
        return {
            "snapshot.sql": without_database(
                new_record_timestamp_mode._snapshot_actual_sql
            )
        }


class TestNewRecordTimestampMode(
    OfDeleted, new_record_timestamp_mode.BaseSnapshotNewRecordTimestampMode
):
    pass


class TestNewRecordCheckMode(
    OfDeleted, new_record_check_mode.BaseSnapshotNewRecordCheckMode
):
    pass


class TestNewRecordDbtValidToCurrent(
    new_record_dbt_valid_to_current.BaseSnapshotNewRecordDbtValidToCurrent
):
    @pytest.fixture(scope="class")
    def snapshots(self):
        text = new_record_dbt_valid_to_current._snapshot_actual_sql
        return {"snapshot.sql": without_database(text)}


class TestNewColumnTimestampStrategy(
    test_ephemeral_snapshot_hard_deletes.BaseSnapshotNewColumnTimestampStrategy
):
    pass


class TestNewColumnSpecificCheckCols(
    test_ephemeral_snapshot_hard_deletes.BaseSnapshotNewColumnSpecificCheckCols
):
    pass


class TestNewColumnWithDeletes(
    test_ephemeral_snapshot_hard_deletes.BaseSnapshotNewColumnWithDeletes
):
    pass


# the second day robert is there and carl is not, the third carl is back, the fourth
# there is another column, the fifth there are no names and robert has changed again
ACCOUNTS = """
{{ config(materialized='table') }}
{%- set day = var('day', 1) %}
select
    id,
    region,
    {{ "name," if day < 5 }}
    changed_at
    {{ ", 'free' as plan" if day >= 4 }}
from values
    (1, 'eu', 'anna', timestamp '2026-01-01'),
    {%- if day != 2 %}
    (3, 'us', 'carl', timestamp '2026-01-01'),
    {%- endif %}
    {%- if day == 1 %}
    (2, 'eu', 'bob', timestamp '2026-01-01')
    {%- else %}
    (2, 'eu', 'robert', timestamp '2026-01-0{{ 3 if day == 5 else 2 }}')
    {%- endif %} as rows (id, region, name, changed_at)
"""
NEVER = "timestamp '9999-12-31 00:00:00'"
HISTORIES = f"""
snapshots:
  - name: by_check
    relation: ref('accounts')
    config:
      unique_key: [id, region]
      strategy: check
      check_cols: all
      hard_deletes: new_record
      dbt_valid_to_current: "to_timestamp('9999-12-31 00:00:00')"
  - name: by_time
    relation: ref('accounts')
    config:
      unique_key: [id, region]
      strategy: timestamp
      updated_at: changed_at
      hard_deletes: new_record
      dbt_valid_to_current: "{NEVER}"
  - name: invalidated
    relation: ref('accounts')
    config:
      unique_key: [id, region]
      strategy: timestamp
      updated_at: changed_at
      hard_deletes: invalidate
      snapshot_meta_column_names:
        {{dbt_valid_to: until, dbt_valid_from: since, dbt_scd_id: row_id}}
"""


class TestRowsThatGoAndComeBack:
    @pytest.fixture(scope="class")
    def models(self):
        return {"accounts.sql": ACCOUNTS, "histories.yml": HISTORIES}

    def counts(self, project, table, until="dbt_valid_to", current=f"= {NEVER}"):
        """Return all rows, current ones, those with a blank, and names for ids."""
        ids = "row_id" if until == "until" else "dbt_scd_id"
        row = project.run_sql(
            f"select count(*), count_if({until} {current}), count_if(id is null),"
            f" count(distinct {ids}) from {project.test_schema}.{table}",
            fetch="one",
        )
        return tuple(row)

    def deleted(self, project, table):
        rows = project.run_sql(
            f"select name from {project.test_schema}.{table}"
            f" where dbt_is_deleted = 'True' and dbt_valid_to = {NEVER}",
            fetch="all",
        )
        return [row.name for row in rows]

    def columns(self, project, table):
        rows = project.run_sql(f"describe {project.test_schema}.{table}", fetch="all")
        return {row.col_name for row in rows}

    def test_days(self, project):
        after = {  # records, and whose key is current
            "by_check": [3, 5, 5, 6, 6, 9, 10],
            "by_time": [3, 5, 5, 6, 6, 6, 7],
            "invalidated": [3, 4, 4, 5, 5, 5, 6],
        }
        for index, day in enumerate([1, 2, 2, 3, 3, 4, 5]):
            run_dbt(["build", "--vars", f"day: {day}"])
            for table in ("by_check", "by_time"):
                rows = after[table][index]
                assert self.counts(project, table) == (rows, 3, 0, rows), (table, day)
                gone = ["carl"] if day == 2 else []
                assert self.deleted(project, table) == gone, (table, day)
            rows, current = after["invalidated"][index], 2 if day == 2 else 3
            counts = self.counts(project, "invalidated", "until", "is null")
            assert counts == (rows, current, 0, rows), day
        own = {"dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to"}
        of_accounts = {"id", "region", "name", "changed_at", "plan"}
        found = self.columns(project, "by_check")
        assert found == of_accounts | own | {"dbt_is_deleted"}
        assert self.columns(project, "invalidated") == of_accounts | {
            *("row_id", "dbt_updated_at", "since", "until")
        }
        shown = project.run_sql(f"show tables in {project.test_schema}", fetch="all")
        assert {row.tableName for row in shown if not row.isTemporary} == {
            *("accounts", *after)
        }

    def test_periods_of_a_key_follow_each_other(self, project):
        for table, since, until in [
            ("by_check", "dbt_valid_from", "dbt_valid_to"),
            ("by_time", "dbt_valid_from", "dbt_valid_to"),
            ("invalidated", "since", "until"),
        ]:
            overlaps = project.run_sql(
                "select count(*) from ("
                f"select {since}, lag(coalesce({until}, {NEVER}))"
                f" over (partition by id order by {since}) as ended"
                f" from {project.test_schema}.{table}) where ended > {since}",
                fetch="one",
            )
            assert overlaps[0] == 0, table
