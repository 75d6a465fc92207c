"""What a target builds from and publishes to lies below its own state folder."""

import os
import re
from pathlib import Path

import pytest
import yaml
from dbt.config.renderer import ProfileRenderer
from dbt_common.context import set_invocation_context

from cinespark.spark_tables import exports_of_build
from cinespark.track.client import open_tracking

ROOT = Path(__file__).parents[3]


def test_data_and_exports_lie_below_the_state_folder_of_the_target(
    dbt, spark, state_dir
):
    manifest = dbt("parse").result
    folders = {source.identifier for source in manifest.sources.values()}
    assert f"{state_dir}/data/current/ratings.csv" in folders
    given = manifest.nodes["model.cinespark.published_files"].config.meta["exports"]
    assert exports_of_build(spark, given) == state_dir / "exports"


def test_vars_name_other_places(dbt, spark, tmp_path):
    places = {"data_dir": "landed", "exports_dir": str(tmp_path)}
    manifest = dbt("parse", "--vars", yaml.safe_dump(places)).result
    folders = {source.identifier for source in manifest.sources.values()}
    assert "landed/ratings.csv" in folders
    given = manifest.nodes["model.cinespark.published_files"].config.meta["exports"]
    assert exports_of_build(spark, given) == tmp_path


def test_databases_are_their_owners_alone(spark, state_dir, tmp_path):
    open_tracking(tmp_path)
    for file in (state_dir / "catalog.db", tmp_path / "mlflow.db"):
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("user", "schema"),
    [
        ("anna-lisa.x", "dev_anna_lisa_x"),
        ("DOMAIN\\anna", "dev_DOMAIN_anna"),
        ("jörg@example x", "dev_j_rg_example_x"),
        ("", "dev_"),
        (None, "dev_me"),
    ],
)
def test_the_schema_of_a_developer_is_a_name_whoever_they_are(user, schema):
    environment = {key: os.environ[key] for key in os.environ if key != "USER"}
    set_invocation_context(environment | ({} if user is None else {"USER": user}))
    profile = yaml.safe_load((ROOT / "profiles.yml").read_text())["cinespark"]
    given = profile["outputs"]["dev"]["schema"]
    assert ProfileRenderer({}).render_value(given) == schema
    assert re.fullmatch(r"\w+", schema, re.ASCII)


def test_mlflow_opens_its_database_below_a_nasty_folder(tmp_path):
    folder = tmp_path / 'it\'s "50" #ä 日本 $HOME'
    folder.mkdir()
    open_tracking(folder)
    assert (folder / "mlflow.db").is_file()
    assert [entry.name for entry in tmp_path.iterdir()] == [folder.name]
