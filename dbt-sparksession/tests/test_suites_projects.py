"""dbt-tests-adapter on whole projects: clones, copies, aliases, threads, the cache."""

import pytest
from dbt.tests.adapter.aliases.test_aliases import (
    BaseAliasErrors,
    BaseAliases,
    BaseSameAliasDifferentSchemas,
)
from dbt.tests.adapter.concurrency.test_concurrency import BaseConcurrency
from dbt.tests.adapter.dbt_clone import test_dbt_clone as clone_suite
from dbt.tests.adapter.sample_mode.test_sample_mode import BaseSampleModeTest
from dbt.tests.adapter.simple_copy.test_copy_uppercase import BaseSimpleCopyUppercase
from dbt.tests.adapter.simple_copy.test_simple_copy import (
    EmptyModelsArentRunBase,
    SimpleCopyBase,
)
from dbt.tests.util import run_dbt
from suites_sql import SparkProject


class TestAliases(BaseAliases):
    pass


class TestAliasErrors(BaseAliasErrors):
    pass


class TestSameAliasDifferentSchemas(BaseSameAliasDifferentSchemas):
    pass


class TestConcurrency(BaseConcurrency):
    pass


class TestSampleMode(BaseSampleModeTest):
    pass


class TestSimpleCopy(SimpleCopyBase):
    def test_simple_copy_with_materialized_views(self, project):
        """Left out: there are no materialized views."""


class TestSimpleCopyUppercase(BaseSimpleCopyUppercase):
    @pytest.fixture(scope="class")
    def dbt_profile_target(self, spark, target):
        return dict(target)


class TestEmptyModelsArentRun(EmptyModelsArentRunBase):
    pass


class TestClone(clone_suite.BaseClonePossible):
    pass


class TestCloneSameSourceAndTarget(clone_suite.BaseCloneSameSourceAndTarget):
    @pytest.fixture(scope="class")
    def project(self, project):
        return SparkProject(project)


class TestCloneSameTargetAndState(clone_suite.BaseCloneSameTargetAndState):
    pass


DAILY = """
{{ config(
    materialized='incremental', incremental_strategy='insert_overwrite',
    partition_by=['day'], tblproperties={'write.format.default': 'orc'}
) }}
select 1 as id, date '{{ var("day", "2026-01-01") }}' as day
"""


class TestClonedTables:
    """A clone is a table of its own, which goes on as the other would."""

    @pytest.fixture(scope="class")
    def models(self):
        return {"daily.sql": DAILY, "late.sql": "select 1 as id"}

    @pytest.fixture(scope="class")
    def profiles_config_update(self, dbt_profile_target, unique_schema):
        outputs = {
            name: dbt_profile_target | {"schema": schema}
            for name, schema in [
                ("prod", unique_schema),
                ("dev", f"{unique_schema}_dev"),
            ]
        }
        return {"test": {"outputs": outputs, "target": "prod"}}

    def days(self, project, ending=""):
        sql = f"select day from {project.test_schema}{ending}.daily order by day"
        return [row.day.day for row in project.run_sql(sql, fetch="all")]

    def test_a_clone_goes_on_and_the_original_stays(self, project):
        clone = ["clone", "--target", "dev", "--state", "state"]
        run_dbt(["run", "--select", "daily"])
        (project.project_root / "target").rename(project.project_root / "state")
        run_dbt([*clone, "--select", "daily"])
        assert self.days(project, "_dev") == self.days(project) == [1]
        build = ["run", "--target", "dev", "--select", "daily"]
        run_dbt([*build, "--vars", "day: '2026-01-02'"])
        assert self.days(project, "_dev") == [1, 2]
        assert self.days(project) == [1]
        missing = run_dbt([*clone, "--select", "late"], expect_pass=False)
        assert "is not there to be cloned" in missing.results[0].message
