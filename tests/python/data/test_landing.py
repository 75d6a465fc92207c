"""What a file of the landing layout may look like, and how it is counted."""

import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cinespark.data import landing
from cinespark.data.landing import About, inspect, seal
from cinespark.errors import CineSparkError

RATINGS = b"userId,movieId,rating,timestamp"
MOVIES = b"movieId,title,genres"
ABOUT = About("own-x", "folder x", "none", "")


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"\n1,2,3,4\n", 1),
        (b"\n1,2,3,4", 1),
        (b"\r\n1,2,3,4\r\n5,6,7,8\r\n", 2),
        (b"\r1,2,3,4\r5,6,7,8", 2),
        (b"\n1,2,3,4\n\n\n", 3),  # blank lines are rows of Spark's text source
        (b"\n\xe2\x80\xa8\xc2\x85\x0b1,2,3,4\n", 1),  # no line ends to Spark
        (b'\n1,"a\nb",3,4\n', 2),  # a break in quotes is a break
    ],
)
def test_rows_are_lines_as_spark_sees_them(tmp_path, body, rows):
    path = tmp_path / "ratings.csv"
    path.write_bytes(RATINGS + body)
    assert inspect(path).rows == rows
    path.write_bytes(b"\xef\xbb\xbf" + RATINGS + body)
    assert inspect(path).rows == rows


@given(
    text=st.text(alphabet="a\r\né", min_size=1, max_size=40),
    chunk=st.integers(1, 7),
)
def test_chunks_change_neither_count_nor_sum(tmp_path_factory, text, chunk):
    path = tmp_path_factory.mktemp("chunks") / "tags.csv"
    data = b"userId,movieId,tag,timestamp\n" + text.encode()
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        # the header is looked for in the first chunk
        patch.setattr(landing, "CHUNK_BYTES", 29 + chunk)
        facts = inspect(path)
    lines = re.split(rb"\r\n|\r|\n", data)
    if lines[-1] == b"":
        lines.pop()
    assert facts.rows == len(lines) - 1
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.bytes == len(data)


def test_a_header_with_crlf_and_byte_order_mark_is_accepted(tmp_path):
    path = tmp_path / "movies.csv"
    path.write_bytes(b"\xef\xbb\xbf" + MOVIES + b"\r\n1,x,y\r\n")
    assert inspect(path).rows == 1


def test_ratings_may_have_the_header_of_events_once(tmp_path):
    path = tmp_path / "ratings.csv"
    events = landing.EVENTS.encode()
    path.write_bytes(events + b"\n1,2,click,4\n")
    assert inspect(path).rows == 1
    path.write_bytes(2 * (events + b"\n1,2,click,4\n"))
    with pytest.raises(CineSparkError, match="'userId,movieId,event,timestamp' again"):
        inspect(path)


@pytest.mark.parametrize("first_line", [b"user,movie,rating,time", b"1,2,3,4", b""])
def test_a_wrong_header_shows_found_expected_and_file(tmp_path, first_line):
    path = tmp_path / "ratings.csv"
    path.write_bytes(first_line + b"\n1,2,3,4\n")
    with pytest.raises(CineSparkError) as caught:
        inspect(path)
    assert repr(first_line.decode()) in str(caught.value)
    assert repr(RATINGS.decode()) in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_wrong_header_of_an_optional_file_may_leave_it_out(tmp_path):
    (tmp_path / "tags.csv").write_text("a,b\n")
    with pytest.raises(CineSparkError, match="or leave the file out"):
        inspect(tmp_path / "tags.csv")


@pytest.mark.parametrize("file", list(landing.ALL_HEADERS))
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    "other", [b"%s%s3,4,5,6%s", b"\xef\xbb\xbf%s%s3,4,5,6%s", b"7,8,9,10%s%s", b"%s"]
)
def test_a_repeated_header_is_named_by_line(
    tmp_path, monkeypatch, file, line_end, other
):
    header = landing.ALL_HEADERS[file].encode()
    path = tmp_path / file
    begin = line_end.join((header, b"1,2,3,4", b"", b""))
    parts = (header, line_end, line_end)[: other.count(b"%s")]
    path.write_bytes(begin + other % parts)
    for chunk_bytes in (len(header) + 3, *range(len(header) + 12, 100), 1 << 20):
        monkeypatch.setattr(landing, "CHUNK_BYTES", chunk_bytes)
        with pytest.raises(CineSparkError, match="again in line 4, ") as caught:
            inspect(path)
        assert str(path) in str(caught.value)
        assert "awk 'NR == 1 || FNR > 1'" in str(caught.value)


