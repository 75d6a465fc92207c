"""The command `cinespark data`: what it prints, and how it ends."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli


def test_the_command_says_one_line_and_exits_well(tmp_path, own, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = CliRunner().invoke(cli, ["data", str(own)])
        assert result.exit_code == 0
        assert result.output == (
            "own-my-films: 2 ratings of 1 movie in var/data/own-my-films (current)\n"
        )


@pytest.mark.parametrize(
    ("header", "project", "words"),
    [
        ("rating", "", "2 ratings of 2 movies by 1 user"),
        ("event", "", "2 events of 2 items by 1 user"),
        ("rating", "item_noun: dish", "2 ratings of 2 dishes by 1 user"),
        ("event", "item_noun: person|people", "2 events of 2 people by 1 user"),
        ("event", "item_noun: movie", "2 events of 2 items by 1 user"),
        ("rating", "cinespark: {item_noun: dish}", "2 ratings of 2 dishes by 1 user"),
    ],
)
def test_the_line_has_the_words_of_the_project_and_of_events(
    tmp_path, monkeypatch, header, project, words
):
    (tmp_path / "dbt_project.yml").write_text(
        f"name: cinespark\nvars:\n  top_n: 10\n  {project}\n"
    )
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "ratings": f"userId,movieId,{header},timestamp\n1,1,2,5\n1,2,3,6\n",
        "movies": "movieId,title,genres\n1,A,x\n2,B,x\n",
        "users": "userId,age,gender,occupation,zip\n1,30,,,\n",
    }.items():
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / f"{name}.csv").write_text(text)
    output = CliRunner().invoke(cli, ["data", "own"]).output
    assert output.splitlines()[-1] == (
        f"own-own: {words} in var/data/own-own (current)"
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
