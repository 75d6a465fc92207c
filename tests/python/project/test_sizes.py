"""Modules and functions stay short enough to be read at once."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def check(*words):
    command = [sys.executable, str(ROOT / "scripts" / "check_sizes.py"), *words]
    return subprocess.run(command, capture_output=True, text=True)


def lines(count):
    return "".join(f"x = {number}\n" for number in range(count))


def function(count, keyword="def"):
    body = "".join(f"        x = {number}\n" for number in range(count - 1))
    return f"class Thing:\n    @property\n    {keyword} long(self):\n{body}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (lines(300), None),
        (lines(301), "module.py: 301 lines, at most 300"),
        (function(60), None),
        (function(61), "module.py:3: long has 61 lines, at most 60"),
        (function(61, "async def"), "module.py:3: long has 61 lines, at most 60"),
    ],
)
def test_what_is_too_long_is_named_and_fails(tmp_path, text, found):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "module.py").write_text(text)
    done = check(str(tmp_path))
    assert done.returncode == (0 if found is None else 1)
    assert (found or "no module or function is too long") in done.stdout
