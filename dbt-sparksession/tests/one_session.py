"""The one JVM of a test process, started exactly as the adapter starts it."""

from pathlib import Path

import pytest

from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory):
    """Return the state folder of the process: the lake is new, the jars are not."""
    folder = tmp_path_factory.mktemp("state")
    (folder / "jars").symlink_to(ROOT / "var" / "jars")
    return folder


@pytest.fixture(scope="session")
def target(state_dir, tmp_path_factory):
    """Return a target of a profile, without its schema.

    The first session wins in a process: relative paths in SQL start at the
    repository's root, and `spark_config` of any later target has no effect.
    """
    return {
        "type": "sparksession",
        "threads": 4,
        "master": "local[2]",
        "state_dir": str(state_dir),
        "input_dir": str(tmp_path_factory.mktemp("small")),
        "spark_config": {"spark.sql.shuffle.partitions": "1"},
    }


@pytest.fixture(scope="session")
def spark(target):
    options = {key: target[key] for key in target if key not in ("type", "threads")}
    return get_session(
        SparkSessionCredentials(schema="tests", project_root=str(ROOT), **options)
    )
