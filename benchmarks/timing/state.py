"""A state folder of its own, so that no benchmark touches the user's `var/`."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from timing.processes import Cost, run

from cinespark.data.bring import bring

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FILES = ("movies.csv", "users.csv", "tags.csv", "links.csv")
# what publishes in production, without unit tests: dbt's own advice
BUILD = ("build", "--exclude-resource-type", "unit_test")
TAIL_BYTES = 2**16


@dataclass
class State:
    """The folder of a project: its data, tables, versions, profile and artifacts.

    Parameters
    ----------
    settings
        What differs from the profile of the project: `threads`, `spark_config`.
    variables
        Vars of the project that differ.
    """

    folder: Path
    settings: dict = field(default_factory=dict)
    variables: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Write the profile, and take over jars; `cinespark jars` does the rest once.

        Jars are linked, not their folder: the archive of classes is written beside them
        and names this folder.
        """
        jars = ROOT / "var" / "jars"
        copy = os.link if jars.stat().st_dev == device_of(self.folder) else shutil.copy
        (self.state / "jars").mkdir(parents=True)
        for jar in jars.glob("*.jar"):
            copy(jar, self.state / "jars" / jar.name)
        profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
        target = profiles["cinespark"]["outputs"]["prod"]
        places = {"state_dir": str(self.state), "input_dir": str(self.data)}
        target |= places | self.settings
        profile = {"cinespark": {"target": "prod", "outputs": {"prod": target}}}
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profile))
        command = [BIN / "cinespark", "--state-dir", self.state, "jars"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    @property
    def state(self) -> Path:
        return self.folder / "var"

    @property
    def data(self) -> Path:
        return self.state / "data" / "current"

    @property
    def target(self) -> Path:
        return self.folder / "target"

    def deliver(self, data: Path, without: int) -> None:
        """Land a data set without its last ratings, so that each delivery is new."""
        delivery = self.folder / "delivery"
        shutil.rmtree(delivery, ignore_errors=True)
        delivery.mkdir()
        for name in FILES:
            if (data / name).is_file():
                shutil.copy(data / name, delivery)
        shutil.copy(data / "ratings.csv", delivery)
        drop_last_lines(delivery / "ratings.csv", without)
        bring(str(delivery), self.state / "data", lambda line: None)

    def dbt(self, *words: str) -> Cost:
        """Run a command of dbt, and return what it took."""
        places = ["--profiles-dir", self.folder, "--target-path", self.target]
        log = ["--log-path", self.folder / "logs"]
        variables = ["--vars", yaml.safe_dump(self.variables)]
        return self.run(BIN / "dbt", *words, *places, *log, *variables)

    def run(self, *command: str | Path) -> Cost:
        """Run a command on this state, and return what it took."""
        environment = os.environ | {"DBT_PROFILES_DIR": str(self.folder)}
        return run(command, self.folder / "output.log", ROOT, environment)


def device_of(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return folder.stat().st_dev


def drop_last_lines(file: Path, count: int) -> None:
    """Cut the last lines off a file, reading its end only."""
    if not count:
        return
    size = file.stat().st_size
    with file.open("r+b") as stream:
        start = max(0, size - TAIL_BYTES)
        stream.seek(start)
        tail = stream.read()
        kept = tail.rstrip(b"\n").split(b"\n")[:-count]
        stream.truncate(start + len(b"\n".join(kept)) + 1)
