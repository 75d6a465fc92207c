"""What tests share: one JVM, started exactly as the adapter starts it, and dbt."""

from pathlib import Path

import pytest
import yaml
from dbt.cli.main import dbtRunner

from dbt.adapters.sparksession.connections import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

pytest_plugins = ["dbt.tests.fixtures.project", "whole_build", "browser"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory):
    """Return the state folder of the process: the lake is new, the jars are not."""
    folder = tmp_path_factory.mktemp("state")
    (folder / "jars").symlink_to(ROOT / "var" / "jars")
    return folder


@pytest.fixture(scope="session")
def target(state_dir):
    """Return a target of a profile, without its schema.

    The first session wins in a process: relative paths in SQL start at the
    repository's root, and `spark_config` of any later target has no effect.
    """
    return {
        "type": "sparksession",
        "threads": 4,
        "master": "local[2]",
        "state_dir": str(state_dir),
        "spark_config": {"spark.sql.shuffle.partitions": "1"},
    }


@pytest.fixture(scope="session")
def spark(target):
    options = {key: target[key] for key in ("master", "state_dir", "spark_config")}
    return get_session(
        SparkSessionCredentials(schema="tests", project_root=str(ROOT), **options)
    )


@pytest.fixture(scope="session")
def dbt(spark, target, tmp_path_factory):
    """Return a function that runs a dbt command in this process, on the one JVM."""

    def run(
        *command, project_dir=ROOT, schema="tests", target_name="prod", artifacts=None
    ):
        folder = tmp_path_factory.mktemp("dbt")
        outputs = {target_name: target | {"schema": schema}}
        name = yaml.safe_load((project_dir / "dbt_project.yml").read_text())["profile"]
        (folder / "profiles.yml").write_text(
            yaml.safe_dump({name: {"target": target_name, "outputs": outputs}})
        )
        options = {
            "--project-dir": project_dir,
            "--profiles-dir": folder,
            "--target-path": artifacts or folder / "target",
            "--log-path": folder / "logs",
        }
        words = [str(word) for option in options.items() for word in option]
        return dbtRunner().invoke([*command, *words])

    return run
