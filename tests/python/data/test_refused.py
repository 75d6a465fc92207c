"""Names, folders and files that are refused, each by a sentence of its own."""

import pytest
from bringing import MOVIES, RATINGS, refused

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("ml-10k", "did you mean ml-100k?"),
        ("ML-LATEST", "did you mean ml-latest-small?"),
        ("nothing-like-it", "Known are ml-100k, ml-latest-small, ml-1m, ml-25m"),
        ("", "Known are"),
        ("./missing", "there is no folder missing"),
    ],
)
def test_an_unknown_name(data_dir, said, wanted, expected):
    assert expected in refused(wanted, data_dir, said)


def test_a_file_of_movies_alone_is_not_enough(data_dir, own, said):
    message = refused(own / "movies.csv", data_dir, said)
    assert f"{own / 'movies.csv'}: ratings.csv is missing" in message


def test_sizes_are_for_the_sample_only(data_dir, said):
    message = refused("ml-1m", data_dir, said, sample=SampleParams(seed=3))
    assert "cinespark data sample" in message


@pytest.mark.parametrize("file", ["ratings.csv", "movies.csv"])
def test_a_missing_file(data_dir, own, said, file):
    (own / file).unlink()
    assert f"{own / file} is missing" in refused(own, data_dir, said)


def test_a_folder_of_other_files_shows_what_it_holds(data_dir, tmp_path, said):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "Beach.CSV").touch()
    message = refused(tmp_path / "photos", data_dir, said)
    assert "found: Beach.CSV" in message
    assert "movieId,title,genres" in message


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("ratings.csv", b"", "is empty (0 bytes)"),
        ("movies.csv", b"", "is empty (0 bytes)"),
        ("links.csv", b"", "or leave the file out"),
        ("ratings.csv", RATINGS[:32].encode(), "a header but no ratings"),
        ("movies.csv", b"movieId,title,genres\r\n", "a header but no movies"),
        ("ratings.csv", b"1,1,4.0,964982703\n", "starts with the line '1,1,4.0,"),
        ("users.csv", b"who,age\n1,2\n", "no column of the user"),
        ("movies.csv", MOVIES.encode() + b"2,caf\xe9,x\n", "not UTF-8: line 3"),
        ("tags.csv", "userId,movieId,tag,timestamp\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_bad_file(data_dir, own, said, file, content, expected):
    bring(str(own), data_dir, said.append)
    (own / file).write_bytes(content)
    message = refused(own, data_dir, said)
    assert expected in message
    assert str(own / file) in message
