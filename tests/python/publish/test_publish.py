"""Publishing: whole versions only, one line that names the current."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_versions import ABOUT, content, recommendations

from cinespark.errors import CineSparkError
from cinespark.publish.content import content_sha256, in_order, write_arrays
from cinespark.publish.publish import publish
from cinespark.publish.rollback import rollback
from cinespark.versions.lists import recommendations_of
from cinespark.versions.manifest import Dataset, damaged_files, read_manifest
from cinespark.versions.versions import current_version, reading_current, versions
from cinespark.vocabulary import Vocabulary

FILES = [
    "histories.npz",
    "model_card.md",
    "movies.parquet",
    "predictor.npz",
    "ranker.npz",
    "recommendations.csv",
    "recommendations.parquet",
    "similar_movies.csv",
    "similar_movies.parquet",
]


@pytest.fixture
def exports(tmp_path):
    return tmp_path / "exports"


@pytest.fixture
def put(exports):
    """Return a function that publishes a content and gives the current version."""

    def run(about=ABOUT, register=lambda folder: None, keep=5, **changes):
        publish(content(**changes), exports, about, register, keep=keep)
        return current_version(exports)

    return run


def test_a_version_holds_its_files_and_a_manifest_that_verifies(exports):
    files = publish(content(), exports, ABOUT)
    version = current_version(exports)
    manifest = json.loads((exports / version / "manifest.json").read_text())
    assert [file["path"] for file in manifest["files"]] == FILES
    rows = [3, None, 2, 2, 2, 4, 4, 2, 2]
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


def test_the_same_arrays_are_the_same_bytes_in_any_order_and_layout(tmp_path):
    one = {"a": np.arange(6).reshape(2, 3), "b": np.array(["x"]), "c": np.float32(2)}
    other = {name: np.asarray(one[name], order="F") for name in reversed(one)}
    write_arrays(one, tmp_path / "one.npz")
    write_arrays(other, tmp_path / "other.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.npz") as archive:
        times = {entry.date_time for entry in archive.infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}  # not that of writing
    with np.load(tmp_path / "other.npz", allow_pickle=False) as arrays:
        assert arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert arrays["c"] == 2


def test_objects_are_no_arrays_to_publish(tmp_path):
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_arrays({"a": np.array([None])}, tmp_path / "a.npz")


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
        replace(base, arrays=histories),
        replace(base, arrays={"other": base.arrays["histories"]}),
    ]
    assert len({total(base), *map(total, others)}) == 6


def test_the_same_content_of_a_later_build_is_not_published_again(exports, put):
    first = put(hour=1)
    manifest = (exports / first / "manifest.json").read_bytes()
    assert put(hour=2) == first
    assert versions(exports) == [first]
    assert (exports / first / "manifest.json").read_bytes() == manifest


@pytest.mark.parametrize("change", [{"titles": ("Heat", "Fargo")}, {"factor": 2.0}])
def test_other_lists_or_arrays_are_a_new_version_and_the_old_one_stays(
    exports, put, change
):
    old = put()
    assert put(**change) > old  # names rise, however quickly builds follow each other
    assert damaged_files(exports, old) == []


def test_what_was_published_before_is_made_current_again_as_it_is(exports, put):
    first, second = put(), put(factor=2.0)

    def register(folder):
        raise AssertionError("nothing is written")

    assert put(register=register) == first
    assert versions(exports) == [first, second]


def test_what_was_gone_back_from_is_not_published_by_itself(exports, put):
    first, second = put(), put(factor=2.0)
    rollback(exports)
    for damage in (lambda: None, lambda: shutil.rmtree(exports / second)):
        damage()
        with pytest.raises(
            CineSparkError, match=f"version {second}, which was rolled b"
        ):
            put(factor=2.0)
        assert current_version(exports) == first
    third = put(factor=3.0)
    rollback(exports)
    assert current_version(exports) == first  # not the bad one between
    rollback(exports, third)  # whoever names a version wants it
    assert put(factor=3.0) == third


def test_what_was_gone_back_from_for_its_damage_is_published_anew(exports, put):
    first, second = put(), put(factor=2.0)
    (exports / second / "movies.parquet").write_bytes(b"damaged")
    rollback(exports)
    assert current_version(exports) == first
    assert damaged_files(exports, put(factor=2.0)) == []


def test_where_somebody_went_back_to_stays_and_is_gone_back_to_again(exports, put):
    names = [put(factor=float(factor)) for factor in range(5)]
    rollback(exports, names[0])
    later = [put(factor=float(factor)) for factor in range(5, 11)]
    assert versions(exports) == [names[0], *later[1:]]
    rollback(exports)
    rollback(exports, names[0])
    assert put(factor=20.0) > names[0]
    assert rollback(exports)[1] == names[0]


def test_the_version_before_stays_however_old(exports, put):
    names = [put(factor=float(factor)) for factor in range(3)]
    put(factor=0.0)
    last = put(factor=9.0, keep=1)
    assert versions(exports) == [names[0], last]
    assert rollback(exports) == (last, names[0])


def test_a_version_that_is_being_read_is_removed_the_next_time(exports, put):
    first = put()
    with reading_current(exports) as version:
        assert version == first
        put(factor=2.0)
        second = put(factor=3.0, keep=1)
        assert first in versions(exports)
    put(factor=3.0, keep=1)
    assert first not in versions(exports)
    assert current_version(exports) == second


def test_the_last_five_versions_stay(exports, put):
    names = [put(factor=float(factor)) for factor in range(7)]
    assert versions(exports) == names[2:]
    assert current_version(exports) == names[6]
    assert not list(exports.glob(".*-*"))


def test_what_is_removed_is_forgotten_unless_its_model_stays(exports):
    forgotten = []
    for number, model in enumerate(["a", "b", "a", "c"]):
        about = replace(ABOUT, model_version=model)
        publish(
            content(factor=float(number)), exports, about, keep=1,
            forget=lambda about: forgotten.append(about.model_version),
        )  # fmt: skip
    # "a" stays as the version before the last one
    assert forgotten == ["b"]


def test_the_current_version_stays_even_if_it_is_older(exports, put):
    names = [put(factor=float(factor)) for factor in range(4)]
    rollback(exports, names[0])
    put(factor=0.0, keep=2)
    assert current_version(exports) == names[0]
    assert versions(exports) == [names[0], names[2], names[3]]


def test_folders_of_others_are_left_alone(exports, put):
    put()
    for name in ("backup-of-mine", "notes"):
        (exports / name).mkdir()
    put(factor=2.0)
    put(factor=3.0, keep=1)
    assert len(versions(exports)) == 2
    assert (exports / "backup-of-mine").is_dir()
    assert (exports / "notes").is_dir()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "movies.parquet").unlink(),
        lambda folder: (folder / "ranker.npz").write_bytes(b"\0" * 100),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "manifest.json").write_text("{}"),
        shutil.rmtree,
    ],
)
def test_a_current_version_that_is_damaged_is_published_again(exports, put, damage):
    damage(exports / put())
    assert damaged_files(exports, put()) == []
    assert len(recommendations_of(exports, "1", 5)) == 2


def test_a_bit_that_flipped_is_found_by_the_sum(exports, put):
    first = put()
    file = exports / first / "movies.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert damaged_files(exports, first) == ["movies.parquet"]
    again = put()
    why = f"the same as {first}, which is damaged"
    assert again != first
    assert read_manifest(exports, again).reason == why


def test_without_recommendations_nothing_is_published(exports, put):
    assert put(users=()) is None
    first = put()
    assert put(users=()) == first


def test_registering_comes_before_the_version_and_promoting_after_it(exports):
    seen = []

    def register(folder):
        tables_and_arrays = [name for name in FILES if not name.endswith(".md")]
        there = sorted(file.name for file in folder.iterdir())
        seen.append(("register", there == tables_and_arrays))
        return "7"

    def promote(manifest):
        is_current = manifest.version == current_version(exports)
        seen.append(("promote", is_current, manifest.registered_version))

    for _ in range(2):  # the second heals a crash in between
        publish(content(), exports, ABOUT, register, promote)
    promoted = ("promote", True, "7")
    assert seen == [("register", True), promoted, promoted]


def test_an_error_while_registering_leaves_what_is_published(exports, put):
    first = put()

    def register(folder):
        raise CineSparkError("no registry")

    with pytest.raises(CineSparkError, match="no registry"):
        put(register=register, factor=2.0)
    assert current_version(exports) == first
    assert versions(exports) == [first]
    put(factor=2.0)
    assert not list(exports.glob(".*-*"))


MANY = dict.fromkeys("abcdef", "1")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "the lists changed though data, parameters and code are the same"),
        (
            {"dataset": Dataset("big", sha256="f" * 64)},
            "other data: tiny (00000000) → big (ffffffff)",
        ),
        (
            {"parameters": {"recommender.top_n": "3", "bias.seed": "1"}},
            "other parameters: bias.seed: unset → 1, recommender.top_n: 2 → 3",
        ),
        (
            {"parameters": {**ABOUT.parameters, **MANY}},
            "other parameters: a: unset → 1, b: unset → 1, c: unset → 1, "
            "d: unset → 1, 2 more",
        ),
        ({"git_commit": "2" * 40}, "other code: 11111111 → 22222222"),
        ({"git_commit": "1" * 40 + "-dirty"}, "other code: 11111111 → 11111111-dirty"),
        (
            {"dataset": Dataset("x", sha256="a" * 64), "git_commit": None},
            "other data: tiny (00000000) → x (aaaaaaaa); "
            "other code: 11111111 → unknown",
        ),
    ],
)
def test_a_version_says_why_it_was_published(exports, put, change, why):
    first = put()
    assert read_manifest(exports, first).reason == "first version"
    second = read_manifest(exports, put(about=replace(ABOUT, **change), factor=2.0))
    assert (second.reason, second.previous) == (why, first)


def test_the_same_lists_with_other_words_are_another_version(exports, put):
    first = put()
    dishes = replace(ABOUT, vocabulary=Vocabulary("dish", "point"))
    second = put(about=dishes)
    assert second != first
    assert put(about=dishes) == second
    manifest = read_manifest(exports, second)
    assert manifest.vocabulary.items == "dishes"
    assert manifest.reason == "other words: movie, star → dish, point"
    events = replace(ABOUT, vocabulary=Vocabulary("person|people", feedback="implicit"))
    third = read_manifest(exports, put(about=events))
    assert third.reason == "other words: dish, point → person, event without stars"
    assert put() == first


def test_the_reason_looks_at_what_was_current_not_at_what_was_newest(exports, put):
    first = put()
    put(about=replace(ABOUT, parameters={"recommender.top_n": "9"}), factor=2.0)
    rollback(exports, first)
    third = put(about=replace(ABOUT, git_commit="2" * 40), factor=3.0)
    manifest = read_manifest(exports, third)
    assert manifest.previous == first
    assert manifest.reason == "other code: 11111111 → 22222222"


def test_a_version_of_an_older_release_says_nothing_to_compare_with(exports, put):
    first = put()
    file = exports / first / "manifest.json"
    manifest = json.loads(file.read_text())
    keys = ("version", "content_sha256", "files")
    file.write_text(json.dumps({key: manifest[key] for key in keys}))
    second = read_manifest(exports, put(factor=2.0))
    why = f"{first}, which was current, does not say what it was made of"
    assert second.reason == why


def test_a_users_list_is_read_back_best_first(exports, put):
    put()
    rows = recommendations_of(exports, "2", 5)
    assert [row["title"] for row in rows] == ["Heat", "Babe, the Pig"]
    assert len(recommendations_of(exports, "2", 1)) == 1


def test_an_unknown_user_is_told_the_ids_and_the_nearest(exports, put):
    put(users=(5, 9))
    with pytest.raises(CineSparkError, match=r"user 8 .* from 5 to 9; try --user 9"):
        recommendations_of(exports, "8", 5)


def test_nothing_published_says_which_command_does(exports):
    with pytest.raises(CineSparkError, match="dbt build"):
        recommendations_of(exports, "1", 5)


ENDLESS = """
import sys
from itertools import count
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from made_versions import ABOUT, content
from cinespark.publish.publish import publish

champion = Path(sys.argv[1], "champion")
def register(folder):
    return str(len((folder / "predictor.npz").read_bytes()))

def promote(manifest):
    champion.write_text(manifest.version)

for factor in count():
    new = content(float(factor), users=range(2000))
    publish(new, Path(sys.argv[1]), ABOUT, register, promote, keep=2)
    print("published", flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.02, 0.03, 0.05, 0.08])
def test_a_kill_leaves_a_current_version_that_verifies(exports, put, delay):
    here = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", ENDLESS, str(exports), here]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    process.stdout.readline()
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    for version in versions(exports):  # what is being removed is no version any more
        assert damaged_files(exports, version) == []
    killed = current_version(exports)
    assert killed in versions(exports)
    lists = pq.read_table(exports / killed / "recommendations.parquet")
    assert lists.num_rows == recommendations(users=range(2000)).num_rows
    last = put(factor=-1.0, keep=2)
    assert damaged_files(exports, last) == []
    # the newest two, and the one before, which the kill may have left older
    assert set(versions(exports)) == {*versions(exports)[-2:], killed}
    assert not list(exports.glob(".*-*"))


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
