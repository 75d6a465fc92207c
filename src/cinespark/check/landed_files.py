"""Whether files are as they landed, and segments as listed: figures of the checks."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cinespark.files import sha256_of


def with_damaged_files(profile: DataFrame, manifest: DataFrame) -> DataFrame:
    """Return the profile of the ratings with counts of damaged files.

    They are `damaged_file_count`, of landing files, and `damaged_segment_count`, of
    segments of ratings that people sent: null where there are none, where they are gone
    with their folder, as after another `cinespark data`, or not on this machine.

    Parameters
    ----------
    manifest
        The table `stg_movielens__manifest`.
    """
    columns = ("landed_at_path", "source_file", "sha256", "is_segment")
    landed = manifest.select(*columns).collect()
    for name, is_segment in (
        ("damaged_file_count", False),
        ("damaged_segment_count", True),
    ):
        damaged = damaged_among([row for row in landed if row.is_segment == is_segment])
        profile = profile.withColumn(name, F.lit(damaged).cast("int"))
    return profile


def damaged_among(files: Sequence[Row]) -> int | None:
    """Return how many files of a folder are not what they were, None if it is gone."""
    if not files or urlparse(files[0].landed_at_path).scheme != "file":
        return None
    folder = Path(unquote(urlparse(files[0].landed_at_path).path)).parent
    if not folder.is_dir():
        return None
    return sum(is_damaged(folder / one.source_file, one.sha256) for one in files)


def is_damaged(file: Path, sha256: str) -> bool:
    return not file.is_file() or sha256_of(file) != sha256
