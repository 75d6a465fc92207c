"""dbt-tests-adapter on hooks: before and after runs, models, seeds and snapshots."""

import json

import pytest
from dbt.tests.adapter.hooks.test_model_hooks import (
    BaseDuplicateHooksInConfigs,
    BaseHookRefs,
    BaseHooksRefsOnSeeds,
    BasePrePostModelHooks,
    BasePrePostModelHooksInConfig,
    BasePrePostModelHooksInConfigKwargs,
    BasePrePostModelHooksInConfigWithCount,
    BasePrePostModelHooksOnSeeds,
    BasePrePostModelHooksOnSeedsPlusPrefixed,
    BasePrePostModelHooksOnSeedsPlusPrefixedWhitespace,
    BasePrePostModelHooksOnSnapshots,
    BasePrePostSnapshotHooksInConfigKwargs,
    TestPrePostModelHooksUnderscores,
)
from dbt.tests.adapter.hooks.test_run_hooks import (
    BaseAfterRunHooks,
    BasePrePostRunHooks,
)
from inherited import fixture_of

# what a suite wrote for Postgres, and the same for Spark
WORDS = {
    "vacuum {{": "describe {{",
    "( schema text )": "( schema string )",
    "( db text, schema text )": "( db string, schema string )",
    "('{{ db }}', ": "({{ 'null' if db is none else db }}, ",
}


def in_spark(config):
    """Return a project's configuration with statements of Spark."""
    text = json.dumps(config)
    for word, ours in WORDS.items():
        text = text.replace(word, ours)
    return json.loads(text)


class SparkProject:
    """Configures the project of a suite in Spark's words."""

    @pytest.fixture(scope="class")
    def project_config_update(self):
        return in_spark(fixture_of(super(), "project_config_update"))


class SparkHooks(SparkProject):
    """Reads what hooks wrote: dbt's context, from a target without user and host."""

    TABLE = "on_model_hook"

    def check_hooks(self, state, project, host, count=1):
        rows = project.run_sql(
            f"select * from {project.test_schema}.{self.TABLE} "
            f"where test_state = '{state}'",
            fetch="all",
        )
        assert len(rows) == count
        for row in (row.asDict() for row in rows):
            assert row.pop("run_started_at")
            assert row.pop("invocation_id")
            assert row.pop("thread_id").startswith(("Thread-", "MainThread"))
            assert row == {
                "test_state": state,
                "target_dbname": "",
                "target_host": "",
                "target_name": "default",
                "target_schema": project.test_schema,
                "target_type": "sparksession",
                "target_user": "",
                "target_pass": "",
                "target_threads": 4,
            }


class TestPrePostModelHooks(SparkHooks, BasePrePostModelHooks):
    pass


class TestModelHooksUnderscores(SparkHooks, TestPrePostModelHooksUnderscores):
    pass


class TestHookRefs(SparkHooks, BaseHookRefs):
    pass


class TestPrePostModelHooksInConfig(SparkHooks, BasePrePostModelHooksInConfig):
    pass


class TestModelHooksInConfigWithCount(
    SparkHooks, BasePrePostModelHooksInConfigWithCount
):
    pass


class TestModelHooksInConfigKwargs(SparkHooks, BasePrePostModelHooksInConfigKwargs):
    pass


class TestDuplicateHooksInConfigs(BaseDuplicateHooksInConfigs):
    pass


class TestHooksOnSeeds(SparkProject, BasePrePostModelHooksOnSeeds):
    pass


class TestHooksOnSeedsPlusPrefixed(
    SparkProject, BasePrePostModelHooksOnSeedsPlusPrefixed
):
    pass


class TestHooksOnSeedsPlusPrefixedWhitespace(
    SparkProject, BasePrePostModelHooksOnSeedsPlusPrefixedWhitespace
):
    pass


class TestHooksRefsOnSeeds(BaseHooksRefsOnSeeds):
    pass


class TestHooksOnSnapshots(SparkProject, BasePrePostModelHooksOnSnapshots):
    pass


class TestSnapshotHooksInConfigKwargs(
    SparkProject, BasePrePostSnapshotHooksInConfigKwargs
):
    pass


class TestPrePostRunHooks(SparkHooks, BasePrePostRunHooks):
    TABLE = "on_run_hook"


class TestAfterRunHooks(BaseAfterRunHooks):
    pass


del TestPrePostModelHooksUnderscores  # inherited above
