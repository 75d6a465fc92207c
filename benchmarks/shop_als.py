"""`implicit`'s ALS on a shop, tuned on validation rows: `python shop_als.py FOLDER`.

It knows nothing of the project and runs in an environment of its own, see
requirements-shop.txt. FOLDER holds pairs.parquet, each user and movie once: user_id,
movie_id, weight (what the events add up to; one that is not above zero is no success)
and part (fit, validation or test). It gets

- rankings.parquet: user_id, rank, movie_id: for each user of a test row the best 10
  movies without a fit or validation row of the user
- tuned.json: NDCG@10 on the validation rows of each setting that was tried, best first,
  and the seconds of all

All settings of the grid are tried on the fit rows, and the best learns from the fit and
validation rows together. `weights` says what a pair counts: "events" as many as its
weight, "ones" one. Dislikes have the sign minus, which implicit takes for a confidence
that the user does not want the movie.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from implicit.als import AlternatingLeastSquares
from judging import SEED, gains, interval
from listing import by_popularity, incidence, placed, top_lists
from threadpoolctl import threadpool_limits

N = 10
ITERATIONS = 15
FACTORS = (32, 64)
REGULARIZATIONS = (50.0, 150.0, 300.0, 500.0)
ALPHAS = (4.0, 16.0, 64.0)
WEIGHTS = ("ones", "events")


@dataclass(frozen=True)
class Setting:
    factors: int
    regularization: float
    alpha: float
    weights: str


GRID = [Setting(*one) for one in product(FACTORS, REGULARIZATIONS, ALPHAS, WEIGHTS)]


def lists_of(
    setting: Setting, learnt: pd.DataFrame, asked: np.ndarray, movie_ids: pd.Index
) -> pd.DataFrame:
    """Return the lists of some users, by ALS on some rows.

    Users and movies without a row have vectors of zeros, and movies of one score go by
    their rows.
    """
    user_ids = pd.Index(np.union1d(learnt["user_id"], asked))
    movie_ids = by_popularity(learnt[learnt["weight"] > 0], movie_ids)
    weights = learnt["weight"].to_numpy(np.float32)
    values = weights if setting.weights == "events" else np.sign(weights)
    matrix = placed(learnt, values, user_ids, movie_ids)
    matrix.eliminate_zeros()  # a confidence of zero would still be one
    with threadpool_limits(1, "blas"):  # it has threads of its own, and warns of others
        model = AlternatingLeastSquares(
            factors=setting.factors,
            regularization=setting.regularization,
            alpha=setting.alpha,
            iterations=ITERATIONS,
            random_state=SEED,
        )
        model.fit(matrix, show_progress=False)
    return top_lists(
        lambda rows: model.user_factors[rows] @ model.item_factors.T,
        incidence(learnt, user_ids, movie_ids),
        user_ids,
        movie_ids,
        asked,
        N,
    )


def tuned(
    pairs: pd.DataFrame, grid: list[Setting], movie_ids: pd.Index
) -> list[tuple[float, Setting]]:
    """Return what each setting reaches on the validation rows, the best first."""
    fit = pairs[pairs["part"] == "fit"]
    hidden = pairs[(pairs["part"] == "validation") & (pairs["weight"] > 0)]
    asked = np.unique(hidden["user_id"])
    found = []
    for setting in grid:
        lists = lists_of(setting, fit, asked, movie_ids)
        figure, *_ = interval(gains(lists, hidden))
        found.append((float(figure), setting))
        print(f"{figure:.4f} {setting}", file=sys.stderr, flush=True)
    return sorted(found, key=lambda one: -one[0])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args().folder
    started = time.perf_counter()
    pairs = pd.read_parquet(folder / "pairs.parquet")
    movie_ids = pd.Index(np.unique(pairs.loc[pairs["part"] != "test", "movie_id"]))
    found = tuned(pairs, GRID, movie_ids)
    asked = np.unique(pairs.loc[pairs["part"] == "test", "user_id"])
    lists = lists_of(found[0][1], pairs[pairs["part"] != "test"], asked, movie_ids)
    lists.to_parquet(folder / "rankings.parquet", index=False)
    tried = [{"ndcg": figure} | asdict(setting) for figure, setting in found]
    seconds = round(time.perf_counter() - started, 1)
    words = json.dumps({"tried": tried, "seconds": seconds}, indent=2)
    (folder / "tuned.json").write_text(words + "\n")


if __name__ == "__main__":
    main()
