"""Which of the files that were brought is which: by what was said, or by its name."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cinespark.data.columns_file import Said
from cinespark.data.known import nearest
from cinespark.data.landing import HEADERS
from cinespark.data.meanings import plain, suggestion
from cinespark.data.missing import ENDINGS, STEMS
from cinespark.data.parts import Given
from cinespark.errors import CineSparkError


def which_files(
    given: Sequence[Given],
    known: Mapping[str, Sequence[Given]],
    said: Mapping[str, Said],
    files: Iterable[str] = HEADERS,
) -> dict[str, Given | None]:
    """Return what was brought for each landing file, if anything.

    Parameters
    ----------
    known
        The files of a known layout, by their landing file.
    files
        The landing files that are asked for.

    Raises
    ------
    CineSparkError
        If two files may be the same one, or one that was named is not there.
    """
    return {file: _choose(file, given, known.get(file, ()), said) for file in files}


def left_out(
    file: str,
    chosen: Mapping[str, Given | None],
    given: Sequence[Given],
    said: Mapping[str, Said],
) -> list[str]:
    """Return the files that would be a landing file if a better one were not there."""
    if said[file].file is not None:
        return []
    lesser = [stem for stems in STEMS[file][1:] for stem in stems]
    others = [one for one in given if one not in chosen.values()]
    return [one.shown for one in others if plain(one.stem) in lesser]


def _choose(
    file: str,
    given: Sequence[Given],
    known: Sequence[Given],
    said: Mapping[str, Said],
) -> Given | None:
    """Return what was brought for a landing file, if anything.

    Parameters
    ----------
    known
        The files of a known layout that are for it.
    """
    name = said[file].file
    if name is not None:
        return _said_to_be(file, given, name)
    for stems in STEMS[file]:
        found = [
            one
            for one in given
            if one in known
            or plain(one.stem) in stems
            or ENDINGS.get(ending_of(one)) == file
        ]
        if len(found) > 1:  # what is said to be another file may be meant as both
            others = {one.file for one in said.values()} - {None}
            found = [one for one in found if not _names_of(one) & others] or found
        if len(found) > 1:
            raise _which(file, found)
        if found:
            return found[0]
    return None


def _names_of(given: Given) -> set[str]:
    return {given.name, given.shown}


def _said_to_be(file: str, given: Sequence[Given], name: str) -> Given:
    """Return the file of a name, or of a path in an archive."""
    found = [one for one in given if one.shown == name]
    found = found or [one for one in given if one.parts[0].shown == name]
    found = found or [one for one in given if one.name == name]
    if len(found) > 1:
        raise _which(file, found)
    if not found:
        there = [one.name for one in given]
        close = nearest(name, there) or ", ".join(there) or "no file"
        raise CineSparkError(
            f"columns.yml says that {file} comes from {name!r}, which is not there to "
            f"read (but {close} is): mend the name"
        )
    return found[0]


def _which(file: str, found: Sequence[Given]) -> CineSparkError:
    found = sorted(found, key=lambda one: one.name != file)
    shown = [one.shown for one in found]
    away = "move one away" if len(found) == 2 else "move all but one away"
    way = f"say which in {suggestion(file, f'file: {shown[0]}')}, or {away}"
    if len(set(shown)) < len(shown):
        shown = [
            one.shown
            if one.parts[0].member is None
            else f"{one.shown} of {one.parts[0].path.name}"
            for one in found
        ]
        way = away
    each = "both" if len(found) == 2 else "all"
    return CineSparkError(f"{' and '.join(shown)} may {each} be {file}: {way}")


def ending_of(given: Given) -> str:
    """Return the last ending of a name, but that of gzip."""
    return Path(given.name.lower().removesuffix(".gz")).suffix
