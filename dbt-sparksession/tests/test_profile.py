"""A profile of type and schema, and what the rest of it does."""

from multiprocessing import get_context
from pathlib import Path

import pytest
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.connections import (
    SparkSessionConnectionManager,
    SparkSessionHandle,
)
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import session_config


class Profile:
    """What a connection manager is given of a project."""

    def __init__(self, credentials, project_root):
        self.credentials = credentials
        self.project_root = str(project_root)


def opened(tmp_path, **options):
    credentials = SparkSessionCredentials.from_dict({"schema": "s"} | options)
    SparkSessionConnectionManager(Profile(credentials, tmp_path), get_context())
    return credentials


def test_a_schema_is_enough(tmp_path):
    credentials = opened(tmp_path)
    assert credentials.master == "local[*]"
    assert credentials.state_dir == str(tmp_path / "var")


def test_a_profile_without_a_schema_says_so():
    with pytest.raises(DbtRuntimeError, match="schema"):
        SparkSessionCredentials.from_dict({})


def test_a_relative_state_folder_lies_in_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    assert opened(tmp_path, state_dir="a/b").state_dir == str(tmp_path / "a" / "b")


def test_an_absolute_state_folder_stays(tmp_path):
    assert opened(tmp_path, state_dir="/elsewhere").state_dir == "/elsewhere"


def test_a_relative_input_folder_lies_in_the_project(tmp_path):
    assert opened(tmp_path).input_dir is None
    assert opened(tmp_path, input_dir="a/b").input_dir == str(tmp_path / "a" / "b")


def test_debug_shows_what_a_profile_may_hold(tmp_path):
    keys = {key for key, _ in opened(tmp_path).connection_info()}
    assert keys == {
        "master",
        "schema",
        "state_dir",
        "input_dir",
        "spark_config",
        "preload",
    }


def test_the_lakehouse_lies_in_the_state_folder(tmp_path):
    settings = session_config(tmp_path, "/project")
    assert settings["spark.sql.catalog.lake.warehouse"] == f"{tmp_path}/warehouse"
    assert '"-Duser.dir=/project"' in settings["spark.driver.extraJavaOptions"]


def test_a_lakehouse_in_the_project_moves_along_with_it():
    warehouse = "spark.sql.catalog.lake.warehouse"
    for state, expected in (
        ("/project/var", "var/warehouse"),
        ("/project/a/b", "a/b/warehouse"),
        ("/project/../var", "/project/../var/warehouse"),
        ("/projects/var", "/projects/var/warehouse"),
    ):
        assert session_config(Path(state), "/project")[warehouse] == expected


def test_a_project_knows_paths_that_move_along_with_it(tmp_path):
    for given, known in (("a/b", "a/b"), ("../b", f"{tmp_path}/../b"), ("/b", "/b")):
        target = dict(opened(tmp_path, state_dir=given).connection_info())
        assert target["state_dir"] == known


def test_spark_config_overrides_a_setting(spark):
    assert spark.conf.get("spark.sql.shuffle.partitions") == "1"  # conftest's


def test_a_bad_cast_raises_in_sql(spark):
    with pytest.raises(Exception, match="CAST_INVALID_INPUT"):
        spark.sql("select cast('x' as int)").collect()


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        ("it's", r"'it\'s'"),
        ("a\\b", r"'a\\b'"),
        ("100%", "'100%'"),
    ],
)
def test_a_binding_is_a_literal_of_spark(value, literal):
    assert SparkSessionHandle._fix_binding(value) == literal
