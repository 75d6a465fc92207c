"""Whether the landing files are as they landed: a figure that the checks judge."""

from pathlib import Path
from urllib.parse import unquote, urlparse

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.files import sha256_of


def with_damaged_files(profile: DataFrame, manifest: DataFrame) -> DataFrame:
    """Return the profile of the ratings with the column `damaged_file_count`.

    It is null where the files are gone, as after another `cinespark data`, or not on
    this machine.

    Parameters
    ----------
    manifest
        The table `stg_movielens__manifest`.
    """
    landed = manifest.select("landed_at_path", "source_file", "sha256").collect()
    damaged = None
    if landed and urlparse(landed[0].landed_at_path).scheme == "file":
        folder = Path(unquote(urlparse(landed[0].landed_at_path).path)).parent
        if folder.is_dir():
            damaged = sum(is_damaged(folder / f.source_file, f.sha256) for f in landed)
    return profile.withColumn("damaged_file_count", F.lit(damaged).cast("int"))


def is_damaged(file: Path, sha256: str) -> bool:
    return not file.is_file() or sha256_of(file) != sha256
