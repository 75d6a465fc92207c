"""What tests of bringing share: a folder of data sets, and one of files to bring."""

import pytest
from bringing import MOVIES, RATINGS

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams


@pytest.fixture
def said():
    return []


@pytest.fixture
def data_dir(tmp_path):
    """Return a folder of data sets, one of them there and current."""
    folder = tmp_path / "project" / "var" / "data"
    bring("sample", folder, lambda _: None, sample=SampleParams(5, 9, 30))
    return folder


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "My Films"
    folder.mkdir()
    (folder / "ratings.csv").write_text(RATINGS, newline="")
    (folder / "movies.csv").write_text(MOVIES, newline="")
    return folder
