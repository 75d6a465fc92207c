"""The dbt vars that a data set has to be built with."""

from collections.abc import Mapping

from cinespark.data.reading import Reading
from cinespark.data.scales import scale_vars

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
