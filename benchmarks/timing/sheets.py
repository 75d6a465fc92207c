"""Tables that are printed, saved as JSON and put into the docs."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

GIB = 2**30
NONE = "–"  # noqa: RUF001


@dataclass(frozen=True)
class Sheet:
    """A table of words; the first column is text, the others are numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def show(self, console: Console) -> None:
        table = Table(title=self.title, caption=self.note or None)
        for place, name in enumerate(self.columns):
            table.add_column(name, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)

    def markdown(self) -> str:
        """Return the table as the docs have it, its title above and its note below."""
        marks = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = [f"| {' | '.join(row)} |" for row in (self.columns, marks, *self.rows)]
        lines[1] = f"|{'|'.join(marks)}|"
        note = [f"\n{self.note}"] if self.note else []
        return "\n".join([f"{self.title}:\n", *lines, *note])


def in_seconds(value: float | None) -> str:
    """Return seconds with as many decimals as can be trusted."""
    if value is None:
        return NONE
    return f"{value:.1f}" if abs(value) < 100 else f"{value:,.0f}"


def in_gib(size: float | None) -> str:
    return NONE if size is None else f"{size / GIB:.1f}"


def ratio(value: float | None, to: float | None) -> str:
    """Return how many times as much a value is, `NONE` where either is missing."""
    return f"{value / to:.2f}" if value is not None and to else NONE


def spread(values: Sequence[float]) -> str:
    """Return the median, and the least and the most where there are several."""
    if not values:
        return NONE
    middle = in_seconds(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({in_seconds(min(values))} to {in_seconds(max(values))})"
