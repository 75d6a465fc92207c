"""Comments of tables and columns are what YAML says, whatever characters they hold."""

import json
from pathlib import Path

import pytest
import yaml
from dbt.tests.util import run_dbt

ABOUT_TABLE = 'The user\'s own "best" list; 100 % made up -- no /* comment */'
ABOUT_COLUMNS = {
    "id": "One row's key; it's never 'null'",
    "year_text": "Four digits, \\d{4}, as in C:\\films\\new\nand a second line,\t"
    "Größe 🎬, ${spark.master} ${env:HOME} $$ %s ` \\u0041, and one at the end: \\",
}
TABLE = "select 1 as id, '1995' as year_text"
PYTHON = """
def model(dbt, session):
    return session.sql("select 1 as id, '1995' as year_text")
"""
SNAPSHOT = """
{% snapshot snapped %}
{{ config(unique_key='id', strategy='check', check_cols='all') }}
select 1 as id, '1995' as year_text
{% endsnapshot %}
"""
MODELS = ("a_table", "a_view", "merged", "python_made")
ALL = (*MODELS, "a_seed", "snapped")


def properties(table, columns):
    """Return the YAML of all kinds of tables with these comments."""

    def described(name):
        return {
            "name": name,
            "description": table,
            "config": {"persist_docs": {"relation": True, "columns": True}},
            "columns": [
                {"name": column, "description": text}
                for column, text in columns.items()
            ],
        }

    kinds = {"models": MODELS, "seeds": ["a_seed"], "snapshots": ["snapped"]}
    return yaml.safe_dump(
        {kind: [described(name) for name in names] for kind, names in kinds.items()}
    )


def comments(project, name):
    """Return what `describe` says of a table and its columns."""
    rows = project.run_sql(
        f"describe extended {project.test_schema}.{name}", fetch="all"
    )
    told = {row.col_name: row for row in reversed(rows)}
    return {
        "table": told["Comment"].data_type,
        "columns": {column: told[column].comment for column in ABOUT_COLUMNS},
    }


class TestComments:
    @pytest.fixture(scope="class")
    def models(self):
        return {
            "a_table.sql": "{{ config(materialized='table') }}" + TABLE,
            "a_view.sql": TABLE,
            "merged.sql": "{{ config(materialized='incremental') }}" + TABLE,
            "python_made.py": PYTHON,
            "all.yml": properties(ABOUT_TABLE, ABOUT_COLUMNS),
        }

    @pytest.fixture(scope="class")
    def seeds(self):
        return {"a_seed.csv": "id,year_text\n1,y1995\n"}

    @pytest.fixture(scope="class")
    def snapshots(self):
        return {"snapped.sql": SNAPSHOT}

    @pytest.fixture(scope="class")
    def built(self, project):
        run_dbt(["build"])
        return project

    @pytest.mark.parametrize("name", ALL)
    def test_comments_are_exact(self, built, name):
        assert comments(built, name) == {"table": ABOUT_TABLE, "columns": ABOUT_COLUMNS}

    def test_docs_show_the_same(self, built):
        run_dbt(["docs", "generate"])
        catalog = json.loads(Path("target/catalog.json").read_text("utf-8"))
        for node in catalog["nodes"].values():
            assert node["metadata"]["comment"] == ABOUT_TABLE
            told = {name: one["comment"] for name, one in node["columns"].items()}
            assert ABOUT_COLUMNS.items() <= told.items()

    def test_a_later_run_changes_what_changed_in_one_commit(self, built):
        table = f"{built.test_schema}.merged"
        count = f"select count(*) from {table}.metadata_log_entries"
        [before] = built.run_sql(count, fetch="one")
        run_dbt(["build"])
        [same] = built.run_sql(count, fetch="one")
        assert same == before + 1  # the rows
        columns = {"id": "the key", "year_text": "four digits\\"}
        path = built.project_root / "models" / "all.yml"
        path.write_text(properties("new", columns), "utf-8")
        run_dbt(["build"])
        for name in ALL:
            assert comments(built, name) == {"table": "new", "columns": columns}
        [after] = built.run_sql(count, fetch="one")
        assert after == same + 3  # rows, the table's comment, the columns' comments
