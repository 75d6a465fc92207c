"""What a contract asks of rows, as conditions in SQL."""

from collections.abc import Iterator, Mapping
from typing import Any

KEYS = ("unique", "primary_key", "foreign_key")
CHECKED = ("not_null", "check")


def contract_rules(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return which conditions each row of a model must meet, and what nobody holds.

    `checks` have a `rule` in SQL, broken where it is false, and a beginning of the
    error that `says` which. `unenforced` is a warning, empty if there is none.
    """
    constraints = list(_constraints(model))
    file = model["original_file_path"]
    says = f"a row breaks the contract of {model['name']} ({file}): "
    checks = [
        {"rule": rule, "says": f"{says}{text}, but there is "}
        for one, columns in constraints
        for rule, text in _rules(one, columns)
    ]
    silent = [
        f"{one['type']} ({one.get('expression') or ', '.join(columns)})"
        for one, columns in constraints
        if one["type"] not in CHECKED and one.get("warn_unenforced", True)
    ]
    return {
        "checks": checks,
        "columns": [_quoted(name) for name in model["columns"]],
        "unenforced": silent
        and f"contract of {model['name']} ({file}): nothing enforces "
        f"{'; '.join(silent)}. Only not_null and check hold here: add data tests "
        "(unique, relationships), or set `warn_unenforced: false` on the constraint",
    }


def _constraints(
    model: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Yield each constraint with the columns that it is about."""
    for name, column in model["columns"].items():
        for one in column.get("constraints") or []:
            yield one, [name]
    for one in model.get("constraints") or []:
        yield one, list(one.get("columns") or [])


def _rules(one: Mapping[str, Any], columns: list[str]) -> Iterator[tuple[str, str]]:
    if one["type"] == "not_null":
        for name in columns:
            yield f"{_quoted(name)} is not null", f"{name} is not_null"
    elif one["type"] == "check":
        name = f" {one['name']}" if one.get("name") else ""
        yield one["expression"], f"check{name} ({one['expression']})"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
