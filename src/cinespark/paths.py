"""Where things are: one answer for dbt, the command line and MLflow.

The state folder is the profile's `state_dir`. Published versions and data lie below it,
unless the var `exports_dir` or `data_dir` names another place.
"""

import hashlib
import os
import re
import shlex
from pathlib import Path
from typing import Any

from cinespark.errors import CineSparkError

STATE = Path("var")  # where the profile does not say another
PROJECT = "dbt_project.yml"
PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")  # a name as of a data set


def project_root() -> Path:
    """Return the nearest folder, from here upwards, that holds dbt_project.yml.

    Raises
    ------
    CineSparkError
        If neither this folder nor any above it holds one.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / PROJECT).is_file():
            return folder
    raise CineSparkError(
        f"no dbt_project.yml in {here} or above it: run this in the project's folder"
    )


def state_dir(given: Path | None = None) -> Path:
    """Return the state folder, which holds all data, jars, tables and exports.

    It is the one given, or that of the profile's target, relative to the project.
    """
    root = project_root()
    return root / (given or state_of_profile(root))


def exports_dir(root: Path, state: Path, given: str = "") -> Path:
    """Return the folder of published versions.

    Parameters
    ----------
    root, state
        The folders of the project and of its state.
    given
        The var `exports_dir`, a path relative to the project; empty for the folder
        `exports` of the state folder.
    """
    return root / given if given else state / "exports"


def data_dir(root: Path, state: Path, given: str = "") -> Path:
    """Return the folder of the data set that builds read, as models/staging does."""
    return root / given if given else state / "data" / "current"


def dataset_folder(dataset: str) -> str:
    """Return the name of the folder of a data set, as incoming_folder.sql has it.

    It is the data set's own, or a sum of one that can name no folder.
    """
    if PLAIN.fullmatch(dataset):
        return dataset
    return f"md5.{hashlib.md5(dataset.encode(), usedforsecurity=False).hexdigest()}"


def exports_of(state: Path) -> Path:
    """Return the folder of published versions, with the var of the project's file."""
    root = project_root()
    return exports_dir(root, state, var_of_project(root, "exports_dir"))


def data_of(state: Path) -> Path:
    """Return the folder of the current data, with the var of the project's file."""
    root = project_root()
    return data_dir(root, state, var_of_project(root, "data_dir"))


def profiles_dir(root: Path) -> Path:
    """Return the folder of profiles.yml, as dbt does in the project's folder."""
    local = root if (root / "profiles.yml").is_file() else Path.home() / ".dbt"
    return Path(os.environ.get("DBT_PROFILES_DIR") or local)


def state_of_profile(root: Path) -> Path:
    """Return `state_dir` of the profile's target, without dbt, which takes a second.

    The target is that of DBT_TARGET, or the default one.

    Raises
    ------
    CineSparkError
        If the profile has targets, and not this one.
    """
    file = profiles_dir(root) / "profiles.yml"
    name = read_yaml(root / PROJECT).get("profile")
    profile = mapping(read_yaml(file).get(name)) if file.is_file() else {}
    default = rendered(profile.get("target", "default"), file)
    target = os.environ.get("DBT_TARGET") or default
    outputs = mapping(profile.get("outputs"))
    if outputs and target not in outputs:
        raise CineSparkError(
            f"{file} has no target {target}: set DBT_TARGET to one of "
            f"{', '.join(outputs)}, or leave it out for the default one"
        )
    output = mapping(outputs.get(target))
    return Path(rendered(output.get("state_dir", str(STATE)), file))


def var_of_project(root: Path, name: str) -> str:
    """Return a var of dbt_project.yml, empty if it has none."""
    project = read_yaml(root / PROJECT)
    of_all = mapping(project.get("vars"))
    own = mapping(of_all.get(project.get("name")))
    return str(own.get(name, of_all.get(name)) or "")


def read_yaml(file: Path) -> dict[Any, Any]:
    """Return what a YAML file holds.

    Raises
    ------
    CineSparkError
        If it is not YAML.
    """
    import yaml

    try:
        return mapping(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())
        raise CineSparkError(f"{file} cannot be read as YAML: {words}") from error


def rendered(value: object, file: Path) -> str:
    """Return a text of profiles.yml, with the environment's variables put in."""
    text = str(value)
    if "{{" not in text:
        return text
    from jinja2 import Environment

    def env_var(name: str, default: str | None = None) -> str:
        if (found := os.environ.get(name, default)) is None:
            raise CineSparkError(f"{file}: set the environment variable {name}")
        return found

    return Environment(autoescape=False).from_string(text).render(env_var=env_var)


def mapping(value: object) -> dict[Any, Any]:
    """Return a value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def command(state_dir: Path, words: str) -> str:
    """Return a command of cinespark as a user types it for this state folder."""
    is_default = (state_dir.parent / PROJECT).is_file()
    if is_default and state_dir.name == str(STATE):
        return f"cinespark {words}"
    return f"cinespark --state-dir {shlex.quote(str(state_dir))} {words}"
