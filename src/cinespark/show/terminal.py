"""Print recommendations, similar movies, results and versions as tables."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cinespark.printable import printable

if TYPE_CHECKING:
    from cinespark.check.results import LastResult
    from cinespark.show.similar import SimilarMovie
    from cinespark.versions.history import Entry
    from cinespark.versions.leaderboard_file import LeaderboardRow
    from cinespark.versions.lists import Recommendation

NULL = Text("∅", style="dim")
WIDE = 10_000
KEY_FIGURES = {  # the metrics that matter most, with their usual names
    "rmse": "RMSE",
    "rmse_all": "RMSE",
    "ndcg_10": "NDCG@10",
    "catalogue_coverage": "coverage",
}


def text(value: object, style: str = "") -> Text:
    """Return a value of data or of a file as it is to be printed.

    A plain string would not do: there rich takes "[red]" for markup.
    """
    return Text(printable(str(value)), style)


def print_recommendations(rows: Sequence["Recommendation"]) -> None:
    """Print one user's recommendations, best first."""
    first = rows[0]
    made = f"model {first['model_version']}, {first['generated_at']:%F %H:%M} UTC"
    table = Table(
        title=text(f"The top {len(rows)} for user {first['user_id']}", "table.title"),
        caption=text(made, "table.caption"),
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
            text(row["title"]),
            str(row["release_year"] or ""),
            f"{row['predicted_rating']:.1f}",
            text(row["genres"].replace("|", ", ")),
            {"personal": "your ratings", "popularity": "popularity"}[row["source"]],
        )
    Console().print(table)


def print_similar(name: str, rows: Sequence["SimilarMovie"]) -> None:
    """Print the movies most like the one of this name, best first."""
    table = Table(title=text(f"Most like {name}"), box=box.SIMPLE_HEAD)
    table.add_column("#", justify="right")
    table.add_column("title")
    table.add_column("year", justify="right")
    table.add_column("similarity", justify="right")
    table.add_column("ratings", justify="right")
    table.add_column("mean", justify="right")
    table.add_column("genres")
    for row in rows:
        mean = row["rating_mean"]
        table.add_row(
            str(row["rank"]),
            text(row["title"]),
            str(row["release_year"] or ""),
            f"{row['similarity']:.2f}",
            f"{row['rating_count']:,}",
            NULL if mean is None else f"{mean:.2f}",
            text(row["genres"].replace("|", ", ")),
        )
    Console().print(table)


def print_leaderboard(rows: Sequence["LeaderboardRow"]) -> None:
    """Print the judged predictors, then the rankers, with the published one marked."""
    for role in dict.fromkeys(row["role"] for row in rows):
        of_role = [row for row in rows if row["role"] == role]
        built = of_role[0]["built_at"][:16].replace("T", " ")
        table = Table(
            title=text(f"{role}s, best first", "table.title"),
            caption=text(f"build of {built} UTC; → publishes"),
            box=box.SIMPLE_HEAD,
        )
        table.add_column(width=1)
        table.add_column("model")
        for name in (of_role[0]["metric"], "95 % interval", "seconds", "MiB"):
            table.add_column(text(name), justify="right")
        for row in of_role:
            table.add_row(
                "→" if row["is_published"] else "",
                text(row["model"]),
                f"{row['metric_value']:.4f}",
                f"{row['metric_value_low']:.4f} to {row['metric_value_high']:.4f}",
                f"{row['fit_seconds']:.1f}",
                f"{row['peak_bytes'] / 2**20:,.0f}",
            )
        Console().print(table)


def print_answer(
    columns: list[str], is_number: list[bool], rows: list[list[str | None]]
) -> None:
    """Print the rows of a query, numbers to the right and null as ∅."""
    table = Table(box=box.SIMPLE_HEAD)
    for name, right in zip(columns, is_number, strict=True):
        justify: Literal["left", "right"] = "right" if right else "left"
        table.add_column(text(name), justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(NULL if cell is None else text(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = WIDE  # a file has no edge to fold a row at
    console.print(table)


def print_quality(results: Sequence["LastResult"]) -> None:
    """Print the last results of the checks, with failures in colour."""
    looks = {"warning": "yellow", "critical": "bold red"}
    for suite in dict.fromkeys(result["suite"] for result in results):
        rows = [result for result in results if result["suite"] == suite]
        failed = [row for row in rows if not row["success"]]
        words = f"{len(rows) - len(failed)} of {len(rows)} checks of the {suite} passed"
        table = Table(
            title=text(words, "table.title"),
            caption=text(
                f"build of {rows[0]['checked_at'][:16].replace('T', ' ')} UTC"
            ),
            box=box.SIMPLE_HEAD,
        )
        for name in ("metric", "observed", "expected", "severity", "result"):
            table.add_column(name, justify="right" if name == "observed" else "left")
        for row in rows:
            observed = row["observed"]
            table.add_row(
                text(row["column"]),
                NULL if observed is None else f"{observed:.6g}",
                text(row["expected"]),
                text(row["severity"]),
                "passed" if row["success"] else "FAILED",
                style=None if row["success"] else looks.get(row["severity"], "red"),
            )
        console = Console()
        console.print(table)
        for row in failed:
            console.print(text(f"{row['column']}: {row['meaning']}; {row['remedy']}"))


def print_history(entries: list["Entry"]) -> None:
    """Print the published versions, with a mark on the current one."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(width=1)
    table.add_column("version, published", no_wrap=True)
    for name in ("data, size", "figures, checks", "why"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        when = (entry.published_at or "")[:16].replace("T", " ")
        damage = ", ".join(entry.damaged_files)
        table.add_row(
            "→" if entry.is_current else "",
            lines(entry.version, f"{when} UTC" if when else ""),
            lines(
                entry.dataset or "",
                "" if entry.users is None else f"{entry.users:,} users",
                "" if entry.rows is None else f"{entry.rows:,} rows",
            ),
            lines(*key_figures(entry.metrics), checks_in_words(entry)),
            text(f"DAMAGED: {damage}", "bold red")
            if damage
            else lines(entry.reason or "", rolled_back_in_words(entry)),
        )
        table.add_section()
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    console.print(table)


def lines(*texts: str) -> Text:
    """Return one text per line, without the empty ones."""
    return text("\n".join(line for line in texts if line))


def key_figures(metrics: Mapping[str, float]) -> list[str]:
    """Return the metrics that matter most, or the first two if none is known."""
    names = [name for name in KEY_FIGURES if name in metrics] or list(metrics)[:2]
    return [f"{KEY_FIGURES.get(name, name)} {metrics[name]:.3f}" for name in names]


def rolled_back_in_words(entry: "Entry") -> str:
    """Return when somebody rolled a version back, empty if nobody did."""
    if entry.marked_bad_at is None:
        return ""
    return f"BAD: rolled back at {entry.marked_bad_at[:16].replace('T', ' ')} UTC"


def checks_in_words(entry: "Entry") -> str:
    """Return how many checks passed, and which ones warned."""
    if not entry.passed_checks and not entry.warnings:
        return ""
    passed = f"{entry.passed_checks} checks passed"
    return passed + "".join(f", {rule} warned" for rule in entry.warnings)
