"""Convert ml-100k, ml-1m and the packaged ml-100k to the landing layout."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cinespark.data.landing import HEADERS
from cinespark.errors import CineSparkError

NO_GENRES = "(no genres listed)"

# the order of the flags in u.item, from u.genre
ML_100K_FLAGS = (
    "unknown|Action|Adventure|Animation|Children's|Comedy|Crime|Documentary|Drama|"
    "Fantasy|Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western"
)

# from the README of ml-1m
ML_1M_OCCUPATIONS = dict(
    enumerate(
        (
            "other",
            "academic/educator",
            "artist",
            "clerical/admin",
            "college/grad student",
            "customer service",
            "doctor/health care",
            "executive/managerial",
            "farmer",
            "homemaker",
            "K-12 student",
            "lawyer",
            "programmer",
            "retired",
            "sales/marketing",
            "scientist",
            "self-employed",
            "technician/engineer",
            "tradesman/craftsman",
            "unemployed",
            "writer",
        )
    )
)

Row = list[str]


def convert_ml_100k(source: Path, target: Path) -> None:
    """Convert u.data (tab-separated), u.item and u.user (bar-separated), in Latin-1."""
    _convert(source / "u.data", "latin-1", target / "ratings.csv", _tabbed_rating)
    _convert(source / "u.item", "latin-1", target / "movies.csv", _flagged_movie)
    _convert(source / "u.user", "latin-1", target / "users.csv", _barred_user)


def convert_ml_1m(source: Path, target: Path) -> None:
    """Convert ratings.dat, movies.dat and users.dat, separated by `::`, in Latin-1.

    Ages keep the codes of the set: 1 stands for under 18, 18 for 18 to 24, and so on.
    """
    _convert(source / "ratings.dat", "latin-1", target / "ratings.csv", _coloned_rating)
    _convert(source / "movies.dat", "latin-1", target / "movies.csv", _coloned_movie)
    _convert(source / "users.dat", "latin-1", target / "users.csv", _coloned_user)


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


# the files of each layout, by which it is recognised
ML_100K_FILES = ("u.data", "u.item", "u.user")
ML_1M_FILES = ("ratings.dat", "movies.dat", "users.dat")
PACKED_FILES = ("ml-100k.inter", "ml-100k.item", "ml-100k.user")


def converter_of(folder: Path) -> Callable[[Path, Path], None] | None:
    """Return the converter for a folder with the files of an original archive."""
    for files, convert in (
        (ML_100K_FILES, convert_ml_100k),
        (ML_1M_FILES, convert_ml_1m),
    ):
        if all((folder / file).is_file() for file in files):
            return convert
    return None


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


def _coloned_rating(line: str) -> Row:
    user, movie, rating, timestamp = line.split("::")
    return [user, movie, rating, timestamp]


def _flagged_movie(line: str) -> Row:
    movie, title, _, _, _, *flags = line.split("|")
    pairs = zip(ML_100K_FLAGS.split("|"), flags, strict=True)
    return [
        movie,
        title.strip(),
        _genres([name for name, flag in pairs if flag == "1"]),
    ]


def _coloned_movie(line: str) -> Row:
    movie, rest = line.split("::", 1)
    title, genres = rest.rsplit("::", 1)
    return [movie, title.strip(), _genres(genres.split("|"))]


def _packed_movie(line: str) -> Row:
    """Put the year back behind the title, unless the title never had one.

    Movie 267 is called "unknown" in the original, which the wheel misspells.
    """
    movie, title, year, genres = line.split("\t")
    title = "unknown" if title == "unkonwn" else title.strip()
    dated = f"{title} ({year})" if re.fullmatch(r"\d{4}", year) else title
    return [movie, dated, _genres(genres.split())]


def _barred_user(line: str) -> Row:
    user, age, gender, occupation, postcode = line.split("|")
    return [user, age, gender, occupation, postcode]


def _tabbed_user(line: str) -> Row:
    user, age, gender, occupation, postcode = line.split("\t")
    return [user, age, gender, occupation, postcode]


def _coloned_user(line: str) -> Row:
    user, gender, age, occupation, postcode = line.split("::")
    return [user, age, gender, ML_1M_OCCUPATIONS[int(occupation)], postcode]


def _genres(names: list[str]) -> str:
    return "|".join(name for name in names if name not in ("", "unknown")) or NO_GENRES
