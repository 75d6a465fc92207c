"""The dbt vars that a data set has to be built with, and others beside them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cinespark.data.landing import GENOME, MANIFEST, Manifest, read_manifest
from cinespark.data.reading import Reading
from cinespark.data.scales import scale_vars
from cinespark.data.store import CURRENT
from cinespark.errors import CineSparkError
from cinespark.paths import dataset_folder

Var = str | int | float
# of a set with the genome, whose models there are only then
GENOME_VARS: dict[str, Var] = {"genome": True}
# what dbt_project.yml says as long as nobody changes it
USUAL_SCALE = {"rating_min": 0.5, "rating_max": 5.0, "like_threshold": 4.0}


def vars_of(readings: Mapping[str, Reading]) -> dict[str, Var]:
    """Return the vars that differ from the defaults: of ids, feedback and so on."""
    ratings = readings["ratings.csv"]
    found: dict[str, Var] = {}
    if ratings.ids != "int":
        found["id_type"] = ratings.ids
    if ratings.feedback != "explicit":
        found["feedback"] = ratings.feedback
    found |= scale_vars(ratings.scale)
    return found | GENOME_VARS if readings.keys() >= GENOME.keys() else found


def line_of(found: Mapping[str, Var]) -> str:
    """Return the line that says which vars to build with."""
    words = ", ".join(f"{name}: {_written(one)}" for name, one in found.items())
    return f"build with --vars '{{{words}}}'"


def _written(value: Var) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def vars_to_build_with(data_dir: Path, given: str, project: Path) -> str:
    """Return the vars of the current data set and those given, which win, as JSON.

    With a log of what was shown of the set, its models are built, too, and where a
    stream has run, those of what it brought.

    A scale that somebody has written into dbt_project.yml stays as it is there.

    Parameters
    ----------
    given
        YAML as `dbt --vars` takes it, with braces or without; may be empty.
    project
        The folder of dbt_project.yml.

    Raises
    ------
    CineSparkError
        If no data set is current, it is damaged, or what was given names no vars.
    """
    current = data_dir / CURRENT
    manifest = read_manifest(current)
    if manifest is None:
        raise _without_manifest(current)
    found = {**own_vars(manifest, project), **log_vars(data_dir.parent, manifest)}
    return json.dumps({**found, **parsed(given)}, default=str)


def log_vars(state: Path, manifest: Manifest) -> dict[str, Var]:
    """Return the vars of a set of which there is a log of lists, and of a stream."""
    shown = state / "shown" / dataset_folder(manifest.about.dataset)
    found: dict[str, Var] = {}
    if any(shown.glob("*.jsonl")):
        found["outcomes"] = True
    if any((state / "checkpoints").glob("rating_events-*")):
        found["stream_drift"] = True
    return found


def own_vars(manifest: Manifest, project: Path) -> dict[str, Any]:
    """Return the vars that a data set asks for, less a scale that the project has."""
    if not _has_own_scale(project):
        return dict(manifest.vars)
    return {name: one for name, one in manifest.vars.items() if name not in USUAL_SCALE}


def _has_own_scale(project: Path) -> bool:
    """Return whether dbt_project.yml has another scale than that of MovieLens."""
    import yaml

    file = project / "dbt_project.yml"
    written = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("vars") or {}
    return any(written.get(name, usual) != usual for name, usual in USUAL_SCALE.items())


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
