"""Builds that are asked for: one at a time, followed by files and locks alone.

The runner is the real one; `dbt` and `cinespark` are stand-ins, which files tell what
to do.
"""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from made_service import about, publish_service, service_content
from test_openapi import resolved, schema_of

from cinespark.files import replace_file
from cinespark.publish.publish import publish
from cinespark.serve import job_runner, jobs
from cinespark.serve.jobs import KEPT, Builds, hold, is_held, job_ids, read_job
from cinespark.serve.tokens import create_token

STAND_IN = """\
#!{python}
import json, os, signal, sys, time
from pathlib import Path
here = Path({here!r})
words = sys.argv[1:]
if Path(sys.argv[0]).name == "cinespark":
    print(json.dumps({{"id_type": "string"}}))
    sys.exit(0)
(here / "words.json").write_text(json.dumps([os.getcwd(), os.nice(0), words]))
place = here / "do.json"
do = json.loads(place.read_text())
if do.get("deaf"):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
events = Path(words[words.index("--log-path") + 1]) / "dbt.log"
with events.open("w") as log:
    for event in do["events"]:
        log.write(json.dumps(event) + "\\n")
print(do["says"], flush=True)
(here / "pid").write_text(str(os.getpid()))
try:
    while not (here / "go").exists():
        time.sleep(0.02)
except KeyboardInterrupt:
    print("as Ctrl-C", flush=True)
    sys.exit(2)
sys.exit(do["code"])
"""


def event(name, node=None, index=0, total=5, **more):
    data = dict(more)
    if node:
        about = {"unique_id": f"model.cinespark.{node}", "node_name": node}
        count = "num_models" if name == "LogTestResult" else "total"  # as dbt has it
        data |= {"index": index, count: total, "node_info": about}
    return {"info": {"name": name, "invocation_id": "build-7"}, "data": data}


EVENTS = [
    event("MainReportVersion"),
    event("LogHookStartLine", "hook", 1, total=1),
    event("LogHookEndLine", "hook", 1, total=1),
    event("LogStartLine", "stg_a", 1),
    event("LogStartLine", "stg_b", 2),
    event("LogModelResult", "stg_a", 1, status="success"),
    event("LogStartLine", "a_test", 3),
    event("LogTestResult", "a_test", 3, status="pass"),
    event("LogNodeNoOpResult", "an_exposure", 4),  # which never begins
]


class StandIn:
    """What the stand-in for dbt is told, and does."""

    def __init__(self, folder):
        self.folder = folder
        self.tell()

    def tell(self, code=0, says="all is well", events=EVENTS, deaf=False):
        told = {"code": code, "says": says, "events": events, "deaf": deaf}
        replace_file(self.folder / "do.json", json.dumps(told))
        for name in ("go", "pid"):
            (self.folder / name).unlink(missing_ok=True)

    def go(self):
        (self.folder / "go").touch()

    def pid(self):
        file = self.folder / "pid"
        wait_for(lambda: file.exists() and file.read_text())  # the whole of it
        return int(file.read_text())


def wait_for(what, seconds=15):
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.02)
    assert found
    return found


@pytest.fixture
def stand_in(tmp_path):
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("dbt", "cinespark"):
        script = folder / name
        script.write_text(STAND_IN.format(python=sys.executable, here=str(folder)))
        script.chmod(0o755)
    made = StandIn(folder)
    yield made
    made.go()  # whatever still runs


@pytest.fixture
def builds(tmp_path, stand_in):
    project = tmp_path / "project"
    project.mkdir()
    return Builds(
        tmp_path / "jobs",
        project,
        state=tmp_path / "var",
        environment={**os.environ, "MY_TOKEN": "value-of-mine"},
        programs=stand_in.folder,
    )


@pytest.fixture
def admin(tmp_path):
    token = create_token(tmp_path / "serve", "boss", ["admin"])
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def askers(exports, make_app, builds, admin):
    """Return two services of the same state, as they are asked by an admin."""
    publish_service(exports)
    made = [make_app(exports, builds=builds).test_client() for _ in range(2)]
    for asker in made:
        asker.environ_base["HTTP_AUTHORIZATION"] = admin["Authorization"]
    yield made
    folder = builds.folder
    for job_id in job_ids(folder) if folder.is_dir() else ():
        asker.delete(f"/api/v1/jobs/{job_id}")
    wait_for(lambda: not is_held(folder / jobs.LOCK))


