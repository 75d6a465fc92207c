"""What tests share: the one JVM of the adapter's tests, and dbt on it."""

import os
from hashlib import md5
from pathlib import Path

import pytest
import yaml
from dbt.cli.main import dbtRunner
from hypothesis import settings

pytest_plugins = [
    *("one_session", "time_by_folder", "two_processes", "left_out"),
    *("whole_build", "browser", "made_broker", "made_feed"),
]

ROOT = Path(__file__).parents[2]

# a test says what is right, however busy the machine is
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def ml_latest_small():
    """Return the folder of the real MovieLens set, which the project does not hold."""
    beside = ROOT.parent / "shared" / "data" / "ml-latest-small"
    folder = Path(os.environ.get("CINESPARK_ML_LATEST_SMALL", beside))
    if not (folder / "ratings.csv").is_file():
        pytest.skip(
            f"there is no ml-latest-small in {folder}: unpack it there, or name its "
            "folder in CINESPARK_ML_LATEST_SMALL"
        )
    return folder


@pytest.fixture(scope="session")
def dbt(spark, target, tmp_path_factory):
    """Return a function that runs a dbt command in this process, on the one JVM."""
    folders = tmp_path_factory.mktemp("dbt")

    def run(
        *command,
        project_dir=ROOT,
        schema="tests",
        target_name="prod",
        artifacts=None,
        manifest=None,  # parsed before
    ):
        outputs = {target_name: target | {"schema": schema}}
        name = yaml.safe_load((project_dir / "dbt_project.yml").read_text())["profile"]
        profiles = yaml.safe_dump({name: {"target": target_name, "outputs": outputs}})
        words = [str(word) for word in command]
        variables = words[words.index("--vars") + 1] if "--vars" in words else ""
        # dbt parses anew where profile or vars differ, and else what has changed alone
        folder = (
            folders / md5(f"{project_dir}{profiles}{variables}".encode()).hexdigest()
        )
        folder.mkdir(exist_ok=True)
        (folder / "profiles.yml").write_text(profiles)
        options = {
            "--project-dir": project_dir,
            "--profiles-dir": folder,
            "--target-path": artifacts or folder / "target",
            "--log-path": folder / "logs",
        }
        words += [str(word) for option in options.items() for word in option]
        if artifacts is None:  # nobody reads them, and writing takes half a second
            words.append("--no-write-json")
        return dbtRunner(manifest).invoke(words)

    return run
