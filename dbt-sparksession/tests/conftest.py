"""dbt-tests-adapter's fixtures, pointed at the one session of the process.

Suites that are left out, and why, are in left_out.py, apart from these. A class is left
out as a whole unless a method is named.

ephemeral
    BaseEphemeralMulti, BaseEphemeralNested: they compare with Postgres's DDL.
caching
    All: they lower-case the name of the database, and Spark has none. That views and
    tables are in the cache is tested by TestChangeRelationType and test_lakehouse.
incremental
    BaseIncrementalOnSchemaChange.run_incremental_append_new_columns_remove_one: Spark's
    merge wants every column of the target in the source.
    BaseMicrobatch: wants partitions by the hour with bounds in Postgres's literals.
simple_seed
    BaseBasicSeedTests.test_simple_seed_full_refresh_flag, BaseSeedConfigFullRefreshOn:
    they want the views on a seed dropped with it; here they stay and answer.
    BaseSeedConfigFullRefreshOff, BaseSeedCustomSchema, BaseSeedParsing,
    BaseSeedSpecificFormats, BaseSeedWithUniqueDelimiter, BaseSimpleSeedWithBOM:
    dbt-core's reading of files, the same for each adapter, and a minute long.
    BaseSimpleSeedEnabledViaConfig: cleans up by `drop schema cascade`, which the JDBC
    catalog refuses; that the adapter empties first is tested at each suite's end.
    BaseSeedWithWrongDelimiter, BaseSeedWithEmptyDelimiter: Postgres's errors.
simple_snapshot
    All: they update and rename by Postgres's SQL; the two basic suites cover both
    strategies, with hard deletes.
empty
    BaseTestEmptySeedFlag: dbt 1.11 has no `seed --empty`. MetadataWithEmptyFlag,
    BaseTestEmptyInlineSourceRef: same code as BaseTestEmpty.
aliases, concurrency, dbt_clone, sample_mode, simple_copy
    All: see left_out.ELSEWHERE.
"""

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
