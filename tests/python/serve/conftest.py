"""The service of small versions, one for each type of ids."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_service import publish_service

from cinespark.serve.app import Settings, create_app


@pytest.fixture
def exports(tmp_path):
    return tmp_path / "exports"


@pytest.fixture
def make_app(tmp_path):
    """Return a function that makes the application of a folder of versions."""
    made = []

    def make(exports, **more):
        shared = tmp_path / f"shared-{len(made)}"
        shared.mkdir()
        app = create_app(
            Settings(exports, tmp_path / "serve", shared, tmp_path / "incoming", **more)
        )
        app.testing = False  # errors are answered, as they are to others
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["cinespark"].close()


@pytest.fixture
def asker(exports, make_app):
    """Return who asks the service of a version whose ids are small numbers."""
    publish_service(exports)
    return make_app(exports).test_client()
