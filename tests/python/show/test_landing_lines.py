"""The lines of a user's ratings, found in a landing file."""

import re

import numpy as np
import pytest

from cinespark.data import landing
from cinespark.files import sha256_of
from cinespark.show.landing_lines import lines_of


def found(tmp_path, text, user, movies):
    file = tmp_path / "ratings.csv"
    file.write_bytes(text)
    lines = lines_of(file, sha256_of(file), user, movies)
    return [(line.number, line.movie_id, line.rated_at) for line in lines]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("5", 5),
        ("005", 5),
        ("+5", 5),
        ('"5"', 5),
        ("-5", -5),
        (str(10**17), 10**17),
        ("a.b", "a.b"),
        ('"a,b"', "a,b"),
        ('"a ""b"""', 'a "b"'),
        ("007", "007"),
    ],
)
def test_a_user_is_found_by_an_id_of_any_type(tmp_path, written, user):
    movie = "9" if isinstance(user, str) else 9
    text = f"userId,movieId,rating,timestamp\n55,9,1,1\n{written},9,1,2\n".encode()
    assert found(tmp_path, text, user, {movie}) == [(3, movie, 2)]


@pytest.mark.parametrize(
    "line",
    ["a5,9,1,2", "50,9,1,2", "5,9,1", "5,9,1,x", "5,9,1,2,3", "x,5,9,1", "7,7,7,7"],
)
def test_other_lines_are_passed_over(tmp_path, line):
    text = f"userId,movieId,rating,timestamp\n{line}\n5,9,1,2".encode()
    assert found(tmp_path, text, 5, {9}) == [(3, 9, 2)]


def test_lines_are_found_wherever_blocks_end(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    lines = [
        f"{user},{movie},1,{n}"
        for n, (user, movie) in enumerate(rng.integers(1, 4, (300, 2)))
    ]
    ends = rng.choice(["\n", "\r\n", "\r", "\n\n"], 300)
    text = "".join(a + b for a, b in zip(lines, ends, strict=True)).encode()
    numbered = enumerate(re.split(rb"\r\n|\r|\n", text), 1)
    expected = [n for n, line in numbered if line.startswith(b"2,3,")]
    assert expected
    for size in (1, 7, 64, 1 << 20):
        monkeypatch.setattr(landing, "CHUNK_BYTES", size)
        assert [number for number, *_ in found(tmp_path, text, 2, {3})] == expected


def test_a_file_is_read_in_blocks_and_its_progress_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(landing, "CHUNK_BYTES", 10)
    file = tmp_path / "ratings.csv"
    file.write_bytes(b"5,9,1,2\n" * 20)
    steps = []
    assert len(lines_of(file, sha256_of(file), 5, {9}, steps.append)) == 20
    assert sum(steps) == file.stat().st_size
    assert max(steps) == 10
    assert lines_of(file, "0" * 64, 5, {9}) is None
