"""dbt-tests-adapter on incremental models, and batches of time."""

import pytest
from dbt.tests.adapter.basic.test_incremental import (
    BaseIncremental,
    BaseIncrementalNotSchemaChange,
)
from dbt.tests.adapter.incremental.test_incremental_merge_exclude_columns import (
    BaseMergeExcludeColumns,
)
from dbt.tests.adapter.incremental.test_incremental_microbatch import BaseMicrobatch
from dbt.tests.adapter.incremental.test_incremental_on_schema_change import (
    BaseIncrementalOnSchemaChange,
)
from dbt.tests.adapter.incremental.test_incremental_predicates import (
    BaseIncrementalPredicates,
)
from dbt.tests.adapter.incremental.test_incremental_unique_id import (
    BaseIncrementalUniqueKey,
    seeds__add_new_rows_sql,
    seeds__duplicate_insert_sql,
    seeds__seed_csv,
)
from dbt.tests.util import run_dbt
from suites_sql import in_spark

MERGE = {"models": {"+incremental_strategy": "merge"}}


class TestIncremental(BaseIncremental):
    pass


class TestIncrementalNotSchemaChange(BaseIncrementalNotSchemaChange):
    pass


class TestIncrementalUniqueKey(BaseIncrementalUniqueKey):
    @pytest.fixture(scope="class")
    def seeds(self):
        return {
            "seed.csv": seeds__seed_csv,
            "duplicate_insert.sql": in_spark(seeds__duplicate_insert_sql),
            "add_new_rows.sql": in_spark(seeds__add_new_rows_sql),
        }

    @pytest.fixture(scope="class")
    def project_config_update(self):
        return MERGE


class TestIncrementalPredicates(BaseIncrementalPredicates):
    @pytest.fixture(scope="class")
    def project_config_update(self):
        predicate = "dbt_internal_dest.id != 2"
        return {
            "models": {
                "+incremental_predicates": [predicate],
                "+incremental_strategy": "merge",
            }
        }


class TestMergeExcludeColumns(BaseMergeExcludeColumns):
    @pytest.fixture(scope="class")
    def project_config_update(self):
        return MERGE


class TestIncrementalOnSchemaChange(BaseIncrementalOnSchemaChange):
    @pytest.fixture(scope="class")
    def project_config_update(self):
        return MERGE


class TestMicrobatch(BaseMicrobatch):
    pass


EVENTS = """
{{ config(materialized='table', event_time='happened_at') }}
select *
from values
    (1, timestamp '2026-01-01 08:00:00', 10),
    (2, timestamp '2026-01-01 23:59:59', 20),
    (3, timestamp '2026-01-02 00:00:00', 30),
    {% if var('again', '') == 'more' %}
    (7, timestamp '2026-01-02 12:00:00', 70),
    (8, timestamp '2026-01-02 13:00:00', 80),
    {% endif %}
    (5, timestamp '2026-01-03 01:00:00', 50),
    (6, timestamp '2026-01-03 02:00:00', 60) as rows (id, happened_at, points)
where {{ "id != 3" if var('again', '') == 'none' else "true" }}
"""

DAILY = """
{{ config(
    materialized='incremental', incremental_strategy='microbatch',
    event_time='happened_at', batch_size='day', begin='2026-01-01',
    partition_by=PARTITIONS
) }}
select id, happened_at, points from {{ ref('events') }}
"""

# the grain of the batches, a coarser one, and none
PARTITIONS = {
    "by_day": "['days(happened_at)']",
    "by_month": "['months(happened_at)']",
    "in_one": "none",
}
ALL = ["--event-time-start", "2026-01-01", "--event-time-end", "2026-01-04"]
SECOND = ["--event-time-start", "2026-01-02", "--event-time-end", "2026-01-03"]


def each(days):
    return dict.fromkeys(PARTITIONS, days)


class TestBatches:
    """A batch is what the model gives for its time, from the first run on."""

    @pytest.fixture(scope="class")
    def models(self):
        return {"events.sql": EVENTS} | {
            f"{name}.sql": DAILY.replace("PARTITIONS", partitions)
            for name, partitions in PARTITIONS.items()
        }

    def days(self, project):
        """Return the points of the days of each table."""
        found = {
            name: project.run_sql(
                f"select sum(points) from {project.test_schema}.{name}"
                " group by date(happened_at) order by date(happened_at)",
                fetch="all",
            )
            for name in PARTITIONS
        }
        return {name: [row[0] for row in rows] for name, rows in found.items()}

    def files(self, project):
        """Return the files of the first and the third day."""
        rows = project.run_sql(
            f"select file_path from {project.test_schema}.by_day.files"
            " where partition.happened_at_day != date '2026-01-02'",
            fetch="all",
        )
        return {row.file_path for row in rows}

    def test_a_batch_replaces_its_rows_and_no_others(self, project):
        for _ in range(2):  # on a new table, and once more
            run_dbt(["run", *ALL])
            assert self.days(project) == each([30, 30, 110])
        files = self.files(project)
        run_dbt(["run", *SECOND, "--vars", "again: more"])
        assert self.days(project) == each([30, 180, 110])
        assert self.files(project) == files
        run_dbt(["run", *SECOND, "--vars", "again: none"])  # nothing happened that day
        assert self.days(project) == each([30, 110])
        assert self.files(project) == files

    def test_a_full_refresh_and_an_empty_run(self, project):
        again = ["--vars", "again: more"]
        run_dbt(["run", "--full-refresh", *ALL, *again])
        assert self.days(project) == each([30, 180, 110])
        run_dbt(["run", "--empty", *again])  # of today and yesterday
        assert self.days(project) == each([30, 180, 110])
