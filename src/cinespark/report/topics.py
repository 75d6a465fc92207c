"""The parts of the report: topics with figures, each with a finding and numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from cinespark.report.charts import Columns, Picture
from cinespark.report.marts import Marts
from cinespark.report.wording import listed, shown
from cinespark.vocabulary import Vocabulary

Frames = Mapping[str, pd.DataFrame]
NO_RATINGS = "There are no {ratings}."
NO_STARS = "There are no {stars}: all there is are events."


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

    Titles and sentences are templates: `{items}` and other words of a vocabulary are
    filled in.

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
        The function that draws the figures from the tables, in the words of the data.
    uses
        The names of further tables, which the function gets where they are there.
    of_events
        The question where there are no stars, if it is another one.
    is_of_stars
        Whether there is nothing to draw without stars.
    """

    name: str
    title: str
    question: str
    needs: Sequence[str]
    nothing: str
    figures: Callable[[Frames, Vocabulary], list[Figure]]
    uses: Sequence[str] = ()
    of_events: str = ""
    is_of_stars: bool = False


@dataclass(frozen=True)
class Section:
    """A topic with its figures, or with a sentence on what is missing."""

    topic: Topic
    figures: list[Figure]
    missing: str | None = None


def worded(topic: Topic, words: Vocabulary) -> Topic:
    """Return a topic in the words of the data."""
    question = words.either(topic.question, topic.of_events or topic.question)
    return replace(
        topic,
        title=words.fill(topic.title),
        question=words.fill(question),
        nothing=words.fill(topic.nothing),
    )


def section_of(topic: Topic, marts: Marts, words: Vocabulary) -> Section:
    """Return the section of a topic, drawn from the tables that exist."""
    topic = worded(topic, words)
    if topic.is_of_stars and not words.has_stars:
        return Section(topic, [], words.fill(NO_STARS))
    frames = {name: marts[name] for name in topic.needs}
    absent = [name for name, frame in frames.items() if frame is None]
    if absent:
        which = f"{listed(absent)} {'is' if len(absent) == 1 else 'are'} not there"
        return Section(topic, [], f"Not built: {which}. Run dbt build.")
    frames |= {name: marts[name] for name in topic.uses}
    there = {name: frame for name, frame in frames.items() if frame is not None}
    if there[topic.needs[0]].empty:
        return Section(topic, [], topic.nothing)
    try:
        return Section(topic, topic.figures(there, words))
    except KeyError as error:
        return Section(topic, [], of_another_version(topic.needs, error))


def of_another_version(tables: Sequence[str], error: KeyError) -> str:
    """Return what is said where tables lack a column that is to be drawn."""
    return (
        f"Not drawn: {listed(tables)} of another version of the project, without "
        f"{error}. Run dbt build."
    )
