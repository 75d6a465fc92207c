"""The contract of the topic: what it takes and refuses, by schema and in code."""

import json
import time

import pytest
from jsonschema import Draft202012Validator
from malformed import GOOD, GOOD_VALUES, HARD_TO_TELL, MALFORMED

from cinespark.topic.contract import (
    LARGEST,
    LONGEST,
    SCHEMA,
    VERSION,
    BrokenContractError,
    reason_of,
    record_of,
)

DOCUMENT = json.loads(SCHEMA.read_text())
VALIDATOR = Draft202012Validator(DOCUMENT)
# broken by what no schema of JSON's members can say
NOT_OF_MEMBERS = {
    "too large",
    "a member twice",
    "time is in the future",
    "time is no day there is",
    "time is no hour there is",
}


def names(cases):
    return [case[0] for case in cases]


def parsed(value):
    """Return what a value holds, None if Python finds no JSON in it."""
    try:
        return json.loads((value or b"").decode())
    except ValueError:
        return None


@pytest.mark.parametrize("case", MALFORMED, ids=names(MALFORMED))
def test_what_breaks_the_contract_is_refused_with_the_reason(case):
    _, _, value, why = case
    assert why in str(reason_of(value, time.time()))


@pytest.mark.parametrize("case", GOOD_VALUES, ids=names(GOOD_VALUES))
def test_what_keeps_the_contract_is_taken(case):
    _, value = case
    assert reason_of(value, time.time()) is None
    assert VALIDATOR.is_valid(json.loads(value))
    key, own = record_of(json.loads(value))
    assert key.decode() == str(json.loads(value)["user_id"])
    assert json.loads(own) == json.loads(value)


def test_the_schema_refuses_the_same_members():
    assert "2020-12" in DOCUMENT["$schema"]
    Draft202012Validator.check_schema(DOCUMENT)
    taken = {
        name
        for name, _, value, _ in MALFORMED
        if (found := parsed(value)) is not None and VALIDATOR.is_valid(found)
    }
    # Python reads NaN and 1e999, which the schema then takes for numbers
    assert taken - {name for name in taken if name.startswith("rating is")} == (
        NOT_OF_MEMBERS
    )


def test_cases_are_many_and_each_is_another_one():
    assert len(MALFORMED) >= 30
    assert len(set(names(MALFORMED))) == len(MALFORMED)
    assert len({(key, value) for _, key, value, _ in MALFORMED}) == len(MALFORMED)
    assert set(names(MALFORMED)) >= HARD_TO_TELL | NOT_OF_MEMBERS


def test_limits_and_version_are_those_of_the_schema():
    assert DOCUMENT["$id"].endswith(VERSION)
    assert str(LARGEST) in DOCUMENT["description"]
    ids = DOCUMENT["$defs"]["id"]["oneOf"][1]
    assert (
        ids["maxLength"] == LONGEST == DOCUMENT["properties"]["event_id"]["maxLength"]
    )


@pytest.mark.parametrize(
    "wrong", [{"rating": float("nan")}, {"rated_at": "now"}, {"note": "x" * 20_000}]
)
def test_no_record_is_made_of_what_is_no_rating(wrong):
    with pytest.raises(BrokenContractError):
        record_of({**GOOD, **wrong})


@pytest.mark.parametrize("value", [b"[" * 9000, b'{"user_id": ' * 1200, b"9" * 9000])
def test_deep_and_long_values_do_no_harm(value):
    assert reason_of(value, time.time()) is not None


def test_a_time_is_judged_by_when_it_was_sent():
    value = json.dumps({**GOOD, "rated_at": 1_000_000}).encode()
    assert reason_of(value, 1_000_000 - 86_400) is None
    assert "later" in str(reason_of(value, 1_000_000 - 86_401))
