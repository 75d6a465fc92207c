"""Tables on disk: what a rebuild, a drop and a failure leave behind."""

from pathlib import Path

import pytest
from dbt.tests.util import get_connection, run_dbt

REBUILT = """
{{ config(materialized='table') }}
select id, '{{ invocation_id }}' as build from range(0, 100, 1, 1)
"""
KEPT_LONGER = """
{{ config(
    materialized='table',
    tblproperties={'history.expire.min-snapshots-to-keep': '20'},
) }}
select 1 as id
"""
MERGED = """
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='id',
) }}
select id, '{{ invocation_id }}' as build from range(10)
"""
PYTHON_MERGED = """
def model(dbt, session):
    dbt.config(
        materialized="incremental", incremental_strategy="merge", unique_key="id"
    )
    return session.range(10)
"""


def folder(state_dir, project, table):
    return state_dir / "warehouse" / project.test_schema / table


def count(folder, pattern):
    return len(list(folder.rglob(pattern)))


def snapshots(project, table):
    sql = f"select count(*) from {project.test_schema}.{table}.snapshots"
    return project.run_sql(sql, fetch="one")[0]


class TestRetention:
    @pytest.fixture(scope="class")
    def project_config_update(self):
        return {"on-run-end": ["{{ expire_snapshots(results) }}"]}

    @pytest.fixture(scope="class")
    def models(self):
        return {
            "rebuilt.sql": REBUILT,
            "merged.sql": MERGED,
            "kept_longer.sql": KEPT_LONGER,
            "python_merged.py": PYTHON_MERGED,
        }

    def test_rebuilding_keeps_five_snapshots_and_only_their_files(
        self, project, state_dir
    ):
        run_dbt(["run"])
        project.run_sql(f"alter table {project.test_schema}.merged create tag first")
        run_dbt(["run"])
        for _ in range(4):
            run_dbt(["run", "--exclude", "python_merged"])
        rebuilt = folder(state_dir, project, "rebuilt")
        assert snapshots(project, "rebuilt") == 5
        assert count(rebuilt, "*.parquet") == 5  # one file a build
        assert count(rebuilt, "snap-*.avro") == 5
        assert count(rebuilt, "*.metadata.json") <= 21
        assert snapshots(project, "merged") == 6  # the tag keeps one more
        assert snapshots(project, "kept_longer") == 6
        # the intermediate tables of the merges are gone with their files
        assert count(folder(state_dir, project, "python_merged__dbt_tmp"), "*.*") == 0

    def test_metadata_files_are_bounded_too(self, project, state_dir):
        for row in range(25):
            project.run_sql(
                f"insert into {project.test_schema}.kept_longer values {row}"
            )
        metadata = folder(state_dir, project, "kept_longer") / "metadata"
        assert count(metadata, "*.metadata.json") == 21  # the current one and 20


class TestDrop:
    @pytest.fixture(scope="class")
    def models(self):
        return {"dropped.sql": "{{ config(materialized='table') }} select 1 as id"}

    def test_dropping_a_table_deletes_its_files(self, project, state_dir):
        run_dbt(["run"])
        assert count(folder(state_dir, project, "dropped"), "*.parquet") == 1
        with get_connection(project.adapter):
            relation = project.adapter.get_relation(
                project.database, project.test_schema, "dropped"
            )
            project.adapter.drop_relation(relation)
        assert count(folder(state_dir, project, "dropped"), "*.*") == 0

    def test_dropping_a_schema_that_is_not_there_does_nothing(self, project):
        with get_connection(project.adapter):
            relation = project.adapter.Relation.create(schema="never_there")
            assert project.adapter.list_relations_without_caching(relation) == []
            project.adapter.execute_macro("list_schemas", kwargs={"database": None})


CHANGING = """
{{ config(materialized=var('kind'), unique_key='id', incremental_strategy='merge') }}
select if({{ var('good') }}, 1, cast(raise_error('as told') as int)) as id
"""


class TestFullRefresh:
    @pytest.fixture(scope="class")
    def models(self):
        return {"changing.sql": CHANGING}

    def build(self, kind, *options, good="true"):
        given = f"{{kind: {kind}, good: '{good}'}}"
        results = run_dbt(["run", "--vars", given, *options], expect_pass=None)
        return results[0]

    @pytest.mark.parametrize("kind", ["table", "incremental"])
    def test_a_rebuild_that_fails_leaves_the_old_table(self, project, kind):
        assert self.build(kind, "--full-refresh").status == "success"
        failed = self.build(kind, "--full-refresh", good="false")
        assert failed.status == "error"
        assert "as told" in failed.message
        rows = project.run_sql(
            f"select id from {project.test_schema}.changing", fetch="all"
        )
        assert [row.id for row in rows] == [1]

    def test_a_view_becomes_an_incremental_table_and_back(self, project):
        for kind, shown in [("view", 1), ("incremental", 0), ("view", 1)]:
            assert self.build(kind).status == "success"
            views = project.run_sql(f"show views in {project.test_schema}", fetch="all")
            names = [row.viewName for row in views if not row.isTemporary]
            assert len(names) == shown


class TestGrants:
    @pytest.fixture(scope="class")
    def models(self):
        return {
            "granted.sql": "{{ config(grants={'select': ['anna']}) }} select 1 as id"
        }

    def test_grants_are_refused_with_a_sentence(self, project):
        [result] = run_dbt(["run"], expect_pass=False)
        assert "has no users" in result.message
        assert "Remove `grants`" in result.message


class TestPaths:
    def test_a_path_is_found_below_the_root_of_the_project(self, project):
        assert project.adapter.path_exists("pyproject.toml")
        assert not project.adapter.path_exists("no-such-file")

    def test_tables_lie_below_the_state_folder(self, project, state_dir, spark):
        assert spark.conf.get("spark.sql.catalog.lake.warehouse") == str(
            state_dir / "warehouse"
        )
        assert not Path("spark-warehouse").exists()
