"""A state folder with made-up versions, the table of a stream, and the service."""

import sys
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "serve"))

from made_events import TOPIC

from cinespark.serve.app import Settings, create_app
from cinespark.serve.opened import open_version
from cinespark.stream.fold import fold_once
from cinespark.versions.overlay import FOLDER
from cinespark.versions.versions import current_version


@pytest.fixture
def state(tmp_path):
    return tmp_path / "var"


@pytest.fixture
def exports(state):
    return state / "exports"


@pytest.fixture
def fold(state, exports):
    """Return a function that folds into the current version what is new."""

    def once(**more):
        with closing(open_version(exports, current_version(exports))) as opened:
            return fold_once(opened, state, TOPIC, **more)

    return once


@pytest.fixture
def make_asker(state, exports, tmp_path):
    """Return a function that returns who asks a service of what is current."""
    made = []

    def make():
        shared = tmp_path / f"shared-{len(made)}"
        shared.mkdir()
        app = create_app(
            Settings(
                exports,
                state / "serve",
                shared,
                state / "incoming",
                overlays=state / FOLDER,
            )
        )
        app.testing = False  # errors are answered, as they are to others
        made.append(app)
        return app.test_client()

    yield make
    for app in made:
        app.extensions["cinespark"].close()
