"""Which tests run in one process where `pytest -n` starts several.

A pytest plugin. Those of a module stay together, and so do all that ask for a fixture
which is made once for many modules.
"""

import pytest

# the whole build takes minutes, and only one process can install a browser
SHARED = {"build", "chromium"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if not config.pluginmanager.hasplugin("xdist"):
        return
    shared = [item for item in items if SHARED & set(item.fixturenames)]
    modules = {module_of(item) for item in shared}
    for item in items:
        module = module_of(item)
        group = "what is shared" if module in modules else module
        item.add_marker(pytest.mark.xdist_group(group))
    # the longest group first, so that it is not the last to end
    items.sort(key=lambda item: module_of(item) not in modules)


def module_of(item):
    return item.nodeid.partition("::")[0]
