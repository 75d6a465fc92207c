"""Where things are: the project's folder and the state that is made below it."""

from pathlib import Path

from cinespark.errors import CineSparkError


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


def state_dir() -> Path:
    """Return the folder of everything that is made: data, jars, tables, exports."""
    return project_root() / "var"
