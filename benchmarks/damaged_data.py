"""Damage a data set in several ways and build it: `python benchmarks/damaged_data.py`.

A build of the true ratings comes first, in a state folder of its own. Then each
delivery is landed and built; printed are the figures that compare it with the accepted
ratings, the exit code, which checks failed and whether what is published is the same
byte for byte. Harmless deliveries, which a gate must not stop, come last; they are
checked only.
The data set is var/data/ml-100k, or the folder given as argument.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import yaml
from rich.console import Console
from rich.table import Table

from cinespark.check.results import LastResult, last_results
from cinespark.data.bring import bring
from cinespark.errors import CineSparkError

ROOT = Path(__file__).parents[1]
DBT = Path(sys.executable).with_name("dbt")
FIGURES = [
    "rejected_share",
    "rating_count_ratio",
    "kept_user_share",
    "mean_shift",
    "rating_total_variation",
    "flood_share",
]
Damage = Callable[[pd.DataFrame], pd.DataFrame]


def flooded(ratings: pd.DataFrame) -> pd.DataFrame:
    users = pd.DataFrame({"userId": ratings["userId"].unique()})
    fives = users.assign(movieId=1, rating=5.0, timestamp=ratings["timestamp"].max())
    return pd.concat([ratings[ratings["movieId"] != 1], fives])


def by_time(ratings: pd.DataFrame) -> pd.DataFrame:
    newest = ratings.groupby("userId")["timestamp"].rank("first", ascending=False)
    counts = ratings.groupby("userId")["timestamp"].transform("size")
    return ratings[newest > counts * 0.2]


DAMAGED: dict[str, Damage] = {
    "a tenth of the users missing": lambda r: r[r["userId"] % 10 != 0],
    "a star more": lambda r: r.assign(rating=r["rating"] + 1),
    "a star more, at most 5": lambda r: r.assign(
        rating=(r["rating"] + 1).clip(upper=5)
    ),
    "a star less, at least 1": lambda r: r.assign(
        rating=(r["rating"] - 1).clip(lower=1)
    ),
    "one movie flooded with fives": flooded,
    "half of the file": lambda r: r.head(len(r) // 2),
    "an empty file": lambda r: r.head(0),
}
HARMLESS: dict[str, Damage] = {
    "a random fifth less": lambda r: r.sample(frac=0.8, random_state=1),
    "the last fifth of each user less": by_time,
}


def main() -> None:
    true = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "data" / "ml-100k"
    with tempfile.TemporaryDirectory() as folder:
        show(true, Path(folder))


def show(true: Path, folder: Path) -> None:
    state = folder / "state"
    state.mkdir()
    (state / "jars").symlink_to(ROOT / "var" / "jars")
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
    places = {"state_dir": str(state), "input_dir": str(state / "data" / "current")}
    target = profiles["cinespark"]["outputs"]["prod"] | places
    profile = {"cinespark": {"target": "prod", "outputs": {"prod": target}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
    ratings = pd.read_csv(true / "ratings.csv")

    code, _ = build("nothing", lambda r: r, ratings, true, folder, "+published_files")
    if code:
        sys.exit("the true data did not build")
    before = contents(state / "exports")
    console = Console(width=170)
    table = Table("delivery", *FIGURES, "exit", "failed checks", "published")
    for name, damage in (DAMAGED | HARMLESS).items():
        select = "+published_files" if name in DAMAGED else "+rating_checks"
        code, rows = build(name, damage, ratings, true, folder, select)
        observed = {row["column"]: row["observed"] for row in rows}
        failed = {
            row["column"]: row["severity"]
            for row in sorted(rows, key=lambda row: row["severity"], reverse=True)
            if not row["success"]
        }
        is_same = contents(state / "exports") == before
        table.add_row(
            name,
            *("" if observed.get(f) is None else f"{observed[f]:.4f}" for f in FIGURES),
            str(code),
            "\n".join(f"{column}: {severity}" for column, severity in failed.items())
            if rows
            else "refused at landing",
            "the same" if is_same else "CHANGED",
        )
        print(f"{name}: exit {code}", flush=True)
    console.print(table)


def build(
    name: str,
    damage: Damage,
    ratings: pd.DataFrame,
    true: Path,
    folder: Path,
    select: str,
) -> tuple[int, list[LastResult]]:
    """Land a delivery and build it; return the exit code and the checks' results."""
    delivery = folder / name.replace(" ", "_").replace(",", "")
    delivery.mkdir()
    for file in true.glob("*.csv"):
        (delivery / file.name).write_bytes(file.read_bytes())
    damage(ratings).to_csv(delivery / "ratings.csv", index=False)
    state = folder / "state"
    try:
        bring(str(delivery), state / "data", lambda line: None)
    except CineSparkError:
        return 1, []
    variables = {
        "data_dir": str(state / "data" / "current"),
        "exports_dir": str(state / "exports"),
    }
    options = ["--profiles-dir", folder, "--target-path", folder / "target"]
    words = ["run", "--select", select, "--vars", yaml.safe_dump(variables), *options]
    done = subprocess.run([DBT, "--quiet", *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    results = last_results(state / "quality", "cinespark", state / "exports")
    return done.returncode, results


def contents(folder: Path) -> dict[Path, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files if path.name != ".lock"}


if __name__ == "__main__":
    main()
