"""What a run of the tests leaves out is said loudly, and fails where CI is set.

A pytest plugin: whatever skips a test, a mark or a call, is listed at the end.
"""

import os

import pytest

LEFT_OUT = pytest.StashKey[dict[str, str]]()


def is_ci():
    """Return whether this is CI, where everything that a test needs is to be there."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


class Listed:
    """Notes reports of tests and modules, of this process or of those it started."""

    def __init__(self, tests):
        self.tests = tests

    def pytest_runtest_logreport(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            self.tests[report.nodeid] = reason_of(report)

    def pytest_collectreport(self, report):
        if report.skipped:
            self.tests[report.nodeid] = reason_of(report)


def pytest_configure(config):
    config.stash[LEFT_OUT] = {}
    config.pluginmanager.register(Listed(config.stash[LEFT_OUT]))


def reason_of(report):
    _, _, reason = report.longrepr
    return reason.removeprefix("Skipped: ")


def pytest_sessionfinish(session, exitstatus):
    if session.config.stash[LEFT_OUT] and is_ci() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    tests = config.stash[LEFT_OUT]
    if not tests:
        return
    terminalreporter.section("LEFT OUT", sep="=", red=True, bold=True)
    for test, reason in tests.items():
        terminalreporter.write_line(f"{test}: {reason}", red=True)
    count = f"{len(tests)} {'test was' if len(tests) == 1 else 'tests were'} left out"
    verdict = "in CI that is a failure" if is_ci() else "nothing is known of them"
    terminalreporter.write_line(f"{count}: {verdict}", red=True, bold=True)
