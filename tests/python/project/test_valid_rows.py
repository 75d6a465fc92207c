"""The generic test of a table's rows, on rows that are wrong in every way it names."""

import re
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).parents[3]
GOOD = [(1, 1, 0.5), (1, 2, 0.0), (2, 1, 1.0)]


@pytest.fixture
def failures(spark):
    """Return a function from rows and arguments to what fails, and for how many."""
    text = (ROOT / "tests" / "generic" / "valid_rows.sql").read_text()
    body = re.sub(r"{% (test [^%]*|endtest )%}", "", text)
    template = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(body)

    def run(rows, key=("user_id", "movie_id"), expressions=("share between 0 and 1",)):
        table = spark.createDataFrame(rows, "user_id int, movie_id int, share double")
        table.createOrReplaceTempView("rows_to_test")
        words = {"key": list(key), "expressions": list(expressions)}
        found = spark.sql(template.render(model="rows_to_test", **words)).collect()
        return {row["failed_expression"]: row["failing_rows"] for row in found}

    yield run
    spark.catalog.dropTempView("rows_to_test")  # the session is shared


def test_nothing_fails_of_good_rows_or_of_none(failures):
    assert failures(GOOD) == failures([]) == failures(GOOD, key=()) == {}


def test_a_key_is_unique_and_not_null(failures):
    again = [(1, 2, 0.0), (2, 1, 1.0), (None, 3, 0.5)]
    assert failures(GOOD + again) == {
        "unique: user_id, movie_id": 2,
        "user_id is not null": 1,
    }
    assert failures(GOOD + again, key=()) == {}


@pytest.mark.parametrize("key", [("user_id", "movie_id"), ()])
def test_an_expression_holds_for_every_row_and_null_does_not_count_as_holding(
    failures, key
):
    bad = [(3, 1, 1.5), (3, 2, None), (3, 3, -0.5)]
    expressions = ("share between 0 and 1", "share >= 0", 'user_id in (1, "2")')
    assert failures(GOOD + bad, key, expressions) == {
        "share between 0 and 1": 3,
        "share >= 0": 2,
        "user_id in (1, '2')": 3,
    }


def test_more_expressions_than_a_byte_has_bits(failures):
    expressions = [f"movie_id != {number}" for number in range(40)]
    assert failures([(1, 35, 0.5), (1, 3, 0.5)], expressions=expressions) == {
        "movie_id != 3": 1,
        "movie_id != 35": 1,
    }
