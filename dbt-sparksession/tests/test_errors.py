"""Errors name the model, its line and the way out; what was there stays."""

import pytest
from dbt.tests.util import run_dbt

from dbt.adapters.sparksession.fixtures import fixture_sql, surely_fits
from dbt.adapters.sparksession.messages import at_model_line
from dbt.adapters.sparksession.sql_text import text_literal

DIVIDES = """{{ config(materialized='table') }}

{% set divisors = [1, 2] %}
with rows as (
    {% for divisor in divisors %}
    select id, {{ divisor }} as divisor from range(3)
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    id,
    1 / (id - divisor) as share
from rows
"""
UNKNOWN = """{{ config(materialized='table') }}

select id,
    nothing
from (select 1 as id) as one
"""
MISSPELT = """{{ config(materialized='table') }}

select id
frm as of range(3)
"""
MANY_ROWS = "select (select id from range(3)) as id"
DIES = """
import os


def model(dbt, session):
    return session.range(3).mapInPandas(lambda frames: os._exit(3), "id long")
"""
WRONG_NAME = """
def model(dbt, session):
    def renamed(frames):
        for frame in frames:
            yield frame.rename(columns={"id": "other"})

    return session.range(3).mapInPandas(renamed, "id long")
"""
FORBIDDEN = ("org.apache", "java.", "py4j", "pyspark", "Py4J", "site-packages", "\tat ")


class TestMessages:
    @pytest.fixture(scope="class")
    def models(self):
        return {
            "divides.sql": DIVIDES,
            "unknown.sql": UNKNOWN,
            "misspelt.sql": MISSPELT,
            "many_rows.sql": "{{ config(materialized='table') }}" + MANY_ROWS,
            "dies.py": DIES,
            "wrong_name.py": WRONG_NAME,
        }

    @pytest.fixture(scope="class")
    def messages(self, project):
        for name, text in (("divides", DIVIDES), ("unknown", UNKNOWN)):
            path = project.project_root / "models" / f"{name}.sql"
            path.write_text(text, "utf-8")  # dbt's own fixture dedents
        results = run_dbt(["run"], expect_pass=False)
        return {result.node.name: result.message for result in results}

    def test_no_message_holds_a_name_of_java_or_is_long(self, messages):
        assert len(messages) == 6
        for message in messages.values():
            assert not [word for word in FORBIDDEN if word in message]
            assert len(message.splitlines()) <= 6

    def test_an_error_in_rows_has_the_line_in_the_models_file(self, messages):
        assert "Division by zero" in messages["divides"]
        assert "== divides.sql, line 13 ==" in messages["divides"]
        assert "1 / (id - divisor)" in messages["divides"]

    def test_an_unknown_column_has_the_line_in_the_models_file(self, messages):
        assert "`nothing` cannot be resolved" in messages["unknown"]
        assert "(unknown.sql, line 4)" in messages["unknown"]

    def test_a_syntax_error_shows_its_line_alone(self, messages):
        message = messages["misspelt"]
        assert "Syntax error at or near 'as'" in message
        assert "(misspelt.sql, line 4)" in message
        assert "create or replace" not in message

    def test_an_error_that_java_wraps_is_its_message(self, messages):
        assert "More than one row returned by a subquery" in messages["many_rows"]

    def test_a_worker_that_dies_is_said_to_have_died(self, messages):
        assert "Python worker exited unexpectedly" in messages["dies"]

    def test_a_workers_error_is_its_last_line(self, messages):
        assert "Missing: id. Unexpected: other." in messages["wrong_name"]
        assert "Traceback" not in messages["wrong_name"]


class TestWhatWasThereStays:
    @pytest.fixture(scope="class")
    def models(self):
        kind = "{{ config(materialized=var('kind'), unique_key='id') }}"
        return {
            "kept.sql": kind + "{{ var('sql') }}",
            "granted.sql": kind
            + "{{ config(grants={'select': ['anna']} if var('grant') else {}) }}"
            + "{{ var('sql') }}",
        }

    def run(self, model, kind, sql, grant=False, passes=True):
        given = f"{{kind: {kind}, sql: '{sql}', grant: {grant}}}"
        [result] = run_dbt(["run", "-s", model, "--vars", given], expect_pass=passes)
        return result.message

    def rows(self, project, table):
        sql = f"select id from {project.test_schema}.{table}"
        return [row.id for row in project.run_sql(sql, fetch="all")]

    def test_a_view_that_spark_cannot_read_leaves_the_table(self, project):
        self.run("kept", "table", "select 1 as id")
        message = self.run("kept", "view", "select nothing", passes=False)
        assert "`nothing` cannot be resolved" in message
        assert self.rows(project, "kept") == [1]
        self.run("kept", "view", "select 2 as id")
        assert self.rows(project, "kept") == [2]

    @pytest.mark.parametrize("kind", ["table", "incremental", "view"])
    def test_grants_are_refused_before_anything_is_written(self, project, kind):
        self.run("granted", "table", "select 1 as id")
        message = self.run("granted", kind, "select 2 as id", grant=True, passes=False)
        assert "files and has no users. Remove `grants`" in message
        assert self.rows(project, "granted") == [1]


