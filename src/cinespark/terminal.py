"""Tables on a terminal."""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


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
