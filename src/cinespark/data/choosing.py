"""How each of the files that were brought is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cinespark.data.columns_file import NAME, Said
from cinespark.data.converting import records_in
from cinespark.data.detecting import detect, of_one_person, with_feedback
from cinespark.data.from_sample import is_in_landing_layout, with_values
from cinespark.data.ids import id_type_of
from cinespark.data.landing import GENOME
from cinespark.data.layouts import (
    known_files,
    known_readings,
    with_joined_blocks,
    with_links,
)
from cinespark.data.meanings import PAIRS, places, plain
from cinespark.data.missing import ENDINGS, STEMS, require_files, require_genome
from cinespark.data.parquet import parquet_names, parquet_records
from cinespark.data.parts import (
    Given,
    is_spark_folder,
    list_given,
    opened,
    require_different,
)
from cinespark.data.reading import SAMPLE_RECORDS, Reading
from cinespark.data.which import ending_of, left_out, which_files
from cinespark.errors import CineSparkError


def readings_of(brought: Path, said: Mapping[str, Said]) -> dict[str, Reading]:
    """Return how each landing file is read from a folder, an archive or a file.

    Raises
    ------
    CineSparkError
        If a file is missing that is needed, or what one holds is not certain.
    """
    given = with_joined_blocks(list_given(brought))
    known = known_files(given)
    chosen = which_files(given, known, said)
    is_single = len(given) == 1 and (not brought.is_dir() or is_spark_folder(brought))
    if is_single and not any(chosen.values()):
        chosen["ratings.csv"] = given[0]
    require_files(chosen, given, brought, is_single)
    of_layout = {
        file: one for file, one in chosen.items() if one and one in known.get(file, ())
    }
    readings = known_readings(of_layout, said)
    for file, one in chosen.items():
        if one is not None and file not in of_layout:
            readings[file] = reading_of(file, one, said[file])
    if is_single:
        ratings = readings["ratings.csv"]
        titled = _movies_of(ratings, said["movies.csv"])
        readings["movies.csv"] = titled
        also_read = tuple(titled.places.values())
        readings["ratings.csv"] = replace(ratings, also_read=also_read)
    readings = _with_notes(readings, chosen, given, said)
    movies = chosen["movies.csv"]
    if movies is None or plain(movies.stem) != "moviesmetadata":
        return settled(readings, readings, said)
    if "links.csv" not in readings:
        raise CineSparkError(
            f"{movies.parts[0]} has the ids of TMDB, and links.csv, which says what "
            "they are in the ratings, is missing: put it beside"
        )
    with_own_ids = [file for file in readings if file != "movies.csv"]
    readings = settled(readings, with_own_ids, said)
    titled = with_links(readings["movies.csv"], readings["links.csv"])
    return {**readings, "movies.csv": titled}


def _with_notes(
    readings: Mapping[str, Reading],
    chosen: Mapping[str, Given | None],
    given: Sequence[Given],
    said: Mapping[str, Said],
) -> dict[str, Reading]:
    """Return readings that note which files were left out."""
    found = dict(readings)
    for file, one in readings.items():
        names = left_out(file, chosen, given, said)
        if names:
            note = f"left out: {' and '.join(names)}"
            found[file] = replace(one, notes=(note, *one.notes))
    return found


def settled(
    readings: Mapping[str, Reading], judged: Iterable[str], said: Mapping[str, Said]
) -> dict[str, Reading]:
    """Return readings that know the type of all ids, and whether files can be copied.

    Parameters
    ----------
    judged
        The files by whose ids the type is found out.

    Raises
    ------
    CineSparkError
        If ids are not of the type that was said.
    """
    ids = id_type_of([readings[file] for file in judged], said["ratings.csv"].ids)
    return {file: _with_ids(one, ids) for file, one in readings.items()}


def _with_ids(reading: Reading, ids: str) -> Reading:
    prepare = reading.prepare_texts if ids == "string" else reading.prepare
    reading = replace(reading, ids=ids, prepare=prepare or reading.prepare)
    return replace(reading, is_as_landed=is_in_landing_layout(reading))


def genome_readings_of(
    brought: Path, said: Mapping[str, Said], ids: str
) -> dict[str, Reading]:
    """Return how the two files of the genome are read.

    Parameters
    ----------
    ids
        The type of the ids in the other files: whether the genome is asked for or not,
        these are read the same way.

    Raises
    ------
    CineSparkError
        If one of both is missing, or what it holds is not certain.
    """
    given = list_given(brought)
    chosen = which_files(given, {}, said, GENOME)
    found = require_genome(chosen, brought)
    readings = {file: reading_of(file, one, said[file]) for file, one in found.items()}
    return {file: _with_ids(one, ids) for file, one in readings.items()}


def holds_genome(brought: Path) -> bool:
    """Return whether both files of the genome are there, by their names."""
    stems = {plain(one.stem) for one in list_given(brought)}
    return all(stems & set(STEMS[file][0]) for file in GENOME)


def reading_of(file: str, given: Given, said: Said) -> Reading:
    """Return how a file is read, by its first records and what was said of it.

    Raises
    ------
    CineSparkError
        If it is empty, in an unexpected encoding, or what it holds is not certain.
    """
    first = given.parts[0]
    others = [one for one in given.parts if one.is_parquet != first.is_parquet]
    if others:
        raise CineSparkError(
            f"{first} and {others[0]} are parts of one file, and only one of them is "
            "parquet: leave out what was written at another time"
        )
    require_different(given.parts)
    if not first.is_parquet:
        ending = ending_of(given)
        own = replace(said, quotes=said.quotes or "none") if ending in ENDINGS else said
        reading = detect(file, given.parts, own)
    else:
        names = parquet_names(first)
        found = places(names, file, str(first), said.columns)
        rows = list(islice(parquet_records(given.parts[:1]), SAMPLE_RECORDS))
        feedback, found = with_feedback(found, names, rows, file, str(first), said)
        reading = Reading(
            file,
            given.parts,
            encoding="",
            delimiter="",
            names=names,
            places=found,
            feedback=feedback,
        )
        reading = with_values(of_one_person(reading), rows, said)
    if file == PAIRS and said.ids == "string":
        return replace(reading, ids=said.ids, prepare=reading.prepare_texts)
    return reading


def _movies_of(ratings: Reading, said: Said) -> Reading:
    """Return the reading of movies from the file of ratings: each one's first line.

    Without a title there a movie is called by its id.
    """
    names = ratings.names
    item = ratings.places["item"]
    columns = {**said.columns, "item": names[item]}
    found = {**places(names, "movies.csv", ratings.where, columns), "item": item}
    movies = replace(
        ratings, file="movies.csv", places=found, is_distinct=True, notes=()
    )
    rows = list(islice(records_in(movies), SAMPLE_RECORDS))
    movies = with_values(movies, rows, said)
    titles = () if "title" in found else ("no titles: each item is called by its id",)
    return replace(movies, notes=(*titles, *movies.notes))


def columns_file_in(brought: Path) -> Path | None:
    """Return columns.yml, or columns.yaml, beside what was brought, if it is there.

    Raises
    ------
    CineSparkError
        If both are.
    """
    folder = brought if brought.is_dir() else brought.parent
    names = (NAME, f"{Path(NAME).stem}.yaml")
    found = [folder / name for name in names if (folder / name).is_file()]
    if len(found) > 1:
        raise CineSparkError(
            f"{' and '.join(map(str, found))} may both say what the columns mean: move "
            "one away, or name one with --columns"
        )
    return found[0] if found else None


def holds_odd_quotes(reading: Reading) -> bool:
    """Return whether a quote somewhere has a backslash, or a space, before it."""
    tail = b""
    with opened(reading.parts[0]) as stream:
        while block := stream.read(1 << 20):
            if b'"' not in block and b'"' not in tail:
                tail = block[-3:]
                continue
            window = tail + block
            if b'\\"' in window or window.count(b', "') > window.count(b', ""'):
                return True
            tail = block[-3:]
    return False
