"""What is judged: rows of a built shop, or of its files without a build.

All that depends on names and meanings of the project's tables is here.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from quality import last_fifth

from cinespark.report.marts import read_marts

# vars that a build of the shop takes
VARIABLES = {"feedback": "implicit", "id_type": "string"}
SPLIT, LISTS, QUALITY = "int_ratings_split", "holdout_rankings", "ranking_quality"
# of SPLIT: what the events of a user and an item add up to; above zero is relevant
WEIGHT = "rating"
POPULARITY = "popularity"
# without a build: what each event counts
EVENT_WEIGHTS = {"click": 1.0, "purchase": 4.0, "return": -2.0}


@dataclass(frozen=True)
class Judged:
    """The pairs of a shop, and what a build says and does of them.

    Parameters
    ----------
    pairs
        user_id, movie_id, weight and part (fit, validation or test), each pair once.
    lists
        By model: user_id, rank, movie_id, learnt from the fit and validation rows.
    figures
        By model: NDCG@10 and its interval as `ranking_quality` has them.
    """

    pairs: pd.DataFrame
    lists: dict[str, pd.DataFrame]
    figures: dict[str, tuple[float, float, float]]

    @property
    def relevant(self) -> pd.DataFrame:
        """Return the pairs that a list should have."""
        return self.pairs[(self.pairs["part"] == "test") & (self.pairs["weight"] > 0)]


def of_build(state: Path, schema: str) -> Judged:
    """Return what was built in a state folder.

    Raises
    ------
    CineSparkError
        If nothing has been built there.
    SystemExit
        If a table is missing, or the build evaluated nothing.
    """
    marts = read_marts(state, schema, (SPLIT, LISTS, QUALITY))
    for name, table in marts.items():
        if table is None or table.empty:
            raise SystemExit(
                f"{name} is empty: build the shop with `evaluate: published`"
            )
    split, lists, quality = (marts[name] for name in (SPLIT, LISTS, QUALITY))
    is_test = split["temporal_split"] == "test"
    part = np.where(split["is_temporal_validation"], "validation", "fit")
    pairs = split[["user_id", "movie_id"]].assign(
        weight=split[WEIGHT].astype(float), part=np.where(is_test, "test", part)
    )
    is_whole = (quality["segment_kind"] == "all") & (quality["k"] == 10)
    whole = quality.loc[is_whole, ["model", "ndcg", "ndcg_low", "ndcg_high"]]
    return Judged(
        pairs,
        {
            str(model): rows[["user_id", "rank", "movie_id"]]
            for model, rows in lists.groupby("model")
        },
        {row[0]: tuple(row[1:]) for row in whole.itertuples(index=False)},
    )


def of_files(folder: Path, seed: int) -> Judged:
    """Return the pairs of events.csv, split as a build does, with numbers for ids.

    The time of a pair is that of its latest event, the last fifth of a user's pairs is
    for the test, and the last fifth of the others for validation.
    """
    events = pd.read_csv(folder / "events.csv")
    rows = pd.DataFrame(
        {
            "userId": pd.factorize(events["visitorid"], sort=True)[0],
            "movieId": pd.factorize(events["itemid"], sort=True)[0],
            "timestamp": pd.to_datetime(events["timestamp"]).astype("int64"),
            "weight": events["event"].map(EVENT_WEIGHTS),
        }
    )
    keys = rows.groupby(["userId", "movieId"], as_index=False)
    pairs = keys.agg(timestamp=("timestamp", "max"), weight=("weight", "sum"))
    rng = np.random.default_rng(seed)
    is_test = last_fifth(pairs, rng)
    rest = pairs[~is_test].reset_index(drop=True)
    part = np.full(len(pairs), "test", dtype=object)
    part[~is_test] = np.where(last_fifth(rest, rng), "validation", "fit")
    names = {"userId": "user_id", "movieId": "movie_id"}
    pairs = pairs.rename(columns=names).drop(columns="timestamp").assign(part=part)
    return Judged(pairs, {}, {})