def refresh(asker):
    answer = asker.post("/api/v1/refresh")
    assert answer.status_code == 202
    where = answer.headers["Location"]
    assert where == f"/api/v1/jobs/{answer.get_json()['job_id']}"
    return where


def ended(asker, where):
    def look():
        job = asker.get(where).get_json()
        return job if job["state"] != "running" else None

    return wait_for(look)


def test_a_build_runs_apart_with_the_vars_of_the_data_and_tells_how_far_it_is(
    askers, builds, stand_in
):
    where = refresh(askers[0])
    pid = stand_in.pid()
    job = askers[1].get(where).get_json()  # another service follows it
    assert job["state"] == "running"
    assert job["requested_by"] == "boss"
    assert job["ended_at"] is job["exit_code"] is job["version"] is None
    assert job["stage"] == {
        "node": "a_test",
        "running": ["stg_b"],
        "started": 4,
        "finished": 3,
        "total": 5,
    }
    assert job["log"] == ["all is well"]
    assert os.getsid(pid) != os.getsid(0)
    cwd, nice, words = json.loads((stand_in.folder / "words.json").read_text())
    assert cwd == str(builds.project)
    assert nice == min(os.nice(0) + job_runner.NICE, 19)
    assert words[:3] == ["build", "--exclude-resource-type", "unit_test"]
    assert json.loads(words[words.index("--vars") + 1]) == {"id_type": "string"}
    stand_in.go()
    job = ended(askers[1], where)
    assert (job["state"], job["exit_code"]) == ("succeeded", 0)
    assert job["reason"] is None
    assert job["started_at"] <= job["ended_at"]
    assert stat.S_IMODE((builds.folder / job["job_id"]).stat().st_mode) == 0o700


def test_one_build_at_a_time_whichever_service_is_asked(askers, stand_in):
    where = refresh(askers[0])
    for asker in askers:
        answer = asker.post("/api/v1/refresh", json={})
        assert answer.status_code == 409
        assert answer.content_type == "application/problem+json"
        assert answer.headers["Location"] == where
        assert where in answer.get_json()["detail"]
    stand_in.go()
    first = ended(askers[0], where)
    stand_in.tell()
    second = askers[1].get(refresh(askers[1])).get_json()
    listed = askers[0].get("/api/v1/jobs").get_json()["jobs"]
    assert [job["job_id"] for job in listed] == [second["job_id"], first["job_id"]]
    assert len(askers[0].get("/api/v1/jobs?n=1").get_json()["jobs"]) == 1


def test_a_build_that_fails_says_so(askers, stand_in):
    stand_in.tell(code=1, says="\x1b[31mno such column\x1b[0m")
    stand_in.go()
    job = ended(askers[0], refresh(askers[0]))
    assert (job["state"], job["exit_code"]) == ("failed", 1)
    assert "code 1" in job["reason"]
    assert job["log"] == ["no such column"]


def test_a_build_that_is_killed_failed(askers, stand_in):
    where = refresh(askers[0])
    os.kill(stand_in.pid(), signal.SIGKILL)
    job = ended(askers[1], where)
    assert (job["state"], job["exit_code"]) == ("failed", -9)
    assert "killed by signal 9" in job["reason"]


def runner_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_runner_that_is_killed_takes_its_build_along_and_failed(askers, stand_in):
    where = refresh(askers[0])
    pid = stand_in.pid()
    os.kill(runner_of(pid), signal.SIGKILL)
    job = ended(askers[1], where)
    assert (job["state"], job["exit_code"]) == ("failed", None)
    assert "killed" in job["reason"]
    assert job["ended_at"]
    wait_for(lambda: not is_alive(pid))
    stand_in.tell()
    stand_in.go()
    again = refresh(askers[0])  # nothing is left behind
    assert ended(askers[0], again)["state"] == "succeeded"


