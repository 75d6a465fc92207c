"""Records are divided as the writer meant, or not at all."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinespark.data.records import UNPAIRED, divided, lines_of, records_of
from cinespark.errors import CineSparkError

texts = st.text(alphabet='ab"\\,; \n', max_size=8)
rows = st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=5)


def written(rows, **how):
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\n", **how).writerows(rows)
    return lines.getvalue().split("\n")[:-1]


def read(lines, quotes, delimiter=","):
    return list(records_of(lines, delimiter, quotes, 3))


@given(rows, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_a_record_with_doubled_quotes_is_read_right_or_rejected(rows, quoting):
    rows = [[text.replace("\n", "") for text in row] for row in rows]
    records = read(written(rows, quoting=quoting), "both")
    for record, row in zip(records, rows, strict=True):
        assert record.fields in (row, None)
        if not any('\\"' in text for text in row):
            assert record.fields == row


@given(rows)
def test_a_record_with_escaped_quotes_is_read_right_when_that_is_said(rows):
    rows = [[text.replace("\n", "") for text in row] for row in rows]
    how = {"doublequote": False, "escapechar": "\\", "quoting": csv.QUOTE_ALL}
    records = read(written(rows, **how), "backslash")
    assert [record.fields for record in records] == rows


@pytest.mark.parametrize("inside", ["", ", and", '""said""', "x, y, z"])
def test_a_line_end_in_quotes_holds_lines_together(inside):
    lines = [f'1,"Two{inside}', 'Lines",Drama', "2,One,Drama"]
    records = read(lines, "both")
    text = f"Two{inside}\nLines".replace('""', '"')
    assert [record.fields for record in records] == [
        ["1", text, "Drama"],
        ["2", "One", "Drama"],
    ]
    assert [record.line for record in records] == [1, 3]


def test_stray_quotes_never_swallow_the_records_between_them():
    lines = ['1,"Open,Drama', "2,Between,Drama", '3,Close",Drama', "4,Last,Drama"]
    records = read(lines, "both")
    assert [record.problem for record in records] == [UNPAIRED, None, None, None]
    assert [record.fields for record in records[1:]] == [
        ["2", "Between", "Drama"],
        ["3", 'Close"', "Drama"],
        ["4", "Last", "Drama"],
    ]


def test_a_file_of_open_quotes_is_read_in_a_moment():
    lines = [f'{n},"Open {"x" * 50}' for n in range(20_000)]
    records = read(lines, "both")
    assert len(records) == 20_000
    assert {record.problem for record in records} == {UNPAIRED}


@pytest.mark.parametrize("quotes", ["none", "double"])
def test_quotes_are_read_as_they_are_said_to_be(quotes):
    found = {"none": ["1", '"a\\"b"', "c"], "double": UNPAIRED}
    assert divided('1,"a\\"b",c', ",", quotes) == found[quotes]


@pytest.mark.parametrize(
    ("encoding", "byte", "words"),
    [
        ("utf-8", b"\xe9", "line 20002 holds the byte 0xe9"),
        ("cp1252", b"\x81", "cannot be read as cp1252"),
    ],
)
def test_a_byte_of_another_encoding_is_named_by_line(encoding, byte, words):
    stream = io.BytesIO(b"x,y\n" + b"1,2\r\n" * 20_000 + b"3,caf" + byte + b"\n")
    with pytest.raises(CineSparkError, match=words):
        list(lines_of(stream, encoding, "x.csv"))
