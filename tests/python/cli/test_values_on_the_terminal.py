"""Whatever titles and files hold, a terminal is shown it and does not obey it."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from made_state import made_state

from cinespark.cli.main import cli
from cinespark.printable import UNPRINTABLE
from cinespark.report.page import page
from cinespark.report.topics import Section, Topic

# the clipboard, a colour by C1, the direction of text, markup of rich
EVIL = "\x1b]52;c;eA==\x07\x9b31m\u202e[red]"
WRITTEN_OUT = "\\u001b]52;c;eA==\\u0007\\u009b31m\\u202e[red]"


@pytest.fixture
def evil(tmp_path, monkeypatch):
    """Return the state folder of a project whose every text is evil."""
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    made_state(tmp_path / "var", EVIL)
    return tmp_path / "var"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize(
    "words",
    [
        ["show"],
        ["show", "--why", "1"],
        ["show", "--movie", "heat"],
        ["show", "--leaderboard"],
        ["show", "--quality"],
        ["history"],
    ],
    ids=" ".join,
)
def test_no_value_is_obeyed(evil, words, form):
    result = CliRunner(env={"COLUMNS": "400"}).invoke(cli, [*words, "--format", form])
    assert result.exception is None
    assert not UNPRINTABLE.search(result.output)
    assert WRITTEN_OUT in result.output
    if form == "json":
        assert repr(EVIL)[1:-1] in str(json.loads(result.output))


def test_neither_is_what_a_message_quotes(evil):
    asked = f"--movie={EVIL}?"
    for words in (["show", asked], ["data", EVIL], ["rollback", EVIL]):
        done = subprocess.run(
            [sys.executable, "-m", "cinespark.cli.main", *words],
            cwd=evil.parent,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert not UNPRINTABLE.search(done.stderr)
        assert "31m" in done.stderr


def test_the_report_writes_such_characters_out(tmp_path):
    topic = Topic("one", "One", "Which?", [], "", lambda *_: [])
    sections = [Section(topic, [], f"<b>{EVIL}")]
    html = page(
        "title",
        [(EVIL, EVIL)],
        sections,
        {"from": EVIL},
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    head = html.split('<script type="application/json"')[0]
    assert not UNPRINTABLE.search(head)
    assert head.count(WRITTEN_OUT) == 4
    assert f"&lt;b&gt;{WRITTEN_OUT}" in head
