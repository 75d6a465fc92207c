"""Layouts that are known by the names of their files or columns."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cinespark.data.columns_file import Said
from cinespark.data.converting import records_in
from cinespark.data.encodings import encoding_of, head_of, is_utf8
from cinespark.data.feedback import feedback_of
from cinespark.data.from_sample import with_values
from cinespark.data.ids import id_reader
from cinespark.data.native_codes import ML_1M_OCCUPATIONS, ML_100K_FLAGS
from cinespark.data.parts import Given, Part, require_different
from cinespark.data.reading import Reading, first_records, head_lines
from cinespark.data.records import Record
from cinespark.data.values import NO_GENRES, whole
from cinespark.errors import CineSparkError


class Layout(NamedTuple):
    """How a file without a header is read: its delimiter, and its columns in order."""

    delimiter: str
    names: str
    genres: str = "|"


LAYOUTS = {
    "u.data": Layout("\t", "user item rating time"),
    "u.item": Layout("|", "item title released video url " + "flag " * 19),
    "u.user": Layout("|", "user age gender occupation zip"),
    "ratings.dat": Layout("::", "user item rating time"),
    "movies.dat": Layout("::", "item title genres"),
    "tags.dat": Layout("::", "user item tag time"),
    "users.dat": Layout("::", "user gender age occupation zip"),
}
TARGETS = {
    "u.data": "ratings.csv",
    "u.item": "movies.csv",
    "u.user": "users.csv",
    "ratings.dat": "ratings.csv",
    "movies.dat": "movies.csv",
    "tags.dat": "tags.csv",
    "users.dat": "users.csv",
}
# the files by which a layout is recognised
NATIVE = (("u.data", "u.item"), ("ratings.dat", "movies.dat"))


def with_joined_blocks(given: Sequence[Given]) -> list[Given]:
    """Return what was brought, the Netflix Prize's files of ratings as one.

    Raises
    ------
    CineSparkError
        If some of them have the same ratings.
    """
    blocks = [one for one in given if NETFLIX.fullmatch(one.name.lower())]
    if not blocks or not any(map(_is_netflix_titles, given)):
        return list(given)
    if len({one.name[:1].lower() for one in blocks}) > 1:
        raise CineSparkError(
            f"{blocks[0].shown} and {blocks[-1].shown} may both hold all ratings of "
            "the Netflix Prize: move one kind away"
        )
    parts = tuple(part for one in blocks for part in one.parts)
    require_different(parts)
    others = [one for one in given if one not in blocks]
    return [Given(blocks[0].name, parts), *others]


def known_files(given: Sequence[Given]) -> dict[str, list[Given]]:
    """Return the files of a known layout by their landing file, none if it is another.

    More than one of a landing file have the same name.
    """
    by_name: dict[str, list[Given]] = {}
    for one in given:
        by_name.setdefault(one.name.lower(), []).append(one)
    for needed in NATIVE:
        if set(needed) <= set(by_name) and _is_native(by_name[needed[0]][0]):
            is_100k = needed[0].startswith("u.")
            names = [one for one in LAYOUTS if one.startswith("u.") == is_100k]
            return {TARGETS[name]: by_name[name] for name in names if name in by_name}
    netflix = [one for one in given if NETFLIX.fullmatch(one.name.lower())]
    titles = [one for one in given if _is_netflix_titles(one)]
    return {"ratings.csv": netflix, "movies.csv": titles} if netflix and titles else {}


def known_readings(
    chosen: Mapping[str, Given], said: Mapping[str, Said]
) -> dict[str, Reading]:
    """Return the readings of files of a known layout, one of each landing file.

    Those of MovieTweetings's users have nothing to read.
    """
    found = {file: _known(file, one, said[file]) for file, one in chosen.items()}
    return {file: reading for file, reading in found.items() if reading is not None}


def _known(file: str, given: Given, said: Said) -> Reading | None:
    """Return the reading of one file of a known layout."""
    name, parts = given.name.lower(), given.parts
    if NETFLIX.fullmatch(name):
        return _netflix(parts, said)
    if _is_netflix_titles(given):
        titles = _headless(file, parts, Layout(",", "item year title"), said)
        return replace(titles, absorbs=2)
    layout = LAYOUTS[name]
    if name == "users.dat" and _field_count(parts[0], layout.delimiter) != 5:
        return None  # of MovieTweetings: a user's number at Twitter, and no more
    reading = _headless(file, parts, layout, said)
    if name == "u.item":
        places = {"item": 0, "title": 1, "genres": 2}
        return replace(reading, prepare=_with_flags, places=places)
    return (
        replace(reading, prepare=_with_occupation) if name == "users.dat" else reading
    )


def _is_netflix_titles(given: Given) -> bool:
    return given.name.lower().startswith("movie_titles.")


def _is_native(given: Given) -> bool:
    """Return whether a file begins with a number, not with a header."""
    return head_of(given.parts[0]).removeprefix(codecs.BOM_UTF8)[:1].isdigit()


def _field_count(part: Part, delimiter: str) -> int:
    return len(head_of(part).split(b"\n", 1)[0].split(delimiter.encode()))


def _headless(
    file: str, parts: tuple[Part, ...], layout: Layout, said: Said
) -> Reading:
    """Return the reading of a file without a header or quotes."""
    names = tuple(layout.names.split())
    head = head_of(parts[0])
    if said.encoding:
        encoding = encoding_of(head, said.encoding, str(parts[0]))
    else:
        encoding = "utf-8-sig" if is_utf8(parts[0]) else "latin-1"
    text = next((one for one in ("title", "tag") if one in names), None)
    feedback, found = "explicit", {one: names.index(one) for one in names}
    if file == "ratings.csv":
        feedback, found = feedback_of(found, names, (), str(parts[0]), said)
    reading = Reading(
        file=file,
        parts=parts,
        encoding=encoding,
        delimiter=layout.delimiter,
        names=names,
        places={one: place for one, place in found.items() if one != "flag"},
        has_header=False,
        quotes="none",
        genres=layout.genres,
        absorbs=names.index(text) if text and layout.delimiter == "::" else None,
        feedback=feedback,
    )
    lines = head_lines(head, encoding)
    sample = first_records(lines, layout.delimiter, "none", len(names))
    return with_values(reading, sample, said)


def _with_flags(fields: list[str]) -> list[str]:
    """Return a movie of u.item, the names of its flags as genres."""
    pairs = zip(ML_100K_FLAGS, fields[5:], strict=True)
    names = [name for name, flag in pairs if flag == "1" and name != "unknown"]
    return [fields[0], fields[1], "|".join(names) or NO_GENRES]


def _with_occupation(fields: list[str]) -> list[str]:
    """Return a user of ml-1m, the occupation by its name.

    Raises
    ------
    ValueError
        If there is no occupation of that number.
    """
    if fields[3] not in ML_1M_OCCUPATIONS:
        raise ValueError(f"occupation {fields[3]!r} is none of ml-1m")
    return [*fields[:3], ML_1M_OCCUPATIONS[fields[3]], *fields[4:]]


NETFLIX = re.compile(r"combined_data_\d\.txt(\.gz)?|mv_\d+\.txt")
BLOCK = re.compile(r"(\d+):")


def _netflix(parts: tuple[Part, ...], said: Said) -> Reading:
    """Return the reading of the Netflix Prize's ratings, each below its movie."""
    names = ("user", "rating", "time", "item")
    found = {one: place for place, one in enumerate(names)}
    feedback, found = feedback_of(found, names, (), str(parts[0]), said)
    ratings = Reading(
        file="ratings.csv",
        parts=parts,
        encoding="utf-8-sig",
        delimiter=",",
        names=names,
        places=found,
        has_header=False,
        quotes="none",
        records=block_records,
        feedback=feedback,
    )
    sample = list(block_records(head_lines(head_of(parts[0]), "utf-8-sig")))
    return with_values(ratings, sample, said)


