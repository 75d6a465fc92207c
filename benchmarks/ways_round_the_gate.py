"""Try to publish what nobody checked: `python benchmarks/ways_round_the_gate.py`.

A small data set is built and published, in a state folder of its own. Then each way
round the gate is tried from there, with real dbt processes: deliveries that are
damaged, models that were not judged, tables changed, dropped and emptied, two builds at
once, and kills between the nodes that publish. After each one, what is current must be
a version that an undisturbed build of the same data publishes: mostly the one from
before, byte for byte. With words as arguments only the ways whose description has one
of them are tried.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml
from rich.console import Console
from rich.table import Table

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.publish.rollback import rollback
from cinespark.versions.manifest import damaged_files, read_manifest
from cinespark.versions.versions import current_version, versions

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SMALL = {
    "evaluate": "none",
    "item_factors_rank": 8,
    "item_factors_iterations": 2,
    "bayesian_factors": 4,
    "bayesian_iterations": 12,
    "bayesian_burn_in": 6,
}
JUDGED = {"evaluate": "published", "min_judged_ratings": 100, "min_judged_users": 1000}
POOR = JUDGED | {
    "predictor": "classic_als",
    "classic_als_rank": 2,
    "classic_als_reg_param": 50.0,
}
ALL = "+published_files"
# tests of which a parent is not selected have nothing to read
BUILD = ("--exclude-resource-type", "unit_test", "--indirect-selection", "buildable")
LAST_NODES = (
    "recommendation_checks",
    "accepted_recommendations",
    "recommendations",
    "mlflow_runs",
    "published_files",
)
Damage = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass
class Place:
    """A state folder with something published in it, and a delivery to damage."""

    folder: Path
    log: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def exports(self) -> Path:
        return self.state / "exports"

    @property
    def elsewhere(self) -> Path:
        return self.folder / "elsewhere"

    @property
    def delivery(self) -> Path:
        return self.folder / "delivery"

    def words(self, command: str, *select: str, **variables: object) -> list[str]:
        given = SMALL | variables
        target = ["--target", str(given.pop("target"))] if "target" in given else []
        places = {
            "data_dir": str(self.state / "data" / "current"),
            "exports_dir": str(self.exports),
        }
        return [
            str(BIN / "dbt"),
            "--no-use-colors",
            command,
            *([] if command == "retry" else ["--select", *(select or (ALL,))]),
            *(BUILD if command == "build" else ()),
            *("--vars", yaml.safe_dump(places | given)),
            *("--profiles-dir", str(self.folder)),
            *("--target-path", str(self.folder / "target")),
            *target,
        ]

    def dbt(self, command: str, *select: str, **variables: object) -> int:
        words = self.words(command, *select, **variables)
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        self.log.append(done.stdout + done.stderr)
        return done.returncode

    def start(self, *select: str, **variables: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.words("run", *select, **variables),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def sql(self, statement: str) -> int:
        command = [BIN / "cinespark", "--state-dir", self.state, "sql", "--write"]
        done = subprocess.run(
            [*command, statement],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        self.log.append(done.stdout + done.stderr)
        if done.returncode:
            raise SystemExit(f"{statement}: {done.stderr}")
        return 0

    def land(self, damage: Damage, file: str = "ratings.csv", name: str = "") -> int:
        """Land the delivery with a damaged file, under another name if one is given."""
        folder = self.folder / name if name else self.delivery
        if name:
            shutil.copytree(self.delivery, folder, dirs_exist_ok=True)
        damage(pd.read_csv(folder / file)).to_csv(folder / file, index=False)
        bring(str(folder), self.state / "data", lambda line: None, refresh=True)
        return 0


def no_tenth(ratings: pd.DataFrame) -> pd.DataFrame:
    return ratings[ratings.userId % 10 != 0]


def last_gone(ratings: pd.DataFrame) -> pd.DataFrame:
    return ratings.iloc[:-1]


def shifted(ratings: pd.DataFrame) -> pd.DataFrame:
    return no_tenth(ratings.assign(timestamp=ratings.timestamp + 3600))


def cut(movies: pd.DataFrame) -> pd.DataFrame:
    return movies.iloc[: len(movies) * 7 // 10]


def backwards(movies: pd.DataFrame) -> pd.DataFrame:
    return movies.assign(title=movies.title.to_numpy()[::-1])


def other_data(place: Place) -> int:
    params = SampleParams(users=110, movies=140, ratings=3000, seed=9)
    bring("sample", place.state / "data", lambda line: None, sample=params)
    return 0


def edited(place: Place) -> int:
    file = (place.state / "data" / "current" / "movies.csv").resolve()
    file.write_text(file.read_text().replace("Drama", "Drums", 1))
    return 0


def killed_at(node: str) -> Callable[[Place], int]:
    """Return a step that kills a run of new data as one of its last nodes starts."""

    def step(place: Place) -> int:
        place.land(last_gone)
        run = place.start()
        assert run.stdout is not None
        for line in run.stdout:
            if "START" in line and f".{node} " in line:
                break
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return -int(signal.SIGKILL)

    return step


def landed_meanwhile(place: Place) -> int:
    """Land damaged data while a run reads what is there."""
    run = place.start()
    assert run.stdout is not None
    for line in run.stdout:
        if "START" in line and "stg_movielens__movies" in line:
            break
    place.land(no_tenth)
    run.communicate()
    return run.returncode


def two_at_once(place: Place) -> int:
    """Run with two sets of parameters at a time; the second waits for the first."""
    first = place.start("accepted_ratings+")
    time.sleep(2)
    second = place.start("accepted_ratings+", predictor="bias", evaluate="published")
    out, _ = second.communicate()
    place.log.append(out)
    first.communicate()
    return first.returncode or second.returncode


def to_another_place(place: Place) -> int:
    place.land(no_tenth)
    return place.dbt("run", exports_dir=str(place.elsewhere))


def without_registry(place: Place) -> int:
    (place.state / "mlflow.db").unlink()
    return place.dbt("run", "published_files")


def gone_back(place: Place) -> int:
    """Publish a second version, and go back from it."""
    code = place.dbt("run", "accepted_ratings+", bayesian_iterations=14)
    rollback(place.exports)
    return code


@dataclass(frozen=True)
class Way:
    """A way round the gate: what is done, and whether new data may be published."""

    kind: str
    words: str
    steps: tuple[Callable[[Place], int], ...]
    may_publish: bool = False


def run(
    command: str = "run", *select: str, **changes: object
) -> Callable[[Place], int]:
    return lambda place: place.dbt(command, *select, **changes)


def land(
    damage: Damage, file: str = "ratings.csv", name: str = ""
) -> Callable[[Place], int]:
    return lambda place: place.land(damage, file, name)


def sql(statement: str) -> Callable[[Place], int]:
    return lambda place: place.sql(statement)


PUBLISH = run("run", "published_files")
CANDIDATES = "cinespark.int_candidate_recommendations"
BIAS = {"predictor": "bias"}
WAYS = [
    Way("rows", "a delivery that the gate stopped, dbt run",
        (land(no_tenth), run(), PUBLISH)),
    Way("rows", "the same, dbt build", (land(no_tenth), run("build"), PUBLISH)),
    Way("rows", "the same, dbt retry", (land(no_tenth), run(), run("retry"), PUBLISH)),
    Way("rows", "the same, all but the gates selected",
        (land(no_tenth), run("run", ALL, "--exclude", "tag:gate"))),
    Way("rows", "a delivery that was staged only",
        (land(last_gone), run("run", "+dim_movies", "stg_movielens__manifest"),
         PUBLISH)),
    Way("rows", "public rows changed by hand",
        (sql("update cinespark.recommendations set rank = 99 where user_id = 3"),
         PUBLISH)),
    Way("models", "another predictor alone, by --vars",
        (run("run", "predictor", **BIAS), run("run", "published_files", **BIAS))),
    Way("models", "another predictor alone, dbt build",
        (run("build", "predictor", **BIAS), run("build", "published_files", **BIAS))),
    Way("models", "other item factors alone",
        (run("run", "item_factors", item_factors_alpha=2.0), PUBLISH)),
    Way("quality", "a predictor worse than its baseline, dbt run",
        (run("run", "accepted_ratings+", **POOR), PUBLISH)),
    Way("quality", "the same, dbt build",
        (run("build", "accepted_ratings+", **POOR), PUBLISH)),
    Way("quality", "the same, dbt retry",
        (run("run", "accepted_ratings+", **POOR), run("retry"), PUBLISH)),
    Way("quality", "the same, with the evaluation of a good one",
        (run("run", "accepted_ratings+", **JUDGED),
         run("run", "predictor+", "--exclude", "holdout_predictions", **POOR))),
    Way("between", "candidates changed between check and gate",
        (sql(f"update {CANDIDATES} set predicted_rating = 5 where user_id = 3"),
         run("run", "accepted_recommendations+"))),
    Way("between", "two builds of one schema at once",
        (two_at_once,), may_publish=True),
    Way("history", "--empty, then a damaged delivery",
        (run("run", ALL, "--empty"), land(no_tenth), run(), run("retry"))),
    Way("history", "a dropped baseline, then a damaged delivery",
        (sql("drop table cinespark.accepted_ratings"), land(no_tenth), run(),
         run("build"))),
    Way("history", "--full-refresh, then a damaged delivery",
        (land(no_tenth), run("build", ALL, "--full-refresh"), PUBLISH)),
    Way("history", "dropped results, then a damaged delivery",
        (sql("drop table cinespark.rating_check_history"),
         sql("drop table cinespark.rating_checks"), land(no_tenth), run(), PUBLISH)),
    Way("feed", "another feed, dbt run", (other_data, run(), PUBLISH)),
    Way("feed", "another feed, dbt build", (other_data, run("build"), run("retry"))),
    Way("feed", "a dated folder with shifted times, damaged",
        (land(shifted, name="delivery-2026-01-02"), run(), PUBLISH)),
    Way("movies", "movies.csv without its last 30 %",
        (land(cut, "movies.csv"), run(), PUBLISH)),
    Way("movies", "titles in another order",
        (land(backwards, "movies.csv"), run("build"), PUBLISH)),
    Way("movies", "other titles, staged only",
        (land(backwards, "movies.csv"),
         run("run", "+dim_movies", "--exclude", "stg_movielens__manifest"),
         run("run", "accepted_movies+"), PUBLISH)),
    Way("delivery", "cinespark data during a build",
        (landed_meanwhile,), may_publish=True),
    Way("delivery", "a file edited after it landed", (edited, run(), PUBLISH)),
    Way("rollback", "the content of a version that was rolled back",
        (gone_back, run("run", "accepted_ratings+", bayesian_iterations=14), PUBLISH)),
    Way("places", "a damaged delivery in --target dev",
        (land(no_tenth), run("run", ALL, target="dev"), PUBLISH)),
    Way("places", "the same, with --vars 'publish_target: dev'",
        (land(no_tenth), run("run", ALL, target="dev", publish_target="dev"))),
    Way("places", "the same, with --vars 'exports_dir: elsewhere'",
        (to_another_place,)),
    Way("kills", "without MLflow's database", (without_registry,), may_publish=True),
    *(
        Way("kills", f"kill -9 as {node} starts, dbt {command}",
            (killed_at(node), step), may_publish=True)
        for node in LAST_NODES
        for command, step in (("run --select published_files", PUBLISH),
                              ("build", run("build")))
    ),
]  # fmt: skip


def contents(folder: Path) -> dict[Path, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files if path.name != ".lock"}


def judged(place: Place, before: dict[Path, bytes], old: str, may_publish: bool) -> str:
    """Return what is current after a way, in words; 'WRONG: …' if it may not be."""
    now = current_version(place.exports)
    if place.elsewhere.exists() and versions(place.elsewhere):
        return "WRONG: published elsewhere"
    for version in versions(place.exports):
        if damaged := damaged_files(place.exports, version):
            return f"WRONG: {version} is damaged: {', '.join(damaged)}"
    if now == old:
        same = {path: data for path, data in contents(place.exports).items()
                if path in before}  # fmt: skip
        return "as before" if same == before else "WRONG: files of it changed"
    if not may_publish:
        return f"WRONG: {now} was published"
    about = read_manifest(place.exports, str(now)).about
    assert about is not None
    failed = [
        c.rule for c in about.checks if c.severity == "critical" and not c.success
    ]
    rows = {check.suite for check in about.checks}
    if failed or rows != {"ratings", "recommendations"}:
        return f"WRONG: published with failed checks {failed}"
    return "a new version that passed its checks"


def prepare(folder: Path) -> Place:
    """Build and publish the data set that all ways start from."""
    place = Place(folder)
    place.state.mkdir()
    (place.state / "jars").symlink_to(ROOT / "var" / "jars")
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
    outputs = profiles["cinespark"]["outputs"]
    for output in outputs.values():
        output["state_dir"] = str(place.state)
        output["input_dir"] = str(place.state / "data" / "current")
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
    params = SampleParams(users=120, movies=150, ratings=4000, seed=5)
    bring("sample", place.state / "data", lambda line: None, sample=params)
    shutil.copytree(place.state / "data" / "sample", place.delivery)
    (place.delivery / "manifest.json").unlink()
    place.land(lambda ratings: ratings)
    if place.dbt("build"):
        raise SystemExit(f"the true data did not build:\n{place.log[-1]}")
    shutil.copytree(folder, folder.with_name("healthy"), symlinks=True)
    return place


def restore(place: Place) -> None:
    shutil.rmtree(place.folder)
    shutil.copytree(place.folder.with_name("healthy"), place.folder, symlinks=True)


def main() -> None:
    words = sys.argv[1:] or [""]
    table = Table("kind", "way round the gate", "exit codes", "what is published then")
    is_wrong = False
    with tempfile.TemporaryDirectory() as top:
        (Path(top) / "place").mkdir()
        place = prepare(Path(top) / "place")
        old, before = str(current_version(place.exports)), contents(place.exports)
        for way in WAYS:
            if not any(word in way.words for word in words):
                continue
            restore(place)
            place.log.clear()
            codes = [code for step in way.steps if (code := step(place)) is not None]
            outcome = judged(place, before, old, way.may_publish)
            if outcome.startswith("WRONG"):
                is_wrong = True
                print("\n".join(place.log)[-4000:], flush=True)
            table.add_row(way.kind, way.words, " ".join(map(str, codes)), outcome)
            print(json.dumps([way.kind, way.words, codes, outcome]), flush=True)
    Console(width=120).print(table)
    if is_wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
