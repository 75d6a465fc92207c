"""Open the files of a version: as they were published, or named in an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

from cinespark.errors import CineSparkError
from cinespark.files import sha256_of
from cinespark.versions.manifest import read_manifest

# what pyarrow (by ValueError), NumPy and zip files raise of damaged or foreign content
UNREADABLE = (OSError, ValueError, KeyError, EOFError, BadZipFile)


@contextmanager
def version_file(exports: Path, version: str, name: str) -> Iterator[Path]:
    """Give the path of a version's file, to be read in the block.

    Raises
    ------
    CineSparkError
        If the version's manifest is damaged, if the file is not as it was published, or
        if reading it in the block fails.
    """
    file = exports / version / name
    manifest = read_manifest(exports, version)
    sums = {one.path: one.sha256 for one in manifest.files}
    try:
        if name in sums and sha256_of(file) != sums[name]:
            raise ValueError("it is not as it was published")
        yield file
    except UNREADABLE as error:
        raise CineSparkError(
            f"version {version} is damaged, {file} cannot be read ({error}): publish "
            "again with `dbt build`, or go back with `cinespark rollback`"
        ) from error
