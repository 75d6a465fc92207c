"""What a target builds from and publishes to lies below its own state folder."""

import yaml

from cinespark.spark_tables import exports_of_build
from cinespark.track.client import open_tracking


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
