"""The parts of the report: topics with figures, each with a finding and numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cinespark.report.charts import Columns, Picture
from cinespark.report.marts import Marts
from cinespark.report.wording import listed, shown

Frames = Mapping[str, pd.DataFrame]
NO_RATINGS = "There are no ratings."


@dataclass(frozen=True)
class Figure:
    """A finding, its numbers, and usually a chart of them.

    Parameters
    ----------
    name
        Unique in the report: the id of the chart, and the file name of the picture.
    finding
        One sentence, computed from the data.
    columns
        The label and the number format of each column of the table.
    chart
        None where a table says it best, which is then shown open.
    """

    name: str
    title: str
    finding: str
    data: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: Columns = field(default_factory=dict)
    chart: Picture | None = None

    @property
    def labels(self) -> list[str]:
        """The headings of the table."""
        return [label for label, _ in self.columns.values()]

    @property
    def cells(self) -> list[list[str]]:
        """The rows of the table, formatted."""
        rows = self.data[list(self.columns)].itertuples(index=False)
        forms = [form for _, form in self.columns.values()]
        return [
            [shown(value, form) for value, form in zip(row, forms, strict=True)]
            for row in rows
        ]

    @property
    def are_numbers(self) -> list[bool]:
        """Whether each column is aligned to the right."""
        return [bool(form) for _, form in self.columns.values()]


@dataclass(frozen=True)
class Topic:
    """What a section of the report is about, and how it is drawn.

    Parameters
    ----------
    question
        The question that the section answers.
    needs
        The names of the tables it is drawn from; if the first one has no rows there is
        nothing to draw.
    nothing
        What the section says then.
    figures
        The function that draws the figures from the tables.
    uses
        The names of further tables, which the function gets where they are there.
    """

    name: str
    title: str
    question: str
    needs: Sequence[str]
    nothing: str
    figures: Callable[[Frames], list[Figure]]
    uses: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """A topic with its figures, or with a sentence on what is missing."""

    topic: Topic
    figures: list[Figure]
    missing: str | None = None


def section_of(topic: Topic, marts: Marts) -> Section:
    """Return the section of a topic, drawn from the tables that exist."""
    frames = {name: marts[name] for name in topic.needs}
    absent = [name for name, frame in frames.items() if frame is None]
    if absent:
        words = f"{listed(absent)} {'is' if len(absent) == 1 else 'are'} not there"
        return Section(topic, [], f"Not built: {words}. Run dbt build.")
    frames |= {name: marts[name] for name in topic.uses}
    there = {name: frame for name, frame in frames.items() if frame is not None}
    if there[topic.needs[0]].empty:
        return Section(topic, [], topic.nothing)
    try:
        return Section(topic, topic.figures(there))
    except KeyError as error:
        return Section(topic, [], of_another_version(topic.needs, error))


def of_another_version(tables: Sequence[str], error: KeyError) -> str:
    """Return what is said where tables lack a column that is to be drawn."""
    return (
        f"Not drawn: {listed(tables)} of another version of the project, without "
        f"{error}. Run dbt build."
    )
