"""Search of the blend's settings and weights, judged on validation rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame

from cinespark.algorithms.metrics import ndcg
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    Part,
    RankerModel,
)
from cinespark.algorithms.ratings import Floats
from cinespark.algorithms.standard_scores import standardised
from cinespark.algorithms.transitions import TransitionParams
from cinespark.train.declarations import Blend, Parameters, RankerInput
from cinespark.train.rankers import fit_blend
from cinespark.train.transition_search import Block, with_transitions

WEIGHTS: dict[type[Part], str] = {
    FoldedIn: "fold_in_weight",
    AskedEase: "ease_weight",
    CoOccurrence: "co_occurrence_weight",
}
BLOCK_CELLS = 4_000_000  # scores of one part that are held at a time
ENOUGH_CELLS = 32_000_000  # of users and movies, where small gains are told from chance


@dataclass(frozen=True)
class BlendGrid:
    """Which settings and weights are tried.

    Parameters
    ----------
    fold_in_half_lives, ease_half_lives, ease_ridges
        Settings of the parts, each chosen for its part alone.
    weights
        Of each part, in all combinations.
    min_gain
        How much better than folded-in ALS alone the blend has to be, relatively.
    users
        At most so many users are asked; of transitions more, if movies are few.
    transitions, transition_shares
        What may join the chosen parts: the fields of TransitionParams, and what each
        weighs, as shares of all that is there before.
    k
        Cut-off of NDCG.
    """

    fold_in_half_lives: Sequence[float]
    ease_half_lives: Sequence[float]
    ease_ridges: Sequence[float]
    weights: Sequence[float]
    min_gain: float
    users: int
    transitions: Sequence[Mapping[str, float]]
    transition_shares: Sequence[float]
    k: int = 10


def validate_blend(
    preferences: Preferences,
    hidden: pd.DataFrame,
    factors: pd.DataFrame,
    parameters: Parameters,
    grid: BlendGrid,
    rows: DataFrame,
) -> pd.DataFrame:
    """Return one row per setting tried, with its NDCG and whether it is chosen.

    First each part's own settings are chosen by the part alone, then the weights. The
    best blend is chosen where it beats folded-in ALS alone by `min_gain`, else that is.
    Then transitions join it, while they make it better beyond chance.

    Parameters
    ----------
    preferences
        What the parts learn from, and the histories of those who are asked.
    hidden
        `user_id` and `movie_id` of the validation rows that are likes.
    factors
        MLlib's vectors, learnt from these preferences.
    parameters
        Of each part, by its group.
    rows
        What the preferences are of, on Spark.

    Returns
    -------
    DataFrame
        The fields of `Blend`, `ndcg`, `is_chosen`.
    """
    start = Blend(
        grid.fold_in_half_lives[0],
        grid.ease_half_lives[0],
        grid.ease_ridges[0],
        fold_in_weight=0.0,
        ease_weight=0.0,
        co_occurrence_weight=0.0,
    )
    blocks = list(validation_blocks(preferences, hidden, grid.users))
    if not blocks:
        return as_rows([(replace(start, fold_in_weight=1.0), np.nan)], 0)
    given = RankerInput(preferences, factors, start, parameters, rows)
    alone, blend, tried = search(start, blocks, given, grid)
    is_worth_it = tried[blend] > tried[alone] * (1 + grid.min_gain)
    chosen = blend if is_worth_it else alone
    settings = [TransitionParams(**one) for one in grid.transitions]
    enough = max(grid.users, ENOUGH_CELLS // max(1, len(preferences.catalogue)))
    asked = list(validation_blocks(preferences, hidden, enough))
    chosen, more = with_transitions(
        chosen, asked, given, settings, grid.transition_shares, grid.k
    )
    found = [*tried.items(), *more]
    return as_rows(found, [one for one, _ in found].index(chosen))


def search(
    start: Blend, blocks: Sequence[Block], given: RankerInput, grid: BlendGrid
) -> tuple[Blend, Blend, dict[Blend, float]]:
    """Return the best folded-in ALS, the best blend, and the NDCG of all tried."""
    tried: dict[Blend, float] = {}

    def best(blends: Sequence[Blend]) -> Blend:
        found = [
            pair
            for alike in by_ridge(blends)
            for pair in ndcg_of(alike, blocks, given, grid.k)
        ]
        tried.update(found)
        return max(found, key=lambda pair: pair[1])[0]

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
            for a, b, c in ratios(grid.weights, 3)
            if (a > 0) + (b > 0) + (c > 0) > 1
        ]
    )
    return alone, blend, tried


def ratios(weights: Sequence[float], parts: int) -> list[tuple[float, ...]]:
    """Return weights in all combinations, the first of those that order alike."""
    found: dict[tuple[float, ...], tuple[float, ...]] = {}
    for combination in product(weights, repeat=parts):
        most = max(combination)
        if most > 0:
            ratio = tuple(weight / most for weight in combination)
            found.setdefault(ratio, combination)
    return list(found.values())


def by_ridge(blends: Sequence[Blend]) -> list[list[Blend]]:
    """Return blends in groups that need EASE with one ridge only."""
    groups: dict[float, list[Blend]] = {}
    for blend in blends:
        groups.setdefault(blend.ease_ridge, []).append(blend)
    return list(groups.values())


def ndcg_of(
    blends: Sequence[Blend], blocks: Sequence[Block], given: RankerInput, k: int
) -> list[tuple[Blend, float]]:
    """Return blends with one ridge, and the mean NDCG of each over all blocks."""
    names = WEIGHTS.values()
    needed = {name: max(getattr(blend, name) for blend in blends) for name in names}
    fitted = fit_blend(replace(given, blend=replace(blends[0], **needed)))
    totals = np.zeros(len(blends))
    for history, relevant in blocks:
        rated = history.seen()
        seen = rated.toarray() > 0
        known: dict[tuple[str, float | None], Floats] = {}
        for place, blend in enumerate(blends):
            scores = np.zeros(seen.shape)
            for _, part in fitted.parts:
                name, half_life = WEIGHTS[type(part)], half_life_of(part, blend)
                weight = getattr(blend, name)
                if weight and (name, half_life) not in known:
                    if isinstance(part, FoldedIn | AskedEase) and half_life:
                        part = replace(part, half_life=half_life)
                    known[name, half_life] = np.nan_to_num(
                        standardised(part.scores(history), rated)
                    )
                if weight:
                    scores = scores + weight * known[name, half_life]
            scores[:, ~fitted.is_liked] = -np.inf
            totals[place] += ndcg(scores, seen, relevant, k).sum()
    users = sum(len(relevant) for _, relevant in blocks)
    return list(zip(blends, totals / users, strict=True))


def mean_ndcg(ranker: RankerModel, blocks: Sequence[Block], k: int) -> float:
    """Return a ranker's mean NDCG@k over all blocks."""
    figures = [
        ndcg(
            ranker.scores(history),
            history.seen().toarray() > 0,
            relevant,
            k,
        )
        for history, relevant in blocks
    ]
    return float(np.concatenate(figures).mean())


def half_life_of(part: Part, blend: Blend) -> float | None:
    """Return the half-life that a blend gives a part, None where it has none."""
    if isinstance(part, FoldedIn):
        return blend.fold_in_half_life
    return blend.ease_half_life if isinstance(part, AskedEase) else None


def validation_blocks(
    fitted: Preferences, hidden: pd.DataFrame, most_users: int
) -> Iterator[Block]:
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


BLEND_SCHEMA = (
    "fold_in_half_life double, ease_half_life double, ease_ridge double, "
    "fold_in_weight double, ease_weight double, co_occurrence_weight double, "
    "transitions array<struct<past: double, future: double, ridge: double, "
    "weight: double>>, ndcg double, is_chosen boolean"
)


def as_rows(tried: Sequence[tuple[Blend, float]], chosen: int) -> pd.DataFrame:
    """Return what was tried as rows, one of them marked."""
    rows = [
        asdict(blend)
        | {"transitions": [asdict(one) for one in blend.transitions], "ndcg": figure}
        for blend, figure in tried
    ]
    return pd.DataFrame(rows).assign(is_chosen=np.arange(len(rows)) == chosen)
