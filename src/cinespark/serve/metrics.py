"""What is counted of the answers, for Prometheus, over all processes that answer."""

import os
import time
from collections.abc import Callable
from functools import cache

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from cinespark.serve.current import Current

# seconds: a list that is there, one that is made, and too long
BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


def count_answers(app: Flask, current: Current) -> Counter:
    """Count and time the answers of an app, and serve the sums at /metrics.

    Return the counter of the ratings that people send.
    """
    own = CollectorRegistry()
    labels = ["method", "endpoint", "status"]
    answers = Counter(
        "cinespark_answers", "Answers by address and status.", labels, registry=own
    )
    seconds = Histogram(
        "cinespark_answer_seconds",
        "How long answers took.",
        ["endpoint"],
        buckets=BUCKETS,
        registry=own,
    )

    @cache  # as many as there are addresses and statuses
    def counted(method: str, endpoint: str, status: int) -> tuple[Counter, Histogram]:
        count = answers.labels(method, endpoint, str(status))
        return count, seconds.labels(endpoint)

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        rule = request.url_rule
        endpoint, method = (rule.endpoint, request.method) if rule else ("none", "any")
        count, took = counted(method, endpoint, response.status_code)
        count.inc()
        if (begun := g.get("begun")) is not None:
            took.observe(time.perf_counter() - begun)
        return response

    current.told = telling_version(current, own)
    current.told()

    @app.get("/metrics")
    def metrics() -> Response:
        registry = own
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return Counter(
        "cinespark_ratings",
        "Ratings by where they are kept: topic, segment, segment_without_broker.",
        ["kept"],
        registry=own,
    )


def telling_version(current: Current, own: CollectorRegistry) -> Callable[[], None]:
    """Return what puts into a registry which version is served."""
    is_ready = Gauge(
        "cinespark_version_served",
        "1 where a process serves a version.",
        registry=own,
        multiprocess_mode="livemin",
    )
    is_refused = Gauge(
        "cinespark_version_refused",
        "1 where the current version is refused.",
        registry=own,
        multiprocess_mode="livemax",
    )
    seconds_taken = Gauge(
        "cinespark_version_seconds",
        "Seconds that the served version took: verifying its files, opening them.",
        ["step"],
        registry=own,
        multiprocess_mode="livemax",
    )

    def tell_version() -> None:
        is_ready.set(current.version is not None)
        is_refused.set(current.refused is not None)
        if took := current.took:
            seconds_taken.labels("verify").set(took.verify_seconds)
            seconds_taken.labels("open").set(took.open_seconds)

    return tell_version
