"""dbt-tests-adapter's fixtures, pointed at the one session of the process.

Suites of dbt-tests-adapter that are left out, and why. A class is left out as a whole
unless a method is named.

basic
    BaseIncrementalBadStrategy: dbt-spark refuses a bad strategy in words of its own.
    BaseGetCatalogForSingleRelation: dbt-spark does not implement the method.
ephemeral
    BaseEphemeralMulti, BaseEphemeralNested: they compare with Postgres's DDL.
caching
    All: they lower-case the name of the database, and Spark has none. That views and
    tables are in the cache is tested by TestChangeRelationType and test_lakehouse.
simple_seed
    BaseBasicSeedTests.test_simple_seed_full_refresh_flag, BaseSeedConfigFullRefreshOn,
    BaseSeedConfigFullRefreshOff: they want the views on a seed dropped with it, or not,
    as the flag says; here they stay and answer in any case.
    BaseSimpleSeedWithBOM: reads a file beside itself that the wheel has elsewhere; that
    dbt-core strips a byte order mark is the same for each adapter.
    BaseSimpleSeedEnabledViaConfig: cleans up by `drop schema cascade`, which the JDBC
    catalog refuses; that the adapter empties first is tested at each suite's end.
    BaseSeedWithWrongDelimiter: wants a syntax error for a header that is one odd name,
    which is a column here.
simple_snapshot
    BaseSnapshotDbtValidToCurrent: takes rows by their place in a table without order;
    TestNewRecordDbtValidToCurrent and TestRowsThatGoAndComeBack have the setting.
    BaseSnapshotEphemeralHardDeletes: what BaseSnapshotNewColumnWithDeletes does, less
    the deletion.
python_model
    BasePySparkTests: pandas-on-Spark wants pandas 3 or none, koalas Spark 2; the two
    other frames are tested. BasePythonSampleTests: same as the empty suite.
empty
    BaseTestEmptySeedFlag: dbt 1.11 has no `seed --empty`. MetadataWithEmptyFlag,
    BaseTestEmptyInlineSourceRef: same code as BaseTestEmpty.
unit_testing
    BaseUnitTestQuotedReservedWordColumnNames: quotes a column by Postgres's quotes.
store_test_failures_tests
    StoreTestFailuresAsProjectLevel*, -Generic, -Exceptions, BaseStoreTestFailures:
    other sources of the same two settings.
constraints
    All: not enforced on Iceberg. That names and types of a contract are is dbt-spark's.
dbt_clone
    BaseCloneNotPossible: here it is.
aliases
    BaseSameAliasDifferentDatabases: Spark's relations have no database.
simple_copy
    SimpleCopyBase.test_simple_copy_with_materialized_views: there are none.
grants, functions, materialized_view, catalog_integrations
    All: the lakehouse has no users, functions, materialized views or integrations.
column_types, dbt_debug, dbt_show, hooks, persist_docs, query_comment, relations (but
for two), utils
    All: dbt-core's and dbt-spark's code, which this adapter does not touch.
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
