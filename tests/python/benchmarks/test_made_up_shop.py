"""The made-up shop: that it is what its page says, on a small one."""

import csv
import uuid
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from made_up_shop import write_shop
from shop.entities import ShopParams, make_items
from shop.visits import affinity, drawn, within

SMALL = ShopParams(users=300, items=200, events=6000, days=120, seed=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop") / "made"
    write_shop(SMALL, folder)
    return folder


@pytest.fixture(scope="module")
def events(folder):
    return pd.read_csv(folder / "events.csv", parse_dates=["timestamp"])


@pytest.fixture(scope="module")
def items(folder):
    return pd.read_csv(folder / "items.csv", keep_default_na=False)


def test_clicks_and_purchases_are_as_many_as_asked(events):
    kinds = Counter(events["event"])
    assert kinds["click"] + kinds["purchase"] == 6000
    assert kinds["click"] > 5 * kinds["purchase"] > 500
    assert 0 < kinds["return"] < kinds["purchase"] / 5


def test_every_user_has_an_event_and_a_uuid(events):
    ids = events["visitorid"].unique()
    assert len(ids) == 300
    assert {uuid.UUID(one).version for one in ids} == {4}


def test_ids_of_items_are_texts_of_their_own(items, events):
    ids = pd.concat([items["itemid"], events["itemid"]])
    assert ids.str.fullmatch(r"SKU-[0-9A-Z]{4}-[a-z]+").all()
    assert items["itemid"].is_unique
    assert len(set(ids)) <= 200


def test_some_items_have_no_row_or_no_category(items, events):
    unlisted = ~events["itemid"].isin(items["itemid"])
    assert 0 < unlisted.mean() < 0.2
    assert 180 < len(items) < 200
    assert 0 < (items["categories"] == "").mean() < 0.2
    assert items["categories"].str.contains("|", regex=False).any()
    assert items["title"].str.contains(",").any()


def test_the_files_are_as_a_shop_exports_them(folder, events):
    with (folder / "events.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["timestamp", "visitorid", "event", "itemid"]
    times = events["timestamp"]
    assert times.is_monotonic_increasing
    assert times.min() >= pd.Timestamp("2025-01-01", tz="UTC")
    assert times.max() < pd.Timestamp("2025-05-01", tz="UTC")  # 120 days later
    assert (folder / "events.csv").read_text().splitlines()[1][:20].endswith("Z")


def test_a_few_users_and_a_few_items_have_much_of_it(events):
    for column, least in (("visitorid", 0.3), ("itemid", 0.35)):
        counts = events[column].value_counts()
        assert counts.head(len(counts) // 10).sum() > least * counts.sum()


def test_purchases_follow_a_click_and_returns_a_purchase(events):
    keys = ["visitorid", "itemid"]
    first = {
        kind: rows.groupby(keys)["timestamp"].min().rename("first")
        for kind, rows in events.groupby("event")
    }
    for kind, before, least in (("purchase", "click", 0.9), ("return", "purchase", 1)):
        found = events[events["event"] == kind].join(first[before], on=keys)
        assert (found["first"] < found["timestamp"]).mean() >= least


def test_some_items_are_never_bought(items, events):
    bought = events.loc[events["event"] == "purchase", "itemid"]
    clicked = events.loc[events["event"] == "click", "itemid"]
    assert len(set(clicked) - set(bought)) > 5


def test_items_have_no_event_before_they_appear(events):
    made = make_items(SMALL)
    first = events.groupby("itemid")["timestamp"].min()
    days = (first - pd.Timestamp("2025-01-01", tz="UTC")).dt.days
    appears = pd.Series(made.days, made.ids).reindex(days.index)
    assert (days >= appears).all()
    assert 0.2 < (made.days > 0).mean() < 0.4


def test_users_keep_to_a_few_categories(items, events):
    categories = items.set_index("itemid")["categories"].str.split("|").str[0]
    rows = events.assign(category=events["itemid"].map(categories))
    rows = rows[rows["category"].fillna("") != ""]
    shares = rows.groupby("visitorid")["category"].value_counts(normalize=True)
    of_all = rows["category"].value_counts(normalize=True)
    active = rows["visitorid"].value_counts().loc[lambda counts: counts >= 20].index
    assert shares.groupby(level=0).max()[active].mean() > 1.5 * of_all.max()


def test_the_same_seed_makes_the_same_shop(folder, tmp_path):
    write_shop(SMALL, tmp_path / "again")
    write_shop(ShopParams(300, 200, 6000, 120, seed=4), tmp_path / "other")
    for file in ("events.csv", "items.csv"):
        first = (folder / file).read_bytes()
        assert (tmp_path / "again" / file).read_bytes() == first
        assert (tmp_path / "other" / file).read_bytes() != first


@pytest.mark.parametrize("sizes", [{"users": 0}, {"users": 100, "events": 200}])
def test_sizes_that_contradict_each_other_are_refused(sizes):
    with pytest.raises(ValueError, match="at least"):
        ShopParams(**sizes)


def test_columns_are_drawn_by_weight():
    weights = np.tile([0.0, 3.0, 1.0], (4000, 1))
    columns = drawn(np.random.default_rng(1), weights)
    shares = np.bincount(columns, minlength=3) / 4000
    assert shares[0] == 0
    assert shares[1] == pytest.approx(0.75, abs=0.03)


def test_steps_are_added_up_within_groups():
    found = within(np.array([2, 1, 3]), np.array([5, 7, 9, 1, 2, 3]))
    assert found.tolist() == [0, 7, 0, 0, 2, 5]


def test_affinity_is_style_less_distance_of_prices():
    styles = np.array([1.0, 2.0, 0.0, 0.0])
    # 1.5 * (1 + 4) / sqrt(4) - 2² / 2
    assert affinity(styles, 1.0, styles, -1.0) == pytest.approx(3.75 - 2)
