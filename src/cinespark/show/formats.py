"""Serialise rows as JSON or CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date

from cinespark.printable import without_formula

Rows = Sequence[Mapping[str, object]]


def as_json(rows: Rows) -> str:
    """Return rows as one JSON array, with times as in ISO 8601."""
    return json.dumps(list(rows), indent=2, ensure_ascii=False, default=_in_iso)


def as_csv(rows: Rows) -> str:
    """Return rows as CSV, with a header of all columns; None is an empty field.

    A list is a text in JSON, as in the files that are published.

    A text that a spreadsheet would run as a formula has a ' before it.
    """
    text = io.StringIO()
    columns = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: in_csv(value) for name, value in row.items()})
    return text.getvalue().rstrip("\n")


def in_csv(value: object) -> object:
    """Return a value as a field of CSV has it."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return without_formula(value) if isinstance(value, str) else value


def _in_iso(value: object) -> str:
    """Return a date or a time as in ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
