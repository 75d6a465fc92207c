"""How the made-up shop is judged, without a build and without `implicit`."""

import sys
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import shop_quality
from judging import gains
from made_up_shop import write_shop
from rich.console import Console
from shop import tables
from shop.entities import ShopParams


class TruncatedSvd:
    """Has what shop_als.py takes of `AlternatingLeastSquares`."""

    def __init__(self, factors, **_):
        self.factors = factors

    def fit(self, matrix, show_progress):
        left, values, right = np.linalg.svd(matrix.toarray(), full_matrices=False)
        self.user_factors = (left * values)[:, : self.factors]
        self.item_factors = right[: self.factors].T


@pytest.fixture
def shop_als(monkeypatch):
    """Return benchmarks/shop_als.py on a stand-in for the library."""
    library = ModuleType("implicit.als")
    vars(library)["AlternatingLeastSquares"] = TruncatedSvd
    monkeypatch.setitem(sys.modules, "implicit", ModuleType("implicit"))
    monkeypatch.setitem(sys.modules, "implicit.als", library)
    monkeypatch.delitem(sys.modules, "shop_als", raising=False)
    import shop_als

    yield shop_als
    del sys.modules["shop_als"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    write_shop(ShopParams(users=300, items=100, events=6000, days=120), folder)
    return tables.of_files(folder, seed=1)


def test_the_last_fifth_of_each_user_is_hidden(judged):
    counts = judged.pairs.groupby("user_id")["part"].value_counts().unstack()
    counts = counts.fillna(0).astype(int)
    sums = counts.sum(axis=1)
    assert (counts["test"] == sums // 5).all()
    assert (counts["validation"] == (sums - sums // 5) // 5).all()
    assert not judged.pairs.duplicated(["user_id", "movie_id"]).any()


def test_a_pair_is_the_sum_of_its_events(tmp_path):
    (tmp_path / "events.csv").write_text(
        "timestamp,visitorid,event,itemid\n"
        "2025-01-01T00:00:00Z,u,click,b\n"
        "2025-01-01T00:01:00Z,u,click,a\n"
        "2025-01-01T00:02:00Z,u,purchase,a\n"
        "2025-01-03T00:00:00Z,u,click,c\n"
        "2025-01-04T00:00:00Z,u,return,a\n"
        "2025-01-02T00:00:00Z,u,click,d\n"
        "2025-01-02T00:00:01Z,u,click,e\n"
    )
    found = tables.of_files(tmp_path, seed=1).pairs.set_index("movie_id")
    assert found["weight"].tolist() == [1 + 4 - 2, 1, 1, 1, 1]
    # the return is the latest event of all
    assert found["part"].tolist() == ["test", "fit", "fit", "fit", "fit"]


def test_a_return_is_not_relevant():
    pairs = pd.DataFrame(
        {
            "user_id": 1,
            "movie_id": [1, 2, 3, 4],
            "weight": [2.0, 0.0, -1.0, 1.0],
            "part": ["test", "test", "test", "fit"],
        }
    )
    assert tables.Judged(pairs, {}, {}).relevant["movie_id"].tolist() == [1]


def test_popularity_lists_what_most_users_have(judged):
    lists = shop_quality.with_popularity(judged).lists["popularity"]
    learnt = judged.pairs.query("part != 'test'")
    counts = learnt[learnt["weight"] > 0]["movie_id"].value_counts()
    user = lists["user_id"].iloc[0]
    of_user = set(learnt.loc[learnt["user_id"] == user, "movie_id"])
    shown = lists.loc[lists["user_id"] == user, "movie_id"]
    assert not of_user & set(shown)
    left = counts[~counts.index.isin(of_user)]
    assert counts[shown].tolist() == left.head(10).tolist()


def test_the_best_setting_on_validation_rows_is_first(shop_als, judged):
    grid = [shop_als.Setting(factors, 1.0, 1.0, "ones") for factors in (100, 4)]
    movie_ids = pd.Index(np.unique(judged.pairs["movie_id"]))
    found = shop_als.tuned(judged.pairs, grid, movie_ids)
    # with all factors nothing is filled in
    assert [setting.factors for _, setting in found] == [4, 100]
    assert found[0][0] > found[1][0]


def test_lists_of_als_have_nothing_that_was_learnt(shop_als, judged):
    learnt = judged.pairs.query("part != 'test'")
    asked = np.unique(judged.relevant["user_id"])
    movie_ids = pd.Index(np.unique(learnt["movie_id"]))
    setting = shop_als.Setting(4, 1.0, 1.0, "events")
    lists = shop_als.lists_of(setting, learnt, asked, movie_ids)
    assert lists.groupby("user_id").size().eq(10).all()
    assert lists.merge(learnt, on=["user_id", "movie_id"]).empty


def of_each_user(columns):
    """Return the same rows for each of 20 users."""
    users = pd.DataFrame({"user_id": range(1, 21)})
    return users.merge(pd.DataFrame(columns), how="cross")


def marts(ndcg):
    """Return the tables of a build: each user's one hidden item is second in a list."""
    return {
        "int_ratings_split": of_each_user(
            {
                "movie_id": [1, 2, 3, 4],
                "rating": [1, 1, 4, -1],
                "temporal_split": ["train", "train", "test", "test"],
                "is_temporal_validation": [False, True, False, False],
            }
        ),
        "holdout_rankings": of_each_user(
            {
                "model": ["blend", "blend", "popularity"],
                "rank": [1, 2, 1],
                "movie_id": [5, 3, 5],
                "score": 1.0,
            }
        ),
        "ranking_quality": pd.DataFrame(
            {
                "model": ["blend", "popularity", "blend", "blend"],
                "k": [10, 10, 5, 10],
                "segment_kind": ["all", "all", "all", "age"],
                "ndcg": [ndcg, 0.0, 0.9, 0.8],
                "ndcg_low": 0.0,
                "ndcg_high": 1.0,
            }
        ),
    }


def read(monkeypatch, tmp_path, found):
    monkeypatch.setattr(tables, "read_marts", lambda *_: found)
    return tables.of_build(tmp_path, "cinespark")


def test_a_build_is_read_and_judged_once_more(monkeypatch, tmp_path):
    judged = read(monkeypatch, tmp_path, marts(1 / np.log2(3)))
    parts = judged.pairs.loc[judged.pairs["user_id"] == 7, "part"]
    assert parts.tolist() == ["fit", "validation", "test", "test"]
    assert judged.relevant["movie_id"].tolist() == [3] * 20
    assert judged.figures == {
        "blend": (1 / np.log2(3), 0, 1),
        "popularity": (0, 0, 1),
    }
    by_user = {
        model: gains(rows, judged.relevant) for model, rows in judged.lists.items()
    }
    shop_quality.require_same(by_user, judged.figures)
    als = gains(judged.lists["blend"], judged.relevant)
    table = shop_quality.table_of(by_user | {"implicit ALS": als}, judged.figures)
    console = Console(width=100)
    with console.capture() as printed:
        console.print(table)
    words = " ".join(printed.get().split())
    assert "blend │ 0.6309 │ 0.0000 to 1.0000" in words
    assert "blend − popularity │ +0.6309" in words
    assert "blend − implicit ALS │ +0.0000 │ +0.0000 to +0.0000" in words


def test_another_ndcg_than_that_of_the_mart_ends_the_run(monkeypatch, tmp_path):
    judged = read(monkeypatch, tmp_path, marts(0.6))
    by_user = {"blend": gains(judged.lists["blend"], judged.relevant)}
    with pytest.raises(SystemExit, match=r"0\.630930, but ranking_quality says 0\.6"):
        shop_quality.require_same(by_user, judged.figures)


def test_a_build_that_judged_nothing_is_named(monkeypatch, tmp_path):
    empty = marts(0.6) | {"holdout_rankings": pd.DataFrame()}
    with pytest.raises(SystemExit, match="holdout_rankings is empty"):
        read(monkeypatch, tmp_path, empty)
