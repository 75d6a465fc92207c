"""Folders of odd names: they work, or are refused in a sentence."""

import os
import shutil
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest
from dbt.adapters.exceptions import FailedToConnectError

from dbt.adapters.sparksession.connections import SparkSessionConnectionManager
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.odd_paths import LONGEST, find_folder
from dbt.adapters.sparksession.pins import literal, pinned, start_pinning, unpin

ROOT = Path(__file__).parents[2]
NASTY = 'it\'s "50" #ä 日本 `$HOME`;&@~^'

FILES = {
    "dbt_project.yml": """
name: toy
profile: toy
flags: {send_anonymous_usage_stats: false}
models: {+file_format: iceberg, +materialized: table}
on-run-end: "{{ expire_snapshots(results) }}"
""",
    "profiles.yml": """
toy:
  target: t
  outputs: {t: {type: sparksession, schema: s, threads: 2, input_dir: landing}}
""",
    "landing/movies.csv": "1,Heat\n2,Ran\n",
    "models/sources.yml": """
sources:
  - name: landing
    schema: text
    quoting: {identifier: true}
    tables: [{name: movies, identifier: current/movies.csv}]
""",
    "models/movies.sql": "select value from {{ source('landing', 'movies') }}",
    "models/learn.py": """
from pathlib import Path

def model(dbt, session):
    movies = dbt.ref("movies")
    session.sparkContext.setCheckpointDir(session.conf.get("spark.checkpoint.dir"))
    kept = movies.checkpoint()
    file = Path(session.conf.get("spark.sparksession.state_dir"), "movies.parquet")
    kept.write.parquet(str(file))
    assert session.read.parquet(str(file)).count() == 2
    return kept.mapInPandas(lambda frames: frames, movies.schema)
""",
}


@pytest.mark.parametrize(
    "character", [*":,?*[]{}\\", "\n", "\t", "\x7f", "%", "\udc80"]
)
def test_a_character_with_a_meaning_is_refused_by_name(character):
    folder = f"/data/a{character}b"
    finding = find_folder(folder)
    assert repr(character) in finding.found
    assert repr(folder) in finding.found
    assert "rename it" in finding.remedy


@pytest.mark.parametrize("name", ["a b", NASTY])
def test_other_characters_are_not(name):
    assert find_folder(f"/data/{name}").is_good


def test_a_path_that_leaves_no_room_for_files_is_refused():
    assert find_folder("/" + "ä" * ((LONGEST - 1) // 2)).is_good
    assert f"{LONGEST + 1} bytes" in find_folder("/" + "a" * LONGEST).found


@pytest.mark.parametrize(
    ("root", "state"), [("a?b", "var"), ("ab", "/x/a:b"), ("ab", "a*b")]
)
def test_dbt_refuses_a_folder_before_anything_starts(tmp_path, root, state):
    class Profile:
        credentials = SparkSessionCredentials(schema="s", state_dir=state)
        project_root = str(tmp_path / root)

    with pytest.raises(FailedToConnectError, match=r"folder: .* holds .*; rename it"):
        SparkSessionConnectionManager(Profile(), get_context())
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_an_odd_folder_of_jars_is_refused(tmp_path):
    code = (
        "from dbt.adapters.sparksession.cli import bring_jars\n"
        "from pathlib import Path\n"
        "import sys\n"
        "bring_jars(Path(sys.argv[1]), print)"
    )
    (tmp_path / "a:b").mkdir()
    (tmp_path / "jars").symlink_to("a:b")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True
    )
    assert "a:b' holds ':'" in done.stderr
    assert done.stdout == ""


def test_only_a_folder_that_is_there_is_meant_literally(tmp_path):
    start_pinning(tmp_path)
    (tmp_path / "a[1]").mkdir()
    assert literal("a[1]/*.csv") == r"a\[1\]/*.csv"
    assert literal("b[1]/*.csv") == "b[1]/*.csv"
    assert literal("movies.csv") == "movies.csv"
    unpin()


def test_a_file_is_read_from_a_folder_with_a_pattern_for_a_name(spark, tmp_path):
    for name in ("a[1]?*{b}\\ `c`", "a1xx"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "movies.csv").write_text(name)
    (tmp_path / "link").symlink_to("a[1]?*{b}\\ `c`")
    start_pinning(tmp_path)
    for folder in ("a[1]?*{b}\\ `c`", "link"):
        path = literal(pinned(f"{tmp_path}/{folder}/movies.csv")).replace("`", "``")
        [row] = spark.sql(f"select value from text.`{path}`").collect()
        assert row.value == "a[1]?*{b}\\ `c`"
    unpin()


@pytest.mark.slow  # dbt as a process
def test_a_project_is_built_in_a_nasty_place_by_a_nasty_user(tmp_path):
    folder = tmp_path / NASTY
    for file, text in FILES.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
    (folder / "current").symlink_to("landing")
    (folder / "var").mkdir()
    (folder / "var" / "jars").symlink_to(ROOT / "var" / "jars")
    before = {file.name for file in folder.iterdir()}
    odd = {"USER": "DOMAIN\\jö@x y", "HOME": "/no/such/home", "LC_ALL": "C"}
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--no-use-colors", "build"],
        cwd=folder,
        env=os.environ | odd,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    made = {file.name for file in folder.iterdir()} - before
    assert made <= {"target", "logs"}
    assert (folder / "var" / "logs" / "spark.log").exists()
    shutil.rmtree(folder)