STARTS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from cinespark.serve.job_start import start_job
from cinespark.serve.jobs import Builds
folder, project, programs, exports = map(Path, sys.argv[1:])
more = {"environment": os.environ, "programs": programs}
builds = Builds(folder, project, state=project, **more)
print(start_job(builds, exports, "boss").job_id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_build_goes_on_when_the_process_dies_that_started_it(
    askers, builds, stand_in, exports
):
    places = (builds.folder, builds.project, builds.programs, exports)
    command = [sys.executable, "-c", STARTS_AND_DIES, *places]
    died = subprocess.run(command, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL
    where = f"/api/v1/jobs/{died.stdout.strip()}"
    stand_in.pid()
    for asker in askers:
        assert asker.get(where).get_json()["state"] == "running"
        assert asker.post("/api/v1/refresh").status_code == 409
    stand_in.go()
    assert ended(askers[0], where)["state"] == "succeeded"


def is_alive(pid):
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_build_is_cancelled_as_ctrl_c_does_and_again_changes_nothing(
    askers, stand_in
):
    where = refresh(askers[0])
    stand_in.pid()
    first = askers[1].delete(where)
    assert first.status_code == 202
    assert first.get_json()["cancelled_at"]
    assert askers[0].delete(where).status_code in (200, 202)
    job = ended(askers[0], where)
    assert (job["state"], job["exit_code"], job["reason"]) == ("cancelled", 2, None)
    assert job["log"][-1] == "as Ctrl-C"
    last = askers[0].delete(where)
    assert last.status_code == 200
    assert last.get_json() == askers[0].get(where).get_json() == job


def test_a_build_that_does_not_listen_is_killed(stand_in, monkeypatch):
    monkeypatch.setattr(
        job_runner,
        "STEPS",
        ((signal.SIGINT, 0.2), (signal.SIGTERM, 0.2), (signal.SIGKILL, 5)),
    )
    stand_in.tell(deaf=True)
    folder = stand_in.folder
    runner = job_runner.Runner(folder, folder, folder, folder, folder)
    with (folder / "output").open("wb") as output:
        command = [folder / "dbt", "--log-path", folder]
        begun = lambda: (folder / "pid").exists()  # noqa: E731
        assert job_runner.run(command, runner, output, output, begun) == -9


def test_a_runner_that_is_told_to_end_ends_its_build(askers, stand_in):
    where = refresh(askers[0])
    os.kill(runner_of(stand_in.pid()), signal.SIGTERM)
    job = ended(askers[0], where)
    assert (job["state"], job["exit_code"]) == ("failed", 2)
    assert "told to end" in job["reason"]


def test_what_a_build_published_is_found_by_its_invocation(askers, stand_in, exports):
    where = refresh(askers[0])
    stand_in.pid()
    publish_of("build-6", exports, 4)
    mine = publish_of("build-7", exports, 5)
    publish_of("build-8", exports, 6)
    stand_in.go()
    assert ended(askers[0], where)["version"] == mine


def publish_of(invocation_id, exports, seed):
    content, _ = service_content(seed=seed)
    rows = publish(content, exports, replace(about(), invocation_id=invocation_id))
    return rows[0][0]


def test_old_jobs_go(askers, builds, stand_in):
    old = [f"20200101T00000000{n:04}Z-00000000" for n in range(KEPT + 5)]
    for job_id in old:
        folder = builds.folder / job_id
        jobs.write_job(folder, jobs.Job(job_id, "succeeded", "2020-01-01T00:00:00Z"))
    stand_in.go()
    where = refresh(askers[0])
    assert len(job_ids(builds.folder)) == KEPT
    assert job_ids(builds.folder)[1:] == old[:-KEPT:-1]
    ended(askers[0], where)


def test_secrets_are_not_in_the_output(askers, stand_in):
    token = "cs_" + "a" * 43
    lines = [
        "the value is value-of-mine, is it",  # of MY_TOKEN, in the environment
        f"curl with {token}",
        "Authorization: Bearer abc.def",
        "https://ann:hunter2@example.com/feed",
        "DB_PASSWORD=hunter2",
        "tokens of words: 12",
    ]
    stand_in.tell(says="\n".join(lines))
    stand_in.go()
    where = refresh(askers[0])
    ended(askers[0], where)
    text = "\n".join(askers[0].get(where).get_json()["log"])
    for secret in ("value-of-mine", token, "abc.def", "hunter2"):
        assert secret not in text
    assert "https://ann:*****@example.com/feed" in text
    assert "the value is *****, is it" in text
    few = askers[0].get(f"{where}?lines=2").get_json()["log"]
    assert few == text.splitlines()[-2:]


def test_only_admins_build_and_look(askers, exports, make_app, builds, tmp_path):
    where = refresh(askers[0])
    asker = make_app(exports, builds=builds).test_client()
    paths = [
        ("post", "/api/v1/refresh"),
        ("get", "/api/v1/jobs"),
        ("get", where),
        ("delete", where),
    ]
    assert {asker.open(path, method=how).status_code for how, path in paths} == {401}
    for name, scopes, user in (
        ("one", ["read", "write"], None),
        ("ann", ["admin"], "1"),
    ):
        token = create_token(tmp_path / "serve", name, scopes, user)
        headers = {"Authorization": f"Bearer {token}"}
        answers = [asker.open(path, method=how, headers=headers) for how, path in paths]
        assert {answer.status_code for answer in answers} == {403}
    assert askers[0].get(where).get_json()["state"] == "running"


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("/api/v1/refresh", {"json": {"vars": {"top_n": 3}}}, 422),
        ("/api/v1/refresh", {"json": []}, 422),
        ("/api/v1/refresh", {"data": b"x"}, 415),
        ("/api/v1/refresh", {"data": b"{", "content_type": "application/json"}, 400),
    ],
)
def test_a_build_takes_no_vars(askers, builds, path, more, status):
    answer = askers[0].post(path, **more)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert not builds.folder.exists()


