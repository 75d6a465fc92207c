"""NDCG@10 by user, and figures over users with their intervals.

It knows nothing of the project, and needs NumPy and pandas only.
"""

import numpy as np
import pandas as pd

SEED = 42
DRAWS = 1000


def gains(lists: pd.DataFrame, likes: pd.DataFrame) -> pd.DataFrame:
    """Return NDCG@10 by user, over users who like a hidden movie.

    Parameters
    ----------
    lists
        user_id, rank from 1, movie_id.
    likes
        user_id and movie_id of what is hidden and liked, each pair once.

    Returns
    -------
    DataFrame
        total and count by user_id, in its order, for `interval`.
    """
    pairs = likes[["user_id", "movie_id"]]
    hits = lists[lists["rank"] <= 10].merge(pairs, on=["user_id", "movie_id"])
    gain = (1 / np.log2(hits["rank"] + 1)).groupby(hits["user_id"]).sum()
    relevant = pairs.groupby("user_id").size()
    ideal = np.cumsum(1 / np.log2(np.arange(2, 12)))[np.minimum(relevant, 10) - 1]
    total = gain.reindex(relevant.index).fillna(0) / ideal
    return pd.DataFrame({"total": total, "count": 1})


def difference(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return by user how much more one has than another, for `interval`.

    Users are drawn in pairs with themselves, so what they have in common is left out.

    Raises
    ------
    ValueError
        If both are not of the same users.
    """
    if not first.index.equals(second.index):
        raise ValueError("a difference is of the same users in the same order")
    return first.assign(total=first["total"] - second["total"])


def interval(by_user: pd.DataFrame, is_root: bool = False) -> tuple:
    """Return the figure over all users, and its interval."""
    weights = np.random.default_rng(SEED).poisson(1.0, (DRAWS, len(by_user)))
    total, count = by_user["total"].to_numpy(), by_user["count"].to_numpy()
    draws = (weights @ total) / (weights @ count)
    figure, (low, high) = total.sum() / count.sum(), np.quantile(draws, [0.025, 0.975])
    return tuple(np.sqrt([figure, low, high]) if is_root else (figure, low, high))
