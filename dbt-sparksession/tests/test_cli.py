"""The command line: where it works, and how it ends."""

import pytest

from dbt.adapters.sparksession import cli


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs a command and returns exit code and screen."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["dbt-sparksession", *words])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        return code, "".join(capsys.readouterr())

    return run


def test_the_jars_go_to_the_state_folder_of_the_project(run, tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path / "models")
    asked = []
    monkeypatch.setattr(cli, "bring_jars", lambda folder, say: asked.append(folder))
    assert run("jars") == (0, f"jars: complete in {tmp_path / 'var' / 'jars'}\n")
    run("jars", "--state-dir", "state")
    run("jars", "--state-dir", "/elsewhere")
    assert [str(folder) for folder in asked] == [
        f"{tmp_path}/var",
        f"{tmp_path}/state",
        "/elsewhere",
    ]


def test_outside_of_a_project_the_way_out_is_said(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = run("jars")
    assert code == 1
    assert f"error: no dbt_project.yml in {tmp_path} or above it" in said
    assert "--state-dir" in said


def test_the_doctor_names_what_is_missing_and_fails(run, tmp_path):
    code, said = run("doctor", "--state-dir", str(tmp_path))
    assert code == 1
    assert "FIX jars" in said
    assert f"-> run `dbt-sparksession jars --state-dir {tmp_path}`" in said


def test_the_doctor_is_content_where_all_is_there(run, state_dir):
    code, said = run("doctor", "--state-dir", str(state_dir))
    assert (code, "FIX" in said) == (0, False)


def test_a_wrong_word_is_an_error_of_usage(run):
    code, said = run("jar")
    assert code == 2
    assert "No such command 'jar'" in said
