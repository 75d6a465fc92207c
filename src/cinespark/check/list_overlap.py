"""How much of the published lists stays: figures that the checks judge."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.train.collect import lists_of
from cinespark.versions.manifest import damaged_files
from cinespark.versions.versions import current_version

PERSISTENCE = 0.9  # the first ten ranks have 86 % of the weight
PLACES = ["user_id", "rank", "movie_id"]
FIGURES = ["published_overlap", "published_jaccard", "published_rank_biased_overlap"]


def with_published_overlap(
    profile: DataFrame, candidates: DataFrame, exports: Path
) -> DataFrame:
    """Return the profile of the candidates with the columns FIGURES.

    They are the means of `list_overlaps` over the users of both versions; null where
    nothing is published or the lists are lost.
    """
    means: Sequence[float | None] = [None] * len(FIGURES)
    version = current_version(exports)
    # a version that is damaged compares with nothing; this build publishes it anew
    if version is not None and not damaged_files(exports, version):
        file = exports / version / "recommendations.parquet"
        old = pd.read_parquet(file, columns=PLACES)
        overlaps = list_overlaps(old, lists_of(candidates.select(*PLACES)))
        if len(overlaps):
            means = [float(mean) for mean in overlaps.mean()]
    columns = {
        name: F.lit(mean).cast("double")
        for name, mean in zip(FIGURES, means, strict=True)
    }
    return profile.withColumns(columns)


def list_overlaps(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return how far the two lists of each user agree.

    Parameters
    ----------
    old, new
        `user_id`, `rank` and `movie_id`. Gaps in the ranks are closed, and a movie that
        a list has twice counts where it comes first.

    Returns
    -------
    DataFrame
        One row per user of both, each figure from 0 to 1: `published_overlap`, the
        share of the old list that is in the new one; `published_jaccard`, the movies of
        both lists over those of either; and `published_rank_biased_overlap`.
    """
    old, new = placed(old), placed(new)
    lengths = pd.DataFrame(
        {"old": old.groupby("user_id").size(), "new": new.groupby("user_id").size()}
    ).dropna()
    both = old.merge(new, on=["user_id", "movie_id"], suffixes=("_old", "_new"))
    common = both.groupby("user_id").size().reindex(lengths.index, fill_value=0)
    depths = pd.Series(
        np.maximum(both["place_old"].to_numpy(), both["place_new"].to_numpy()),
        index=both["user_id"],
    )
    return pd.DataFrame(
        {
            "published_overlap": common / lengths["old"],
            "published_jaccard": common / (lengths.sum(axis=1) - common),
            "published_rank_biased_overlap": rank_biased_overlaps(depths, lengths),
        }
    )


def placed(lists: pd.DataFrame) -> pd.DataFrame:
    """Return lists with the `place` of each movie, from 1 without gaps."""
    ordered = lists.sort_values(["user_id", "rank"], kind="stable")
    ordered = ordered.drop_duplicates(["user_id", "movie_id"])
    place = ordered.groupby("user_id").cumcount() + 1
    return ordered[["user_id", "movie_id"]].assign(place=place)


def rank_biased_overlaps(depths: pd.Series, lengths: pd.DataFrame) -> pd.Series:
    """Return the rank-biased overlap of two lists, for each user.

    It is the extrapolated one, for lists of uneven length, of Webber, Moffat and Zobel
    2010 (A similarity measure for indefinite rankings, ACM TOIS 28, 4, equation 32).
    With lists of s and l places, s ≤ l, and X_d the movies that both have down to
    depth d, it is

        (1 − p) / p · (Σ_{d=1..l} X_d / d · p^d
                       + Σ_{d=s+1..l} X_s · (d − s) / (s · d) · p^d)
        + ((X_l − X_s) / l + X_s / s) · p^l

    Parameters
    ----------
    depths
        Of each movie that both lists have, the place where the second has it, by user.
    lengths
        How many movies each of the two lists has, by user.
    """
    short = lengths.min(axis=1).astype(int)
    long = lengths.max(axis=1).astype(int)
    power = PERSISTENCE ** np.arange(long.max() + 1 if len(long) else 1)
    # of p^d, and of p^d / d, over the depths from 1
    power_sum = np.cumsum(power) - 1
    share_sum = np.cumsum(power / np.maximum(np.arange(len(power)), 1)) - 1
    user, depth = depths.index, depths.to_numpy()
    # a movie of depth m counts in X_m and in all below it
    found = pd.DataFrame(
        {
            "agreement": share_sum[long[user]] - share_sum[depth - 1],
            "is_common": 1,
            "is_above": depth <= short[user].to_numpy(),
        }
    )
    sums = found.groupby(user.to_numpy()).sum().reindex(lengths.index, fill_value=0)
    above = sums["is_above"] / short
    beyond = above * (power_sum[long] - power_sum[short]) - sums["is_above"] * (
        share_sum[long] - share_sum[short]
    )
    extrapolated = (sums["is_common"] - sums["is_above"]) / long + above
    observed = (1 - PERSISTENCE) / PERSISTENCE * (sums["agreement"] + beyond)
    overlaps: pd.Series = observed + extrapolated * power[long]
    return overlaps
