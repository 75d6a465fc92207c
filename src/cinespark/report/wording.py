"""Put numbers and lists into words."""

from collections.abc import Sequence

import pandas as pd


def shown(value: object, form: str) -> str:
    """Return a value as a table shows it, empty if it is missing."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, form) if form else str(value)


def listed(words: Sequence[str]) -> str:
    """Return words with commas and an 'and' before the last."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
