"""Whole builds of ids that are texts or large numbers, and of events without stars."""

import uuid
from contextlib import nullcontext

import mlflow
import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.data.bring import bring
from cinespark.errors import CineSparkError
from cinespark.score.predict_file import predict_file
from cinespark.show.why import why
from cinespark.versions.lists import recommendations_of
from cinespark.versions.versions import current_version

CHEAP = {
    "item_factors_iterations": 2,
    "bayesian_iterations": 12,
    "bayesian_burn_in": 6,
    "bootstrap_replicates": 10,
    "blend_users": 50,
    "accept_drift": True,
}
WEIGHTS = {"click": 1, "purchase": 4, "dislike": -4}


@pytest.fixture(scope="module")
def build(dbt, spark, tmp_path_factory):
    """Return a function that builds frames, and gives tables by name and exports."""
    landing = tmp_path_factory.mktemp("landing")
    exports = tmp_path_factory.mktemp("exports")

    def run(schema, *command, vars=None, **frames):
        if frames:
            own = tmp_path_factory.mktemp(schema)
            for name, frame in frames.items():
                frame.to_csv(own / f"{name}.csv", index=False)
            one = [*own.iterdir()]
            bring(str(one[0] if len(one) == 1 else own), landing, str)
        folders = {
            "data_dir": str(landing / "current"),
            "exports_dir": str(exports / schema),
        }
        variables = yaml.safe_dump(CHEAP | folders | (vars or {}))
        whole = ["build", "--exclude-resource-type", "unit_test"]
        result = dbt(*(command or whole), "--vars", variables, schema=schema)
        assert result.success, result.exception or [
            (node.node.name, node.message)
            for node in result.result
            if node.status in ("error", "fail")
        ]

        def table(name):
            return spark.table(f"{schema}.{name}").toPandas()

        return table, exports / schema

    return run


def shop_events(seed):
    """Return events of 100 users and 80 items, in two groups that like their own."""
    rng = np.random.default_rng(seed)
    users = [str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in range(100)]
    items = [f"SKU-{n:02}, red" if n % 3 else f"-{n:02}" for n in range(80)]
    user = rng.integers(0, 100, 1500)
    item = 2 * rng.integers(0, 40, 1500) + (user + (rng.random(1500) < 0.1)) % 2
    return pd.DataFrame(
        {
            "visitor": np.array(users)[user],
            "sku": np.array(items)[item],
            "event": rng.choice(list(WEIGHTS), 1500, p=[0.7, 0.2, 0.1]),
            "time": 1_700_000_000 + np.sort(rng.integers(0, 10**7, 1500)),
        }
    )


SHOP = {"id_type": "string", "feedback": "implicit", "item_noun": "product"}


@pytest.fixture(scope="module")
def shop(build):
    events = shop_events(1)
    return events, *build("shop", vars=SHOP, events=events)


def test_events_add_up_under_the_ids_of_the_files(shop):
    events, table, _ = shop
    weighed = events.assign(weight=events["event"].map(WEIGHTS))
    sums = weighed.groupby(["visitor", "sku"])["weight"].sum()
    facts = table("fct_ratings").set_index(["user_id", "movie_id"])["rating"]
    pd.testing.assert_series_equal(
        facts.sort_index(), sums.astype(float), check_names=False
    )


