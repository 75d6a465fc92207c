"""Who is in what was published."""

from pathlib import Path

import pyarrow.parquet as pq

from cinespark.errors import CineSparkError
from cinespark.exports import current_version, read_manifest


def first_user(exports: Path) -> int:
    """Return the lowest user id of the current version.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    version = current_version(exports)
    if version is None:
        raise CineSparkError(
            f"nothing is published in {exports}: run `make run`, or `dbt build`"
        )
    read_manifest(exports, version)
    file = pq.ParquetFile(exports / version / "recommendations.parquet")
    # the file is in order of user, and never empty
    return int(file.metadata.row_group(0).column(0).statistics.min)
