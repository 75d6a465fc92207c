"""Import a folder of your own: check its files, then copy them."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from cinespark.data import landing, store
from cinespark.data.converters import converter_of
from cinespark.data.landing import HEADERS, About, Manifest
from cinespark.errors import CineSparkError

OWN = "own-"


def dataset_name(folder: Path, data_dir: Path) -> str:
    """Return a name for a folder's data set, never that of a known set.

    If another folder of the same name was imported before, a sum of the path is added.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    name = f"{OWN}{slug or 'data'}"
    there = landing.read_manifest(data_dir / name)
    former = f"folder {folder.resolve()}"  # in manifests of earlier versions
    if there is None or there.about.source in (source_of(folder), former):
        return name
    return f"{name}-{path_sum(folder)}"


def source_of(folder: Path) -> str:
    """Return what a manifest says of a folder: its name, and what tells it from others.

    Its path stays here: it may name a person, and manifests are published.
    """
    return f"folder {folder.resolve().name} ({path_sum(folder)})"


def path_sum(folder: Path) -> str:
    """Return the start of a sum of a folder's path."""
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:8]


def import_folder(folder: Path, data_dir: Path) -> Manifest:
    """Copy a folder's files into the landing layout, unless they are there already.

    CSV files are copied byte for byte; an unpacked ml-100k or ml-1m is converted.
    """
    dataset = dataset_name(folder, data_dir)
    there = landing.read_whole(data_dir / dataset)
    convert = converter_of(folder)
    about = About(
        dataset,
        source_of(folder),
        "not known to cinespark: ask whoever gave you the data",
        "",
    )
    if convert is None:
        sums = check_folder(folder)
        if there and there.about == about and sums == _sums(there, set(sums)):
            return there
    return _copy(folder, data_dir, about, convert)


def check_folder(folder: Path) -> dict[str, str]:
    """Check each file of a folder, and return their SHA-256 sums."""
    if not any((folder / file).exists() for file in landing.REQUIRED):
        found = ", ".join(sorted(one.name for one in folder.iterdir())[:8]) or "nothing"
        raise CineSparkError(
            f"{folder} holds no ratings.csv and no movies.csv (found: {found}): give "
            "the files these names, and the headers "
            + " and ".join(repr(HEADERS[file]) for file in landing.REQUIRED)
        )
    present = [
        file for file in HEADERS if file in landing.REQUIRED or (folder / file).exists()
    ]
    return {file: landing.inspect(folder / file).sha256 for file in present}


def _sums(manifest: Manifest, given: set[str]) -> dict[str, str]:
    """Return the sums of the files that were given, and of others that hold rows."""
    return {
        one.file: one.sha256
        for one in manifest.files
        if one.file in given or one.rows > 0
    }


def _copy(
    folder: Path,
    data_dir: Path,
    about: About,
    convert: Callable[[Path, Path], None] | None,
) -> Manifest:
    size = sum(one.stat().st_size for one in folder.iterdir() if one.is_file())
    store.check_space(data_dir, size, f"the copy of {folder}")
    with store.replacing(data_dir, about.dataset) as new:
        if convert is not None:
            convert(folder, new)
        else:
            for file in HEADERS:
                if (folder / file).exists():
                    shutil.copyfile(folder / file, new / file)
        return landing.seal(new, about)
