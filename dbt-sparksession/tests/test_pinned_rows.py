"""How far a table goes is asked once per command, whatever is appended meanwhile."""

import pytest
from dbt.tests.util import run_dbt

from dbt.adapters.sparksession.pinned_rows import forget_rows, pin_rows

READ = """
{{ config(materialized='table', pre_hook=\"\"\"
    {% if execute and model.name == 'second' %}
        insert into {{ schema }}.events values ('a', 1, 7)
    {% endif %}
\"\"\") }}
{%- set events = api.Relation.create(schema=schema, identifier='events') -%}
select '{{ adapter.pin_rows(events, {'topic': 'a'}, 'part', 'number') }}' as ends
"""


@pytest.fixture
def events(spark):
    spark.sql("create namespace if not exists pinned")
    spark.sql("drop table if exists pinned.events")
    yield "pinned.events"
    spark.sql("drop table if exists pinned.events purge")
    forget_rows()


def create(spark, table):
    spark.sql(
        f"create table {table} (topic string, part int, number bigint) using iceberg"
    )


def pinned(spark, table, topic="a"):
    return pin_rows(spark, table, {"topic": topic}, "part", "number")


def test_what_is_appended_meanwhile_is_for_the_next_command(spark, events):
    create(spark, events)
    spark.sql(f"insert into {events} values ('a', 1, 4), ('a', 0, 9), ('b', 0, 30)")
    first = pinned(spark, events)
    assert first == {0: 10, 1: 5}
    assert list(first) == [0, 1]
    spark.sql(f"insert into {events} values ('a', 0, 10), ('a', 2, 0)")
    assert pinned(spark, events) == first
    assert pinned(spark, events, "b") == {0: 31}
    forget_rows()
    assert pinned(spark, events) == {0: 11, 1: 5, 2: 1}


def test_without_rows_there_are_no_ends_and_without_a_table_none(spark, events):
    assert pinned(spark, events) is None
    assert pinned(spark, "no_such_namespace.events") is None
    create(spark, events)
    assert pinned(spark, events) is None  # as the command first saw it
    forget_rows()
    assert pinned(spark, events) == {}


class TestCommands:
    @pytest.fixture(scope="class")
    def models(self):
        return {
            "first.sql": READ,
            "second.sql": f"-- depends_on: {{{{ ref('first') }}}}\n{READ}",
            "third.sql": f"-- depends_on: {{{{ ref('second') }}}}\n{READ}",
        }

    def test_all_nodes_of_a_command_read_as_far_as_its_first(self, project):
        def ends():
            run_dbt(["run"])
            names = ("first", "second", "third")
            sql = "select ends from {}.{}"
            return [
                project.run_sql(sql.format(project.test_schema, name), fetch="one")[0]
                for name in names
            ]

        project.run_sql(
            f"create table {project.test_schema}.events "
            "(topic string, part int, number bigint) using iceberg"
        )
        project.run_sql(f"insert into {project.test_schema}.events values ('a', 1, 3)")
        assert ends() == ["{1: 4}"] * 3
        assert ends() == ["{1: 8}"] * 3
