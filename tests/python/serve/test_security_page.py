"""The page on security names tests that there are, for each of the ten risks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = {
    name
    for file in (ROOT / "tests" / "python").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M)
}


@pytest.mark.parametrize("risk", range(1, 11))
def test_each_risk_has_a_line_with_its_tests(risk):
    (line,) = re.findall(rf"^\| API{risk} .*$", PAGE, re.M)
    _, _, does, tests, _ = line.split("|")
    assert len(does.split()) > 8
    assert re.findall(r"`test_\w+`", tests)


def test_the_tests_that_it_names_are_there():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 20
    assert not named - TESTS
