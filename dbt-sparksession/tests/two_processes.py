"""Which tests run in one process where `pytest -n 2` starts two.

A pytest plugin. Those of a module stay together, and so do modules that ask for a
fixture which is made once for all of them.
"""

from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling

# the whole build takes minutes, and only one process can install a browser
SHARED_FIXTURES = {"build", "chromium", "axe"}
TOGETHER = {
    *("test_built_evaluation", "test_built_lists", "test_cold_movie_quality"),
    *("test_docs_site", "test_end_to_end", "test_new_user_quality", "test_report"),
    *("test_page_in_browser", "test_retraining", "test_served_build"),
    "test_toy_models",
}


class ByModule(LoadScopeScheduling):
    """Gives each process whole modules."""

    def _split_scope(self, nodeid):
        module = nodeid.partition("::")[0]
        return "together" if PurePosixPath(module).stem in TOGETHER else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByModule(config, log)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.stem not in TOGETHER and asks_for_shared(item):
            raise pytest.UsageError(
                f"{item.nodeid} asks for one of {sorted(SHARED_FIXTURES)}, which are "
                f"made once: add {item.path.stem} to TOGETHER in two_processes.py"
            )


def asks_for_shared(item):
    """Return whether a test has one of these fixtures, not its module's own."""
    known = item._fixtureinfo.name2fixturedefs
    return any(
        known[name][-1].scope == "session" for name in SHARED_FIXTURES & {*known}
    )
