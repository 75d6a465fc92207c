"""How much of the published lists stays: a figure that the checks judge."""

from pathlib import Path

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.train.collect import lists_of
from cinespark.versions.manifest import damaged_files
from cinespark.versions.versions import current_version


def with_published_overlap(
    profile: DataFrame, candidates: DataFrame, exports: Path
) -> DataFrame:
    """Return the profile of the candidates with the column `published_overlap`.

    It is the mean, over the users of both versions, of the share of the published list
    that is in the new list; null where nothing is published or the lists are lost.
    """
    overlap = None
    version = current_version(exports)
    # a version that is damaged compares with nothing; this build publishes it anew
    if version is not None and not damaged_files(exports, version):
        keys = ["user_id", "movie_id"]
        file = exports / version / "recommendations.parquet"
        old = pd.read_parquet(file, columns=keys)
        new = lists_of(candidates.select(*keys))
        old = old[old["user_id"].isin(new["user_id"])]
        is_kept = old.merge(new, "left", on=keys, indicator=True)["_merge"] == "both"
        shares = is_kept.groupby(old["user_id"].to_numpy()).mean()
        overlap = float(shares.mean()) if len(shares) else None
    return profile.withColumn("published_overlap", F.lit(overlap).cast("double"))
