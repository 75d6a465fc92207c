"""Columns that many figures have: labels in the words of the data, and formats."""

import pandas as pd

from cinespark.report.charts import Columns
from cinespark.vocabulary import Vocabulary

Column = tuple[str, str]


def ratings_in(words: Vocabulary) -> Column:
    """Return the column of how many ratings, or events, there are."""
    return (words.ratings, ",.0f")


def share_in(words: Vocabulary, form: str = ".1%") -> Column:
    """Return the column of a share of all ratings, or events."""
    return (f"share of all {words.ratings}", form)


def mean_in(words: Vocabulary) -> Columns:
    """Return the column of the mean rating in stars, none where there are no stars."""
    if not words.has_stars:
        return {}
    return {"rating_mean": (f"mean rating ({words.stars})", ".2f")}


def without_empty(columns: Columns, data: pd.DataFrame) -> Columns:
    """Return the columns that any row of the data has a value in."""
    return {
        name: column for name, column in columns.items() if data[name].notna().any()
    }
