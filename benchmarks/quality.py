"""Compare with established libraries on hidden ratings: `make quality`.

Rows are hidden here, outside the project: it is given the training rows as a folder,
builds, and is asked by `cinespark predict` and by its published lists. The libraries
learn from the same rows in an environment of their own, by benchmarks/references.py.
RMSE is over pairs whose user and movie have training rows, on a random fifth; NDCG@10
over users who like a hidden movie, on each user's last fifth. Intervals are the middle
95 % of 1000 bootstrap draws of the users. The seed of all is 42.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from judging import SEED, gains, interval
from rich.console import Console
from rich.table import Table
from timing.environments import own_python

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LIKE = 4.0
SMALL = ROOT.parent / "shared" / "data" / "ml-latest-small"
LEARNING = {
    "predict": ["predictor"],
    "rank": ["item_factors", "blend_validation", "ranker", "top_n_candidates"],
}


def main() -> None:
    """Print one table a data set; arguments name those to take, all without any."""
    wanted = sys.argv[1:] or ["ml-100k", "ml-latest-small", "generated"]
    python = own_python("references")
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            compare(name, Path(folder), python)


def compare(name: str, folder: Path, python: Path) -> None:
    data = land(name, folder / "landing")
    ratings = pd.read_csv(data / "ratings.csv")
    rng = np.random.default_rng(SEED)
    hidden = {
        "predict": rng.random(len(ratings)) < 0.2,
        "rank": last_fifth(ratings, rng),
    }
    table = Table("task", "model", "figure", "95 %", "seconds", title=name)
    for task, is_hidden in hidden.items():
        split = folder / task
        write_split(data, ratings, is_hidden, split)
        found = [
            *ours(task, split, folder / f"project-{task}"),
            *theirs(task, split, python),
        ]
        for model, figure, low, high, seconds in found:
            interval = f"{low:.4f} to {high:.4f}"
            table.add_row(task, model, f"{figure:.4f}", interval, f"{seconds:.0f}")
        table.add_section()
    Console(width=100).print(table)


def land(name: str, landing: Path) -> Path:
    """Return a folder with a data set's five files."""
    if name == "generated":
        sample = SampleParams(users=2000, movies=1500, ratings=150_000, seed=SEED)
        bring("sample", landing, print, sample=sample)
        return landing / "sample"
    is_there = name == "ml-latest-small" and SMALL.is_dir()
    bring(str(SMALL) if is_there else name, landing, print)
    return (landing / "current").resolve()


