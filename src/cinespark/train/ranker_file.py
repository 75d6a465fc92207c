"""The ranker that makes the published lists, as the one file that holds all of it.

The lists are made with the arrays of this file, and it is what a version publishes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from cinespark.algorithms.array_files import mapped_arrays, write_arrays
from cinespark.algorithms.arrays import Arrays, arrays_sha256
from cinespark.algorithms.flattened import under
from cinespark.algorithms.preference_scale import PreferenceScale
from cinespark.algorithms.ranker_arrays import PREFERENCE, SEGMENT
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.segments import SegmentPopularity
from cinespark.errors import CineSparkError
from cinespark.files import make_folder, remove, replacing, sha256_of, unfinished
from cinespark.spark_tables import table_of

RANKER_SCHEMA = (
    "ranker string, path string, array_count int, byte_count bigint, "
    "arrays_sha256 string, sha256 string, training_sha256 string"
)
KEPT = 2  # the file just written, and the one that the table names until it is replaced


@dataclass(frozen=True)
class LearntRanker:
    """The arrays of the ranker's file, and the sum of its training."""

    arrays: Arrays
    training_sha256: str


def ranker_table(
    name: str,
    ranker: RankerModel,
    by_segment: SegmentPopularity | None,
    scale: Mapping[str, float],
    training_sha256: str,
    session: SparkSession,
    schema: str,
) -> DataFrame:
    """Write the file of a ranker, and return the one row that says which it is.

    Files of earlier builds of the schema go, but for the last one.

    Parameters
    ----------
    name
        The ranker's.
    by_segment
        What those get who like nothing yet, None if that is nobody.
    scale
        The fields of PreferenceScale.
    training_sha256
        What `ranker_training_sums` gives of its training.
    schema
        Of the build: each has a folder of its own.
    """
    arrays = {
        **ranker.to_arrays(),
        **under(PREFERENCE, PreferenceScale(**scale)),
        **(under(SEGMENT, by_segment) if by_segment else {}),
    }
    state = state_of(session)
    total = arrays_sha256(arrays)
    file = state / "rankers" / schema / f"{total[:16]}.npz"
    make_folder(file.parent)
    with replacing(file) as new:
        write_arrays(arrays, new)
    there = sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime_ns)
    remove([*unfinished(file.parent), *there[:-KEPT]])
    path = str(file.relative_to(state))
    size, sha256 = file.stat().st_size, sha256_of(file)
    row = name, path, len(arrays), size, total, sha256, training_sha256
    return table_of(session, [row], RANKER_SCHEMA)


def state_of(session: SparkSession) -> Path:
    """Return the state folder of the build that the session runs."""
    return Path(str(session.conf.get("spark.sparksession.state_dir")))


def learnt_ranker(rows: DataFrame) -> LearntRanker:
    """Return what the table `ranker` names, its arrays mapped from the file.

    Raises
    ------
    CineSparkError
        If the file is missing, or not as it was written.
    """
    (row,) = rows.collect()
    file = state_of(rows.sparkSession) / row.path
    found = "is missing"
    if file.is_file():
        if sha256_of(file) == row.sha256:
            return LearntRanker(mapped_arrays(file), row.training_sha256)
        found = "is not as it was written"
    raise CineSparkError(
        f"the table ranker names the file {file}, which {found}: learn it again with "
        "`dbt run --select ranker+`"
    )
