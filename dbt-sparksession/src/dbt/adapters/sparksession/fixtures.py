"""Values of unit tests' rows, as SQL, and whether they fit their columns."""

import datetime as dt
import json
import re
from typing import Any

from dbt.adapters.sparksession.sql_text import text_literal

NESTED = ("array", "map", "struct")
INTEGERS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
EXAMPLES = {
    "array": """'array("a", "b")' or [a, b]""",
    "map": """'map("a", 1)' or {a: 1}""",
    "struct": """'named_struct("a", 1)' or {a: 1}""",
    "date": '"2026-02-03"',
    "timestamp": '"2026-02-03 23:59:59"',
    "boolean": "true or false",
    "decimal": "1.25",
    "string": '"text"',
}
EXAMPLES |= dict.fromkeys(("float", "double"), "1.25") | dict.fromkeys(INTEGERS, "1")


def fixture_sql(value: Any, kind: str) -> str:
    """Return the expression that gives a value of a row the type of its column.

    Spark cannot cast text to arrays, maps and structs: theirs is an expression, or YAML
    that is read as JSON.
    """
    if kind.startswith(("varchar", "char")):
        kind = "string"  # which cuts nothing off
    if value is None:
        return f"cast(null as {kind})"
    if isinstance(value, list | dict):
        text = text_literal(json.dumps(value, default=str))
        return f"from_json({text}, {text_literal(kind)}, map('mode', 'FAILFAST'))"
    if isinstance(value, str | dt.date) and not kind.startswith(NESTED):
        return f"cast({text_literal(str(value))} as {kind})"
    return f"cast({value} as {kind})"


def surely_fits(value: Any, kind: str) -> bool:
    """Return whether a value needs no question to Spark, as most do not."""
    text = str(value)
    if value is None or kind.startswith(("string", "varchar", "char")):
        return not isinstance(value, list | dict)
    try:
        if kind in INTEGERS and not isinstance(value, bool | float):
            limit: int = 2 ** (INTEGERS[kind] - 1)
            return -limit <= int(text) < limit
        if kind == "double":
            return isinstance(value, int | float) or float(text) == float(text)
        if kind == "date":
            return bool(dt.date.fromisoformat(text))
        if kind == "timestamp":
            return len(text) >= 10 and bool(dt.datetime.fromisoformat(text))
    except ValueError:
        return False
    return kind == "boolean" and text.lower() in ("true", "false")


def example(kind: str) -> str:
    """Return how a value of a type is written in a unit test."""
    word = re.split(r"\W", kind)[0]
    return EXAMPLES.get(word, f"a value of Spark's type {kind}")
