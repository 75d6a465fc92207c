"""`cinespark predict`: every pair gets a number, or the file is refused."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.score.predict_file import predict_file

ARRAYS = {
    "scale": np.array([0.5, 5.0]),
    "global_mean": np.array([3.0]),
    "user_ids": np.array([7, 8]),
    "user_bias": np.array([0.5, 0.0, 0.0]),
    "user_counts": np.array([2, 0, 0]),
    "user_factors": np.array([[1.0], [0.5], [0.0]], np.float32),
    "movie_ids": np.array([10]),
    "movie_bias": np.array([0.25, 0.0]),
    "movie_counts": np.array([2, 0]),
    "movie_factors": np.array([[0.5], [0.0]], np.float32),
}


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "var" / "exports"
    (folder / "v1").mkdir(parents=True)
    (folder / "current").write_text("v1\n")
    manifest = {"version": "v1", "content_sha256": "", "about": {}, "files": []}
    (folder / "v1" / "manifest.json").write_text(json.dumps(manifest))
    np.savez(folder / "v1" / "predictor.npz", **ARRAYS)
    return folder


@pytest.fixture
def predict(tmp_path, exports):
    def run(text):
        pairs = tmp_path / "pairs.csv"
        pairs.write_bytes(text.encode() if isinstance(text, str) else text)
        predict_file(pairs, tmp_path / "out.csv", exports)
        return (tmp_path / "out.csv").read_text().splitlines()

    return run


@pytest.mark.parametrize("header", ["user_id,movie_id", "userId,movieId", "uid,item"])
def test_every_pair_gets_a_number_in_the_order_of_the_file(predict, header):
    lines = predict(f"{header}\n7,10\n99,10\n7,98\n-1,99\n8,10\n7,10\n")
    assert lines == [
        "user_id,movie_id,predicted_rating,source",
        "7,10,4.250000,personal",
        "99,10,3.250000,movie",
        "7,98,3.500000,user",
        "-1,99,3.000000,mean",
        "8,10,3.500000,movie",  # known, but has rated nothing
        "7,10,4.250000,personal",
    ]


def test_other_columns_and_another_order_do_no_harm(predict):
    assert predict("movieId,note,userId\r\n10,a,7\r\n")[1] == "7,10,4.250000,personal"


def test_pairs_are_read_as_ratings_are(predict):
    lines = predict('\ufeff"User ID";"Movie ID"\r\n"7";"10.0"\r\n')
    assert lines[1] == "7,10,4.250000,personal"


def test_pairs_may_be_packed_and_have_what_excel_adds(tmp_path, exports):
    pairs = tmp_path / "pairs.zip"
    with zipfile.ZipFile(pairs, "w") as archive:
        archive.writestr("pairs.csv", "sep=;\n\nuser;movie\n7;10\n")
    predict_file(pairs, tmp_path / "out.csv", exports)
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[1:] == ["7,10,4.250000,personal"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.csv", "b.csv"], "pairs.zip holds a.csv, b.csv: give one file of pairs"),
        ([], "pairs.zip holds nothing to read: give one file of pairs"),
    ],
)
def test_an_archive_of_more_or_less_than_one_file_is_refused(
    tmp_path, exports, names, words
):
    pairs = tmp_path / "pairs.zip"
    with zipfile.ZipFile(pairs, "w") as archive:
        for name in names:
            archive.writestr(name, "user,movie\n7,10\n")
    with pytest.raises(CineSparkError, match=words):
        predict_file(pairs, tmp_path / "out.csv", exports)


def test_blocks_are_one_file_with_each_pair_once_and_in_order(predict, monkeypatch):
    monkeypatch.setattr("cinespark.score.predict_file.PAIRS_A_BLOCK", 2)
    lines = predict("user_id,movie_id\n7,10\n99,10\n7,98\n-1,99\n8,10\n")
    assert lines == [
        "user_id,movie_id,predicted_rating,source",
        "7,10,4.250000,personal",
        "99,10,3.250000,movie",
        "7,98,3.500000,user",
        "-1,99,3.000000,mean",
        "8,10,3.500000,movie",
    ]


def test_a_file_without_pairs_gives_one_without_rows(predict):
    assert predict("user_id,movie_id\n") == ["user_id,movie_id,predicted_rating,source"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who,movie_id\n7,10\n", "no column of the user (its header has who, movie_"),
        (
            "user_id,userId,movie_id\n7,7,10\n",
            "user_id and userId may both be the user",
        ),
        (
            "user_id,movie_id\n7,10\n7,Heat\n",
            "movie_id in line 3 is 'Heat', not a whole",
        ),
        ("user_id,movie_id\n,10\n", "user_id in line 2 is '', not a whole number"),
        ("user_id,movie_id\n8,8\n7,1e3\n", "movie_id in line 3 is '1e3'"),
        (f"user_id,movie_id\n7,{2**63}\n", f"not a whole number of up to {2**63 - 1}"),
        ("", "is empty (0 bytes): it needs at least the header user_id,movie_id"),
        ("7,10\n8,10\n", "starts with the line '7,10', but a header such as"),
        (
            "user_id,movie_id\n1,2\n1,2,3,4\n",
            "line 3 cannot be read (2 fields expected, 4 found): '1,2,3,4'",
        ),
        (
            "user_id,movie_id\n1,2\n1\n",
            "line 3 cannot be read (2 fields expected, 1 found): '1'",
        ),
        # pandas-dev/pandas 15203, 9295 and 38830: columns shifted in silence
        (
            "user_id,movie_id\n7,10,4\n9,1,5\n",
            "the header has 2 names, but the lines have 3 fields (line 2: '7,10,4')",
        ),
        ("user_id,movie_id\n7,10,\n", "the header has 2 names, but the lines have 3"),
        (
            '"user_id","movie_id"\n"1",7,10\n"2",7,50\n',
            "the header has 2 names, but the lines have 3 fields",
        ),
        (b"user_id,movie_id\n1,\xff\n", "is not UTF-8: line 2 holds the byte 0xff"),
    ],
)
def test_a_file_that_will_not_do_is_refused_and_leaves_the_last_result(
    predict, tmp_path, text, words
):
    (tmp_path / "out.csv").write_text("the last result\n")
    with pytest.raises(CineSparkError) as error:
        predict(text)
    assert words in str(error.value)
    assert str(tmp_path / "pairs.csv") in str(error.value)
    assert (tmp_path / "out.csv").read_text() == "the last result\n"
    assert not list(tmp_path.glob(".new-*"))


def test_the_command_says_what_it_wrote_or_what_is_missing(
    tmp_path, exports, monkeypatch
):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.csv").write_text("user_id,movie_id\n7,10\n")
    result = CliRunner().invoke(cli, ["predict", "pairs.csv", "out.csv"])
    assert result.exit_code == 0, result.output
    assert "out.csv: predicted stars of 1 pairs" in result.stderr
    assert pd.read_csv("out.csv")["predicted_rating"].tolist() == [4.25]
    missing = CliRunner().invoke(cli, ["predict", "none.csv", "out.csv"])
    assert isinstance(missing.exception, CineSparkError)
    assert "none.csv: No such file" in str(missing.exception)


def test_another_encoding_is_named_and_read_when_asked(exports, tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    latin = "user_id;movie_id;note\n7;10;Café\n".encode("latin-1")
    (tmp_path / "pairs.csv").write_bytes(latin)
    words = ["predict", "pairs.csv", "out.csv"]
    refused = CliRunner().invoke(cli, words)
    assert isinstance(refused.exception, CineSparkError)
    assert "`--encoding latin-1`" in str(refused.exception)
    done = CliRunner().invoke(cli, [*words, "--encoding", "latin-1"])
    assert done.exit_code == 0, done.output
    assert pd.read_csv("out.csv")["predicted_rating"].tolist() == [4.25]


@pytest.mark.parametrize(
    ("about", "why"),
    [
        (
            {"vocabulary": {"rating_noun": "point", "feedback": "implicit"}},
            "learnt from events without points (feedback: implicit)",
        ),
        (
            {
                "vocabulary": {"rating_noun": "point"},
                "parameters": {"recommender.predictor": "none"},
            },
            "published without points (predictor: none)",
        ),
    ],
    ids=["events", "no predictor"],
)
def test_where_there_are_no_stars_none_are_predicted(predict, exports, about, why):
    file = exports / "v1" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"about": about}))
    (exports / "v1" / "predictor.npz").unlink()  # it is not asked
    with pytest.raises(CineSparkError) as error:
        predict("user_id,movie_id\n7,10\n")
    assert str(error.value) == (
        f"version v1 was {why}: there are no points to predict; "
        "`cinespark show --user` has lists"
    )
