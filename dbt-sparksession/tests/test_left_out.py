"""No class of dbt-tests-adapter is left out in silence, and the docs say the same."""

from pathlib import Path

import left_out
import suites

DOCS = Path(__file__).parents[2] / "docs" / "adapter.md"


def test_each_class_is_inherited_or_named_with_a_reason():
    assert suites.unnamed() == []


def test_what_is_named_is_there_and_is_not_inherited():
    mine, known = suites.inherited(), suites.suites()
    for suite in left_out.LEFT_OUT:
        classes = {one.__name__: one for one in known[suite]}
        names = suites.named(suite) - {"*"} or set(classes)
        held = [name for name in names if suites.is_inherited(classes[name], mine)]
        assert held == []


def test_docs_show_the_table_that_the_command_prints():
    assert suites.table() in DOCS.read_text("utf-8")
