"""Tables on a terminal."""

from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

NULL = Text("∅", style="dim")
WIDE = 10_000


def print_recommendations(rows: list[dict[str, Any]]) -> None:
    """Print one user's recommendations, best first.

    What comes from data is Text: in a plain string "[red]" and ":star:" are markup.
    """
    first = rows[0]
    made = f"model {first['model_version']}, {first['generated_at']:%F %H:%M} UTC"
    table = Table(
        title=f"The top {len(rows)} for user {first['user_id']}",
        caption=Text(made, style="table.caption"),
        box=box.SIMPLE_HEAD,
    )
    table.add_column("#", justify="right")
    table.add_column("title")
    table.add_column("year", justify="right")
    table.add_column("stars", justify="right")
    table.add_column("genres")
    table.add_column("because of")
    for row in rows:
        table.add_row(
            str(row["rank"]),
            Text(row["title"]),
            str(row["release_year"] or ""),
            f"{row['predicted_rating']:.1f}",
            Text(row["genres"].replace("|", ", ")),
            {"implicit_als": "your likes", "popularity": "popularity"}[row["source"]],
        )
    Console().print(table)


def print_answer(
    columns: list[str], is_number: list[bool], rows: list[list[str | None]]
) -> None:
    """Print the rows of a query; numbers stand right, null is not the word null."""
    table = Table(box=box.SIMPLE_HEAD)
    for name, right in zip(columns, is_number, strict=True):
        justify: Literal["left", "right"] = "right" if right else "left"
        table.add_column(Text(name), justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(NULL if cell is None else Text(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = WIDE  # a file has no edge to fold a row at
    console.print(table)


def print_quality(results: list[dict[str, Any]]) -> None:
    """Print the last results of the checks, those that failed in colour."""
    looks = {"warning": "yellow", "critical": "bold red"}
    for suite in dict.fromkeys(result["suite"] for result in results):
        rows = [result for result in results if result["suite"] == suite]
        failed = [row for row in rows if not row["success"]]
        words = f"{len(rows) - len(failed)} of {len(rows)} checks of the {suite} passed"
        table = Table(
            title=words,
            caption=Text(
                f"build of {rows[0]['checked_at'][:16].replace('T', ' ')} UTC"
            ),
            box=box.SIMPLE_HEAD,
        )
        for name in ("figure", "observed", "expected", "severity", "result"):
            table.add_column(name, justify="right" if name == "observed" else "left")
        for row in rows:
            observed = row["observed"]
            table.add_row(
                row["column"],
                NULL if observed is None else f"{observed:.6g}",
                row["expected"],
                row["severity"],
                "passed" if row["success"] else "FAILED",
                style=None if row["success"] else looks[row["severity"]],
            )
        console = Console()
        console.print(table)
        for row in failed:
            console.print(Text(f"{row['column']}: {row['meaning']}; {row['remedy']}"))


def print_history(versions: list[dict[str, Any]]) -> None:
    """Print the published versions, as `published.history` gives them."""
    console = Console(soft_wrap=True)
    for version in versions:
        mark = "→" if version["is_current"] else " "
        facts = [] if version["is_whole"] else ["DAMAGED"]
        if "dataset" in version:
            metrics = version["metrics"]
            facts += [version["dataset"], f"{version['users']:,} users"]
            facts += [f"{version['rows']:,} rows", f"RMSE {metrics['rmse_all']:.3f}"]
            facts += [f"coverage {metrics['catalogue_coverage']:.3f}"]
        console.print(Text(f"{mark} {version['version']}  {', '.join(facts)}"))
        why = [version["reason"]]
        if version.get("warnings"):
            why.append(f"warnings: {', '.join(version['warnings'])}")
        for line in why:
            console.print(Text(f"      {line}", style="dim"))
