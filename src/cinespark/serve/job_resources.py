"""The addresses of builds that are asked for: start, look, end."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import current_app, url_for

from cinespark.serve import answered, asked
from cinespark.serve.access import require_nobodys, token_name
from cinespark.serve.addresses import Addresses
from cinespark.serve.answer_parts import Answer
from cinespark.serve.job_output import last_lines, stage_of
from cinespark.serve.job_start import Busy, cancel_job, start_job
from cinespark.serve.jobs import (
    EVENTS,
    OUTPUT,
    RUNNING,
    Builds,
    Job,
    job_ids,
    read_job,
)
from cinespark.serve.problems import Problem
from cinespark.serve.resources import problem

LINES = 20  # of the output, where nobody said how many
LOCATION = {"Location": {"schema": {"type": "string"}, "description": "The job's."}}

jobs = Addresses("jobs", __name__, url_prefix="/api/v1")  # by an admin's token alone
jobs.before_request(require_nobodys)


def kept() -> tuple[Builds, Path]:
    """Return where builds are, and the folder of versions."""
    found: tuple[Builds, Path] = current_app.extensions["cinespark_builds"]
    return found


@jobs.route("/refresh", methods=["POST"])
@jobs.arguments(asked.NothingBody, required=False)
@jobs.response(202, answered.JobSchema, headers=LOCATION)
@jobs.alt_response(409, **problem("A build runs already, or there is no project"))
@jobs.alt_response(503, **problem("The folder of jobs cannot be written to"))
def refresh(given: dict[str, Any]) -> tuple[Answer, int, dict[str, str]]:
    """Build anew with the data that there are now, and publish what passes the checks.

    One build at a time. What it publishes is served as any other version.
    """
    builds, exports = kept()
    if builds.project is None:
        raise Problem(
            409,
            "No project to build",
            f"this service cannot build: {builds.reason}",
        )
    try:
        for name in ("incoming", "events", "shown"):
            if (segments := current_app.extensions[f"cinespark_{name}"]) is not None:
                segments.ask_to_close()  # what was sent until now is part of the build
        job = start_job(builds, exports, token_name())
    except Busy as error:
        raise busy(error.job) from error
    except OSError as error:
        raise Problem(
            503,
            "Jobs cannot be kept",
            f"no build was started, as {builds.folder} cannot be written to "
            f"({error.strerror}): give the service's user that folder",
        ) from error
    return asdict(job), 202, {"Location": address_of(job)}


@jobs.route("/jobs")
@jobs.arguments(asked.JobsQuery, location="query")
@jobs.response(200, answered.JobsSchema)
def all_jobs(given: dict[str, Any]) -> Answer:
    """Give the newest builds that were asked for."""
    builds, exports = kept()
    ids = job_ids(builds.folder)[: given["n"]]
    found = (read_job(builds.folder, job_id, exports) for job_id in ids)
    return {"jobs": [asdict(job) for job in found if job is not None]}


@jobs.route("/jobs/<job_id>")
@jobs.arguments(asked.OutputQuery, location="query")
@jobs.response(200, answered.OneJobSchema)
@jobs.alt_response(404, **problem("No such job"))
def one_job(given: dict[str, Any], job_id: str) -> Answer:
    """Give a build, how far it is, and the last lines of its output."""
    return with_output(job_of(job_id), given["lines"])


@jobs.route("/jobs/<job_id>", methods=["DELETE"])
@jobs.response(202, answered.OneJobSchema)
@jobs.alt_response(200, schema=answered.OneJobSchema, description="It had ended")
@jobs.alt_response(404, **problem("No such job"))
def cancel(job_id: str) -> tuple[Answer, int]:
    """End a build, as Ctrl-C does; what is published stays.

    A build that has not ended after 30 seconds is told so by SIGTERM, and 10 seconds
    later it is killed. One that had ended before stays as it was.
    """
    builds, _ = kept()
    job = job_of(job_id)
    if job.state != RUNNING:
        return with_output(job, LINES), 200
    cancel_job(builds.folder, job_id)
    return with_output(job_of(job_id), LINES), 202


def job_of(job_id: str) -> Job:
    """Return a job.

    Raises
    ------
    Problem
        If there is none of this id.
    """
    builds, exports = kept()
    job = read_job(builds.folder, job_id, exports)
    if job is None:
        raise Problem(
            404,
            "No such job",
            f"there is no job {job_id[:60]!r}: /api/v1/jobs lists them",
        )
    return job


def with_output(job: Job, lines: int) -> Answer:
    """Return a job with its stage and the last lines of what it said."""
    builds, _ = kept()
    mine = builds.folder / job.job_id
    return {
        **asdict(job),
        "stage": stage_of(mine / EVENTS),
        "log": last_lines(mine / OUTPUT, lines, builds.environment),
    }


def busy(job: Job | None) -> Problem:
    """Return the problem of a build that runs already."""
    if job is None:
        return Problem(
            409, "A build runs", "another build has just begun: ask again in a second"
        )
    where = address_of(job)
    found = Problem(
        409,
        "A build runs",
        f"the job {job.job_id} runs since {job.started_at}: see {where}, wait for it, "
        f"or end it with DELETE {where}",
        {"job": [job.job_id]},
    )
    found.headers = {"Location": where}
    return found


def address_of(job: Job) -> str:
    """Return the address of a job."""
    return url_for("jobs.one_job", job_id=job.job_id)
