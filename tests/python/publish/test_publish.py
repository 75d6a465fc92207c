"""Publishing: whole versions only, one line that names the current."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made_versions import ABOUT, FILES, content, recommendations

from cinespark.errors import CineSparkError
from cinespark.publish.publish import publish
from cinespark.publish.rollback import rollback
from cinespark.versions.lists import recommendations_of
from cinespark.versions.manifest import Dataset, damaged_files, read_manifest
from cinespark.versions.versions import current_version, reading_current, versions
from cinespark.vocabulary import Vocabulary


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
    (exports / second / "movies.parquet").unlink()  # which the first has, too
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
