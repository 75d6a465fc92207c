"""The command `cinespark data`: what it prints, and how it ends."""

import subprocess
import sys

from click.testing import CliRunner

from cinespark.cli.main import cli


def test_the_command_says_one_line_and_exits_well(tmp_path, own, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = CliRunner().invoke(cli, ["data", str(own)])
        assert result.exit_code == 0
        assert result.output == (
            "own-my-films: 2 ratings of 1 movies in var/data/own-my-films (current)\n"
        )


def test_the_command_turns_errors_into_one_sentence(tmp_path):
    (tmp_path / "dbt_project.yml").touch()
    done = subprocess.run(
        [sys.executable, "-m", "cinespark.cli.main", "data", "ml-10k"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: 'ml-10k' is neither")
    assert "Traceback" not in done.stderr
