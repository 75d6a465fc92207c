"""A rule is as it must be, or one sentence says which is not, and where."""

import pandas as pd
import pytest

from cinespark.check.rules import FILE, expected, read_rules
from cinespark.check.suites import judge
from cinespark.errors import CineSparkError
from cinespark.vocabulary import USUAL

FIGURES = ["many", "few"]
RULE = {
    "column": "many",
    "min_value": 2,
    "severity": "critical",
    "meaning": "what it is",
    "owner": "Us",
    "remedy": "mend it",
}


def without(key):
    return {name: value for name, value in RULE.items() if name != key}


def fault(rules):
    with pytest.raises(CineSparkError) as error:
        read_rules(rules, "things", FIGURES)
    text = str(error.value)
    assert "\n" not in text
    assert FILE in text
    return text.replace(f" in {FILE}", "")


@pytest.mark.parametrize(
    "bounds",
    [
        {"min_value": 0},
        {"min_value": -0.5, "max_value": -0.5},
        {"max_value": 10**300},
        {"above": 0},
        {"above": 0, "max_value": 1},
    ],
)
def test_a_rule_has_one_bound_or_two(bounds):
    rules = [without("min_value") | bounds, RULE | {"severity": "warning"}]
    assert read_rules(rules, "things", FIGURES) == rules


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ("0.05", "'0.05'"),
        ("5%", "'5%'"),
        ("", "''"),
        (None, "nothing"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (10**400, str(10**400)),
        (True, "True"),
        (False, "False"),
        ([1, 2], "[1, 2]"),
        ({"of": 1}, "{'of': 1}"),
    ],
)
@pytest.mark.parametrize("key", ["above", "min_value", "max_value"])
def test_a_bound_is_a_finite_number(key, bound, words):
    assert fault([RULE | {key: bound}]) == (
        f"the rule on many, rule 1 of things, has {words} as {key}: write a number "
        "without quotes, as 0.05"
    )


def test_a_bound_that_is_above_lets_only_more_pass():
    strict = without("min_value") | {"above": 2}
    assert expected(strict) == "above 2"
    (result,) = judge(pd.DataFrame([{"many": 2.0}]), [strict], "things", USUAL)
    assert not result["success"]
    (result,) = judge(pd.DataFrame([{"many": 2.1}]), [strict], "things", USUAL)
    assert result["success"]
    assert "keep one lower bound" in fault([RULE | {"above": 1}])
    text = fault([strict | {"max_value": 2}])
    assert "has above 2 and max_value 2, so no value could pass" in text


def test_bounds_that_nothing_can_pass_are_refused():
    text = fault([RULE, RULE | {"min_value": 2, "max_value": 1.5, "column": "few"}])
    assert text.startswith("the rule on few, rule 2 of things, has min_value 2 above")


@pytest.mark.parametrize(
    "severity", ["Critical", "CRITICAL", "critical ", "warn", "error", "", None, 1, []]
)
def test_a_severity_is_one_of_two_words(severity):
    words = "nothing" if severity is None else repr(severity)
    assert fault([RULE | {"severity": severity}]) == (
        f"the rule on many, rule 1 of things, has {words} as severity: use critical or "
        "warning"
    )


@pytest.mark.parametrize("key", ["meaning", "owner", "remedy", "severity"])
def test_a_rule_without_a_key_is_refused(key):
    text = fault([without(key)])
    assert text.startswith(f"the rule on many, rule 1 of things, has nothing as {key}:")


@pytest.mark.parametrize("column", ["mny", "Many", "checked_at", "many "])
def test_a_rule_is_on_a_figure_of_the_profile(column):
    text = fault([RULE | {"column": column}])
    assert text.startswith(f"the rule on {column}, rule 1 of things, names no figure")
    assert text.endswith("use one of many, few")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (RULE | {"max_valeu": 3}, "on many, rule 1 of things, has max_valeu, which is"),
        (RULE | {5: 3}, "on many, rule 1 of things, has 5, which is no key"),
        (without("min_value"), "on many, rule 1 of things, has no bound"),
        (without("column"), ", rule 1 of things, has nothing as column: write a text"),
        (RULE | {"column": ["many"]}, ", rule 1 of things, has ['many'] as column"),
        (RULE | {"remedy": "  "}, "on many, rule 1 of things, has '  ' as remedy"),
        (RULE | {"owner": 5}, "on many, rule 1 of things, has 5 as owner"),
        ("many >= 2", ", rule 1 of things, is 'many >= 2': give it column"),
        (None, ", rule 1 of things, is nothing: give it column"),
    ],
)
def test_a_rule_that_judges_nothing_is_refused(rule, words):
    assert words in fault([rule])


def test_a_rule_is_said_once():
    text = fault([RULE, RULE | {"severity": "warning"}, RULE | {"min_value": 1}])
    assert "on many, rule 3 of things, repeats rule 1 with the severity" in text


@pytest.mark.parametrize("rules", [None, [], {}, "none", RULE, (), 0])
def test_a_suite_without_a_rule_is_refused(rules):
    words = "nothing" if rules is None else repr(rules)
    text = fault(rules)
    assert text.startswith(f"the rules of things are {words}, so nothing would be")


def test_bounds_are_said_in_words():
    assert expected(RULE) == "at least 2"
    both = RULE | {"min_value": -1, "max_value": 1}
    assert expected(both) == "at least -1 and at most 1"
