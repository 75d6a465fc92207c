"""What a process leaves behind: below the state folder, gone after the next start."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dbt.adapters.sparksession import scratch as module
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.scratch import keep_scratch, scratch, scratch_settings
from dbt.adapters.sparksession.session import settings_of

OWNER = """
import sys, time
from pathlib import Path
from dbt.adapters.sparksession.scratch import keep_scratch

folder = keep_scratch(Path(sys.argv[1]))
(folder / "blockmgr").mkdir()
(folder / "blockmgr" / "shuffle").touch()
print(folder, flush=True)
time.sleep(600)
"""


@pytest.fixture
def owner(tmp_path):
    """Return another process and the folder that it has."""
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_the_folder_of_a_live_process_stays(owner, tmp_path):
    _, theirs = owner
    mine = keep_scratch(tmp_path)
    assert (theirs / "blockmgr" / "shuffle").exists()
    assert mine.parent == theirs.parent == tmp_path / "scratch"
    assert mine.stat().st_mode & 0o777 == 0o700


def test_that_of_a_killed_process_is_gone_after_the_next_start(owner, tmp_path):
    process, theirs = owner
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert theirs.exists()
    mine = keep_scratch(tmp_path)
    assert list((tmp_path / "scratch").iterdir()) == [mine]


def test_a_folder_for_a_while_is_removed(tmp_path):
    with scratch(tmp_path) as folder:
        (folder / "file").touch()
        assert keep_scratch(tmp_path) != folder  # which does not sweep it
        assert folder.exists()
    assert not folder.exists()


def test_a_folder_that_is_swept_before_it_is_held_is_made_anew(tmp_path, monkeypatch):
    made = []

    def swept_at_first(**options):
        made.append(tempfile.mkdtemp(**options))
        if len(made) == 1:
            Path(made[0]).rmdir()
        return made[-1]

    monkeypatch.setattr(module, "mkdtemp", swept_at_first)
    assert keep_scratch(tmp_path) == Path(made[1])


def test_links_and_files_of_others_are_left_alone(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "link").symlink_to(tmp_path / "precious")
    (tmp_path / "scratch" / "note").touch()
    keep_scratch(tmp_path)
    assert (tmp_path / "precious").is_dir()
    assert {"link", "note"} <= {file.name for file in (tmp_path / "scratch").iterdir()}


def test_all_that_spark_writes_beside_tables_is_in_one_folder(tmp_path):
    settings = scratch_settings(tmp_path, tmp_path)
    java = settings.pop("spark.driver.defaultJavaOptions")
    assert f'"-Djava.io.tmpdir={tmp_path}"' in java
    assert f'"-Dderby.system.home={tmp_path}"' in java
    assert all(value.startswith(str(tmp_path)) for value in settings.values())


def test_the_tables_of_hive_are_not_swept(tmp_path):
    hive = {"spark.sql.catalogImplementation": "hive"}
    for config, folder in (({}, "/swept"), (hive, tmp_path)):
        credentials = SparkSessionCredentials(
            schema="s", state_dir=str(tmp_path), spark_config=config
        )
        settings = settings_of(credentials, Path("/swept"))
        assert settings["spark.sql.warehouse.dir"] == f"{folder}/spark-warehouse"
        java = settings["spark.driver.defaultJavaOptions"]
        assert f"-Dderby.system.home={folder}" in java


def test_spark_leaves_its_files_there(spark, state_dir):
    [folder] = (state_dir / "scratch").iterdir()
    jvm = spark._jvm
    assert jvm.java.lang.System.getProperty("java.io.tmpdir") == str(folder)
    assert list(folder.glob("blockmgr-*"))
    spark.sql("create table spark_catalog.default.left_behind as select 1 as n")
    assert (folder / "spark-warehouse" / "left_behind").is_dir()
    spark.sql("drop table spark_catalog.default.left_behind")
