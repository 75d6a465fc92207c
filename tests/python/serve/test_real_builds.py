"""`POST /refresh` with dbt and Spark: its version is served, a kill changes nothing.

One whole build of a small sample, and the beginnings of others. The service that runs
them is asked for everything that it describes, while it does.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest
import schemathesis
import yaml
from schemathesis import GenerationMode
from test_schemathesis import DOCUMENT, config, require_as_described
from test_server import free_port

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.serve.tokens import create_token

ROOT = Path(__file__).parents[3]
LIST = "/api/v1/users/1/recommendations?n=3"
SAMPLE = SampleParams(users=60, movies=150, ratings=2400, seed=5)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """Return a state folder with data and jars; its profile is beside it."""
    folder = tmp_path_factory.mktemp("refresh")
    state = folder / "var"
    state.mkdir()
    (state / "jars").symlink_to(ROOT / "var" / "jars")
    bring("sample", state / "data", str, sample=SAMPLE)
    target = {
        "type": "sparksession",
        "schema": "cinespark",
        "threads": 4,
        "master": "local[2]",
        "state_dir": str(state),
        "input_dir": str(state / "data" / "current"),
        "spark_config": {"spark.sql.shuffle.partitions": "1"},
    }
    profiles = {"cinespark": {"target": "prod", "outputs": {"prod": target}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
    return state


@pytest.fixture(scope="module")
def boss(state):
    """Return the headers of who may everything."""
    token = create_token(state / "serve", "boss", ["admin"])
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def address(state, boss):
    """Run the service, with limits that nobody reaches; return its address."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [Path(sys.executable).with_name("cinespark"), "serve"]
    options = ["--port", str(port)]
    for limit in ("--rate", "--failed-rate"):
        options += [limit, "10000/second"]
    environment = os.environ | {"DBT_PROFILES_DIR": str(state.parent)}
    process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def ask(address, boss):
    """Return a function that asks the service, once it answers."""

    def ask(path, method="GET"):
        request = Request(address + path, method=method, headers=boss)
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    wait_for(lambda: is_open(ask), 60)
    return ask


def is_open(ask):
    try:
        return ask("/healthz")[0] == 200
    except OSError:
        return False


def wait_for(what, seconds):
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.1)
    assert found
    return found


def refresh(ask):
    status, job = ask("/api/v1/refresh", "POST")
    assert status == 202
    return f"/api/v1/jobs/{job['job_id']}"


def dbt_of(state, where):
    """Return the process of the build."""
    log = str(state / "jobs" / where.rpartition("/")[2])
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "--log-path" in words and log in words:
            return process.pid
    return None


@pytest.fixture(scope="module")
def first_build(ask):
    """Return the job that published the first version, and its stages as seen."""
    assert ask(LIST)[0] == 503
    where = refresh(ask)
    stages = []

    def is_over():
        job = ask(where)[1]
        stages.append(job["stage"])
        return job["state"] != "running" and job

    return wait_for(is_over, 600), stages


@pytest.mark.slow
def test_what_a_build_publishes_is_served(ask, state, first_build):
    job, stages = first_build
    assert job["state"] == "succeeded", "\n".join(job["log"])
    assert job["exit_code"] == 0
    assert "Completed successfully" in "\n".join(job["log"])
    version = (state / "exports" / "current").read_text().strip()
    assert job["version"] == version
    wait_for(lambda: ask(LIST)[0] == 200, 5)
    answer = ask(LIST)[1]
    assert answer["version"] == version
    assert len(answer["recommendations"]) == 3
    assert stages[0] is None
    seen = [stage["finished"] for stage in stages if stage]
    assert seen == sorted(seen)
    last = stages[-1]
    assert last["finished"] == last["started"] == last["total"] > 100
    assert last["running"] == []


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_what_is_served(ask, state, first_build):
    answer = ask(LIST)[1]
    where = refresh(ask)
    wait_for(lambda: ask(where)[1]["stage"], 120)
    os.killpg(dbt_of(state, where), signal.SIGKILL)
    job = wait_for(lambda: (found := ask(where)[1])["state"] != "running" and found, 30)
    assert (job["state"], job["exit_code"], job["version"]) == ("failed", -9, None)
    assert ask(LIST) == (200, answer)
    assert ask("/readyz")[1]["refused"] is None
    end(ask, refresh(ask))  # nothing is left behind


def end(ask, where):
    assert ask(where, "DELETE")[0] == 202
    wait_for(lambda: ask(where)[1]["state"] == "cancelled", 60)


def end_all(ask):
    for job in ask("/api/v1/jobs")[1]["jobs"]:
        if job["state"] == "running":
            end(ask, f"/api/v1/jobs/{job['job_id']}")


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_address_answers_as_described_beside_builds(
    address, boss, ask, first_build, mode
):
    job = first_build[0]
    document = schemathesis.openapi.from_url(
        address + DOCUMENT, headers=boss, config=config()
    )
    ids = {"user_id": [1, 2], "movie_id": [1, 2], "job_id": [job["job_id"]] * 2}
    try:
        found = require_as_described(document, boss, ids, mode)
    finally:  # a build outlives the service that was asked for it
        end_all(ask)
    if mode is GenerationMode.POSITIVE:
        builds = found["POST /api/v1/refresh"]
        assert builds[202] >= 1
        assert builds[409] >= 1  # while that one runs
        assert found["GET /api/v1/jobs/{job_id}"][200] >= 1
