"""What comes in: files as sources, and seeds."""

import datetime as dt

import pytest
from dbt.tests.util import run_dbt

LINES = "id,name\n1,Ann\n2,Bob\n"

SOURCES = """
sources:
  - name: files
    schema: text
    quoting: {identifier: true}
    tables:
      - name: people
        identifier: "{{ var('people') }}"
unit_tests:
  - name: lines_are_parsed
    model: people
    given:
      - input: source('files', 'people')
        rows:
          - value: 7,Eve
            _metadata: >-
              named_struct("file_path", "/people.csv", "file_name", "people.csv",
              "file_size", 1, "file_block_start", 0, "file_block_length", 1,
              "file_modification_time", current_timestamp())
          - {value: "8,O'Hara"}
    expect:
      rows:
        - {id: 7, name: Eve, file: people.csv}
        - {id: 8, name: "O'Hara", file: null}
"""
PEOPLE = """
{{ config(materialized='table') }}
select
    try_cast(split(value, ',')[0] as int) as id,
    split(value, ',')[1] as name,
    _metadata.file_name as file
from {{ source('files', 'people') }}
where value != 'id,name'
"""


class TestFileSource:
    @pytest.fixture(scope="class")
    def models(self):
        return {"people.sql": PEOPLE, "sources.yml": SOURCES}

    @pytest.fixture(scope="class")
    def project_config_update(self, tmp_path_factory):
        file = tmp_path_factory.mktemp("landing") / "people.csv"
        file.write_text(LINES)
        return {"vars": {"people": str(file)}}

    def rows(self, project):
        sql = f"select id, name, file from {project.test_schema}.people order by id"
        return [tuple(row) for row in project.run_sql(sql, fetch="all")]

    def test_a_file_is_a_table_of_lines_with_its_name(self, project):
        run_dbt(["run"])
        assert self.rows(project) == [
            (1, "Ann", "people.csv"),
            (2, "Bob", "people.csv"),
        ]

    def test_empty_builds_have_the_columns_of_the_file(self, project):
        run_dbt(["run", "--empty"])
        assert self.rows(project) == []

    def test_unit_tests_may_give_rows_of_a_file(self, project):
        [result] = run_dbt(["test", "--select", "test_type:unit"])
        assert result.status == "pass"

    def test_unit_tests_need_no_file(self, project):
        given = "{people: /no/such/file.csv}"
        [result] = run_dbt(["test", "--select", "test_type:unit", "--vars", given])
        assert result.status == "pass"


TRICKY = r"""id,text,flag,day,at,amount
1,it's,true,2020-02-29,2020-02-29 23:59:59,1.5
2,back\slash\n,false,1999-12-31,1970-01-01 00:00:00,-2
3,100 %s %(x)s %,true,,,
4,,,2020-01-01,2020-01-01 00:00:01,0
5,"a ""quote"", a comma",true,2020-01-01,2020-01-01 12:00:00,1e3
"""


class TestSeeds:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {"tricky.csv": TRICKY}

    def test_every_cell_arrives_as_it_was(self, project):
        run_dbt(["seed"])
        run_dbt(["seed", "--full-refresh"])
        rows = project.run_sql(
            f"select * from {project.test_schema}.tricky order by id", fetch="all"
        )
        at = dt.datetime
        assert [tuple(row) for row in rows] == [
            (1, "it's", True, dt.date(2020, 2, 29), at(2020, 2, 29, 23, 59, 59), 1.5),
            (2, r"back\slash\n", False, dt.date(1999, 12, 31), at(1970, 1, 1), -2.0),
            (3, "100 %s %(x)s %", True, None, None, None),
            (4, None, None, dt.date(2020, 1, 1), at(2020, 1, 1, 0, 0, 1), 0.0),
            (
                5,
                'a "quote", a comma',
                True,
                dt.date(2020, 1, 1),
                at(2020, 1, 1, 12),
                1000.0,
            ),
        ]

    def test_types_are_those_of_the_cells(self, project):
        rows = project.run_sql(f"describe {project.test_schema}.tricky", fetch="all")
        assert {row.col_name: row.data_type for row in rows} == {
            "id": "bigint",
            "text": "string",
            "flag": "boolean",
            "day": "date",
            "at": "timestamp",
            "amount": "double",
        }
