"""The rules of the checks: as they must be written, or the build stops."""

import sys
from collections.abc import Collection, Mapping
from typing import Literal, NotRequired, TypedDict, cast

from cinespark.errors import CineSparkError

FILE = "python_models/check/_check__models.yml"
BOUNDS = ("above", "min_value", "max_value")
WORDS = ("column", "meaning", "owner", "remedy")
SEVERITIES = ("critical", "warning")


class Rule(TypedDict):
    """A rule of `_check__models.yml`: the bounds of a column.

    The lower one is `min_value`, or `above` if the value itself must not be; the upper
    one is `max_value`. One of both will do.
    """

    column: str
    above: NotRequired[float]
    min_value: NotRequired[float]
    max_value: NotRequired[float]
    severity: Literal["critical", "warning"]
    meaning: str
    owner: str
    remedy: str


def read_rules(written: object, suite: str, figures: Collection[str]) -> list[Rule]:
    """Return the rules of a suite, as the YAML has them.

    Parameters
    ----------
    figures
        The columns of the profile that are numbers.

    Raises
    ------
    CineSparkError
        If there is no rule, or one is not as a rule must be.
    """
    if not isinstance(written, list) or not written:
        raise CineSparkError(
            f"the rules of {suite} in {FILE} are {said(written)}, so nothing would be "
            "judged: list one rule or more under `rules`"
        )
    seen: dict[tuple[str, str], int] = {}
    for place, rule in enumerate(written, start=1):
        fault = fault_of(rule, figures)
        if fault is None:
            first = seen.setdefault((rule["column"], rule["severity"]), place)
            if first != place:
                fault = (
                    f"repeats rule {first} with the severity {rule['severity']}: keep "
                    "one rule for a column and a severity"
                )
        if fault is not None:
            on = f" on {rule['column']}" if has_column(rule) else ""
            raise CineSparkError(
                f"the rule{on} in {FILE}, rule {place} of {suite}, {fault}"
            )
    return cast(list[Rule], written)


def fault_of(rule: object, figures: Collection[str]) -> str | None:
    """Return what is wrong with a rule and what is right, None if nothing is."""
    if not isinstance(rule, dict):
        return f"is {said(rule)}: give it {', '.join(WORDS)}, severity and a bound"
    keys = Rule.__annotations__
    for key in rule:
        if key not in keys:
            return f"has {key}, which is no key of a rule: use {', '.join(keys)}"
    for key in WORDS:
        if not isinstance(rule.get(key), str) or not rule[key].strip():
            return f"has {said(rule.get(key))} as {key}: write a text"
    if rule["column"] not in figures:
        return f"names no figure of the profile: use one of {', '.join(figures)}"
    if rule.get("severity") not in SEVERITIES:
        severity = said(rule.get("severity"))
        return f"has {severity} as severity: use {' or '.join(SEVERITIES)}"
    bounds = {key: rule[key] for key in BOUNDS if key in rule}
    if not bounds:
        return "has no bound: give it min_value (or above) or max_value, or both"
    for key, bound in bounds.items():
        # what is no number compares as true with nothing, and infinity bounds nothing
        if type(bound) not in (int, float) or not abs(bound) <= sys.float_info.max:
            return f"has {said(bound)} as {key}: write a number without quotes, as 0.05"
    if "above" in bounds and "min_value" in bounds:
        return "has above and min_value: keep one lower bound"
    return fault_of_range(bounds)


def fault_of_range(bounds: Mapping[str, float]) -> str | None:
    """Return what is wrong with bounds that no value is between, else None."""
    low = next((key for key in ("above", "min_value") if key in bounds), None)
    if low is None or "max_value" not in bounds:
        return None
    top = bounds["max_value"]
    if bounds[low] < top or (bounds[low] == top and low == "min_value"):
        return None
    than = "above" if bounds[low] > top else "and"
    return (
        f"has {low} {bounds[low]} {than} max_value {top}, so no value could pass: swap "
        "them or mend one"
    )


def has_column(rule: object) -> bool:
    """Return whether a rule says what it is on."""
    return isinstance(rule, dict) and isinstance(rule.get("column"), str)


def said(value: object) -> str:
    """Return a value of the YAML as an error shows it."""
    return "nothing" if value is None else repr(value)


def expected(rule: Rule) -> str:
    """Return a rule's bounds in words."""
    bounds = {
        "above": rule.get("above"),
        "at least": rule.get("min_value"),
        "at most": rule.get("max_value"),
    }
    return " and ".join(
        f"{words} {bound:g}" for words, bound in bounds.items() if bound is not None
    )
