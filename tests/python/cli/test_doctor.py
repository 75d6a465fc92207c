"""What the doctor finds, and the words for each thing missing."""

import shlex

import pytest
from click.testing import CliRunner

from cinespark.cli.doctor import find_data, look_around
from cinespark.cli.main import cli
from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams


@pytest.fixture
def var(tmp_path):
    (tmp_path / "dbt_project.yml").touch()
    return tmp_path / "var"


def test_the_machine_is_looked_over_with_the_data(var):
    findings = {finding.subject: finding for finding in look_around(var)}
    assert findings.keys() >= {"Python", "Java", "pyspark", "jars", "disk", "data"}
    assert findings["SQLite"].is_good
    assert "with FTS5" in findings["SQLite"].found
    assert findings["jars"].remedy == "run `cinespark jars`"
    assert findings["data"].remedy == "run `cinespark data ml-100k`"


@pytest.mark.parametrize("place", ["elsewhere/var", "var 2"])
def test_remedies_name_a_state_folder_of_ones_own(var, place):
    state = var.parent / place
    option = f"--state-dir {shlex.quote(str(state))}"
    remedies = {finding.remedy for finding in look_around(state)}
    assert f"run `cinespark {option} jars`" in remedies
    assert f"run `cinespark {option} data ml-100k`" in remedies


def test_data_are_brought_into_the_state_folder_given(var, monkeypatch):
    monkeypatch.chdir(var.parent)
    words = ["data", "sample", "--users", "5", "--movies", "9", "--ratings", "30"]
    for given in ("state", str(var.parent / "state")):
        result = CliRunner().invoke(cli, ["--state-dir", given, *words])
        assert result.exit_code == 0
        assert "in state/data/sample (current)" in result.output
    assert find_data(var.parent / "state").is_good
    assert not var.exists()


def test_missing_data_name_the_command_that_brings_them(var):
    assert find_data(var).remedy == "run `cinespark data ml-100k`"


@pytest.fixture
def current(var):
    bring("sample", var / "data", str, sample=SampleParams(5, 9, 30))
    return var / "data" / "current"


def test_data_are_shown_with_their_size(var, current):
    assert find_data(var).found == "sample, 30 ratings"


@pytest.mark.parametrize("damage", ["", "{}", '{"dataset": "sample", "fi', "\0\xff"])
def test_damaged_data_name_the_command_that_brings_them_again(var, current, damage):
    (current / "manifest.json").write_bytes(damage.encode("latin-1"))
    finding = find_data(var)
    assert f"{var / 'data' / 'sample'} is damaged" in finding.found
    assert finding.remedy == "bring it again: `cinespark data sample`"


def test_damaged_data_of_ones_own_are_brought_again_from_their_folder(var, current):
    current.resolve().rename(var / "data" / "own-x")
    current.unlink()
    current.symlink_to("own-x")
    (current / "movies.csv").unlink()
    assert find_data(var).remedy == "bring it again: `cinespark data FOLDER`"
