"""What a version's users have rated: slices of its arrays, without reading the rest."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinespark.versions.open_files import version_file

FILE = "histories.npz"
History = dict[int, tuple[float, int]]


def history_of(exports: Path, version: str, user_key: int) -> History:
    """Return what a user has rated: by the movie's key, the rating and its time.

    The time is in seconds since 1970. Empty for a user without ratings.

    Raises
    ------
    CineSparkError
        If the version is damaged.
    """
    with version_file(exports, version, FILE) as path, zipfile.ZipFile(path) as archive:
        users = part_of(archive, "user_ids")
        place = int(np.searchsorted(users, user_key))
        if place == len(users) or users[place] != user_key:
            return {}
        start, end = part_of(archive, "starts", place, place + 2)
        movies, ratings, times = (
            part_of(archive, name, int(start), int(end)).tolist()
            for name in ("movie_ids", "ratings", "rated_at")
        )
    return dict(zip(movies, zip(ratings, times, strict=True), strict=True))


def part_of(
    archive: zipfile.ZipFile, name: str, start: int = 0, end: int | None = None
) -> NDArray[Any]:
    """Return some elements of an array (n,) of an .npz file, reading no others.

    Raises
    ------
    ValueError
        If the file does not hold such an array.
    """
    with archive.open(f"{name}.npy") as stream:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError(f"{name} is written in another way")
        shape, _, kind = np.lib.format.read_array_header_1_0(stream)
        stop = shape[0] if end is None else min(end, shape[0])
        stream.seek(start * kind.itemsize, 1)
        return np.frombuffer(stream.read((stop - start) * kind.itemsize), kind)
