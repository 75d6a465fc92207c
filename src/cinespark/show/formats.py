"""Rows for programs: JSON and CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def as_json(rows: Rows) -> str:
    """Return rows as one JSON array; times are written as in ISO 8601."""
    return json.dumps(list(rows), indent=2, ensure_ascii=False, default=_in_iso)


def as_csv(rows: Rows) -> str:
    """Return rows as CSV with a header of all their columns; None is empty."""
    text = io.StringIO()
    columns = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def _in_iso(value: Any) -> str:
    return str(value.isoformat())
