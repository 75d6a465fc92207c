"""`cinespark sql`: one query in a target's schema, and errors of one line."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.paths import STATE
from cinespark.show.query import answer, as_csv, as_json, credentials_of, read_profile

PROFILES = """
asked:
  target: "{{ env_var('ASKED_TARGET', 'prod') }}"
  outputs:
    prod: {type: sparksession, schema: asked_prod, state_dir: made}
    dev: {type: sparksession, schema: "asked_{{ env_var('ASKED_BY') }}"}
    bad: {type: sparksession}
"""
MIXED = """
    select * from values
        (1, 'a, "b"', timestamp'2026-01-01 00:00:00', array(1, null), 0.50),
        (20, '[red]', null, null, null)
    as rows (id, text, at, list, share) order by id
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").write_text("name: asked\nprofile: asked\n")
    (tmp_path / "profiles.yml").write_text(PROFILES)
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    monkeypatch.delenv("DBT_TARGET", raising=False)
    monkeypatch.setenv("ASKED_BY", "ann")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def schemas(spark):
    """Make two schemas with a table of the same name."""
    for schema in ("asked_prod", "asked_ann"):
        spark.sql(f"create schema {schema}")
        spark.sql(f"create table {schema}.whose as select '{schema}' as name")
    yield
    for schema in ("asked_prod", "asked_ann"):
        spark.sql(f"drop table {schema}.whose")
        spark.sql(f"drop schema {schema}")


@pytest.fixture
def ask(spark, project, schemas):
    """Return a function that runs the command on the one session."""
    return lambda *words: CliRunner().invoke(cli, ["sql", *words])


def test_a_target_is_read_as_dbt_reads_it(project, monkeypatch):
    profile = read_profile(project, "dev")
    assert profile.credentials.schema == "asked_ann"
    monkeypatch.setenv("ASKED_TARGET", "dev")
    assert read_profile(project, None).target_name == "dev"


def test_the_state_folder_is_the_profiles_unless_one_is_given(project):
    for given, expected in ((STATE, "made"), (project / "other", "other")):
        credentials = credentials_of(read_profile(project, None), project, given)
        assert credentials.state_dir == str(project / expected)
        assert credentials.project_root == str(project)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("nope", "no.* target named 'nope'. The valid .* - prod - dev - bad$"),
        ("bad", "Must specify `schema` in profile"),
        ("dev", "Env var required but not provided: 'ASKED_BY'"),
    ],
)
def test_a_profile_that_will_not_do_is_named(project, monkeypatch, target, expected):
    monkeypatch.delenv("ASKED_BY")
    with pytest.raises(CineSparkError, match=expected) as caught:
        read_profile(project, target)
    assert str(caught.value).startswith(f"{project}/profiles.yml: ")
    assert "\n" not in str(caught.value)


def test_a_query_runs_in_the_schema_of_its_target(ask, spark):
    before = spark.catalog.currentDatabase()
    for words, schema in (([], "asked_prod"), (["--target", "dev"], "asked_ann")):
        result = ask("select name from whose", "--format", "csv", *words)
        assert result.output == f"name\n{schema}\n"
    assert spark.catalog.currentDatabase() == before


def test_a_target_without_schema_says_how_to_build_it(ask, monkeypatch):
    monkeypatch.setenv("ASKED_BY", "nobody_yet")
    error = ask("select 1", "--target", "dev").exception
    assert isinstance(error, CineSparkError)
    assert "no schema asked_nobody_yet" in str(error)
    assert "run `dbt build --target dev` first" in str(error)


def test_numbers_stand_right_and_null_is_no_text(ask):
    lines = [line.strip() for line in ask(MIXED).output.splitlines()]
    assert lines[1].split() == ["id", "text", "at", "list", "share"]
    assert lines[3].split("  ")[0] == "1"
    assert lines[3].endswith("2026-01-01 00:00:00   [1, null]    0.50")
    assert lines[4].split() == ["20", "[red]", "∅", "∅", "∅"]
    rows = ask("select 5 as number, 5 as other union all select 10, 10 order by 1")
    assert [line[:9] for line in rows.output.splitlines()[3:5]] == [
        "       5 ",
        "      10 ",
    ]


def test_a_wide_row_stays_on_one_line_where_there_is_no_terminal(ask):
    assert "x" * 300 in ask("select repeat('x', 300) as wide").output


def test_csv_is_read_back_with_null_as_nothing(spark):
    rows = list(csv.reader(io.StringIO(as_csv(answer(spark, MIXED, 5)))))
    assert rows == [
        ["id", "text", "at", "list", "share"],
        ["1", 'a, "b"', "2026-01-01 00:00:00", "[1, null]", "0.50"],
        ["20", "[red]", "", "", ""],
    ]


def test_json_is_read_back_with_its_types(spark):
    assert json.loads(as_json(answer(spark, MIXED, 5))) == [
        {
            "id": 1,
            "text": 'a, "b"',
            "at": "2026-01-01T00:00:00.000Z",
            "list": [1, None],
            "share": 0.5,
        },
        {"id": 20, "text": "[red]", "at": None, "list": None, "share": None},
    ]
    assert as_json(answer(spark, "select 1 where false", 5)) == "[]"


def test_two_columns_of_one_name_are_two_columns(spark):
    assert as_csv(answer(spark, "select 1 as a, 2 as a", 5)) == "a,a\n1,2"


@pytest.mark.parametrize(("limit", "has_more"), [(2, True), (3, False), (9, False)])
def test_more_rows_than_the_limit_are_said_apart(ask, limit, has_more):
    words = ("select id from range(3)", "--format", "csv", "--limit", str(limit))
    result = ask(*words)
    assert result.stdout.split() == ["id", "0", "1", "2"][: limit + 1]
    expected = "there are more rows than these 2: --limit 20\n" if has_more else ""
    assert result.stderr == expected


def test_a_statement_without_an_answer_prints_nothing(ask):
    assert ask("create temporary view one as select 1").output == ""


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from nowhere", "[TABLE_OR_VIEW_NOT_FOUND] The table or view"),
        ("selec 1", "[PARSE_SYNTAX_ERROR] Syntax error at or near 'selec'"),
        ("select 1; select 2", "[PARSE_SYNTAX_ERROR]"),
        ("select 1 / 0", "[DIVIDE_BY_ZERO] Division by zero."),
        ("select cast(name as int) from whose", "[CAST_INVALID_INPUT] The value"),
    ],
)
def test_an_error_is_one_line_of_spark(ask, sql, expected):
    error = ask(sql).exception
    assert isinstance(error, CineSparkError)
    assert str(error).startswith(expected)
    assert "\n" not in str(error)
