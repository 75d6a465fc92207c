"""Ids land as they came, and are of one type in all files of a set."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cinespark.data.choosing import reading_of
from cinespark.data.columns_file import Said
from cinespark.data.converting import records_in
from cinespark.data.folder import how_read, land
from cinespark.data.ids import CONTROL, MOST_CHARACTERS, id_type_of
from cinespark.data.meanings import PAIRS
from cinespark.data.parts import Given, Part
from cinespark.data.reading import Reading, prepared
from cinespark.data.records import Record
from cinespark.data.values import MISSING
from cinespark.errors import CineSparkError

ROOT = Path(__file__).parents[3]
TEXT = Said(ids="string")
texts = st.text(min_size=1, max_size=MOST_CHARACTERS)


@example('it\'s, "quoted"; and\\or | such')
@example('"')
@example("!")
@example("🎬" * MOST_CHARACTERS)
@given(texts.filter(lambda one: not CONTROL.search(one)))
def test_any_text_id_survives_landing(tmp_path_factory, text):
    text = text.strip()
    assume(text and text not in MISSING)
    folder = tmp_path_factory.mktemp("shop")
    with (folder / "ratings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["user", "item", "rating", "time"], [text, text, 4, 5]])
    (folder / "movies.csv").write_text("movieId,title,genres\n1,A,B\n")
    (folder / "landed").mkdir()
    land(how_read(folder, TEXT), folder / "landed")
    lines = (folder / "landed" / "ratings.csv").read_text(encoding="utf-8").split("\n")
    assert len(lines) == 3
    # as Spark's from_csv reads a line whose quotes are doubled inside quotes
    assert next(csv.reader([lines[1]], strict=True)) == [text, text, "4", "5"]
    assert not lines[1].startswith("!")


def reading_with(values, name="userId"):
    sample = tuple(Record(1, one, [one]) for one in values)
    return Reading(
        "ratings.csv", (Part("r"),), "", ",", (name,), {"user": 0}, sample=sample
    )


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([["1", "2147483647"], ["-2147483648"]], "int"),
        ([["1", "2147483648"], ["5"]], "bigint"),
        ([["9223372036854775807"]], "bigint"),
        ([["9223372036854775808", "1"]], "string"),
        ([["1", "ann", "2"], ["5"]], "int"),
        ([["1", "ann"], ["3000000000"]], "string"),
        ([["", "NULL", "7"]], "int"),
        ([[]], "int"),
        ([["9" * 5000]], "string"),
    ],
)
def test_the_type_is_the_narrowest_that_holds_most_ids_of_each_column(
    columns, expected
):
    assert id_type_of([reading_with(values) for values in columns], None) == expected


def test_names_of_ids_that_are_texts_go_before_their_looks():
    assert id_type_of([reading_with(["0155061224"], "ISBN")], None) == "string"


def test_numbers_over_the_limit_of_the_type_that_was_said_are_an_error():
    with pytest.raises(CineSparkError, match=r"said to be int, but userId has such as"):
        id_type_of([reading_with(["3000000000"])], "int")


@pytest.mark.parametrize(
    ("ids", "expected"),
    [("string", ["tt0113277", "1e5"]), ("bigint", ["0113277", "1e5"])],
)
def test_ids_of_pairs_come_as_the_type_says_and_are_not_judged(tmp_path, ids, expected):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("const,user\ntt0113277,1e5\n")
    reading = reading_of(PAIRS, Given("pairs.csv", (Part(pairs),)), Said(ids=ids))
    (record,) = (prepared(one, reading) for one in records_in(reading))
    assert record.fields[:2] == expected


def test_what_stands_for_nothing_is_the_same_in_landing_and_staging():
    macro = (ROOT / "macros" / "is_missing.sql").read_text("utf-8")
    listed = macro.partition(" in (")[2].partition(")")[0]
    assert set(re.findall("'(.*?)'", listed)) == MISSING
