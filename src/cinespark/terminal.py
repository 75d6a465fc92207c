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