FILMS = """
select
    1 as movie_id,
    array('Comedy') as genres,
    named_struct('imdb', 'tt1', 'tmdb', 1) as links,
    true as is_new,
    timestamp '2026-01-01 10:00:00' as added_at,
    cast(1.50 as decimal(5, 2)) as price
"""
FILM_LIST = """
select
    movie_id,
    array_join(array_sort(genres), '/') as genre_list,
    genres[0] as first_genre,
    links.imdb as imdb,
    coalesce(is_new, false) as is_new,
    date(added_at) as added_on,
    price * 2 as double_price
from {{ ref('films') }}
"""
FITTING = r"""
unit_tests:
  - name: single_quotes
    model: film_list
    given:
      - input: ref('films')
        rows:
          - {movie_id: 1, genres: "array('Drama', 'Comedy')", is_new: null,
             links: "named_struct('imdb', 'tt0000001', 'tmdb', 7)",
             added_at: "2026-02-03 23:59:59", price: 1.25}
          - {movie_id: 2, genres: "array('War')", links: null, is_new: true,
             added_at: null, price: null}
    expect:
      rows:
        - {movie_id: 1, genre_list: Comedy/Drama, first_genre: Drama, imdb: tt0000001,
           is_new: false, added_on: "2026-02-03", double_price: 2.50}
        - {movie_id: 2, genre_list: War, first_genre: War, imdb: null, is_new: true,
           added_on: null, double_price: null}
  - name: apostrophes_inside
    model: film_list
    given:
      - input: ref('films')
        rows:
          - {movie_id: 3, genres: 'array("Children''s", "Film-Noir")',
             links: 'named_struct("imdb", "it''s", "tmdb", 1)'}
    expect:
      rows: [{movie_id: 3, genre_list: "Children's/Film-Noir", imdb: "it's"}]
  - name: yaml_lists_and_backslashes
    model: film_list
    given:
      - input: ref('films')
        rows:
          - {movie_id: 4, genres: [War, 'it''s \d'], links: {imdb: 'C:\new', tmdb: 1}}
    expect:
      rows: [{movie_id: 4, genre_list: 'War/it''s \d', imdb: 'C:\new'}]
"""
MISFIT = """
unit_tests:
  - name: {column}_does_not_fit
    model: film_list
    given:
      - input: ref('films')
        rows: [{{movie_id: 1, {column}: '{value}'}}]
    expect:
      rows: [{{movie_id: 1}}]
"""


class TestFixtures:
    @pytest.fixture(scope="class")
    def models(self):
        return {"films.sql": FILMS, "film_list.sql": FILM_LIST, "tests.yml": FITTING}

    @pytest.fixture(scope="class")
    def built(self, project):
        run_dbt(["run"])
        return project

    def test_values_arrive_as_they_were_written(self, built):
        results = run_dbt(["test"])
        assert [result.status for result in results] == ["pass"] * 3

    @pytest.mark.parametrize(
        ("column", "value", "form"),
        [
            ("genres", "array(Drama", """write 'array("a", "b")' or [a, b]"""),
            ("added_at", "soon", 'write "2026-02-03 23:59:59"'),
            ("is_new", "maybe", "write true or false"),
            ("price", "12345", "write 1.25"),
        ],
    )
    def test_a_value_that_does_not_fit_is_named(self, built, column, value, form):
        path = built.project_root / "models" / "tests.yml"
        path.write_text(MISFIT.format(column=column, value=value), "utf-8")
        [result] = run_dbt(["test"], expect_pass=False)
        message = " ".join(result.message.split())
        assert f"{column}_does_not_fit" in message
        assert "Unit test fixture for 'films'" in message
        assert f"{value}' in the column {column} is no" in message
        assert form in message


@pytest.mark.parametrize(
    ("value", "kind", "fits"),
    [
        (2**31 - 1, "int", True),
        (2**31, "int", False),
        ("12", "bigint", True),
        ("1.5", "int", False),
        (1.5, "int", False),  # Spark would cut it
        ("2026-02-03", "date", True),
        ("2026-02-30", "date", False),
        ("2026-02-03 23:59:59", "timestamp", True),
        ("23:59", "timestamp", False),
        ("TRUE", "boolean", True),
        ("yes", "boolean", False),
        (["a"], "string", False),
        (None, "array<int>", True),
        ("array(1)", "array<int>", False),
    ],
)
def test_only_values_that_surely_fit_need_no_question(value, kind, fits):
    assert surely_fits(value, kind) is fits


def test_a_long_text_is_not_cut_to_the_columns_length():
    assert fixture_sql("longer", "varchar(3)") == "cast('longer' as string)"


def test_a_literal_holds_no_variable_of_spark():
    assert text_literal("${a} $b \\ '") == r"'\u0024{a} $b \\ \''"


def test_a_line_is_found_between_lines_that_the_file_shares(tmp_path):
    model = tmp_path / "m.sql"
    model.write_text("{{ config() }}\nselect\n  {{ x }},\n  b\nfrom {{ ref('t') }}\n")
    sql = "/* dbt */\ncreate table m as\n\nselect\n  1 / 0,\n  b\nfrom s.t\n"
    for line, place in [(5, "line 3"), (6, "line 4"), (7, "line 5")]:
        told = at_model_line(f"[X] bad. SQLSTATE: 1; line {line} pos 2", sql, model)
        assert told == f"[X] bad. SQLSTATE: 1 (m.sql, {place})"
    assert at_model_line("no place", sql, model) == "no place"


def test_a_line_that_no_line_of_the_file_tells_stays(tmp_path):
    model = tmp_path / "m.sql"
    model.write_text("{{ config(pre_hook='drop table a') }}\nselect 1 as id\n")
    text = "[X] no such table. SQLSTATE: 1; line 2 pos 2"
    assert at_model_line(text, "/* dbt */\ninsert into nowhere", model) == text
    told = at_model_line(text, "/* dbt */\nselect 1 as i", model)
    assert told == "[X] no such table. SQLSTATE: 1 (m.sql, line 2)"
