"""Judge lists of the made-up shop: `python benchmarks/shop_quality.py [STATE]`.

STATE is the state folder of a build of the shop (benchmarks/made_up_shop.py); without
it the shop is made and built in a folder that is deleted afterwards. Printed is NDCG@10
of popularity and of what is published, as `ranking_quality` has them, and of
`implicit`'s ALS, which learns from the same rows, tuned on the same validation rows by
benchmarks/shop_als.py; below them differences, of which the intervals are of users
drawn in pairs. Relevant is an item of a user's last fifth with an event.

NDCG is calculated here once more, from the lists: should `ranking_quality` say
something else, the run ends with that.

With `--files FOLDER` nothing is built, and popularity and ALS are judged on the files
of a shop alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from judging import SEED, difference, gains, interval
from listing import by_popularity, incidence, top_lists
from made_up_shop import write_shop
from rich.console import Console
from rich.table import Table
from shop.entities import ShopParams
from shop.tables import POPULARITY, VARIABLES, Judged, of_build, of_files
from timing.environments import own_python
from timing.state import BUILD, State

from cinespark.data.bring import bring

ROOT = Path(__file__).parents[1]
ALS = "implicit ALS"
SAME = 1e-6  # by so much two calculations of NDCG may differ


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("state", type=Path, nargs="?", metavar="STATE")
    parser.add_argument("--schema", default="cinespark", help="that was built")
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="of a shop")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if asked.files:
            judged = with_popularity(of_files(asked.files, SEED))
        else:
            judged = of_build(asked.state or built(folder), asked.schema)
        lists = judged.lists | {ALS: als_lists(judged.pairs, folder)}
    by_user = {model: gains(rows, judged.relevant) for model, rows in lists.items()}
    require_same(by_user, judged.figures)
    Console(width=100).print(table_of(by_user, judged.figures))


def built(folder: Path) -> Path:
    """Make a shop and build it, and return the state folder."""
    write_shop(ShopParams(), folder / "shop")
    state = State(folder / "project", variables=VARIABLES)
    bring(str(folder / "shop"), state.state / "data", print)
    cost = state.dbt(*BUILD)
    print(f"build: {cost.seconds:.0f} s", file=sys.stderr)
    return state.state


def with_popularity(judged: Judged) -> Judged:
    """Return the same with lists of the items that most users have an event with."""
    learnt = judged.pairs[judged.pairs["part"] != "test"]
    user_ids = pd.Index(np.unique(judged.pairs["user_id"]))
    movie_ids = pd.Index(np.unique(learnt["movie_id"]))
    movie_ids = by_popularity(learnt[learnt["weight"] > 0], movie_ids)
    falling = -np.arange(len(movie_ids), dtype=np.float32)
    lists = top_lists(
        lambda rows: np.tile(falling, (len(rows), 1)),
        incidence(learnt, user_ids, movie_ids),
        user_ids,
        movie_ids,
        np.unique(judged.relevant["user_id"]),
        10,
    )
    return Judged(judged.pairs, {POPULARITY: lists}, {})


def als_lists(pairs: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Return the lists of `implicit`'s ALS, and say at which setting."""
    pairs.to_parquet(folder / "pairs.parquet", index=False)
    script = ROOT / "benchmarks" / "shop_als.py"
    subprocess.run([own_python("shop"), script, folder], check=True)
    found = json.loads((folder / "tuned.json").read_text())
    print(f"{ALS}: {found['tried'][0]}, {found['seconds']} s", file=sys.stderr)
    return pd.read_parquet(folder / "rankings.parquet")


def require_same(
    by_user: dict[str, pd.DataFrame], figures: dict[str, tuple[float, float, float]]
) -> None:
    """End the run if `ranking_quality` says something else than the lists.

    Raises
    ------
    SystemExit
        With the model and both figures.
    """
    for model, (said, *_) in figures.items():
        if model in by_user and abs(interval(by_user[model])[0] - said) > SAME:
            raise SystemExit(
                f"{model}: NDCG@10 of its lists is {interval(by_user[model])[0]:.6f}, "
                f"but ranking_quality says {said:.6f}: is another item relevant there?"
            )


def table_of(
    by_user: dict[str, pd.DataFrame], figures: dict[str, tuple[float, float, float]]
) -> Table:
    """Return one row per model, and one per difference between two models.

    Parameters
    ----------
    by_user
        What `gains` returns, by model.
    figures
        NDCG@10 and its interval, of models that the build has judged.
    """
    count = len(next(iter(by_user.values())))
    table = Table("lists of", "NDCG@10", "95 %", title=f"{count:,} users")
    for model, judged in by_user.items():
        add_row(table, model, figures.get(model) or interval(judged), "")
    table.add_section()
    published = [model for model in by_user if model not in (POPULARITY, ALS)]
    pairs = [(one, other) for one in published for other in (POPULARITY, ALS)]
    for one, other in [*pairs, (ALS, POPULARITY)]:
        less = difference(by_user[one], by_user[other])
        add_row(table, f"{one} − {other}", interval(less), "+")
    return table


def add_row(table: Table, name: str, found: tuple, sign: str) -> None:
    figure, low, high = (f"{value:{sign}.4f}" for value in found)
    table.add_row(name, figure, f"{low} to {high}")


if __name__ == "__main__":
    main()
