from dbt.tests.adapter.hooks.test_model_hooks import BaseTestPrePost
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooks
from dbt.tests.adapter.hooks.test_model_hooks import BaseHookRefs
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksOnSeeds
from dbt.tests.adapter.hooks.test_model_hooks import BaseHooksRefsOnSeeds
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksOnSeedsPlusPrefixed
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksOnSeedsPlusPrefixedWhitespace
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksOnSnapshots
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksInConfig
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksInConfigWithCount
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooksInConfigKwargs
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostSnapshotHooksInConfigKwargs
from dbt.tests.adapter.hooks.test_model_hooks import BaseDuplicateHooksInConfigs
from dbt.tests.adapter.hooks.test_run_hooks import BasePrePostRunHooks
from dbt.tests.adapter.hooks.test_run_hooks import BaseAfterRunHooks


class TestTestPrePost(BaseTestPrePost):
    pass


class TestPrePostModelHooks(BasePrePostModelHooks):
    pass


class TestHookRefs(BaseHookRefs):
    pass


class TestPrePostModelHooksOnSeeds(BasePrePostModelHooksOnSeeds):
    pass


class TestHooksRefsOnSeeds(BaseHooksRefsOnSeeds):
    pass


class TestPrePostModelHooksOnSeedsPlusPrefixed(BasePrePostModelHooksOnSeedsPlusPrefixed):
    pass


class TestPrePostModelHooksOnSeedsPlusPrefixedWhitespace(BasePrePostModelHooksOnSeedsPlusPrefixedWhitespace):
    pass


class TestPrePostModelHooksOnSnapshots(BasePrePostModelHooksOnSnapshots):
    pass


class TestPrePostModelHooksInConfig(BasePrePostModelHooksInConfig):
    pass


class TestPrePostModelHooksInConfigWithCount(BasePrePostModelHooksInConfigWithCount):
    pass


class TestPrePostModelHooksInConfigKwargs(BasePrePostModelHooksInConfigKwargs):
    pass


class TestPrePostSnapshotHooksInConfigKwargs(BasePrePostSnapshotHooksInConfigKwargs):
    pass


class TestDuplicateHooksInConfigs(BaseDuplicateHooksInConfigs):
    pass


class TestPrePostRunHooks(BasePrePostRunHooks):
    pass


class TestAfterRunHooks(BaseAfterRunHooks):
    pass

