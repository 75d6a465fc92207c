"""The alias that is moved without MLflow, as a real MLflow sees it."""

import sqlite3
from contextlib import closing

import pytest

from cinespark.errors import CineSparkError
from cinespark.names import ALIAS, DATABASE, MODEL
from cinespark.track.alias import point_alias_at
from cinespark.track.client import open_tracking


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("registry of '50%'")  # a path that needs quoting


@pytest.fixture(scope="module")
def client(state):
    """Return a client whose model has four versions, the last of them deleted."""
    client = open_tracking(state)
    client.create_registered_model(MODEL)
    for arrays in ("aa", "bb", "cc", "dd"):
        client.create_model_version(
            MODEL, source=str(state), run_id=None, tags={"model_version": arrays}
        )
    client.delete_model_version(MODEL, "4")
    return client


@pytest.fixture
def champion(client):
    """Return a function that gives the number MLflow takes for the champion."""
    return lambda: str(client.get_model_version_by_alias(MODEL, ALIAS).version)


def test_mlflow_sees_the_alias_that_was_set_and_moved(state, champion):
    for arrays, number in (("aa", "1"), ("cc", "3"), ("bb", "2"), ("bb", "2")):
        assert point_alias_at(state / DATABASE, arrays) == number
        assert champion() == number


def test_of_equal_models_the_newest_is_named(state, client, champion):
    client.create_model_version(
        MODEL, source=str(state), run_id=None, tags={"model_version": "bb"}
    )
    assert point_alias_at(state / DATABASE, "bb") == champion() == "5"
    client.delete_model_version(MODEL, "5")


def test_an_alias_that_mlflow_set_is_moved_and_others_stay(state, client, champion):
    client.set_registered_model_alias(MODEL, ALIAS, "3")
    client.set_registered_model_alias(MODEL, "challenger", "3")
    point_alias_at(state / DATABASE, "aa")
    assert champion() == "1"
    aliases = client.get_registered_model(MODEL).aliases
    assert {name: int(number) for name, number in aliases.items()} == {
        ALIAS: 1,
        "challenger": 3,
    }


@pytest.mark.parametrize("arrays", ["dd", "1", "xx"])
def test_a_model_that_is_deleted_or_unknown_is_refused(state, champion, arrays):
    point_alias_at(state / DATABASE, "bb")
    words = rf"at the model {arrays}, because .* does not have it: the next `dbt build`"
    with pytest.raises(CineSparkError, match=words):
        point_alias_at(state / DATABASE, arrays)
    assert champion() == "2"


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(CineSparkError, match=r"mlflow\.db is missing"):
        point_alias_at(tmp_path / DATABASE, "aa")
    assert not (tmp_path / DATABASE).exists()


@pytest.mark.parametrize("text", ["", "no database at all, and longer than a header"])
def test_a_file_that_is_not_mlflows_is_named_with_its_error(tmp_path, text):
    (tmp_path / DATABASE).write_text(text * 20)
    with pytest.raises(CineSparkError, match=r"mlflow\.db cannot be written \(.*\)"):
        point_alias_at(tmp_path / DATABASE, "aa")


def test_a_database_that_another_holds_is_named_with_its_error(
    state, champion, monkeypatch
):
    monkeypatch.setattr("cinespark.track.alias.BUSY_SECONDS", 0.1)
    point_alias_at(state / DATABASE, "bb")
    with closing(sqlite3.connect(state / DATABASE)) as other:
        other.execute("begin exclusive")
        with pytest.raises(CineSparkError, match="database is locked"):
            point_alias_at(state / DATABASE, "aa")
    assert champion() == "2"
