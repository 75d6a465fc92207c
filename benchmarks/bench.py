"""What a build costs, and next to what: `make bench`.

    python benchmarks/bench.py --sizes 100k 1M --parts build notebook

Parts: `build`, whole builds of made-up ratings in the shapes of the MovieLens sets,
where their time goes and how it grows; `notebook` and `duckdb`, the same job without
the project, in turns with the builds; `lists`, exact top-N against MLlib and NumPy;
`landing`, files next to `sha256sum` and `cp`; `start-up`, short commands. Everything
happens in folders below var/bench, so the user's tables and versions are left alone.
Printed are tables; var/bench/<time>.json has them and every run, and
`--show FILE --markdown` prints them again for the docs, of several runs together.
docs/performance.md says how to read them.
"""

import argparse
import json
import os
import signal
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import yaml
from rich.console import Console
from timing import build_sheets
from timing.builds import Measured, Plan, measure
from timing.landing import landing
from timing.machine import load, machine, warning
from timing.other_sheets import SHAPES, lists, start_up
from timing.sheets import Sheet
from timing.sizes import SIZES

ROOT = Path(__file__).parents[1]
WORK = ROOT / "var" / "bench"
PARTS = ("build", "notebook", "duckdb", "lists", "landing", "start-up")
SCRIPTS = {"notebook": "notebook", "duckdb": "DuckDB + implicit"}
WIDTH = 110


class Report:
    """What was found, printed and saved as soon as it is there."""

    def __init__(self, file: Path, console: Console, about: dict) -> None:
        self.file, self.console = file, console
        self.content = {**about, "sheets": [], "runs": {}, "builds": {}}

    def add(self, sheet: Sheet, runs: dict | None = None) -> None:
        """Print a table and keep it, with the runs behind it."""
        sheet.show(self.console)
        self.content["sheets"].append(asdict(sheet))
        self.content["runs"][sheet.title] = runs
        self.save()

    def build(self, one: Measured) -> None:
        """Print where the time of a size's builds went, and keep the runs."""
        self.content["builds"][one.size] = asdict(one)
        self.save()
        for sheet in (build_sheets.stages(one), build_sheets.slowest(one)):
            sheet.show(self.console)

    def save(self) -> None:
        words = json.dumps(self.content, indent=1, default=str)
        self.file.write_text(words + "\n")


def main() -> None:
    asked = options()
    console = Console(width=WIDTH)
    if asked.show:
        again(asked.show, asked.markdown, console)
        return
    WORK.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    before = load()
    about = {"at": now.isoformat(timespec="seconds"), "load_before": before}
    about |= {"machine": machine(), "asked": vars(asked)}
    report = Report(WORK / f"{now:%Y%m%dT%H%M%SZ}.json", console, about)
    if words := warning(before):
        console.print(f"[bold red]{words}")
    report.add(of_machine(about))
    plan = Plan(
        WORK,
        asked.runs,
        tuple(SCRIPTS[part] for part in SCRIPTS if part in asked.parts),
        settings_of(asked),
        yaml.safe_load(asked.vars) or {},
        asked.notebook_memory,
    )
    if "start-up" in asked.parts:
        report.add(*start_up(plan))
    if "lists" in asked.parts:
        report.add(*lists(asked.lists, plan))
    sizes = [size for size in SIZES if size in asked.sizes]
    if "landing" in asked.parts:
        for size in sizes:
            report.add(*landing(size, plan))
    if {"build", *SCRIPTS} & set(asked.parts):
        found = []
        for size in sizes:
            found.append(measure(size, plan))
            report.build(found[-1])
        for sheet in build_sheets.sheets(found):
            sheet.show(console)
    console.print(f"saved in {report.file.relative_to(ROOT)}")


def of_machine(about: dict) -> Sheet:
    """Return what was measured on, and how busy it was before."""
    here, before = about["machine"], about["load_before"]
    packages = ", ".join(f"{name} {one}" for name, one in here["packages"].items())
    rows = [
        ["at", about["at"]],
        ["commit", here["commit"]],
        ["processor", f"{here['processor']}, {here['cores']} cores"],
        ["memory", f"{here['memory_gib']} GiB"],
        ["system", here["system"]],
        ["Java", here["java"]],
        ["Python", here["python"]],
        ["packages", packages],
        [
            "busy before",
            f"{before['busy_share']:.0%} of the cores, load {before['load_1_min']}",
        ],
    ]
    return Sheet("The machine", ["what", "found"], rows)


def settings_of(asked: argparse.Namespace) -> dict:
    """Return what differs from the project's profile."""
    found: dict = {} if asked.threads is None else {"threads": asked.threads}
    if asked.spark:
        found["spark_config"] = dict(one.split("=", 1) for one in asked.spark)
    return found


def again(files: list[Path], is_markdown: bool, console: Console) -> None:
    """Print the tables of runs that are over; of a size, the builds of the last one."""
    contents = [json.loads(file.read_text()) for file in files]
    sheets = [Sheet(**saved) for content in contents for saved in content["sheets"]]
    builds = {
        size: one for content in contents for size, one in content["builds"].items()
    }
    found = [Measured.saved(builds[size]) for size in SIZES if size in builds]
    for one in found:
        sheets += [build_sheets.stages(one), build_sheets.slowest(one)]
    if found:
        sheets += build_sheets.sheets(found)
    for sheet in sheets:
        if is_markdown:
            print(sheet.markdown(), end="\n\n")
        else:
            sheet.show(console)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    add("--sizes", nargs="+", choices=list(SIZES), default=["100k", "1M"])
    add("--runs", type=int, default=3, help="of each, in turns; one from 5 M on")
    add("--lists", choices=list(SHAPES), default="small", help="how many lists")
    add("--threads", type=int, help="of dbt, without it the profile's")
    add("--spark", action="append", metavar="KEY=VALUE", help="spark_config of builds")
    add("--vars", default="{}", metavar="YAML", help="vars of builds")
    add("--notebook-memory", metavar="8g", help="its spark.driver.memory, if not 1g")
    add("--show", type=Path, nargs="+", metavar="FILE", help="print runs' tables again")
    add("--markdown", action="store_true", help="with --show: as the docs have them")
    return parser.parse_args()


if __name__ == "__main__":
    # what the scripts and dbt print goes to logs; nothing is sent anywhere
    os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1"}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what it runs, too
    main()