def test_a_header_in_a_text_is_a_text(tmp_path):
    path = tmp_path / "tags.csv"
    header = landing.HEADERS["tags.csv"]
    path.write_text(f'{header}\n1,2,"{header}",3\n4,5,"{header},",6\n')
    assert inspect(path).rows == 2


@pytest.mark.parametrize("chunk_bytes", [33, 1 << 20])
def test_bytes_that_are_not_utf8_are_named_by_line(tmp_path, monkeypatch, chunk_bytes):
    monkeypatch.setattr(landing, "CHUNK_BYTES", chunk_bytes)
    path = tmp_path / "movies.csv"
    path.write_bytes(MOVIES + b"\r\n1,\xc3\xa9t\xc3\xa9,Drama\r\n2,caf\xe9,Drama\r\n")
    with pytest.raises(CineSparkError, match=r"movies\.csv .* line 3 .* 0xe9"):
        inspect(path)


def test_a_character_cut_off_at_the_end_is_not_utf8(tmp_path):
    path = tmp_path / "movies.csv"
    path.write_bytes(MOVIES + b"\n1,caf\xc3")
    with pytest.raises(CineSparkError, match="line 2 holds the byte 0xc3"):
        inspect(path)


def test_utf16_is_not_utf8(tmp_path):
    path = tmp_path / "movies.csv"
    path.write_text("movieId,title,genres\n1,x,y\n", encoding="utf-16")
    with pytest.raises(CineSparkError, match="not UTF-8: line 1"):
        inspect(path)


def test_a_file_of_zero_bytes_is_empty(tmp_path):
    (tmp_path / "ratings.csv").touch()
    with pytest.raises(CineSparkError, match=r"ratings\.csv is empty \(0 bytes\)"):
        inspect(tmp_path / "ratings.csv")


@pytest.mark.parametrize("rest", [b"", b"\n", b"\r\n \r\n\n"])
def test_a_required_file_without_data_lines_is_refused(tmp_path, rest):
    (tmp_path / "ratings.csv").write_bytes(RATINGS + rest)
    with pytest.raises(CineSparkError, match="a header but no ratings"):
        inspect(tmp_path / "ratings.csv")


def test_sealing_adds_missing_files_and_a_manifest_on_one_line(tmp_path):
    (tmp_path / "ratings.csv").write_bytes(RATINGS + b"\n1,2,3.5,4\n1,3,4.0,5\n")
    (tmp_path / "movies.csv").write_bytes(MOVIES + "\n2,Amélie,x\n".encode())
    manifest = seal(tmp_path, ABOUT)
    text = (tmp_path / "manifest.json").read_text()
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    read = json.loads(text)
    assert " ".join(read) == "dataset source licence citation files sha256 vars"
    assert {one["file"]: one["rows"] for one in read["files"]} == {
        "ratings.csv": 2,
        "movies.csv": 1,
        "tags.csv": 0,
        "links.csv": 0,
        "users.csv": 0,
    }
    # what sha256sum would print for the files, summed by hand
    listing = "".join(
        f"{hashlib.sha256((tmp_path / file).read_bytes()).hexdigest()}  {file}\n"
        for file in ("ratings.csv", "movies.csv", "tags.csv", "links.csv", "users.csv")
    )
    assert read["sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    assert landing.read_whole(tmp_path) == manifest


def edit(folder, change):
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "tags.csv").unlink(),
        lambda folder: (folder / "movies.csv").write_bytes(MOVIES + b"\n2,other,x\n"),
        lambda folder: (folder / "movies.csv").write_bytes(MOVIES + b"\n2,title!,x\n"),
        lambda folder: (folder / "manifest.json").write_text("{}"),
        lambda folder: (folder / "manifest.json").write_text("[1]"),
        lambda folder: (folder / "manifest.json").write_text('{"dataset"'),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: edit(folder, lambda found: found.pop("sha256")),
        lambda folder: edit(folder, lambda found: found["files"][0].pop("rows")),
        lambda folder: edit(folder, lambda found: found["files"][0].update(rows="2")),
    ],
)
def test_a_changed_folder_is_not_whole(tmp_path, damage):
    (tmp_path / "ratings.csv").write_bytes(RATINGS + b"\n1,2,3.5,4\n")
    (tmp_path / "movies.csv").write_bytes(MOVIES + b"\n2,title,x\n")
    seal(tmp_path, ABOUT)
    damage(tmp_path)
    assert landing.read_whole(tmp_path) is None
