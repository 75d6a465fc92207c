"""Which tests are the quick core, and how long the tests of each folder took.

A pytest plugin. A test is slow if it asks for a fixture that runs dbt, a browser or
another program for long, or is marked as slow; `pytest -m "not slow"` runs the others,
so a new test is in the core unless it builds something. The mark `quick` keeps one
that builds in the core.
"""

from collections import defaultdict

import pytest

# fixtures that take seconds: dbt on the one JVM (`dbt_profile_target` in the
# adapter's suites), dbt as a process, a browser, an environment with the wheel, MLflow
SLOW = {"dbt", "dbt_profile_target", "dbt_process", "chromium", "wheel", "client"}
# what a test of the core may take, its share of the JVM's start included
SECONDS = 20

SPENT = pytest.StashKey[dict[str, float]]()


class Clock:
    """Adds up what tests took, in this process or in those it started."""

    def __init__(self, spent):
        self.spent = spent

    def pytest_runtest_logreport(self, report):
        self.spent[report.nodeid] += report.duration


def pytest_configure(config):
    config.stash[SPENT] = defaultdict(float)
    config.pluginmanager.register(Clock(config.stash[SPENT]))


def pytest_itemcollected(item):
    if SLOW & set(item.fixturenames) and item.get_closest_marker("quick") is None:
        item.add_marker(pytest.mark.slow)


def folder_of(test):
    return test.split("::")[0].rpartition("/")[0]


def pytest_terminal_summary(terminalreporter, config):
    spent, folders = config.stash[SPENT], defaultdict(list)
    for test, seconds in spent.items():
        folders[folder_of(test)].append(seconds)
    if not folders:
        return
    terminalreporter.section("seconds by folder", sep="=")
    for folder, each in sorted(folders.items(), key=lambda one: -sum(one[1])):
        terminalreporter.write_line(f"{sum(each):7.1f}  {len(each):4} tests  {folder}")
    terminalreporter.write_line(f"{sum(spent.values()):7.1f}  {len(spent):4} tests")
    if config.option.markexpr == "not slow":
        for test, seconds in spent.items():
            if seconds > SECONDS:
                words = f"{test} took {seconds:.0f} s: mark it as slow"
                terminalreporter.write_line(words, yellow=True)
