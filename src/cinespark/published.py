"""Who is in what was published."""

from pathlib import Path

import pyarrow.parquet as pq

from cinespark.data.sample_params import INT32_MAX
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


def check_user(user_id: int) -> int:
    """Return the id if it can be one.

    Raises
    ------
    CineSparkError
        If it has more than 32 bits.
    """
    if not -INT32_MAX <= user_id <= INT32_MAX:
        raise CineSparkError(
            f"there is no user {user_id}: ids go up to {INT32_MAX}; give one with "
            "--user, or leave it out for the first"
        )
    return user_id