def test_lists_have_ids_of_the_files_nothing_seen_and_no_stars(shop):
    events, table, exports = shop
    lists = table("recommendations")
    assert set(lists["user_id"]) == set(events["visitor"])
    assert set(lists["movie_id"]) <= set(events["sku"])
    seen = set(zip(events["visitor"], events["sku"], strict=True))
    assert not seen & set(zip(lists["user_id"], lists["movie_id"], strict=True))
    assert lists["predicted_rating"].isna().all()
    published = pd.read_parquet(
        exports / current_version(exports) / "recommendations.parquet"
    )
    keys = ["user_id", "rank", "movie_id"]
    pd.testing.assert_frame_equal(
        published[keys].sort_values(keys).reset_index(drop=True),
        lists[keys].sort_values(keys).reset_index(drop=True),
        check_dtype=False,
    )
    file = exports / current_version(exports) / "recommendations.csv"
    texts = pd.read_csv(file, dtype=str)[["user_id", "movie_id"]]
    assert texts.equals(published[["user_id", "movie_id"]].astype(object))
    assert texts["movie_id"].str.startswith("-").any()
    user = events["visitor"].iloc[0]
    own = lists[lists["user_id"] == user].sort_values("rank")["movie_id"].tolist()
    shown = recommendations_of(exports, user, 10)
    assert [row["movie_id"] for row in shown] == own
    with pytest.raises(CineSparkError, match="user nobody has no recommendations"):
        recommendations_of(exports, "nobody", 10)


def test_what_is_disliked_counts_against(shop):
    """Lists lean to the group that a user buys from, not to the one disliked."""
    events, table, _ = shop
    parity = {sku: int(sku.strip("SKU-, red")) % 2 for sku in events["sku"].unique()}
    home = events.groupby("visitor")["sku"].agg(lambda all_: all_.map(parity).mean())
    lists = table("recommendations").query("source == 'personal' and rank <= 3")
    own = lists["movie_id"].map(parity) == lists["user_id"].map(home).round()
    assert own.mean() > 0.6
    preferences = table("int_preferences").query("subset == 'all'")
    assert (preferences["preference"] < 0).any()
    assert not preferences.loc[preferences["preference"] < 0, "is_like"].any()


def test_reasons_are_what_the_user_chose_by_the_ids_of_the_files(shop):
    """Never what was only disliked, whatever its score says."""
    events, table, exports = shop
    sums = events.assign(weight=events["event"].map(WEIGHTS))
    sums = sums.groupby(["visitor", "sku"])["weight"].sum()
    lists = table("recommendations").query("source == 'personal'")
    pairs = lists.explode("reason_movie_ids").dropna(subset="reason_movie_ids")
    assert len(pairs) > len(lists)
    named = pairs[["user_id", "reason_movie_ids"]].itertuples(index=False, name=None)
    assert (sums[list(named)] > 0).all()
    row = lists.iloc[0]
    ids = list(row["reason_movie_ids"])
    start, last = ", ".join(ids[:-1]), ids[-1]
    text = f"{start} and {last}" if start else last
    assert row["reason"] == f"because you chose {text}"  # titles are the ids
    shown = recommendations_of(exports, row["user_id"], 10)[int(row["rank"]) - 1]
    assert shown["reason_movie_ids"] == ids
    found = why(
        exports,
        exports / "none",
        exports / "none",
        exports / "none",
        row["user_id"],
        int(row["rank"]),
        lambda label, size: nullcontext(lambda steps: None),
    )
    assert [term["movie_id"] for term in found.terms][: len(ids)] == ids
    assert found.terms[0]["rating"] == sums[row["user_id"], ids[0]]


def test_no_stars_are_judged_but_lists_are(shop):
    _, table, exports = shop
    assert table("rating_accuracy").empty
    assert set(table("model_leaderboard")["role"]) == {"ranker"}
    checks = table("recommendation_checks").set_index(["column", "severity"])
    assert checks["observed"]["repeated_list_share", "critical"] < 0.05
    assert pd.isna(checks["observed"]["franchise_list_share", "warning"])
    with pytest.raises(CineSparkError, match="without stars"):
        predict_file(exports / "any.csv", exports / "out.csv", exports)


