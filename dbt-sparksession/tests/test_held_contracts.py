"""What a contract asks of rows holds on each run, or the run says that it does not."""

import pytest
from dbt.tests.util import run_dbt, run_dbt_and_capture

MERGED = """
{{ config(
    materialized='incremental', incremental_strategy='merge', unique_key='id',
    on_schema_change='fail',
) }}
select
{{ {
    'sound': "1 as id, 'one' as label",
    'changed': "2 as id, 'two' as label",
    'other_type': "2 as id, 22 as label",
    'more_columns': "3 as id, 'three' as label, 3.0D as weight",
    'null_label': "4 as id, cast(null as string) as label",
    'negative': "-5 as id, 'five' as label",
    'null_id': "cast(null as int) as id, 'six' as label",
}[var('step', 'sound')] }}
"""
# a row that breaks the contract is not among the model's
JOINED = """
{{ config(materialized='table') }}
with films as (
    select cast(id as int) as id, if(id < 3, 'a', null) as label from range(10)
),
kept as (select cast(id as int) as id from range(3))
select films.id, films.label from films inner join kept on films.id = kept.id
"""
PROPERTIES = """
models:
  - name: merged
    config: {contract: {enforced: true}}
    constraints:
      - {type: check, name: ids_are_positive, expression: id > 0}
      - {type: primary_key, columns: [id]}
    columns:
      - {name: id, data_type: int, constraints: [{type: unique}]}
      - name: label
        data_type: string
        constraints: [{type: not_null}]
  - name: joined
    config: {contract: {enforced: true}}
    columns:
      - name: id
        data_type: int
        constraints: [{type: unique, warn_unenforced: false}]
      - {name: label, data_type: string, constraints: [{type: not_null}]}
"""
UNENFORCED = (
    "contract of merged (models/merged.sql): nothing enforces unique (id); primary_key "
    "(id). Only not_null and check hold here"
)


class TestContractOnEachRun:
    @pytest.fixture(scope="class")
    def models(self):
        return {"merged.sql": MERGED, "joined.sql": JOINED, "all.yml": PROPERTIES}

    @pytest.fixture(scope="class")
    def built(self, project):
        _, log = run_dbt_and_capture(["run"], expect_pass=None)
        assert " ".join(log.split()).count(UNENFORCED) == 1
        assert "nothing enforces" not in log.replace(UNENFORCED, "")
        return project

    def rows(self, project):
        sql = f"select id, label from {project.test_schema}.merged order by id"
        return [tuple(row) for row in project.run_sql(sql, fetch="all")]

    def test_a_row_that_is_not_the_models_breaks_nothing(self, built):
        sql = f"select count(*) from {built.test_schema}.joined"
        assert built.run_sql(sql, fetch="one")[0] == 3

    @pytest.mark.parametrize("full", [[], ["--full-refresh"]])
    @pytest.mark.parametrize(
        ("step", "words"),
        [
            ("other_type", ["label", "int", "string", "data type mismatch"]),
            ("more_columns", ["weight", "missing in contract"]),
            ("null_label", ["label is not_null", '{"id":4}']),
            ("negative", ["check ids_are_positive (id > 0)", '"id":-5']),
        ],
    )
    def test_a_breach_stops_the_run_and_changes_nothing(self, built, step, words, full):
        [result] = run_dbt(
            ["run", "-s", "merged", "--vars", f"step: {step}", *full], expect_pass=False
        )
        for word in words:
            assert word in result.message
        assert "org.apache" not in result.message
        assert self.rows(built) == [(1, "one")]

    def test_a_check_that_is_null_is_not_broken_and_each_run_warns(self, built):
        for step, rows in [
            ("null_id", [(None, "six"), (1, "one")]),
            ("changed", [(None, "six"), (1, "one"), (2, "two")]),
        ]:
            _, log = run_dbt_and_capture(
                ["run", "-s", "merged", "--vars", f"step: {step}"]
            )
            assert " ".join(log.split()).count(UNENFORCED) == 1
            assert self.rows(built) == rows
