"""What a report is made of: topics with figures, each with its finding and numbers."""

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
    """A finding, its numbers, and mostly a chart of them.

    Parameters
    ----------
    name
        Unique in the report; the chart's id in the page, the picture's file name.
    finding
        One sentence, computed from the data.
    columns
        What each column of the table is called, and how its numbers are written.
    chart
        None where a table tells it best, which then stands open.
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
        """The rows of the table, as they are written."""
        rows = self.data[list(self.columns)].itertuples(index=False)
        forms = [form for _, form in self.columns.values()]
        return [
            [shown(value, form) for value, form in zip(row, forms, strict=True)]
            for row in rows
        ]

    @property
    def are_numbers(self) -> list[bool]:
        """Whether each column stands at the right."""
        return [bool(form) for _, form in self.columns.values()]


@dataclass(frozen=True)
class Topic:
    """A section of the report before its data is there.

    Parameters
    ----------
    question
        What the section answers.
    needs
        Names of the tables it is drawn from; without rows in the first of them there is
        nothing to draw.
    nothing
        What to say then.
    figures
        From the tables to what is shown.
    """

    name: str
    title: str
    question: str
    needs: Sequence[str]
    nothing: str
    figures: Callable[[Frames], list[Figure]]


@dataclass(frozen=True)
class Section:
    """A topic with its figures, or with a sentence that says what is missing."""

    topic: Topic
    figures: list[Figure]
    missing: str | None = None


def section_of(topic: Topic, marts: Marts) -> Section:
    """Return a topic with what the tables that are there give."""
    frames = {name: marts[name] for name in topic.needs}
    absent = [name for name, frame in frames.items() if frame is None]
    if absent:
        words = f"{listed(absent)} {'is' if len(absent) == 1 else 'are'} not there"
        return Section(topic, [], f"Not built: {words}. Run dbt build.")
    there = {name: frame for name, frame in frames.items() if frame is not None}
    if there[topic.needs[0]].empty:
        return Section(topic, [], topic.nothing)
    return Section(topic, topic.figures(there))
