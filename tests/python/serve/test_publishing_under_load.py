"""Ten publishes, one of them broken, and two rollbacks while clients ask."""

import pytest
from publishing_under_load import run


@pytest.mark.slow
def test_no_answer_fails_or_is_mixed_while_versions_come_and_go(tmp_path, capsys):
    assert run(tmp_path, seconds=10) == []
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1 + 12 + 2  # a line for each step
    assert "published, broken" in said[6]
