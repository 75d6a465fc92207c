"""The scale of ratings: what their first records say, and the vars that it needs."""

from collections.abc import Sequence

from cinespark.data.meanings import suggestion
from cinespark.data.sample_checks import NUMBER

USUAL = (0.5, 5.0)
SCALES = ((0, 1), (0, 5), (1, 10), (0, 10), (0, 100), (-1, 1), (-10, 10))

Scale = tuple[float, float]


def scale_of(
    values: Sequence[str], said: Scale | None
) -> tuple[Scale | None, list[str]]:
    """Return the scale of ratings, None for 0.5 to 5, and what to say of it."""
    notes: list[str] = []
    scale = said
    if scale is None:
        texts = [one.replace(",", ".") for one in values]
        numbers = [float(one) for one in texts if NUMBER.fullmatch(one)]
        outside = [one for one in numbers if not 0.5 <= one <= 5]
        if 20 * len(outside) <= len(numbers):
            return None, []
        scale = likely_scale(min(numbers), max(numbers))
        others = [one for one in numbers if one != -1]
        if min(numbers) == -1 and min(others, default=-1) >= 0 and max(others) > 1:
            low, high = likely_scale(min(others), max(others))
            line = suggestion("ratings.csv", f"scale: [{low:g}, {high:g}]")
            notes = [f"-1 is read as a rating; if it stands for none, say so in {line}"]
    if scale == USUAL:
        return None, []
    return scale, [*notes, f"ratings go from {scale[0]:g} to {scale[1]:g}"]


def likely_scale(lowest: float, highest: float) -> Scale:
    """Return the usual scale that holds these ratings, or just their range."""
    for low, high in SCALES:
        if low <= lowest and highest <= high:
            return float(low), float(high)
    return lowest, highest


def scale_vars(scale: Scale | None) -> dict[str, int | float]:
    """Return the dbt vars of a scale, none for that of 0.5 to 5."""
    if scale is None:
        return {}
    low, high = scale
    # as 4 of 0.5 to 5 is; of thumbs only the upper one
    like = high if high - low <= 2 else round(low + 0.78 * (high - low))
    found = {"rating_min": low, "rating_max": high, "like_threshold": like}
    return {
        name: int(one) if float(one).is_integer() else float(one)
        for name, one in found.items()
    }
