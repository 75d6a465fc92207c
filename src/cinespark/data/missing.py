"""What to say where files are missing: what was found instead, and the way out."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cinespark.data.foreign import way_out_of
from cinespark.data.landing import GENOME, HEADERS, REQUIRED
from cinespark.data.meanings import plain, suggestion
from cinespark.data.parts import READABLE, Given, is_part_name
from cinespark.errors import CineSparkError

# the names, without case, punctuation and ending, by which files are known: two of one
# place are asked about; those of a later place, a part of Kaggle's ratings or what says
# less, are taken where nothing before them is there, and else left out
STEMS = {
    "ratings.csv": (
        (
            *("ratings", "rating", "interactions", "reviews"),
            *("bxbookratings", "bookratings"),
        ),
        ("ratingssmall",),
        (
            *("events", "clicks", "purchases", "transactions", "transactionstrain"),
            *("plays", "listens", "views", "userbehavior", "userartists"),
        ),
    ),
    "movies.csv": (
        (
            *("movies", "movie", "moviesmetadata", "items", "item", "films"),
            *("products", "books", "bxbooks", "catalog"),
        ),
        ("articles", "artists", "tracks", "songs", "games"),
    ),
    "tags.csv": (("tags",),),
    "links.csv": (("links",), ("linkssmall",)),
    "users.csv": (("users", "user", "bxusers"),),
    "genome-scores.csv": (("genomescores",),),
    "genome-tags.csv": (("genometags",),),
}
# of RecBole's atomic files
ENDINGS = {".inter": "ratings.csv", ".item": "movies.csv", ".user": "users.csv"}


def require_files(
    chosen: Mapping[str, Given | None],
    given: Sequence[Given],
    brought: Path,
    is_single: bool,
) -> None:
    """Raise if files without which nothing can be built are missing."""
    lacking = [
        file
        for file in REQUIRED
        if chosen[file] is None and not (is_single and file == "movies.csv")
    ]
    if not lacking:
        return
    names = names_in(brought)
    for file in lacking:
        for name in names:
            way = "" if READABLE.search(name) else way_out_of(name)
            is_meant = len(names) == 1 or _is_of(name, file)
            if way and is_meant:
                shown = brought / name if brought.is_dir() else name
                raise CineSparkError(f"{shown} is of a kind that is not read: {way}")
    if not any(chosen[file] for file in REQUIRED):
        raise _nothing(given, brought, names)
    raise _missing(lacking[0], chosen, given, brought)


def require_genome(
    chosen: Mapping[str, Given | None], brought: Path
) -> dict[str, Given]:
    """Return the files of the genome, or raise where one is missing."""
    found = {file: one for file, one in chosen.items() if one is not None}
    lacking = [file for file in GENOME if file not in found]
    if not found:
        raise CineSparkError(
            f"{brought} holds no {' and no '.join(lacking)}, which --genome asks for: "
            "put both there, or leave out --genome"
        )
    if lacking:
        (there,) = (one.parts[0].shown for one in found.values())
        raise CineSparkError(
            f"{brought} holds {there} but no {lacking[0]}, and one says nothing "
            "without the other: put both there, or leave out --genome"
        )
    return found


def names_in(brought: Path) -> list[str]:
    """Return the names of all that was brought, read or not."""
    if brought.is_dir():
        return sorted(one.name for one in brought.iterdir())
    if brought.suffix.lower() == ".zip":
        with zipfile.ZipFile(brought) as archive:
            return [
                name for name in sorted(archive.namelist()) if not name.endswith("/")
            ]
    return [str(brought)]


def _is_of(name: str, file: str) -> bool:
    """Return whether a name says that a file is that of the landing layout."""
    stem = plain(Path(name).name.partition(".")[0])
    return any(stem in stems for stems in STEMS[file])


def _nothing(given: Sequence[Given], brought: Path, names: list[str]) -> CineSparkError:
    within = _folder_with_data(brought)
    if within is not None:
        return CineSparkError(
            f"{brought} itself holds no ratings.csv and no movies.csv, but the folder "
            f"in it does: cinespark data {within}"
        )
    if any(name.lower().endswith(".zip") for name in names) and not brought.is_dir():
        return CineSparkError(
            f"{brought} holds archives in an archive ({', '.join(names[:3])}): unpack "
            "it first"
        )
    found = [one.name for one in given] or names
    return CineSparkError(
        f"{brought} holds no ratings.csv and no movies.csv (found: "
        f"{', '.join(found[:8]) or 'nothing'}): give the files these names, and "
        f"headers such as {' and '.join(repr(HEADERS[one]) for one in REQUIRED)}, "
        f"or name them in {suggestion('ratings.csv', 'file: NAME')}"
    )


def _folder_with_data(brought: Path) -> Path | None:
    """Return the folder in a folder, or in one of that, which has ratings."""
    if not brought.is_dir():
        return None
    found = (
        one.parent
        for depth in ("*/*", "*/*/*")
        for one in sorted(brought.glob(depth))
        if READABLE.search(one.name)
        and (_is_of(one.name, "ratings.csv") or one.name == "u.data")
    )
    return next(found, None)


def _missing(
    file: str,
    chosen: Mapping[str, Given | None],
    given: Sequence[Given],
    brought: Path,
) -> CineSparkError:
    where = brought / file if brought.is_dir() else f"{brought}: {file}"
    for one in brought.iterdir() if brought.is_dir() else ():
        if one.is_dir() and _is_of(one.name, file):
            return CineSparkError(
                f"{one} is a folder without part files such as part-00000.csv: write "
                f"it again, or put one file {file} there"
            )
    way = ""
    others = [one.name for one in given if one not in chosen.values()]
    if others:
        line = suggestion(file, f"file: {others[0]}")
        way = f"; found {', '.join(others[:8])}: if one is {file}, say so in {line}"
    alone = chosen["ratings.csv"]
    if alone is not None:
        path = alone.parts[0].path
        path = path.parent if is_part_name(path.name) else path
        if path != brought:
            way += f"; ratings alone are read by `cinespark data {path}`"
    return CineSparkError(
        f"{where} is missing: a data set needs {' and '.join(REQUIRED)}{way}"
    )
