"""Import files of your own: see how each is read, then copy or convert them."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from cinespark.data import landing, store
from cinespark.data.choosing import (
    columns_file_in,
    genome_readings_of,
    holds_genome,
    holds_odd_quotes,
    readings_of,
)
from cinespark.data.columns_file import Said, read_columns_file
from cinespark.data.converting import convert
from cinespark.data.landing import ALL_HEADERS, About, Manifest
from cinespark.data.parts import opened, size_of
from cinespark.data.reading import Reading
from cinespark.data.vars import vars_of
from cinespark.printable import printable

OWN = "own-"
TEXTS = {"string", "implicit"}  # of Reading.ids and .feedback: columns hold texts
NUMBERS = ("ratings.csv", "genome-scores.csv")
GENOME_IS_LEFT = "the genome scores are left where they are: --genome lands them, too"
PACKED_ENDINGS = re.compile(
    r"(\.(csv|tsv|txt|dat|inter|parquet|gz|zip))+$", re.IGNORECASE
)


def dataset_name(brought: Path, data_dir: Path) -> str:
    """Return a name for what was brought, never that of a known set.

    If another folder of the same name was imported before, a sum of the path is added.
    """
    name = brought.resolve().name
    if not brought.is_dir():
        name = PACKED_ENDINGS.sub("", name)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    name = f"{OWN}{slug or 'data'}"
    there = landing.read_manifest(data_dir / name)
    former = f"folder {brought.resolve()}"  # in manifests of earlier versions
    if there is None or there.about.source in (source_of(brought), former):
        return name
    return f"{name}-{path_sum(brought)}"


def source_of(brought: Path) -> str:
    """Return what a manifest says of a folder: its name, and what tells it from others.

    Its path stays here: it may name a person, and manifests are published.
    """
    kind = "folder" if brought.is_dir() else "file"
    return f"{kind} {brought.resolve().name} ({path_sum(brought)})"


def path_sum(brought: Path) -> str:
    """Return the start of a sum of a folder's path."""
    return hashlib.sha256(os.fsencode(brought.resolve())).hexdigest()[:8]


def how_read(
    brought: Path,
    options: Said | None = None,
    columns: Path | None = None,
    with_genome: bool = False,
) -> dict[str, Reading]:
    """Return how the files of a folder, an archive or a file are read.

    Parameters
    ----------
    options
        What the command says of all files.
    columns
        A columns.yml; if there is none, the one beside the files.
    with_genome
        Whether the genome is read, too.

    Raises
    ------
    CineSparkError
        If a file is missing that is needed, or what one holds is not certain.
    """
    said = read_columns_file(columns or columns_file_in(brought), options or Said())
    readings = readings_of(brought, said)
    if with_genome:
        readings |= genome_readings_of(brought, said, readings["ratings.csv"].ids)
    for file, one in readings.items():
        # of these all columns may be numbers, and the first lines say enough
        is_numbers = file in NUMBERS and not {one.ids, one.feedback} & TEXTS
        if one.is_as_landed and not is_numbers and holds_odd_quotes(one):
            readings[file] = replace(one, is_as_landed=False)
    return readings


def import_files(
    brought: Path,
    data_dir: Path,
    say: Callable[[str], None],
    options: Said | None = None,
    columns: Path | None = None,
    with_genome: bool = False,
) -> Manifest:
    """Land the files of a folder, an archive or a file, unless they are there already.

    Files in the landing layout are copied byte for byte, others converted.
    """
    about = About(
        dataset_name(brought, data_dir),
        source_of(brought),
        "not known to cinespark: ask whoever gave you the data",
        "",
    )
    readings = how_read(brought, options, columns, with_genome)
    size = sum(size_of(part) for one in readings.values() for part in one.parts)
    store.check_space(data_dir, size, f"the copy of {brought}")
    with store.replacing(data_dir, about.dataset) as new:
        land(readings, new)
        origins = {file: one.where for file, one in readings.items()}
        manifest = landing.seal(new, about, origins, vars_of(readings))
    notes = notes_of(readings)
    if holds_genome(brought) and not with_genome:
        notes.append(GENOME_IS_LEFT)
    for note in notes:
        say(note)
    return manifest


def land(readings: Mapping[str, Reading], folder: Path) -> None:
    """Write landing files into a folder, each as its reading says."""
    for file, reading in readings.items():
        target, part = folder / file, reading.parts[0]
        if not reading.is_as_landed or len(reading.parts) > 1:
            convert(reading, target)
        elif part.is_plain:
            shutil.copyfile(part.path, target)
        else:
            with opened(part) as stream, target.open("wb") as copy:
                shutil.copyfileobj(stream, copy)


def notes_of(readings: Mapping[str, Reading]) -> list[str]:
    """Return what to say once of the files that are not read as they are."""
    said = []
    for file in ALL_HEADERS:
        reading = readings.get(file)
        if reading is not None and reading.remarks:
            said.append(printable(f"{file}: {'; '.join(reading.remarks)}"))
    return said
