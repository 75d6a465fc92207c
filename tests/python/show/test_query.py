"""`cinespark sql`: one query in a target's schema, and errors of one line."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.show.query import answer, as_csv, as_json
from cinespark.spark_session import credentials_of, read_profile

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
    for given, expected in ((None, "made"), (project / "other", "other")):
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
    rows = list(csv.reader(io.StringIO(as_csv(answer(spark.sql(MIXED), 5)))))
    assert rows == [
        ["id", "text", "at", "list", "share"],
        ["1", 'a, "b"', "2026-01-01 00:00:00", "[1, null]", "0.50"],
        ["20", "[red]", "", "", ""],
    ]


def test_json_is_read_back_with_its_types(spark):
    assert json.loads(as_json(answer(spark.sql(MIXED), 5))) == [
        {
            "id": 1,
            "text": 'a, "b"',
            "at": "2026-01-01T00:00:00.000Z",
            "list": [1, None],
            "share": 0.5,
        },
        {"id": 20, "text": "[red]", "at": None, "list": None, "share": None},
    ]
    assert as_json(answer(spark.sql("select 1 where false"), 5)) == "[]"


def test_two_columns_of_one_name_are_two_columns(spark):
    assert as_csv(answer(spark.sql("select 1 as a, 2 as a"), 5)) == "a,a\n1,2"


@pytest.mark.parametrize(("limit", "has_more"), [(2, True), (3, False), (9, False)])
def test_more_rows_than_the_limit_are_said_apart(ask, limit, has_more):
    words = ("select id from range(3)", "--format", "csv", "--limit", str(limit))
    result = ask(*words)
    assert result.stdout.split() == ["id", "0", "1", "2"][: limit + 1]
    expected = "there are more rows than these 2: --limit 20\n" if has_more else ""
    assert result.stderr == expected


def test_a_statement_without_an_answer_prints_nothing(ask):
    assert ask("create temporary view one as select 1", "--write").output == ""


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


READS = """
select name from whose;
with one as (select 1) select * from one
from whose select name
table whose
values (1), (2)
select name from whose |> where name is not null
(select 1 union all select 2) -- a comment
select * from text.`dbt_project.yml`
select * from lake.asked_prod.whose.snapshots
select ';', '--', 'insert into whose values (1)'
show tables
show create table whose
describe extended whose
desc function abs
explain select 1
explain insert into whose values ('explained')
"""
WRITES = """
insert into whose values ('written')
insert overwrite whose select 'written'
with one as (select 'written' as name) insert into whose select * from one
from whose insert into whose select name insert into whose select name
insert overwrite directory 'written' using csv select 1
create table written as select 1
create or replace temporary view written as select 1
create function written() returns int return 1
drop table whose
truncate table whose
delete from whose
update whose set name = 'written'
merge into whose using whose as o on whose.name = o.name when matched then delete
alter table whose add column more int
alter table whose create branch more
call lake.system.expire_snapshots('asked_prod.whose')
analyze table whose compute statistics
comment on table whose is 'written'
execute immediate "insert into whose values ('written')"
begin insert into whose values ('written'); end
declare variable written int
set variable written = 1
set spark.sql.ansi.enabled = false
reset
use asked_ann
add jar '/nowhere.jar'
cache table whose
uncache table whose
clear cache
refresh table whose
msck repair table whose
"""
RUNS = """
select transform(name) using 'touch written' from whose
select reflect('java.io.File', 'createTempFile', 'written', 'written')
select 1 where exists (select java_method('java.util.UUID', 'randomUUID') from whose)
with one as (select try_reflect('java.util.UUID', 'fromString', 'x')) select * from one
select transform(array('x'), x -> reflect('java.util.UUID', 'fromString', x))
select * from runs
"""


@pytest.fixture
def snapshots(spark, schemas):
    """Return a function that counts what was ever written to the table."""
    return lambda: spark.table("lake.asked_prod.whose.snapshots").count()


@pytest.mark.parametrize("sql", READS.strip().splitlines())
def test_what_reads_needs_no_leave(ask, snapshots, sql):
    before = snapshots()
    result = ask(sql)
    assert result.exception is None
    assert snapshots() == before


@pytest.mark.parametrize("sql", WRITES.strip().splitlines())
def test_what_does_more_than_read_is_refused_in_a_sentence(ask, spark, snapshots, sql):
    before = snapshots()
    error = ask(sql).exception
    assert isinstance(error, CineSparkError)
    assert str(error).startswith(f"`{sql[:20]}")
    assert str(error).endswith(
        "only reads (queries, describe, explain, show); add --write if it is meant"
    )
    assert snapshots() == before
    assert not spark.catalog.tableExists("asked_prod.written")


@pytest.mark.parametrize("sql", RUNS.strip().splitlines())
def test_a_query_that_runs_a_program_is_refused(ask, spark, project, sql):
    spark.sql(
        "create or replace view asked_prod.runs as "
        "select reflect('java.util.UUID', 'randomUUID') as id"
    )
    try:
        error = ask(sql).exception
    finally:
        spark.sql("drop view asked_prod.runs")
    assert isinstance(error, CineSparkError)
    assert "runs a program by" in str(error)
    assert "add --write if it is meant" in str(error)
    assert not list(project.rglob("*written*"))


def test_with_leave_a_statement_may_write(ask, spark):
    try:
        assert ask("create table leave as select 1 as a", "--write").output == ""
        assert ask("insert into leave values (2)", "--write").exception is None
        assert spark.table("asked_prod.leave").count() == 2
        identity = "select reflect('java.util.UUID', 'fromString', '0-0-0-0-0') as id"
        assert "00000000-0000" in ask(identity, "--write").output
    finally:
        spark.sql("drop table if exists asked_prod.leave")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_value_commands_the_terminal(ask, form):
    sql = r"select '\u001b]52;c;eA==\u0007' as title, '\u009b31m\u202ex' as `\u007f`"
    output = ask(sql, "--format", form).output
    assert not set(output) & set("\x1b\x07\x9b\u202e\x7f")
    assert "\\u001b]52;c;ea==\\u0007" in output.lower()
    if form == "json":
        assert json.loads(output)[0]["title"] == "\x1b]52;c;eA==\x07"


def test_csv_for_a_spreadsheet_runs_no_text_and_leaves_numbers(ask):
    sql = "select '=1+1' as `@a`, -5 as b, '-5' as c, cast(null as string) as d"
    rows = list(csv.reader(io.StringIO(ask(sql, "--format", "csv").output)))
    assert rows == [["'@a", "b", "c", "d"], ["'=1+1", "-5", "'-5", ""]]
