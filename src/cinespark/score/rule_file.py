"""The lines of `rules.csv`: what a shop wants lists to hold, as it writes it."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cinespark.errors import CineSparkError

COLUMNS = ["scope", "condition", "effect"]
EVERYBODY, ANY, EACH = "everybody", "any", "*"
SCOPES = {"age": "ages", "gender": "genders", "occupation": "occupations"}
SCOPES["user"] = "user_ids"
CONDITIONS = {"genre": "genres", "franchise": "franchises"}
CONDITIONS |= {"movie": "movie_ids", "item": "movie_ids"}
BOUNDED = re.compile(r"(year|ratings)\s*(<=|>=|<|>|=)\s*(\d{1,9})", re.ASCII)
SHOWN = re.compile(r"shown in (\d{1,4}) days?", re.ASCII)
AMOUNT = r"(\d{1,9}(?:\.\d{1,9})?)"
EFFECTS = {
    "never": re.compile("never"),
    "only": re.compile("only"),
    "at most": re.compile(r"at most (\d{1,9})", re.ASCII),
    "raise": re.compile(f"raise {AMOUNT}", re.ASCII),
    "lower": re.compile(f"lower {AMOUNT}", re.ASCII),
    "pin": re.compile(r"pin (\d{1,9})", re.ASCII),
}
EFFECTS_SAID = "never, only, at most 2, raise 0.5, lower 0.5 or pin 1"


@dataclass(frozen=True)
class Rule:
    """One rule: for which users, for which movies, and what it does.

    Parameters
    ----------
    line
        Of the file, from 1.
    effect, amount
        One of EFFECTS, and its number where it has one.
    ages, genders, occupations, user_ids
        Of the users, any of each; None for all.
    movie_ids, genres, franchises
        Of the movies, any of each; None for all. Franchises are in lower case.
    each_of
        'genre' or 'franchise' where each of them counts by itself.
    year_from, year_to, ratings_from, ratings_to
        The first and last that fit; None for no bound.
    shown_days
        Days in which the movie was in the user's published list.
    """

    line: int
    scope: str
    condition: str
    effect: str
    amount: float | None = None
    ages: Sequence[str] | None = None
    genders: Sequence[str] | None = None
    occupations: Sequence[str] | None = None
    user_ids: Sequence[str] | None = None
    movie_ids: Sequence[str] | None = None
    genres: Sequence[str] | None = None
    franchises: Sequence[str] | None = None
    each_of: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    ratings_from: int | None = None
    ratings_to: int | None = None
    shown_days: int | None = None


class RuleError(ValueError):
    """What is wrong with a rule, without its file and line."""


def numbered(text: str, path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the number and the fields of each line that says something.

    Raises
    ------
    CineSparkError
        If the first of them is not the header, or quotes are not closed.
    """
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    is_first, line = True, 1
    try:
        for fields in reader:
            said = [one.strip() for one in fields]
            if any(said) and not said[0].startswith("#"):
                if is_first and said[: len(COLUMNS)] != COLUMNS:
                    raise CineSparkError(
                        f"{path}, line {line}: the header is {','.join(said)!r}: it "
                        f"has to be {','.join(COLUMNS)}"
                    )
                if not is_first:
                    yield line, said
                is_first = False
            line = reader.line_num + 1
        if is_first:
            raise CineSparkError(
                f"{path} has no line `{','.join(COLUMNS)}`: begin with it, or leave "
                "the var `rules` empty"
            )
    except csv.Error as error:
        raise CineSparkError(
            f"{path}, line {line}: {error}: close what is quoted, and double quotes "
            "inside"
        ) from error


def rule_of(line: int, fields: Sequence[str]) -> Rule:
    """Return the rule that the fields of a line say.

    Raises
    ------
    RuleError
        If they say none.
    """
    if len(fields) < len(COLUMNS):
        raise RuleError(f"has {len(fields)} fields, not {', '.join(COLUMNS)}")
    scope, condition, effect = fields[:3]
    rule = with_effect(Rule(line, scope, condition, effect), effect)
    for term in terms_of(scope, EVERYBODY, "scope"):
        rule = with_values(rule, term, SCOPES, "scope")
    for term in terms_of(condition, ANY, "condition"):
        rule = with_condition(rule, term)
    return rule


def terms_of(text: str, all_of_them: str, column: str) -> list[str]:
    """Return the terms of a scope or a condition, none where all are meant."""
    terms = [term.strip() for term in text.split(";")]
    if not all(terms):
        raise RuleError(f"its {column} is {text!r}: write {all_of_them} for all")
    return [] if terms == [all_of_them] else terms


def with_effect(rule: Rule, text: str) -> Rule:
    """Return a rule with the effect that a text names."""
    for effect, pattern in EFFECTS.items():
        if found := pattern.fullmatch(text):
            amount = float(found[1]) if found.groups() else None
            return replace(rule, effect=effect, amount=amount)
    raise RuleError(f"the effect {text!r} is none: write {EFFECTS_SAID}")


def with_condition(rule: Rule, term: str) -> Rule:
    """Return a rule with one more term of its condition."""
    if found := SHOWN.fullmatch(term):
        return once(rule, "shown_days", int(found[1]), term)
    if found := BOUNDED.fullmatch(term):
        name, sign, number = found[1], found[2], int(found[3])
        if sign in ("<", "<=", "="):
            rule = once(rule, f"{name}_to", number - (sign == "<"), term)
        if sign in (">", ">=", "="):
            rule = once(rule, f"{name}_from", number + (sign == ">"), term)
        return rule
    name, _, value = (part.strip() for part in term.partition("="))
    if name in ("genre", "franchise") and value == EACH:
        return once(rule, "each_of", name, term)
    return with_values(rule, term, CONDITIONS, "condition")


def with_values(rule: Rule, term: str, names: Mapping[str, str], column: str) -> Rule:
    """Return a rule with one more term of the form name=value|value."""
    name, equals, text = (part.strip() for part in term.partition("="))
    values = [value.strip() for value in text.split("|")]
    if name not in names or not equals or not all(values):
        more = ", year<1980, ratings>=20, shown in 30 days" * (names is CONDITIONS)
        raise RuleError(
            f"its {column} {term!r} is not understood: write "
            f"{', '.join(f'{one}=…' for one in names)}{more}, several divided by "
            "semicolons, values by bars"
        )
    if name == "franchise":
        values = [value.lower() for value in values]
    return once(rule, names[name], values, term)


def once(rule: Rule, key: str, value: object, term: str) -> Rule:
    """Return a rule with a value that it has not had."""
    if getattr(rule, key) is not None:
        raise RuleError(f"{term!r} says again what another term says")
    given: dict[str, Any] = {key: value}
    return replace(rule, **given)
