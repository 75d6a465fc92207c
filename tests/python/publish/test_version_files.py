"""What the files of a version hold, for programs and for spreadsheets."""

import csv
import hashlib
import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_versions import ABOUT, FILES, POPULAR, content, recommendations

from cinespark.errors import CineSparkError
from cinespark.publish.content import content_sha256, in_order
from cinespark.publish.publish import publish
from cinespark.versions.lists import recommendations_of
from cinespark.versions.manifest import damaged_files, read_manifest
from cinespark.versions.versions import current_version


def test_a_version_holds_its_files_and_a_manifest_that_verifies(exports):
    files = publish(content(), exports, ABOUT)
    version = current_version(exports)
    manifest = json.loads((exports / version / "manifest.json").read_text())
    assert [file["path"] for file in manifest["files"]] == FILES
    rows = [3, None, 2, 2, 2, 4, 4, 4, 2, 2]
    for file, row, count in zip(manifest["files"], files, rows, strict=True):
        data = (exports / version / file["path"]).read_bytes()
        expected = (count, len(data), hashlib.sha256(data).hexdigest())
        assert (file["rows"], file["bytes"], file["sha256"]) == expected
        assert row[:2] == (version, f"{version}/{file['path']}")
        assert row[3:] == expected
    assert damaged_files(exports, version) == []
    assert read_manifest(exports, version).about == ABOUT


def test_parquet_and_csv_hold_the_same_rows_in_order(exports, put):
    folder = exports / put(users=(2, 1))
    parquet = pq.ParquetFile(folder / "recommendations.parquet").read().to_pylist()
    places = [(row["user_id"], row["rank"]) for row in parquet]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2)]
    with (folder / "recommendations.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [(line["user_id"], line["title"]) for line in lines] == [
        ("1", "Heat"),
        ("1", "Babe, the Pig"),
        ("2", "Heat"),
        ("2", "Babe, the Pig"),
    ]


def test_similar_movies_are_there_twice_in_order_of_movie_and_rank(exports, put):
    folder = exports / put()
    rows = pq.ParquetFile(folder / "similar_movies.parquet").read().to_pylist()
    assert [(row["movie_id"], row["similar_movie_id"]) for row in rows] == [
        (6, 34),
        (34, 6),
    ]
    with (folder / "similar_movies.csv").open(newline="") as stream:
        titles = [line["similar_title"] for line in csv.DictReader(stream)]
    assert titles == ["Babe, the Pig", "Heat"]


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\tHeat", "\rHeat", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_run_is_text_in_the_csv(exports, put, title):
    folder = exports / put(titles=(title, "Se7en = seven"))
    with (folder / "recommendations.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["title"] for line in lines[:2]] == [f"'{title}", "Se7en = seven"]
    assert lines[0]["score"] == "-1.5"  # a number is no formula
    parquet = pq.ParquetFile(folder / "recommendations.parquet").read()
    assert parquet["title"][0].as_py() == title


def test_a_missing_title_stays_missing(exports, put):
    folder = exports / put(titles=("Heat", None))
    line = (folder / "recommendations.csv").read_text().splitlines()[2]
    assert line.startswith("1,2,34,,")


def test_arrays_are_read_back_by_numpy_alone(exports, put):
    with np.load(exports / put() / "predictor.npz", allow_pickle=False) as arrays:
        assert arrays["user_ids"].tolist() == [1, 2]
        assert arrays["user_factors"].tolist() == [[1, 1, 1], [1, 1, 1]]


def test_the_sum_of_a_content_is_of_all_but_the_time():
    def total(changed):
        return content_sha256(in_order(changed))

    base = content()
    assert total(content(users=(2, 1), hour=2)) == total(base)
    movies = base.movies.set_column(1, "title", [["Babe", "Heat"]])
    histories = {"histories": base.arrays["histories"]}
    others = [
        content(titles=("Heat", "Fargo")),
        content(factor=2.0),
        replace(base, movies=movies),
        replace(base, popular=POPULAR),
        replace(base, arrays=histories),
        replace(base, arrays={"other": base.arrays["histories"]}),
    ]
    assert len({total(base), *map(total, others)}) == 7


def test_a_users_list_is_read_back_best_first(exports, put):
    put()
    rows = recommendations_of(exports, "2", 5)
    assert [row["title"] for row in rows] == ["Heat", "Babe, the Pig"]
    assert len(recommendations_of(exports, "2", 1)) == 1


def test_an_unknown_user_is_told_the_ids_and_the_nearest(exports, put):
    put(users=(5, 9))
    with pytest.raises(CineSparkError, match=r"user 8 .* from 5 to 9; try --user 9"):
        recommendations_of(exports, "8", 5)


@pytest.mark.parametrize("kind", [pa.int32(), pa.int64(), pa.string(), pa.float64()])
def test_a_list_is_json_in_the_csv(kind, exports):
    values = {
        pa.string(): [["SKU-1, red", 'a "b" \\c'], [], None, ["=é"]],
        pa.float64(): [[0.1, -1e-300, 1 / 3], [], None, [2.0]],
    }.get(kind, [[3, -(2**31)], [], None, [1]])
    lists = recommendations()
    column = pa.array(values, pa.list_(kind))
    lists = lists.append_column("reason_movie_ids", column)
    publish(replace(content(), recommendations=lists), exports, ABOUT)
    folder = exports / current_version(exports)
    with (folder / "recommendations.csv").open(newline="") as stream:
        texts = [row["reason_movie_ids"] for row in csv.DictReader(stream)]
    assert texts[2] == ""  # null
    assert [json.loads(text) if text else None for text in texts] == values
    assert pq.read_table(folder / "recommendations.parquet") == lists


def test_other_reasons_are_other_content():
    def of(values):
        column = pa.array([values] * 4, pa.list_(pa.int32()))
        lists = recommendations().append_column("reason_movie_ids", column)
        return content_sha256(replace(content(), recommendations=lists))

    assert len({of(values) for values in ([1, 2], [2, 1], [12], [])}) == 4
    assert of([1, 2]) == of([1, 2])
