"""Nothing crosses between the nodes of a run: each thread has a session of its own."""

import pytest
from dbt.tests.util import run_dbt

INCREMENTAL = """
{{ config(
    materialized='incremental', incremental_strategy='merge', unique_key='id',
    alias='same_name', schema='%(side)s'
) }}
select id, '%(side)s' as side from range(20000)
"""
SNAPSHOT = """
{%% snapshot snapshot_%(side)s %%}
{{ config(
    schema='%(side)s', alias='same_snapshot', unique_key='id', strategy='check',
    check_cols='all'
) }}
select id, '%(side)s' as side, '{{ var("round", 1) }}' as round from range(500)
{%% endsnapshot %%}
"""
CHANGED = """
{{ config(materialized='table', pre_hook=[
    "set spark.sql.shuffle.partitions = 17",
    "set time zone '+05:00'",
    "create temporary view left_behind as select 1 as one",
    "use " ~ this.schema,
]) }}
select current_timezone() as zone
"""
SEES = """
{{ config(materialized='table') }}
-- depends_on: {{ ref('changed') }}
{% set partitions, views = none, [] %}
{% if execute %}
{% set partitions = run_query("set spark.sql.shuffle.partitions").rows[0]["value"] %}
{% set views = run_query("show views in " ~ this.schema).rows %}
{% set views = views | selectattr("isTemporary") | list %}
{% endif %}
select
    current_timezone() as zone,
    '{{ partitions }}' as partitions,
    {{ views | length }} as temporary_views,
    current_schema() = '{{ this.schema }}' as is_in_schema
"""
SIDES = ("left_side", "right_side")


def rows(project, sql):
    return [tuple(row) for row in project.run_sql(sql, fetch="all")]


class TestOneAliasInTwoSchemas:
    @pytest.fixture(scope="class")
    def models(self):
        return {f"{side}.sql": INCREMENTAL % {"side": side} for side in SIDES}

    @pytest.fixture(scope="class")
    def snapshots(self):
        return {f"{side}.sql": SNAPSHOT % {"side": side} for side in SIDES}

    @pytest.mark.parametrize("run", range(4))
    def test_incremental_models_keep_to_their_own_rows(self, project, run):
        run_dbt(["run", "--threads", "4"])
        for side in SIDES:
            table = f"{project.test_schema}_{side}.same_name"
            counts = rows(project, f"select side, count(*) from {table} group by side")
            assert counts == [(side, 20000)]

    @pytest.mark.parametrize("round_number", range(1, 4))
    def test_snapshots_keep_to_their_own_rows(self, project, round_number):
        run_dbt(["snapshot", "--threads", "4", "--vars", f"round: {round_number}"])
        for side in SIDES:
            table = f"{project.test_schema}_{side}.same_snapshot"
            counts = rows(
                project,
                f"select side, count(*), count_if(dbt_valid_to is null) from {table} "
                "group by side",
            )
            assert counts == [(side, 500 * round_number, 500)]


class TestWhatAModelChangesInItsSession:
    @pytest.fixture(scope="class")
    def models(self):
        return {"changed.sql": CHANGED, "sees.sql": SEES}

    def test_the_next_model_of_the_thread_sees_nothing_of_it(self, project):
        run_dbt(["run", "--threads", "1"])
        schema = project.test_schema
        assert rows(project, f"select * from {schema}.changed") == [("+05:00",)]
        assert rows(project, f"select * from {schema}.sees") == [("UTC", "1", 0, False)]
