"""`POST /refresh` with dbt and Spark: its version is served, a kill changes nothing.

One whole build of a small sample, and the beginning of another.
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
import yaml
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
def ask(state):
    """Run the service; give a function that asks it with a token for everything."""
    token = create_token(state / "serve", "boss", ["admin"])
    port = free_port()
    command = [Path(sys.executable).with_name("cinespark"), "serve"]
    environment = os.environ | {"DBT_PROFILES_DIR": str(state.parent)}

    def ask(path, method="GET"):
        headers = {"Authorization": f"Bearer {token}"}
        where = f"http://127.0.0.1:{port}{path}"
        request = Request(where, method=method, headers=headers)
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    process = subprocess.Popen(
        [*command, "--port", str(port)], cwd=ROOT, env=environment
    )
    try:
        wait_for(lambda: is_open(ask), 60)
        yield ask
    finally:
        process.terminate()
        process.wait(60)


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


@pytest.mark.slow
def test_a_build_is_served_and_one_that_is_killed_leaves_it(ask, state):
    assert ask(LIST)[0] == 503
    where = refresh(ask)
    stages = []

    def is_over():
        job = ask(where)[1]
        stages.append(job["stage"])
        return job["state"] != "running" and job

    job = wait_for(is_over, 600)
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

    where = refresh(ask)
    wait_for(lambda: ask(where)[1]["stage"], 120)
    os.killpg(dbt_of(state, where), signal.SIGKILL)
    job = wait_for(lambda: (found := ask(where)[1])["state"] != "running" and found, 30)
    assert (job["state"], job["exit_code"], job["version"]) == ("failed", -9, None)
    assert ask(LIST) == (200, answer)
    assert ask("/readyz")[1]["refused"] is None
    status, job = ask("/api/v1/refresh", "POST")  # nothing is left behind
    assert status == 202
    assert ask(f"/api/v1/jobs/{job['job_id']}", "DELETE")[0] == 202
    assert wait_for(
        lambda: ask(f"/api/v1/jobs/{job['job_id']}")[1]["state"] == "cancelled", 60
    )
