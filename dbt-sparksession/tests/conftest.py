"""dbt-tests-adapter's fixtures, pointed at the one session of the process."""

import pytest
import yaml

pytest_plugins = [
    "dbt.tests.fixtures.project",
    *("one_session", "time_by_folder", "two_processes"),
]

OF_THE_SUITES = "ignore:(Class|Session)-scoped fixtures defined as instance methods"


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.filterwarnings(OF_THE_SUITES))


@pytest.fixture(scope="class")
def dbt_profile_target(spark, target):
    return dict(target)


@pytest.fixture(scope="class")
def profile_user():
    return None  # the lakehouse has no users


@pytest.fixture(scope="class")
def dbt_project_yml(project_root, project_config_update):
    """Write what dbt-tests-adapter would, with Iceberg as the format of everything."""
    config = {
        "name": "test",
        "profile": "test",
        "flags": {"send_anonymous_usage_stats": False},
    }
    if isinstance(project_config_update, str):
        project_config_update = yaml.safe_load(project_config_update)
    config |= project_config_update
    for kind in ("models", "seeds", "snapshots"):
        config[kind] = {"+file_format": "iceberg"} | config.get(kind, {})
    (project_root / "dbt_project.yml").write_text(yaml.safe_dump(config), "utf-8")
    return config


@pytest.fixture(scope="class")
def logs_dir(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("logs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_PATH", folder)
        yield folder
