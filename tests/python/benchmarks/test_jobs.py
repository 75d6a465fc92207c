"""The jobs that `make bench` compares builds with, on little data."""

import lists
import notebook
import numpy as np
import pandas as pd
import pytest
from timing.sizes import SIZES, made

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams


def test_a_size_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setitem(SIZES, "small", SampleParams(50, 60, 900, seed=42))
    folder, seconds = made("small", tmp_path)
    first = (folder / "ratings.csv").stat()
    assert seconds > 0
    assert len(pd.read_csv(folder / "ratings.csv")) == 900
    assert made("small", tmp_path) == (folder, seconds)
    assert (folder / "ratings.csv").stat().st_ino == first.st_ino


def test_the_notebook_does_the_whole_job(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(notebook, "ITERATIONS", 3)  # more is no other job
    params = SampleParams(users=60, movies=150, ratings=2400, seed=5)
    bring("sample", tmp_path, str, sample=params)
    stages = notebook.Stages()
    rmse = notebook.job(spark, tmp_path / "sample", tmp_path, stages)
    assert 0.3 < rmse < 2
    genres = pd.read_csv(tmp_path / "eda" / "popular_genres.csv", index_col="genre")
    assert genres["ratings"].max() > 100
    parts = pd.read_parquet(tmp_path / "recommendations.parquet")
    assert parts.groupby("userId").size().eq(10).all()
    assert not parts["title"].str.contains(r"\(\d{4}\)$").any()
    assert list(stages.seconds) == [
        "read and clean",
        "explore",
        "learn",
        "judge",
        "recommend and write",
    ]


@pytest.fixture(scope="module")
def given():
    return lists.make(users=40, movies=60, factors=4, ratings=400)


def test_numpys_lists_are_the_best_movies_not_rated(given):
    found = lists.numpy_lists(given)
    scores = given.users @ given.movies.T
    for user, places in enumerate(found):
        rated = given.rated[given.starts[user] : given.starts[user + 1]]
        scores[user, rated] = -np.inf
        assert places.tolist() == np.argsort(-scores[user])[:10].tolist()


def test_made_up_histories_have_popular_movies(given):
    counts = np.bincount(given.rated, minlength=60)
    assert counts[:20].sum() > 1.3 * counts[-20:].sum()
    assert (np.diff(given.starts) >= 1).all()
    again = lists.make(users=40, movies=60, factors=4, ratings=400)
    assert (again.rated == given.rated).all()