@pytest.mark.parametrize("job_id", ["nothing", "..", "20200101T000000000000Z-00000000"])
def test_a_job_that_is_not_there_is_404(askers, job_id):
    for method in ("get", "delete"):
        answer = askers[0].open(f"/api/v1/jobs/{job_id}", method=method)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


def test_without_a_project_nothing_is_built_and_the_reason_is_told(
    exports, make_app, admin, tmp_path
):
    publish_service(exports)
    builds = Builds(tmp_path / "jobs", None, "no dbt_project.yml in /srv")
    asker = make_app(exports, builds=builds).test_client()
    answer = asker.post("/api/v1/refresh", headers=admin)
    assert answer.status_code == 409
    assert "no dbt_project.yml in /srv" in answer.get_json()["detail"]
    answer = asker.get("/api/v1/jobs", headers=admin)
    assert answer.get_json() == {"jobs": []}


def test_a_lock_is_held_by_one_and_free_when_all_that_inherit_it_end(tmp_path):
    file = tmp_path / "lock"
    first = hold(file)
    assert hold(file) is None
    assert is_held(file)
    other = os.dup(first)
    os.close(first)
    assert is_held(file)
    os.close(other)
    assert not is_held(file)


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (
            '{"job_id": "a", "state": "failed", "started_at": "then", "new": 1}',
            "failed",
        ),
        ('{"state": "failed"}', None),
        ("{", None),
        ("[]", None),
    ],
)
def test_a_record_of_another_release_is_read_or_no_job(tmp_path, record, state):
    job_id = "20200101T000000000000Z-00000000"
    replace_file(tmp_path / job_id / jobs.RECORD, record)
    job = read_job(tmp_path, job_id, tmp_path)
    assert (job and job.state) == state


def test_answers_are_as_described(askers, stand_in):
    document = askers[0].get("/api/v1/openapi.json").get_json()
    started = askers[0].post("/api/v1/refresh")
    where = started.headers["Location"]
    stand_in.pid()
    one = "/api/v1/jobs/{job_id}"
    for method, path, answer in (
        ("post", "/api/v1/refresh", started),
        ("post", "/api/v1/refresh", askers[0].post("/api/v1/refresh")),
        ("get", "/api/v1/jobs", askers[0].get("/api/v1/jobs")),
        ("get", one, askers[0].get(where)),
        ("get", one, askers[0].get(f"{where}0")),
        ("delete", one, askers[0].delete(where)),
        ("delete", one, (ended(askers[0], where), askers[0].delete(where))[1]),
        ("delete", one, askers[0].delete(f"{where}0")),
    ):
        described = document["paths"][path][method]["responses"]
        found = resolved(document, described[str(answer.status_code)])["content"]
        schema = schema_of(document, found[answer.content_type])
        Draft202012Validator(schema).validate(answer.get_json())
        assert set(answer.get_json()) <= set(resolved(document, schema)["properties"])
