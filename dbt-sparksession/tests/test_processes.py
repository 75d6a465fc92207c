"""dbt as a process: its screen, Ctrl-C, kill -9, a neighbour, no Java."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dbt.adapters.sparksession.locks import locked

JARS = Path(__file__).parents[2] / "var" / "jars"
DBT = Path(sys.executable).with_name("dbt")
STATE = shutil.ignore_patterns("var", "target", "logs")
ENOUGH = 120  # seconds for a start on a busy machine

PROJECT = """
name: lake
profile: lake
flags: {send_anonymous_usage_stats: false}
models: {+file_format: iceberg, +materialized: table}
on-run-end: "{{ expire_snapshots(results) }}"
"""
PROFILE = """
lake:
  target: t
  outputs:
    t: &target {type: sparksession, schema: s, threads: 4}
    u: {<<: *target, schema: u}
"""

MODELS = {
    "good.sql": "select id from range(0, 1000, 1, 1)",
    "early.sql": "select id from range(0, 2000, 1, 1)",
    "victim.sql": """
-- depends_on: {{ ref('early') }}
select sum(sqrt(id)) as total from range(0, 9000000000000000)
""",
    "recount.sql": """
with counts as (
    select
        (select count(*) from {{ ref('good') }}) as good,
        (select count(*) from {{ ref('early') }}) as early
)
select if(good = 1000 and early = 2000, 'whole', raise_error('lost rows')) as tables
from counts
""",
    "bad_cast.sql": "select cast('x' as int) as n",
    "bad_column.sql": "select nothing from (select 1 as id) as one",
    "bad_model.py": """
def model(dbt, session):
    return session.range(1).select("nothing")
""",
    "bad_udf.py": """
from pyspark.sql.functions import udf

