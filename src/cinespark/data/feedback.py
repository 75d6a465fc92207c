"""Whether people left ratings or events: what the columns say, and what was said."""

from collections.abc import Iterator, Mapping, Sequence

from cinespark.data.columns_file import Said
from cinespark.data.meanings import KNOWN, plain, suggestion
from cinespark.data.records import Record
from cinespark.data.sample_checks import NUMBER
from cinespark.data.values import MISSING
from cinespark.errors import CineSparkError

# numbers of other columns are not taken for ratings: these are the words in their names
NO_RATINGS = ("price", "amount", "cost", "discount", "revenue", "index", "unnamed")
RATINGS_GO_TO = 100


def feedback_of(
    found: Mapping[str, int],
    names: Sequence[str],
    sample: Sequence[Record],
    where: str,
    said: Said,
) -> tuple[str, dict[str, int]]:
    """Return explicit or implicit, and the places of the columns that this needs.

    Parameters
    ----------
    found
        The places of each meaning's column in a file of ratings or events.
    sample
        Its first records.

    Raises
    ------
    CineSparkError
        If there is no rating by name, but a column of numbers that may be ratings.
    """
    without = {one: place for one, place in found.items() if one != "event"}
    is_of_ratings = said.feedback == "explicit" or said.scale is not None
    if is_of_ratings or not {"user", "item"} <= set(found):
        return "explicit", without
    is_named = "event" in said.columns and "rating" not in said.columns
    is_said = said.feedback == "implicit" or is_named
    if "rating" in found and not is_said:
        return "explicit", without
    if not is_said and not said.order:
        _require_no_ratings(found, names, sample, where)
    events = {one: place for one, place in found.items() if one != "rating"}
    if "event" not in found and "rating" in found:
        events["event"] = found["rating"]
    return "implicit", events


def _require_no_ratings(
    found: Mapping[str, int],
    names: Sequence[str],
    sample: Sequence[Record],
    where: str,
) -> None:
    """Raise if a column of an unknown name holds numbers as ratings are."""
    likely = list(_like_ratings(found, names, sample))
    if not likely:
        return
    line = f"columns: {{rating: {likely[0]}}}"
    plural = len(likely) > 1
    raise CineSparkError(
        f"{where} has no column of the rating by its name, but {' and '.join(likely)} "
        f"{'have' if plural else 'has'} numbers as ratings are: if "
        f"{'one' if plural else 'it'} is the rating, name it in "
        f"{suggestion('ratings.csv', line)}; if there are events and no ratings, write "
        "`feedback: implicit` there, or --feedback implicit"
    )


def _like_ratings(
    found: Mapping[str, int], names: Sequence[str], sample: Sequence[Record]
) -> Iterator[str]:
    rows = [
        one.fields for one in sample if one.fields and len(one.fields) == len(names)
    ]
    for place, name in enumerate(names):
        short = plain(name)
        # a label is a tag elsewhere, and here perhaps a thumb
        is_other = KNOWN.get(short, "tag") != "tag" or short.endswith("id")
        if is_other or place in found.values():
            continue
        if not short or any(word in short for word in NO_RATINGS):
            continue
        values = [row[place].strip().replace(",", ".") for row in rows]
        values = [one for one in values if one not in MISSING]
        numbers = [float(one) for one in values if NUMBER.fullmatch(one)]
        fitting = [one for one in numbers if abs(one) <= RATINGS_GO_TO]
        if 2 * len(fitting) > len(values):
            yield name
