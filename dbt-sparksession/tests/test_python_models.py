"""Python models: a session each, and errors that point at the user's line."""

import threading

import pytest
from dbt.tests.util import run_dbt

from dbt.adapters.sparksession.connections import SparkSessionHandle

FIRST = """
def model(dbt, session):
    session.range(1).createOrReplaceTempView("mine")
    session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    return session.table("mine")
"""
SECOND = """
def model(dbt, session):
    dbt.ref("first")
    zone = session.conf.get("spark.sql.session.timeZone")
    sees_view = session.catalog.tableExists("mine")
    return session.createDataFrame([(zone, sees_view)], "zone string, sees boolean")
"""
PARTITIONED = """
import pandas as pd


def model(dbt, session):
    dbt.config(partition_by="part", tblproperties={"note": "tests"})
    return pd.DataFrame({"part": ["a", "b", "a"], "n": [1, 2, 3]})
"""
ODD_NUMBERS = """
def model(dbt, session):
    rows = [(float(number),) for number in dbt.config.meta_get("numbers")]
    return session.createDataFrame(rows, "number double")
"""
# lines are counted in the tests below; the head is blank
RAISES = '''

"""A model that is asked for too much."""


def helper(word):
    raise ValueError(f"no {word} here")  # line 7


def model(dbt, session):
    helper("users")  # line 11
    return session.range(1)
'''
BAD_CAST = """
def model(dbt, session):
    return session.range(1).selectExpr("cast('x' as int) as n")
"""
BAD_UDF = """
from pyspark.sql.functions import udf


def divide(n):
    return 1 // n  # line 6


def model(dbt, session):
    return session.range(1).select(udf(divide, "int")("id").alias("n"))
"""
FOR_PEOPLE = """
class Refusal(Exception):
    hide_traceback = True


def model(dbt, session):
    raise Refusal("no data today: come back tomorrow")
    return session.range(1)
"""
BAD_RESULT = """
def model(dbt, session):
    return [1, 2]
"""


class TestSessions:
    @pytest.fixture(scope="class")
    def models(self):
        meta = "{numbers: [.nan, .inf, -.inf]}"
        return {
            "first.py": FIRST,
            "second.py": SECOND,
            "partitioned.py": PARTITIONED,
            "odd_numbers.py": ODD_NUMBERS,
            "models.yml": f"models: [{{name: odd_numbers, config: {{meta: {meta}}}}}]",
        }

    @pytest.fixture(scope="class", autouse=True)
    def build(self, project):
        run_dbt(["run"])

    def test_models_share_no_views_and_no_settings(self, project):
        row = project.run_sql(f"select * from {project.test_schema}.second", "one")
        assert (row.zone, row.sees) == ("UTC", False)

    def test_a_pandas_frame_becomes_a_partitioned_table(self, project):
        name = f"{project.test_schema}.partitioned"
        rows = project.run_sql(f"select part, n from {name} order by n", fetch="all")
        assert [tuple(row) for row in rows] == [("a", 1), ("b", 2), ("a", 3)]
        partitions = project.run_sql(f"select * from {name}.partitions", fetch="all")
        assert sorted(row.partition.part for row in partitions) == ["a", "b"]
        properties = project.run_sql(f"show tblproperties {name}", fetch="all")
        assert ("note", "tests") in [tuple(row) for row in properties]

    def test_what_yaml_reads_as_no_finite_number_reaches_a_model(self, project):
        table = f"{project.test_schema}.odd_numbers"
        rows = project.run_sql(f"select number from {table} order by number", "all")
        assert [str(row.number) for row in rows] == ["-inf", "inf", "nan"]


class TestErrors:
    @pytest.fixture(scope="class")
    def models(self):
        return {
            "raises.py": RAISES,
            "bad_cast.py": BAD_CAST,
            "bad_udf.py": BAD_UDF,
            "bad_result.py": BAD_RESULT,
            "for_people.py": FOR_PEOPLE,
            "bad_sql.sql": "select nothing from (select 1 as id) as one",
        }

    @pytest.fixture(scope="class")
    def messages(self, project):
        for name, text in (("raises", RAISES), ("bad_udf", BAD_UDF)):
            # as the user's editor would save it: dbt's own fixture strips the head
            path = project.project_root / "models" / f"{name}.py"
            path.write_text(text, "utf-8")
        results = run_dbt(["run"], expect_pass=False)
        return {result.node.name: result.message for result in results}

    def test_the_traceback_shows_the_lines_of_the_model(self, messages):
        message = messages["raises"]
        assert "models/raises.py" in message
        assert 'line 7, in helper\n      raise ValueError(f"no {word}' in message
        assert 'line 11, in model\n      helper("users")' in message
        assert message.endswith("ValueError: no users here")
        assert "site-packages" not in message
        assert "sparksession" not in message

    def test_a_bad_cast_raises_in_a_python_model(self, messages):
        assert "[CAST_INVALID_INPUT]" in messages["bad_cast"]

    def test_an_error_in_a_worker_shows_the_line_of_the_function(self, messages):
        message = messages["bad_udf"]
        assert "line 6, in divide" in message
        assert "ZeroDivisionError" in message
        assert "org.apache.spark" not in message

    def test_an_exception_that_hides_its_traceback_is_its_message(self, messages):
        words = "Python model models/for_people.py: no data today: come back tomorrow"
        assert messages["for_people"].strip().endswith(words)
        assert "line" not in messages["for_people"]

    def test_a_result_that_is_no_table_is_named(self, messages):
        assert "model() returned list" in messages["bad_result"]

    def test_an_unknown_column_has_its_class_and_position_but_no_plan(self, messages):
        message = messages["bad_sql"]
        assert "[UNRESOLVED_COLUMN" in message
        assert "`nothing`" in message
        assert "pos " in message
        assert "Project" not in message
        assert "org.apache.spark" not in message


COMPUTES = """
import time
from pathlib import Path


def model(dbt, session):
    Path(dbt.config.meta_get("started")).touch()
    time.sleep(60)
    return session.range(1)
"""


class TestCancel:
    @pytest.fixture(scope="class")
    def started(self, tmp_path_factory):
        return tmp_path_factory.mktemp("cancel") / "started"

    @pytest.fixture(scope="class")
    def models(self, started):
        config = (
            f"models: [{{name: computes, config: {{meta: {{started: {started}}}}}}}]"
        )
        return {"computes.py": COMPUTES, "models.yml": config}

    def test_a_model_that_computes_in_python_can_be_cancelled(
        self, project, started, spark
    ):
        def cancel():
            while not started.exists():
                pass
            SparkSessionHandle(spark).cancel()

        threading.Thread(target=cancel, daemon=True).start()
        [result] = run_dbt(["run"], expect_pass=False)
        assert "cancelled" in result.message
        assert result.execution_time < 30