def model(dbt, session):
    return session.range(1).select(udf(lambda n: 1 // n, "int")("id").alias("n"))
""",
    "endless.sql": """
-- depends_on: {{ ref('recount') }}
select sum(sqrt(id)) as total from range(0, 9000000000000000)
""",
    "endless_jobs.py": """
def model(dbt, session):
    dbt.ref("recount")
    while True:
        session.range(100_000_000).selectExpr("sum(sqrt(id))").collect()
    return session.range(1)
""",
    "endless_python.py": """
import time

def model(dbt, session):
    dbt.ref("recount")
    time.sleep(3600)
    return session.range(1)
""",
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Return a project with a lake of its own, in the default state folder."""
    folder = tmp_path_factory.mktemp("a lake")  # with a space in its path
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models").mkdir()
    for name, text in MODELS.items():
        (folder / "models" / name).write_text(text)
    (folder / "var").mkdir()
    (folder / "var" / "jars").symlink_to(JARS)
    return folder


class Dbt:
    """A dbt process in a session of its own, as a terminal would start it."""

    def __init__(self, *words, project, **options):
        self.out, self.err = (project / f"{words[-1]}.{end}" for end in ("out", "err"))
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [DBT, "--no-use-colors", *words],
                stdout=out,
                stderr=err,
                start_new_session=True,
                **({"cwd": project} | options),
            )

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def wait_until_printed(self, text):
        deadline = time.monotonic() + ENOUGH
        while text not in self.out.read_text():
            assert self.process.poll() is None, self.out.read_text()
            assert time.monotonic() < deadline, self.out.read_text()
            time.sleep(0.1)

    def finish(self, timeout=ENOUGH):
        try:
            return self.process.wait(timeout)
        finally:
            if self.process.poll() is None:
                self.signal(signal.SIGKILL)

    def leftovers(self):
        """Return the programs of the session that still run."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, _, _, session = (
                    (folder / "stat").read_text().rpartition(")")[2].split()[:4]
                )
            except OSError:  # gone meanwhile
                continue
            if int(session) == self.process.pid and state != "Z":
                found.append((folder / "cmdline").read_text())
        return found


@pytest.fixture
def dbt_process():
    started = []

    def start(*words, **options):
        started.append(Dbt(*words, **options))
        return started[-1]

    yield start
    for dbt in started:
        if dbt.process.poll() is None:
            dbt.signal(signal.SIGKILL)
            dbt.process.wait()


def test_two_runs_start_a_lake_at_once_and_one_is_killed(lake, dbt_process, tmp_path):
    """Start a run from elsewhere and, at the same moment, one that is killed.

    The first one's models fail in every way: its screen shows what dbt says, and
    nothing of Spark's or Java's own.
    """
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    relative = os.path.relpath(lake, elsewhere)
    options = ["--project-dir", relative, "--profiles-dir", relative]
    select = ["--select", "good", "bad_cast", "bad_column", "bad_udf", "bad_model"]
    options += ["--target", "u"]
    run = dbt_process("run", *options, *select, project=lake, cwd=elsewhere)
    other = ["--target-path", "other", "--select", "early", "victim"]
    killed = dbt_process("run", *other, project=lake)

    killed.wait_until_printed("START sql table model s.victim")
    killed.signal(signal.SIGKILL)
    assert killed.finish() == -signal.SIGKILL

    assert run.finish() == 1
    out = run.out.read_text()
    assert "PASS=2 WARN=0 ERROR=4" in out  # the model, and the hook at the end
    assert "[CAST_INVALID_INPUT]" in out
    assert "[UNRESOLVED_COLUMN" in out
    assert "ZeroDivisionError" in out
    for noise in ("\tat ", "org.apache", "JVM", "WARN ", "Py4J", '{"ts"', "'Project"):
        assert noise not in out
    assert run.err.read_text() == ""
    assert "CAST_INVALID_INPUT" in (lake / "var" / "logs" / "spark.log").read_text()
    assert (lake / "var" / "catalog.db").is_file()
    assert list(elsewhere.iterdir()) == []  # the state is the project's


def test_the_next_run_reads_whole_tables_and_ctrl_c_ends_it_within_seconds(
    lake, dbt_process
):
    run = dbt_process(
        "run", "--select", "good", "recount", "endless", "endless_*", project=lake
    )
    run.wait_until_printed("5 of 5 START")
    assert "OK created sql table model s.recount" in run.out.read_text()
    time.sleep(3)  # let the jobs start
    assert run.process.poll() is None
    assert len(run.leftovers()) >= 2  # dbt and a JVM
    run.signal(signal.SIGINT)
    assert run.finish(timeout=20) != 0
    deadline = time.monotonic() + 10
    while run.leftovers() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert run.leftovers() == []
    for name in ("endless", "endless_jobs", "endless_python"):
        assert f"CANCEL query model.lake.{name} " in run.out.read_text()
    assert run.err.read_text() == ""


def test_a_second_run_waits_for_the_first_and_goes_on_when_it_is_killed(
    lake, dbt_process
):
    first = dbt_process("run", "--select", "early", "victim", project=lake)
    first.wait_until_printed("START sql table model s.victim")
    target = ["--target-path", "other"]
    second = dbt_process("run", *target, "--select", "good", project=lake)
    second.wait_until_printed(
        f"waiting for dbt run (process {first.process.pid}, since"
    )
    reads = dbt_process("show", *target, "--inline", "select 7 as n", project=lake)
    assert reads.finish() == 0  # only who writes waits
    assert second.process.poll() is None
    assert "START" not in second.out.read_text()
    first.signal(signal.SIGKILL)
    assert second.finish() == 0
    holder = lake / "var" / "locks" / "s.holder"
    assert not holder.exists()


def test_a_run_waits_while_another_creates_the_catalog(lake, dbt_process, tmp_path):
    folder = shutil.copytree(lake, tmp_path / "new", symlinks=True, ignore=STATE)
    (folder / "var").mkdir()
    (folder / "var" / "jars").symlink_to(JARS)
    file = folder / "var" / "catalog.db"
    with locked(folder / "var", on_wait=pytest.fail):
        run = dbt_process("run", "--select", "good", project=folder)
        run.wait_until_printed("waiting for another run to create the catalog")
        assert not file.exists()
        file.symlink_to("/no/such/file")
    assert run.finish() == 2
    assert f"the catalog {file} was not created" in run.out.read_text()
    file.unlink()
    run = dbt_process("run", "--select", "good", project=folder)
    assert run.finish() == 0
    assert file.is_file()


def test_what_is_missing_is_said_in_the_words_of_the_doctor(lake, dbt_process):
    env = os.environ | {"JAVA_HOME": "/no/such/java"}
    run = dbt_process("run", project=lake, env=env)
    assert run.finish() != 0
    out = " ".join(run.out.read_text().split())
    assert "Java: not in JAVA_HOME=/no/such/java; install Java 17 or 21" in out
    assert "Traceback" not in out
    assert run.err.read_text() == ""
