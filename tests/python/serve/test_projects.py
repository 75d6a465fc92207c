"""From where `cinespark serve` can build, and from where it only answers."""

import pytest
import yaml
from click.testing import CliRunner

from cinespark.cli.main import cli


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the command, and gives what it would serve."""
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    monkeypatch.delenv("DBT_TARGET", raising=False)
    served = []
    monkeypatch.setattr(
        "cinespark.serve.server.serve",
        lambda exports, state, binding, project, reason: served.append(
            (exports, state, project, reason)
        ),
    )

    def command(*words):
        result = CliRunner().invoke(cli, [*words, "serve"])
        if result.exception is not None:
            raise result.exception
        return served[-1]

    return command


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return the folder of a project whose profile builds into `built`."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "dbt_project.yml").write_text("profile: mine")
    outputs = {"prod": {"type": "sparksession", "state_dir": "built"}}
    profiles = {"mine": {"target": "prod", "outputs": outputs}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
    monkeypatch.chdir(folder)
    return folder


def test_a_project_is_built_where_it_is_served(run, project):
    built = project / "built"
    assert run() == (built / "exports", built, project, "")
    assert run("--state-dir", str(built))[2:] == (project, "")


def test_what_the_project_does_not_build_is_only_served(run, project, tmp_path):
    other = tmp_path / "other"
    exports, state, found, reason = run("--state-dir", str(other))
    assert (exports, state, found) == (other / "exports", other, None)
    assert f"builds into {project / 'built'}" in reason
    assert f"served from {other}" in reason


def test_versions_are_served_where_there_is_no_project(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exports, state, found, reason = run("--state-dir", "copied")
    assert (exports, state) == (tmp_path / "copied" / "exports", tmp_path / "copied")
    assert found is None
    assert "no dbt_project.yml" in reason
    with pytest.raises(Exception, match=r"no dbt_project\.yml"):
        run()