def test_ids_keep_their_keys_whatever_comes_and_if_the_dictionary_is_lost(
    shop, build, spark
):
    events, table, _ = shop
    before = table("int_user_keys").set_index("user_id")["user_key"]
    first = events.assign(visitor=events["visitor"].str.replace("^.", "0", regex=True))
    more = pd.concat([events.iloc[200:], first.iloc[:300]])
    build("shop", vars=SHOP, events=more)
    after = table("int_user_keys").set_index("user_id")["user_key"]
    assert after.is_unique
    assert len(after) == len({*before.index, *more["visitor"]}) > len(before)
    assert (after[before.index] == before).all()
    observed = table("recommendation_checks").set_index("column")["observed"]
    assert 0 < observed["published_jaccard"] < observed["published_overlap"] < 1
    assert 0 < observed["published_rank_biased_overlap"] < 1
    spark.sql("drop table shop.int_user_keys")
    build("shop", "run", "--select", "int_user_keys", vars=SHOP)
    again = table("int_user_keys").set_index("user_id")["user_key"]
    there = sorted({*more["visitor"]})
    assert (again[there] == after[there]).all()
    build("shop", "run", "--select", "int_user_keys", "--full-refresh", vars=SHOP)
    pd.testing.assert_series_equal(
        table("int_user_keys").set_index("user_id")["user_key"], again
    )


def test_a_build_with_other_vars_says_which_ones_fit(dbt, build, shop, tmp_path):
    with pytest.raises(
        AssertionError, match=r"id_type is int, not string; feedback is"
    ):
        build("shop")


@pytest.fixture(scope="module")
def bank(build):
    rng = np.random.default_rng(2)
    ratings = pd.DataFrame(
        {
            "userId": 10**17 + 7 * rng.integers(0, 40, 800),
            "movieId": 10**15 + rng.integers(0, 50, 800),
            "rating": rng.integers(1, 11, 800) / 2,
            "timestamp": 1_700_000_000 + np.arange(800),
        }
    ).drop_duplicates(["userId", "movieId"], keep="last")
    movies = pd.DataFrame({"movieId": 10**15 + np.arange(48)})
    movies["title"] = [f"Film {n} (1999)" for n in range(48)]
    frames = {"ratings": ratings, "movies": movies.assign(genres="Drama")}
    return ratings, *build("bank", vars={"id_type": "bigint"}, **frames)


def test_large_numbers_are_ids_everywhere(bank, spark, tmp_path, state_dir):
    ratings, table, exports = bank
    types = dict(spark.table("bank.recommendations").dtypes)
    assert (types["user_id"], types["movie_id"]) == ("bigint", "bigint")
    lists = table("recommendations")
    assert set(lists["user_id"]) == set(ratings["userId"])
    first = lists[lists["rank"] == 1].sort_values("user_id").head(3)
    # 10 ** 15 + 49 is rated, and no movie of the catalogue
    pairs = [*zip(first["user_id"], first["movie_id"], strict=True)]
    pairs += [(int(ratings["userId"].iloc[0]), 10**15 + 49), (5, 6)]
    asked = pd.DataFrame(pairs, columns=["user_id", "movie_id"])
    asked.to_csv(tmp_path / "pairs.csv", index=False)
    predict_file(tmp_path / "pairs.csv", tmp_path / "out.csv", exports)
    found = pd.read_csv(tmp_path / "out.csv")
    assert found[["user_id", "movie_id"]].equals(asked)
    expected = first["predicted_rating"].to_numpy()
    np.testing.assert_allclose(found["predicted_rating"][:3], expected, atol=1e-5)
    assert found["source"].tolist()[3:] == ["personal", "mean"]
    mlflow.set_tracking_uri(f"sqlite:///{state_dir}/mlflow.db")
    champion = mlflow.pyfunc.load_model("models:/cinespark@champion")
    np.testing.assert_allclose(
        champion.predict(asked), found["predicted_rating"], atol=1e-5
    )


def test_a_user_is_shown_by_a_large_number(bank, monkeypatch):
    ratings, _, exports = bank
    user = str(ratings["userId"].iloc[0])
    assert recommendations_of(exports, user, 1)[0]["user_id"] == int(user)
    with pytest.raises(CineSparkError, match="ids are whole numbers up to 9223372036"):
        recommendations_of(exports, "abc", 1)
    assert CliRunner().invoke(cli, ["show", "--help"]).exit_code == 0
