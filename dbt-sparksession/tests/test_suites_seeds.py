"""dbt-tests-adapter on seeds, and what is in people's files."""

import datetime as dt

import pytest
from dbt.tests.adapter.simple_seed import test_seed as suite
from dbt.tests.adapter.simple_seed.fixtures import properties__schema_yml
from dbt.tests.adapter.simple_seed.seeds import seeds__expected_sql
from dbt.tests.adapter.simple_seed.test_seed_type_override import (
    BaseSimpleSeedColumnOverride,
)
from dbt.tests.util import run_dbt, write_file
from suites_sql import SparkProject, in_spark


class OnSpark:
    @pytest.fixture(scope="class", autouse=True)
    def setUp(self, project):
        SparkProject(project).run_sql(seeds__expected_sql)


class TestBasicSeedTests(OnSpark, suite.BaseBasicSeedTests):
    def test_simple_seed_full_refresh_flag(self, project):
        """Left out: no view goes with the seed it reads, as none is dropped."""


class TestSeedCustomSchema(OnSpark, suite.BaseSeedCustomSchema):
    pass


class TestSeedWithUniqueDelimiter(OnSpark, suite.BaseSeedWithUniqueDelimiter):
    pass


class TestSeedWithEmptyDelimiter(OnSpark, suite.BaseSeedWithEmptyDelimiter):
    pass


class TestSeedParsing(OnSpark, suite.BaseSeedParsing):
    pass


class TestSeedSpecificFormats(suite.BaseSeedSpecificFormats):
    pass


class TestEmptySeed(suite.BaseTestEmptySeed):
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


WORDS = """id,word
1,None
2,null
3,NULL
4,""
5," "
6,NaN
7,semi;colon
8,dash -- dash
9,🎬 clap
10,"a ""quoted"" word"
11,100%s
12,"two
lines"
13,NA
"""
ZIPS = "zip,count,share\n01234,007,1.50\n00501,1,2\n"
HEADERS = "movie id,order,timestamp,Release Year,a`b\n7,1,1500000000,1999,x\n"
NUMBERS = "whole,big,part\n1e3,9007199254740993,0.1\n-2,,1e-7\n"
PROPERTIES = """
seeds:
  - name: zips
    config: {column_types: {zip: string, count: int, share: "decimal(5, 2)"}}
"""


class TestCells:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {
            "words.csv": WORDS,
            "zips.csv": ZIPS,
            "headers.csv": HEADERS,
            "numbers.csv": NUMBERS,
            "properties.yml": PROPERTIES,
        }

    @pytest.fixture(scope="class", autouse=True)
    def seeded(self, project):
        assert len(run_dbt(["seed"])) == 4

    def rows(self, project, table):
        sql = f"select * from {project.test_schema}.{table} order by 1"
        return [tuple(row) for row in project.run_sql(sql, fetch="all")]

    def types(self, project, table):
        rows = project.run_sql(f"describe {project.test_schema}.{table}", fetch="all")
        return {row.col_name: row.data_type for row in rows}

    def test_words_are_what_they_are_and_blanks_are_nulls(self, project):
        words = [word for _, word in self.rows(project, "words")]
        assert words == [
            *("None", None, None, None, None, "NaN", "semi;colon", "dash -- dash"),
            *("🎬 clap", 'a "quoted" word', "100%s", "two\nlines", "NA"),
        ]

    def test_types_may_be_given_and_keep_zeros(self, project):
        assert self.types(project, "zips") == {
            "zip": "string",
            "count": "int",
            "share": "decimal(5,2)",
        }
        zips = [
            (zip, count, str(share)) for zip, count, share in self.rows(project, "zips")
        ]
        assert zips == [("00501", 1, "2.00"), ("01234", 7, "1.50")]

    def test_headers_need_no_quotes(self, project):
        assert list(self.types(project, "headers")) == [
            *("movie id", "order", "timestamp", "Release Year", "a`b")
        ]

    def test_numbers_are_exact(self, project):
        assert self.types(project, "numbers") == {
            "whole": "bigint",
            "big": "bigint",
            "part": "double",
        }
        assert self.rows(project, "numbers") == [
            (-2, None, 1e-7),
            (1000, 9007199254740993, 0.1),
        ]


class TestChangedSeed:
    @pytest.fixture(scope="class")
    def seeds(self):
        return {"changing.csv": "id,name\n1,Ann\n"}

    @pytest.fixture(scope="class")
    def models(self):
        return {"on_top.sql": "select count(*) as n from {{ ref('changing') }}"}

    def change(self, project, text, **expect):
        write_file(text, project.project_root, "seeds", "changing.csv")
        return run_dbt(["seed"], **expect)

    def test_columns_and_types_may_change(self, project):
        run_dbt(["build"])
        self.change(project, "id,born\nx,2000-01-02\ny,\n")
        rows = project.run_sql(
            f"select * from {project.test_schema}.changing order by 1", fetch="all"
        )
        assert [tuple(row) for row in rows] == [("x", dt.date(2000, 1, 2)), ("y", None)]
        view = project.run_sql(
            f"select n from {project.test_schema}.on_top", fetch="one"
        )
        assert view[0] == 2

    def test_a_seed_that_fails_leaves_the_table(self, project):
        self.change(project, "id,name\n1,Ann\n")
        self.change(project, "id,ID\n1,2\n", expect_pass=False)
        rows = project.run_sql(
            f"select * from {project.test_schema}.changing", fetch="all"
        )
        assert [tuple(row) for row in rows] == [(1, "Ann")]

    def test_an_empty_file_is_refused_in_a_sentence(self, project):
        results = self.change(project, "", expect_pass=False)
        assert "its first line must name the columns" in results.results[0].message


class TestManyRows:
    @pytest.fixture(scope="class")
    def seeds(self):
        start = dt.datetime(2016, 1, 1)
        lines = (
            f"order-{n},{(start + dt.timedelta(hours=n)).isoformat()},store {n % 6},{n}"
            for n in range(60_000)
        )
        return {"orders.csv": "\n".join(["id,ordered_at,store,total", *lines, ""])}

    def test_60000_rows_are_a_matter_of_seconds(self, project):
        [result] = run_dbt(["seed"])
        row = project.run_sql(
            "select count(*), sum(total), count(distinct store), min(ordered_at)"
            f" from {project.test_schema}.orders",
            fetch="one",
        )
        assert tuple(row) == (60_000, 59_999 * 30_000, 6, dt.datetime(2016, 1, 1))
        assert result.execution_time < 60  # six on an idle machine