def block_records(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the ratings below lines such as `17:`, with that movie as a last field."""
    movie = ""
    for number, line in enumerate(lines, start=1):
        if heading := BLOCK.fullmatch(line.strip()):
            movie = heading[1]
        elif line.strip():
            yield Record(number, line, [*line.split(","), movie])


def with_links(movies: Reading, links: Reading) -> Reading:
    """Return the reading of movies_metadata.csv, its ids those of the ratings.

    Kaggle's The Movies Dataset has TMDB's ids there and MovieLens's in the ratings;
    links.csv has both.

    Raises
    ------
    CineSparkError
        If it has not.
    """
    if "tmdb" not in links.places:
        raise CineSparkError(
            f"{links.where} has no column of TMDB's ids, which {movies.where} has: add "
            "one that is called tmdbId"
        )
    numbers = dict(_linked(links))
    place = movies.places["item"]

    def prepare(fields: list[str]) -> list[str]:
        tmdb = whole(fields[place])
        if tmdb not in numbers:
            raise ValueError(f"no movieId for {movies.names[place]} {tmdb!r} in links")
        return [*fields[:place], numbers[tmdb], *fields[place + 1 :]]

    return replace(movies, prepare=prepare)


def _linked(links: Reading) -> Iterator[tuple[str, str]]:
    own = id_reader(links.ids, "movieId")
    for record in records_in(links):
        if record.fields is not None and len(record.fields) == len(links.names):
            tmdb = whole(record.fields[links.places["tmdb"]])
            yield tmdb, own(record.fields[links.places["item"]])
