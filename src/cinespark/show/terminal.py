"""Print recommendations, similar movies, results and versions as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cinespark.printable import printable
from cinespark.vocabulary import without_stars

if TYPE_CHECKING:
    from cinespark.check.results import LastResult
    from cinespark.show.similar import SimilarMovie
    from cinespark.versions.history import Entry
    from cinespark.versions.leaderboard_file import LeaderboardRow
    from cinespark.versions.lists import Recommendation
    from cinespark.vocabulary import Vocabulary

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


def print_recommendations(
    rows: Sequence["Recommendation"],
    words: "Vocabulary",
    titles: Mapping[int | str, str],
    note: str = "",
) -> None:
    """Print one user's recommendations, best first.

    Parameters
    ----------
    titles
        By id, those of the movies that rows are in the list because of.
    note
        What else there is to say of the list.
    """
    first = rows[0]
    made = f"model {first['model_version']}, {first['generated_at']:%F %H:%M} UTC"
    has_stars = any(row["predicted_rating"] is not None for row in rows)
    why = "" if has_stars else f"{without_stars(words)}\n"
    why += note and f"{note}\n"
    table = Table(
        title=text(f"The top {len(rows)} for user {first['user_id']}", "table.title"),
        caption=text(why + made, "table.caption"),
        box=box.SIMPLE_HEAD,
    )
    columns = [
        Column("#", [row["rank"] for row in rows], right=True),
        Column("title", [row["title"] for row in rows]),
        Column("year", [row["release_year"] for row in rows], right=True),
        Column("genres", [genres_of(row["genres"]) for row in rows]),
        Column("because of", [because_of(row, words, titles) for row in rows]),
    ]
    if has_stars:
        stars = [rounded(row["predicted_rating"], 1) for row in rows]
        columns.insert(3, Column(words.stars, stars, right=True))
    Console().print(filled(table, columns))


def listed(lines: Sequence[int]) -> str:
    """Return the numbers of lines, in words."""
    return " and ".join(map(str, lines))


def because_of(
    row: "Recommendation", words: "Vocabulary", titles: Mapping[int | str, str]
) -> str:
    """Return what a row is in the list because of: the two titles that add most."""
    named = [titles.get(one, str(one)) for one in row.get("reason_movie_ids") or ()]
    if named:
        return " and ".join(named[:2])
    fallback = {
        "segment": "popularity with people like you",
        "popularity": "popularity",
        "pin": f"line {listed(row.get('rule_lines') or ())} of the rules",
        "exploration": f"being new, with hardly any {words.ratings}",
    }
    return fallback.get(row["source"], f"your {words.ratings}")


def print_similar(
    name: str, rows: Sequence["SimilarMovie"], words: "Vocabulary"
) -> None:
    """Print the movies most like the one of this name, best first."""
    table = Table(title=text(f"Most like {name}"), box=box.SIMPLE_HEAD)
    counts = [f"{row['rating_count']:,}" for row in rows]
    columns = [
        Column("#", [row["rank"] for row in rows], right=True),
        Column("title", [row["title"] for row in rows]),
        Column("year", [row["release_year"] for row in rows], right=True),
        Column("similarity", [rounded(row["similarity"], 2) for row in rows], True),
        Column(words.ratings, counts, right=True),
        Column("genres", [genres_of(row["genres"]) for row in rows]),
    ]
    if words.has_stars:
        means = [rounded(row["rating_mean"], 2) for row in rows]
        columns.insert(5, Column("mean", means, right=True))
    Console().print(filled(table, columns))


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and what each row has, None for nothing."""

    heading: str
    cells: Sequence[object]
    right: bool = False


def filled(table: Table, columns: Sequence[Column]) -> Table:
    """Return a table with these columns, but for those that no row has anything in."""
    there = [
        one for one in columns if any(cell not in (None, "") for cell in one.cells)
    ]
    for one in there:
        table.add_column(text(one.heading), justify="right" if one.right else "left")
    for row in zip(*(one.cells for one in there), strict=True):
        table.add_row(*(cell_of(value) for value in row))
    return table


def cell_of(value: object) -> Text:
    """Return what a cell shows of a value, nothing of None."""
    return value if isinstance(value, Text) else text("" if value is None else value)


def rounded(value: float | None, digits: int) -> str | Text:
    """Return a number with so many digits behind the point, None as ∅."""
    return NULL if value is None else f"{value:.{digits}f}"


def genres_of(joined: str | None) -> str:
    """Return genres as a list in words."""
    return (joined or "").replace("|", ", ")


def print_leaderboard(rows: Sequence["LeaderboardRow"], words: "Vocabulary") -> None:
    """Print the judged predictors, then the rankers, with the published one marked.

    New users' lists come last, where they were judged.
    """
    if not words.has_stars:
        none = f"no predictors: learnt from events, without {words.stars} to predict"
        Console().print(text(none))
    for role in dict.fromkeys(row["role"] for row in rows):
        of_role = [row for row in rows if row["role"] == role]
        kind = role.removesuffix("s").replace("_", " ")
        built = of_role[0]["built_at"][:16].replace("T", " ")
        table = Table(
            title=text(f"{kind}s, best first", "table.title"),
            caption=text(f"build of {built} UTC; → publishes"),
            box=box.SIMPLE_HEAD,
        )
        table.add_column(width=1)
        table.add_column("model")
        for name in (of_role[0]["metric"], "95 % interval", "seconds", "MiB"):
            table.add_column(text(name), justify="right")
        for row in of_role:
            peak = row["peak_bytes"]
            table.add_row(
                "→" if row["is_published"] else "",
                text(row["model"]),
                f"{row['metric_value']:.4f}",
                f"{row['metric_value_low']:.4f} to {row['metric_value_high']:.4f}",
                rounded(row["fit_seconds"], 1),
                NULL if peak is None else f"{peak / 2**20:,.0f}",
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
        found = f"{len(rows) - len(failed)} of {len(rows)} checks of the {suite} passed"
        table = Table(
            title=text(found, "table.title"),
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
            said = f"{row['column']}: {row['meaning']}; {row['remedy']}"
            console.print(text(said))


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
                disk_in_words(entry),
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


def disk_in_words(entry: "Entry") -> str:
    """Return what a version takes of the disk, and how much of it others have, too."""
    shared = f", {entry.shared_bytes / 1e6:,.1f} shared" if entry.shared_bytes else ""
    return f"{entry.bytes / 1e6:,.1f} MB{shared}"


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
