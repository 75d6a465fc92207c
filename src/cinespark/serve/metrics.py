"""What is counted of the answers, for Prometheus, over all processes that answer."""

import os
import time
from collections.abc import Callable

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

from cinespark.serve.current import Current, Took

# seconds: a list that is there, one that is made, and too long
BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


def count_answers(app: Flask, current: Current) -> None:
    """Count and time the answers of an app, and serve the sums at /metrics."""
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
    tell_seconds = telling_seconds(own)

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.endpoint else "any"
        answers.labels(method, endpoint, str(response.status_code)).inc()
        if "begun" in g:
            seconds.labels(endpoint).observe(time.perf_counter() - g.begun)
        is_ready.set(current.version is not None)
        is_refused.set(current.refused is not None)
        tell_seconds(current.took)
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        registry = own
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def telling_seconds(registry: CollectorRegistry) -> Callable[[Took | None], None]:
    """Return what tells, of each version once, how many seconds it took."""
    seconds = Gauge(
        "cinespark_version_seconds",
        "Seconds that the served version took: verifying its files, opening them.",
        ["step"],
        registry=registry,
        multiprocess_mode="livemax",
    )
    told: Took | None = None

    def tell(took: Took | None) -> None:
        nonlocal told
        if took is not None and took is not told:
            told = took
            seconds.labels("verify").set(took.verify_seconds)
            seconds.labels("open").set(took.open_seconds)

    return tell
