"""The dbt vars that a data set has to be built with, and others beside them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cinespark.data.landing import MANIFEST, read_manifest
from cinespark.data.reading import Reading
from cinespark.data.scales import scale_vars
from cinespark.data.store import CURRENT
from cinespark.errors import CineSparkError

Var = str | int | float


def vars_of(readings: Mapping[str, Reading]) -> dict[str, Var]:
    """Return the vars that differ from the defaults: of ids, feedback and scale."""
    ratings = readings["ratings.csv"]
    found: dict[str, Var] = {}
    if ratings.ids != "int":
        found["id_type"] = ratings.ids
    if ratings.feedback != "explicit":
        found["feedback"] = ratings.feedback
    return found | scale_vars(ratings.scale)


def line_of(found: Mapping[str, Var]) -> str:
    """Return the line that says which vars to build with."""
    words = ", ".join(
        f"{name}: {one:g}" if isinstance(one, float) else f"{name}: {one}"
        for name, one in found.items()
    )
    return f"build with --vars '{{{words}}}'"


def vars_to_build_with(data_dir: Path, given: str) -> str:
    """Return the vars of the current data set and those given, which win, as JSON.

    Parameters
    ----------
    given
        YAML as `dbt --vars` takes it, with braces or without; may be empty.

    Raises
    ------
    CineSparkError
        If no data set is current, it is damaged, or what was given names no vars.
    """
    current = data_dir / CURRENT
    manifest = read_manifest(current)
    if manifest is None:
        raise _without_manifest(current)
    return json.dumps({**manifest.vars, **parsed(given)}, default=str)


def _without_manifest(current: Path) -> CineSparkError:
    """Return the error of a current set without a manifest; OSErrors say more."""
    if not current.is_symlink() and not current.exists():
        return CineSparkError(
            f"no data set is current in {current.parent}: bring one with "
            "`cinespark data NAME` first"
        )
    if (current / MANIFEST).is_file():
        (current / MANIFEST).read_bytes()
    return CineSparkError(
        f"{current / MANIFEST} is missing or damaged: bring the data set again, with "
        "`cinespark data NAME --refresh`"
    )


def parsed(given: str) -> dict[str, Any]:
    """Return vars that were written as YAML, with braces or without.

    Raises
    ------
    CineSparkError
        If they are no names with values.
    """
    import yaml

    for text in (given, f"{{{given}}}"):  # `a: 1, b: 2` is YAML in braces alone
        try:
            found = yaml.safe_load(text) or {}
        except yaml.YAMLError:
            continue
        # in braces a word alone is a name with nothing
        is_words = text != given and None in found.values()
        if isinstance(found, dict) and not is_words and all(map(_is_name, found)):
            return found
    raise CineSparkError(
        f"the vars {given!r} are no names with values: write them such as "
        "`accept_drift: true, top_n: 20`"
    )


def _is_name(name: object) -> bool:
    return isinstance(name, str) and name.isidentifier()
