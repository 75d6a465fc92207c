"""Which settings and weights of the ranker's parts do best on validation rows."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.metrics import ndcg
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats
from cinespark.algorithms.scores import SCORES, standardised
from cinespark.train.rankers import Blend, Parameters, fit_blend

PARTS = ("fold_in", "ease", "co_occurrence")
BLOCK_CELLS = 4_000_000  # scores of one part that are held at a time


@dataclass(frozen=True)
class BlendGrid:
    """What is tried.

    Parameters
    ----------
    fold_in_half_lives, ease_half_lives, ease_ridges
        Settings of the parts, each chosen for its part alone.
    weights
        Of each part, in all combinations.
    min_gain
        How much better than folded-in ALS alone the blend has to be, relatively.
    users
        At most so many users are asked.
    k
        Cut-off of NDCG.
    """

    fold_in_half_lives: Sequence[float]
    ease_half_lives: Sequence[float]
    ease_ridges: Sequence[float]
    weights: Sequence[float]
    min_gain: float
    users: int
    k: int = 10


def validate_blend(
    fitted: Preferences,
    hidden: pd.DataFrame,
    factors: pd.DataFrame,
    parameters: Parameters,
    grid: BlendGrid,
) -> pd.DataFrame:
    """Return one row a setting that was tried, with its NDCG and whether it is chosen.

    First each part's own settings are chosen by the part alone, then the weights. The
    best blend is chosen where it beats folded-in ALS alone by `min_gain`, else that is.

    Parameters
    ----------
    fitted
        What the parts learn from, and the histories of those who are asked.
    hidden
        `user_id` and `movie_id` of the validation rows that are likes.
    factors
        MLlib's vectors, learnt from `fitted`.
    parameters
        Of each part, by its name.

    Returns
    -------
    DataFrame
        The fields of `Blend`, `ndcg`, `is_chosen`.
    """
    only = {f"{part}_weight": 0.0 for part in PARTS}
    start = Blend(
        grid.fold_in_half_lives[0], grid.ease_half_lives[0], grid.ease_ridges[0], **only
    )
    blocks = list(validation_blocks(fitted, hidden, grid.users))
    if not blocks:
        return as_rows([(replace(start, fold_in_weight=1.0), np.nan)], 0)
    tried: list[tuple[Blend, float]] = []

    def best(blends: Sequence[Blend]) -> Blend:
        figures = [
            ndcg_of(blends_of_one_fit, blocks, fitted, factors, parameters, grid.k)
            for blends_of_one_fit in by_fit(blends)
        ]
        tried.extend(pair for pairs in figures for pair in pairs)
        return max((pair for pairs in figures for pair in pairs), key=lambda p: p[1])[0]

    alone = best(
        [
            replace(start, fold_in_weight=1.0, fold_in_half_life=half_life)
            for half_life in grid.fold_in_half_lives
        ]
    )
    ease = best(
        [
            replace(start, ease_weight=1.0, ease_half_life=half_life, ease_ridge=ridge)
            for ridge in grid.ease_ridges
            for half_life in grid.ease_half_lives
        ]
    )
    settings = replace(ease, fold_in_half_life=alone.fold_in_half_life)
    blend = best(
        [
            replace(settings, fold_in_weight=a, ease_weight=b, co_occurrence_weight=c)
            for a, b, c in product(grid.weights, repeat=3)
            if (a > 0) + (b > 0) + (c > 0) > 1
        ]
    )
    figures = dict(tried)
    is_worth_it = figures[blend] > figures[alone] * (1 + grid.min_gain)
    names = list(figures)
    return as_rows(list(figures.items()), names.index(blend if is_worth_it else alone))


def by_fit(blends: Sequence[Blend]) -> list[list[Blend]]:
    """Return blends in groups that need EASE with one ridge only."""
    groups: dict[float, list[Blend]] = {}
    for blend in blends:
        groups.setdefault(blend.ease_ridge, []).append(blend)
    return list(groups.values())


def ndcg_of(
    blends: Sequence[Blend],
    blocks: Sequence[tuple[Preferences, NDArray[np.bool_]]],
    fitted: Preferences,
    factors: pd.DataFrame,
    parameters: Parameters,
    k: int,
) -> list[tuple[Blend, float]]:
    """Return blends with one ridge, and the mean NDCG of each over all blocks."""
    needed = {part: max(getattr(b, f"{part}_weight") for b in blends) for part in PARTS}
    any_of = replace(blends[0], **{f"{part}_weight": w for part, w in needed.items()})
    arrays = fit_blend(fitted, factors, any_of, parameters)
    totals = np.zeros(len(blends))
    for history, relevant in blocks:
        seen = history.matrix(np.ones(len(history.users))).toarray() > 0
        known: dict[tuple[Any, ...], Floats] = {}
        for place, blend in enumerate(blends):
            scores = np.zeros(seen.shape)
            for part in PARTS:
                weight = getattr(blend, f"{part}_weight")
                key = (part, blend.fold_in_half_life, blend.ease_half_life)
                if weight and key not in known:
                    set_so = arrays | settings_of(blend, arrays)
                    known[key] = np.nan_to_num(
                        standardised(SCORES[part](set_so, history), seen)
                    )
                if weight:
                    scores = scores + weight * known[key]
            scores[:, ~arrays["is_liked"]] = -np.inf
            totals[place] += ndcg(scores, seen, relevant, k).sum()
    users = sum(len(relevant) for _, relevant in blocks)
    return list(zip(blends, totals / users, strict=True))


def settings_of(blend: Blend, arrays: dict[str, Any]) -> dict[str, Any]:
    """Return the arrays' settings that do not need another fit."""
    return {
        "fold_in": arrays["fold_in"] | {"half_life": blend.fold_in_half_life},
        "ease_half_life": blend.ease_half_life,
    }


def validation_blocks(
    fitted: Preferences, hidden: pd.DataFrame, most_users: int
) -> Iterator[tuple[Preferences, NDArray[np.bool_]]]:
    """Yield users' histories and which movies are relevant to them, block by block."""
    users = pd.Index(fitted.user_ids).get_indexer(pd.Index(hidden["user_id"]))
    movies = pd.Index(fitted.catalogue).get_indexer(pd.Index(hidden["movie_id"]))
    is_known = (users >= 0) & (movies >= 0)
    users, movies = users[is_known], movies[is_known]
    asked = np.random.default_rng(0).permutation(np.unique(users))[:most_users]
    size = max(1, BLOCK_CELLS // max(1, len(fitted.catalogue)))
    for start in range(0, len(asked), size):
        block = np.sort(asked[start : start + size])
        relevant = np.zeros((len(block), len(fitted.catalogue)), bool)
        inside = np.isin(users, block)
        relevant[np.searchsorted(block, users[inside]), movies[inside]] = True
        yield fitted.of_users(block), relevant


def as_rows(tried: Sequence[tuple[Blend, float]], chosen: int) -> pd.DataFrame:
    """Return what was tried as rows, one of them marked."""
    rows = [asdict(blend) | {"ndcg": figure} for blend, figure in tried]
    return pd.DataFrame(rows).assign(is_chosen=np.arange(len(rows)) == chosen)
