"""One Spark with the connector, for all tests of streams; the broker is everybody's."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
for folder in (Path(__file__).parent, Path(__file__).parents[1] / "topic"):
    sys.path.insert(0, str(folder))

import stream_worker  # noqa: E402


@pytest.fixture(scope="session")
def state(tmp_path_factory):
    """Return a state folder whose lake is new; the jars are the project's."""
    folder = tmp_path_factory.mktemp("streams")
    (ROOT / "var" / "jars").mkdir(parents=True, exist_ok=True)
    (folder / "jars").symlink_to(ROOT / "var" / "jars")
    return folder


@pytest.fixture
def topic(broker):
    """Return the settings of a topic of the test's own."""
    return broker.topic()


@pytest.fixture(scope="session")
def pool(state):
    """Return one process with a Spark that has the connector, kept for all tests."""
    given = (str(ROOT), str(state))
    with ProcessPoolExecutor(
        1, get_context("spawn"), stream_worker.begin, given
    ) as found:
        yield found


@pytest.fixture
def spark_does(pool):
    """Return a function that calls one of stream_worker there and gives its answer."""
    return lambda function, *args, **named: pool.submit(
        function, *args, **named
    ).result()
