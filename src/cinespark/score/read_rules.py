"""The rules of a file that make sense with the data of a build."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cinespark.data.known import nearest
from cinespark.errors import CineSparkError
from cinespark.score.rule_file import (
    CONDITIONS,
    EVERYBODY,
    Rule,
    RuleError,
    numbered,
    rule_of,
)


@dataclass(frozen=True)
class KnownValues:
    """What users and movies of the data set can be: `genres`, `ages` and so on.

    Parameters
    ----------
    top_n
        Places of a list.
    with_demographics
        The var `demographics`.
    """

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    top_n: int = 10
    with_demographics: bool = True


def read_rules(path: Path, known: KnownValues) -> list[Rule]:
    """Return the rules of a file, in its order.

    Empty lines and those that start with `#` say nothing; so does what follows the
    third field of a line.

    Raises
    ------
    CineSparkError
        If the file cannot be read, or a line is no rule for these data.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CineSparkError(
            f"the rules {path}: {error.strerror}: name a file in the var `rules`, or "
            "leave it empty for lists without rules"
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CineSparkError(
            f"{path}, line {line}: is not UTF-8: save the file as UTF-8"
        ) from error
    rules: list[Rule] = []
    for line, fields in numbered(text, path):
        try:
            rule = judged(rule_of(line, fields), known)
            refuse_one_place_twice(rule, rules)
        except RuleError as error:
            raise CineSparkError(
                f"{path}, line {line}: {error}: mend the line, or take it out "
                "(docs/rules.md has them all)"
            ) from error
        rules.append(rule)
    return rules


def judged(rule: Rule, known: KnownValues) -> Rule:
    """Return a rule if it makes sense with these data.

    Raises
    ------
    RuleError
        If it does not.
    """
    effect, amount = rule.effect, rule.amount or 0
    one_movie = rule.movie_ids is not None and len(rule.movie_ids) == 1
    alone = Rule(rule.line, "", "", "", movie_ids=rule.movie_ids)
    is_one = one_movie and same_condition(rule, alone)
    problems = {
        "`only` needs a scope: say for whom": effect == "only"
        and rule.scope == EVERYBODY,
        "`at most 0` is `never`: write never": effect == "at most" and amount < 1,
        "the number of standard deviations has to be above 0 and at most 10": (
            effect in ("raise", "lower") and not 0 < amount <= 10
        ),
        "`pin` needs a condition that is one movie, as in movie=318": effect == "pin"
        and not is_one,
        f"a list has the places 1 to {known.top_n}, not {amount:g}": effect == "pin"
        and not 1 <= amount <= known.top_n,
        "`*` counts by genre or franchise: it needs the effect `at most`": (
            rule.each_of is not None and effect != "at most"
        ),
        "`shown in … days` goes with the effect never, and at least 1 day": (
            rule.shown_days is not None and (effect != "never" or rule.shown_days < 1)
        ),
        "no number is within its bounds": any(
            first is not None and last is not None and first > last
            for first, last in (
                (rule.year_from, rule.year_to),
                (rule.ratings_from, rule.ratings_to),
            )
        ),
        "the var `demographics` is false: a scope can name users only": (
            not known.with_demographics
            and any((rule.ages, rule.genders, rule.occupations))
        ),
    }
    for problem, is_there in problems.items():
        if is_there:
            raise RuleError(problem)
    for key, values in known.values.items():
        for value in getattr(rule, key) or ():
            if value not in values:
                raise RuleError(unknown(key.removesuffix("s"), value, values))
    return rule


def same_condition(one: Rule, other: Rule) -> bool:
    """Return whether two rules are for the same movies."""
    keys = {*CONDITIONS.values(), "each_of", "year_from", "year_to", "shown_days"}
    keys |= {"ratings_from", "ratings_to"}
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def unknown(name: str, value: str, values: Sequence[str]) -> str:
    """Return the sentence on a value that these data do not have."""
    guess = nearest(value, list(values))
    meant = f", perhaps {guess!r} is meant" if guess else ""
    some = ", ".join(sorted(values)[:20]) or "none"
    return f"no {name} is {value!r}{meant}; there are {some}"


def refuse_one_place_twice(rule: Rule, before: Sequence[Rule]) -> None:
    """Raise if another rule pins a movie to the same place for the same users."""
    for other in before:
        if (
            rule.effect == other.effect == "pin"
            and rule.amount == other.amount
            and rule.scope == other.scope
        ):
            raise RuleError(
                f"line {other.line} has pinned another movie to place "
                f"{rule.amount:g} for the same users"
            )
