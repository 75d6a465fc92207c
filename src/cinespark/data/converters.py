"""Convert ml-100k as a package of the index holds it to the landing layout."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cinespark.data.landing import HEADERS
from cinespark.errors import CineSparkError

NO_GENRES = "(no genres listed)"

PACKED_FILES = ("ml-100k.inter", "ml-100k.item", "ml-100k.user")

Row = list[str]


def convert_packed_ml_100k(source: Path, target: Path) -> None:
    """Convert ml-100k.inter, .item and .user: tab-separated, UTF-8, typed header."""
    _convert(
        source / "ml-100k.inter",
        "utf-8",
        target / "ratings.csv",
        _tabbed_rating,
        skip=1,
    )
    _convert(
        source / "ml-100k.item", "utf-8", target / "movies.csv", _packed_movie, skip=1
    )
    _convert(
        source / "ml-100k.user", "utf-8", target / "users.csv", _tabbed_user, skip=1
    )


def _convert(
    source: Path,
    encoding: str,
    target: Path,
    parse: Callable[[str], Row],
    skip: int = 0,
) -> None:
    """Write the parsed lines of a file as CSV."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[target.name].split(","))
        writer.writerows(_parsed(source, encoding, parse, skip))


def _parsed(
    source: Path, encoding: str, parse: Callable[[str], Row], skip: int
) -> Iterable[Row]:
    for number, line in enumerate(_lines(source, encoding), start=1):
        if number <= skip or not line:
            continue
        try:
            yield parse(line)
        except (ValueError, KeyError, IndexError) as error:
            raise CineSparkError(
                f"{source} line {number} cannot be read: {line[:100]!r}"
            ) from error


def _lines(source: Path, encoding: str) -> Iterator[str]:
    with source.open(encoding=encoding) as file:
        for line in file:
            yield line.rstrip("\n")


def _tabbed_rating(line: str) -> Row:
    user, movie, rating, timestamp = line.split("\t")
    return [user, movie, rating, timestamp]


def _packed_movie(line: str) -> Row:
    """Put the year back behind the title, unless the title never had one.

    Movie 267 is called "unknown" in the original, which the wheel misspells.
    """
    movie, title, year, genres = line.split("\t")
    title = "unknown" if title == "unkonwn" else title.strip()
    dated = f"{title} ({year})" if re.fullmatch(r"\d{4}", year) else title
    return [movie, dated, _genres(genres.split())]


def _tabbed_user(line: str) -> Row:
    user, age, gender, occupation, postcode = line.split("\t")
    return [user, age, gender, occupation, postcode]


def _genres(names: list[str]) -> str:
    return "|".join(name for name in names if name not in ("", "unknown")) or NO_GENRES