def last_fifth(ratings: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return each user's newest fifth; ratings of one time are in a random order."""
    order = np.lexsort((rng.random(len(ratings)), -ratings["timestamp"]))
    newer = ratings.iloc[order].groupby("userId").cumcount().sort_index()
    counts = ratings.groupby("userId")["movieId"].transform("size")
    return np.asarray(newer < np.floor(counts * 0.2))


def write_split(
    data: Path, ratings: pd.DataFrame, is_hidden: np.ndarray, split: Path
) -> None:
    """Write a landing folder of the training rows, and both sides for the libraries."""
    (split / "train").mkdir(parents=True)
    for file in ("movies", "users", "tags", "links"):
        shutil.copy(data / f"{file}.csv", split / "train")
    ratings[~is_hidden].to_csv(split / "train" / "ratings.csv", index=False)
    names = ["user_id", "movie_id", "rating", "rated_at"]
    for side, rows in (("train", ratings[~is_hidden]), ("test", ratings[is_hidden])):
        rows.set_axis(names, axis=1).to_parquet(split / f"{side}.parquet")
    movies = pd.read_csv(data / "movies.csv").rename(columns={"movieId": "movie_id"})
    years = movies["title"].str.extract(r"\((\d{4})\)\s*$")[0]
    movies = movies.assign(release_year=pd.to_numeric(years).astype("Int32"))
    known = ["movie_id", "genres", "release_year"]
    movies[known].to_parquet(split / "movies.parquet")
    users = pd.read_csv(data / "users.csv").rename(columns={"userId": "user_id"})
    known = ["user_id", "age", "gender", "occupation"]
    users[known].to_parquet(split / "users.parquet")


def ours(task: str, split: Path, project: Path) -> list[tuple]:
    """Return the project's rows: of the default build, and of the best predictor."""
    state = project / "var"
    state.mkdir(parents=True)
    (state / "jars").symlink_to(ROOT / "var" / "jars")
    (project / "dbt_project.yml").symlink_to(ROOT / "dbt_project.yml")
    bring(str(split / "train"), state / "data", print)
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
    target = profiles["cinespark"]["outputs"]["prod"]
    target |= {"state_dir": str(state), "input_dir": str(state / "data" / "current")}
    (project / "profiles.yml").write_text(yaml.safe_dump(profiles))
    variables = {
        "data_dir": str(state / "data" / "current"),
        "exports_dir": str(state / "exports"),
        "evaluate": "none",
    }
    test = pd.read_parquet(split / "test.parquet")
    train = pd.read_parquet(split / "train.parquet")
    seconds = build(project, variables, task)
    if task == "rank":
        version = (state / "exports" / "current").read_text().strip()
        lists = pd.read_parquet(
            state / "exports" / version / "recommendations.parquet",
            columns=["user_id", "rank", "movie_id"],
        )
        return [
            ("cinespark, default", *interval(gains(lists, likes_of(test))), seconds)
        ]
    found = [("cinespark, default", *predicted(project, train, test), seconds)]
    longer = variables | {"bayesian_iterations": 300}
    seconds = build(project, longer, task, "--select", "predictor+")
    found.append(("cinespark, best", *predicted(project, train, test), seconds))
    return found


def build(project: Path, variables: dict, task: str, *select: str) -> float:
    """Run dbt, and return the seconds that the models of a task took."""
    words = ["--project-dir", ROOT, "--profiles-dir", project, "--quiet"]
    target = ["--target-path", project / "target", "--log-path", project / "logs"]
    command = [BIN / "dbt", "run", *words, *target, *select]
    subprocess.run([*command, "--vars", json.dumps(variables)], check=True)
    results = json.loads((project / "target" / "run_results.json").read_text())
    return sum(
        result["execution_time"]
        for result in results["results"]
        if result["unique_id"].split(".")[-1] in LEARNING[task]
    )


def predicted(project: Path, train: pd.DataFrame, test: pd.DataFrame) -> tuple:
    """Return the error of `cinespark predict` with its interval."""
    test[["user_id", "movie_id"]].to_csv(project / "pairs.csv", index=False)
    words = [BIN / "cinespark", "predict", "pairs.csv", "out.csv"]
    subprocess.run(words, cwd=project, check=True, capture_output=True)
    stars = pd.read_csv(project / "out.csv")["predicted_rating"]
    return interval(errors(test.assign(predicted_rating=stars.to_numpy()), train), True)


def theirs(task: str, split: Path, python: Path) -> list[tuple]:
    """Return the libraries' rows."""
    script = ROOT / "benchmarks" / "references.py"
    started = time.perf_counter()
    words = [split, "--task", task, "--like", str(LIKE), "--seed", str(SEED)]
    subprocess.run([python, script, *words], check=True)
    print(f"references: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    file = {"predict": "predictions", "rank": "rankings"}[task]
    found = pd.read_parquet(split / f"{file}.parquet")
    seconds = json.loads((split / "seconds.json").read_text())
    train = pd.read_parquet(split / "train.parquet")
    test = pd.read_parquet(split / "test.parquet")
    rows = []
    for model, part in found.groupby("model", sort=False):
        if task == "predict":
            stars = part["predicted_rating"].to_numpy()
            judged = errors(test.assign(predicted_rating=stars), train)
        else:
            judged = gains(part, likes_of(test))
        rows.append((model, *interval(judged, task == "predict"), seconds[model]))
    return rows


def errors(test: pd.DataFrame, train: pd.DataFrame) -> pd.DataFrame:
    """Return squared errors and counts by user, over warm pairs."""
    warm = test[
        test["user_id"].isin(train["user_id"])
        & test["movie_id"].isin(train["movie_id"])
    ]
    squared = (warm["predicted_rating"] - warm["rating"]) ** 2
    by_user = squared.groupby(warm["user_id"])
    return pd.DataFrame({"total": by_user.sum(), "count": by_user.size()})


def likes_of(test: pd.DataFrame) -> pd.DataFrame:
    """Return the hidden pairs that a list should have."""
    return test.loc[test["rating"] >= LIKE, ["user_id", "movie_id"]]


if __name__ == "__main__":
    main()
