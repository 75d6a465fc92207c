"""Which tests run in one process where `pytest -n 2` starts two.

A pytest plugin. Those of a module stay together, and so do modules that ask for a
fixture which is made once for all of them.
"""

from collections import Counter
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
# few tests that take a minute or more: were they last, one process would wait for them
LONG = {"test_stream_kills", "test_real_builds", "test_wheel"}


class ByModule(LoadScopeScheduling):
    """Gives each process whole modules."""

    def _split_scope(self, nodeid):
        return scope_of(PurePosixPath(nodeid.partition("::")[0]))


def scope_of(path):
    """Return the name of what stays in one process with the tests of a module."""
    return "together" if path.stem in TOGETHER else str(path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByModule(config, log)


def pytest_configure(config):
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # the order is that of the items, below


def pytest_collection_modifyitems(items):
    tests = Counter(scope_of(item.path) for item in items)
    first = TOGETHER | LONG
    items.sort(
        key=lambda item: (item.path.stem not in first, -tests[scope_of(item.path)])
    )
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
