"""Where things are: the project's folder, and the state folder below it."""

import shlex
from pathlib import Path

from cinespark.errors import CineSparkError

STATE = Path("var")  # as the profile's option state_dir


def project_root() -> Path:
    """Return the nearest folder, from here upwards, that holds dbt_project.yml.

    Raises
    ------
    CineSparkError
        If neither this folder nor any above it holds one.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise CineSparkError(
        f"no dbt_project.yml in {here} or above it: run this in the project's folder"
    )


def state_dir(given: Path = STATE) -> Path:
    """Return the state folder, which holds all data, jars, tables and exports."""
    return project_root() / given


def command(state_dir: Path, words: str) -> str:
    """Return a command of cinespark as a user types it for this state folder."""
    is_default = (state_dir.parent / "dbt_project.yml").is_file()
    if is_default and state_dir.name == str(STATE):
        return f"cinespark {words}"
    return f"cinespark --state-dir {shlex.quote(str(state_dir))} {words}"
