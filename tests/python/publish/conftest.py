"""Where the tests of publishing publish, and by which function."""

import pytest
from made_versions import ABOUT, content

from cinespark.publish.publish import publish
from cinespark.versions.versions import current_version


@pytest.fixture
def exports(tmp_path):
    return tmp_path / "exports"


@pytest.fixture
def put(exports):
    """Return a function that publishes a content and gives the current version."""

    def run(about=ABOUT, register=lambda folder: None, keep=5, **changes):
        publish(content(**changes), exports, about, register, keep=keep)
        return current_version(exports)

    return run
