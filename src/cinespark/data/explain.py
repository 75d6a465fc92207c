"""What `cinespark data FOLDER --explain` prints: how each file will be read."""

from collections.abc import Mapping
from pathlib import Path

from cinespark.data.choosing import holds_genome
from cinespark.data.columns_file import Said
from cinespark.data.converting import first_lines, landing_header
from cinespark.data.folder import GENOME_IS_LEFT, how_read
from cinespark.data.headers import WORDS
from cinespark.data.landing import ALL_HEADERS
from cinespark.data.reading import Reading
from cinespark.data.vars import line_of, vars_of
from cinespark.errors import CineSparkError
from cinespark.printable import printable

ROWS = 3


def explain_files(
    brought: Path, options: Said, columns: Path | None, with_genome: bool = False
) -> str:
    """Return how each file will be read, with the first rows of each as they land.

    Raises
    ------
    CineSparkError
        If there is nothing to read, or what it holds is not certain.
    """
    if not brought.exists():
        raise CineSparkError(
            f"there is no folder or file {brought} to explain: name one with your data"
        )
    readings = how_read(brought, options, columns, with_genome)
    files = [explained(readings[file]) for file in ALL_HEADERS if file in readings]
    notes = [GENOME_IS_LEFT] if holds_genome(brought) and not with_genome else []
    return "\n\n".join([*files, *notes, explained_set(readings)])


def explained_set(readings: Mapping[str, Reading]) -> str:
    """Return what holds for all files: the type of ids, and stars or events."""
    ratings, found = readings["ratings.csv"], vars_of(readings)
    line = f"ids: {ratings.ids}, feedback: {ratings.feedback}"
    return f"{line}\n{line_of(found)}" if found else line


def explained(reading: Reading) -> str:
    """Return how one file will be read."""
    rows = [landing_header(reading), *first_lines(reading, ROWS)]
    lines = [f"{reading.file}: {summary_of(reading)}"]
    lines += [f"  columns: {columns_of(reading)}", f"  times: {reading.time}"]
    lines += [f"  {note}" for note in reading.remarks]
    lines += [f"    {row}" for row in rows]
    if "time" not in reading.places:
        lines = [line for line in lines if not line.startswith("  times:")]
    return printable("\n".join(lines))


def summary_of(reading: Reading) -> str:
    """Return where a file comes from and how it is divided, in one line."""
    more = len(reading.parts) - 1
    parts = f" and {more} more part{'s' if more > 1 else ''}" if more else ""
    origin = f"from {reading.where}{parts}"
    if reading.is_as_landed:
        return f"{origin}, as it is"
    if not reading.delimiter:
        return f"{origin}, parquet"
    encoding = reading.encoding.removesuffix("-sig").upper()
    return f"{origin}, {encoding}, {WORDS[reading.delimiter]} between fields"


def columns_of(reading: Reading) -> str:
    """Return which column has which meaning: "user = userId"."""
    names = reading.names
    return ", ".join(
        f"{meaning} = {names[place]}" if place < len(names) else f"{meaning} = 1"
        for meaning, place in sorted(reading.places.items(), key=lambda one: one[1])
    )
