"""Ratings that people sent, in the tables: recounted from the lines by Python alone."""

import json
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from cinespark.data.landing import HEADERS, About, seal
from cinespark.paths import dataset_folder
from cinespark.serve.incoming import Incoming, closed_segments

SELECTED = ("+line_reconciliation", "+dim_users", "assert_no_line_is_lost")
BAD = {
    '{"user_id": 1, "movie_': "line is not JSON of a rating",
    "": "no user_id",
    "[1, 2]": "line is not JSON of a rating",
    "rating 5": "line is not JSON of a rating",
    json.dumps({"user_id": 1, "rating": 3, "rated_at": 9}): "no movie_id",
    json.dumps({"user_id": 1, "movie_id": 2, "rated_at": 9}): "no rating",
    json.dumps({"user_id": 1, "movie_id": 2, "rating": 3}): "no timestamp",
    json.dumps({"user_id": 1, "movie_id": 2, "rating": 9, "rated_at": 9}): (
        "rating 9.0 is outside 0.5 to 5.0"
    ),
    '{"user_id": 1, "movie_id": 2, "rating": NaN, "rated_at": 9}': (
        "line is not JSON of a rating"
    ),
    json.dumps({"user_id": 1, "movie_id": 2, "rating": 3, "rated_at": -1}): (
        "timestamp -1 is outside 1970 to 2099 in seconds"
    ),
    json.dumps({"user_id": 2**31, "movie_id": 2, "rating": 3, "rated_at": 9}): (
        "user_id 2147483648 is above 2147483647"
    ),
    json.dumps({"user_id": "ann", "movie_id": 2, "rating": 3, "rated_at": 9}): (
        "user_id 'ann' is not a whole number"
    ),
}


def rows_of(rng, count):
    """Return ratings of few users and movies in few seconds: most pairs come again."""
    return [
        {
            "user_id": int(rng.integers(1, 9)),
            "movie_id": int(rng.integers(1, 7)),
            "rating": float(rng.integers(1, 11)) / 2,
            "rated_at": int(rng.integers(100, 104)),
        }
        for _ in range(count)
    ]


@pytest.fixture
def feed(dbt, spark, state_dir, tmp_path):
    """Return what lands ratings, what sends others, and what builds with both."""
    name = f"sent {tmp_path.name}"  # whose folder is named by its sum
    incoming = state_dir / "incoming"
    (tmp_path / "landing").mkdir()

    def land(rows, header=HEADERS["ratings.csv"], **variables):
        for file, first in HEADERS.items():
            (tmp_path / "landing" / file).write_text(f"{first}\n")
        lines = [",".join(map(str, row.values())) for row in rows]
        text = "\n".join([header, *lines, ""])
        (tmp_path / "landing" / "ratings.csv").write_text(text)
        (tmp_path / "landing" / "movies.csv").write_text(
            f"{HEADERS['movies.csv']}\n1,Emma (1996),Drama\n"
        )
        about = About(name, "a test", "none", "none")
        seal(tmp_path / "landing", about, vars=variables)

    def send(*batches, dataset=name):
        mine = Incoming(incoming)
        for rows in batches:
            mine.add(rows, dataset)
        mine.close()

    def build(schema, *selected, **variables):
        words = yaml.safe_dump({"data_dir": str(tmp_path / "landing"), **variables})
        result = dbt(
            "build",
            "--exclude-resource-type",
            "unit_test",
            "--select",
            *(selected or SELECTED),
            "--indirect-selection",
            "cautious",
            "--vars",
            words,
            schema=schema,
        )
        assert result.success, [node.message for node in result.result]
        return lambda table: spark.table(f"{schema}.{table}").toPandas()

    folder = incoming / dataset_folder(name)
    return SimpleNamespace(land=land, send=send, build=build, folder=folder)


def latest(landed, folder):
    """Return what counts of the file's rows and the segments' lines, and whence."""
    all_rows = [
        (row["user_id"], row["movie_id"], row["rated_at"], "", "ratings.csv", n, row)
        for n, row in enumerate(sorted(landed, key=lambda row: row["rating"]))
    ]
    for file in closed_segments(folder.parent):
        if file.parent != folder:
            continue
        for n, text in enumerate(file.read_text().split("\n")[:-1], 1):
            if text in BAD:
                continue
            row = json.loads(text)
            at = row["rated_at"], row["received_at"], file.name, n
            all_rows.append((row["user_id"], row["movie_id"], *at, row))
    all_rows.sort(key=lambda one: one[2:6])
    found = {(user, movie): (row, file) for user, movie, _, _, file, _, row in all_rows}
    return found, all_rows


def facts_of(table):
    facts = table("fct_ratings")
    return {
        (row.user_id, row.movie_id): (row.rating, int(row.rated_at.timestamp()))
        for row in facts.itertuples()
    }


def as_facts(found):
    return {pair: (row["rating"], row["rated_at"]) for pair, (row, _) in found.items()}


def test_the_latest_of_file_and_segments_counts_and_no_line_is_lost(feed):
    rng = np.random.default_rng(4)
    landed = rows_of(rng, 30)
    feed.land(landed)
    feed.send(*[rows_of(rng, 5) for _ in range(6)])
    feed.send(*[rows_of(rng, 4) for _ in range(6)])
    feed.send(rows_of(rng, 5), dataset="other")  # of another data set
    (feed.folder / "damaged.jsonl").write_text("".join(f"{line}\n" for line in BAD))
    (feed.folder / "mine.open").write_text("{}\n")  # is being written to
    table = feed.build("sent_ratings")
    found, all_rows = latest(landed, feed.folder)
    assert facts_of(table) == as_facts(found)
    assert {file for _, file in found.values()} > {"ratings.csv"}
    good = Counter(file for *_, file, _, _ in all_rows)
    kept = Counter(file for _, file in found.values())
    accounts = table("line_reconciliation").set_index("source_file")
    for file, count in good.items():
        mine = accounts.loc[file]
        assert (mine.line_count, mine.accepted_count) == (count, kept[file])
        assert (mine.superseded_count, mine.rejected_count) == (count - kept[file], 0)
    damaged = accounts.loc["damaged.jsonl"]
    assert damaged.rejected_count == damaged.line_count == len(BAD)
    rejected = table("rejected_rows")
    assert dict(zip(rejected["line"], rejected["reason"], strict=True)) == BAD
    manifest = table("stg_movielens__manifest").query("is_segment")
    assert set(manifest["source_file"]) == {*good, "damaged.jsonl"} - {"ratings.csv"}
    assert set(table("dim_users")["user_id"]) == {user for user, _ in found}


def test_a_build_of_an_earlier_list_and_one_without_segments(feed):
    later = {"user_id": 1, "movie_id": 1, "rating": 4.0, "rated_at": 101}
    feed.land([{**later, "rating": 3.0, "rated_at": 100}])

    def facts(**variables):
        table = feed.build("sent_lists", "+fct_ratings", **variables)
        return [one[0] for one in facts_of(table).values()]

    feed.send([later])
    assert facts() == [4.0]
    (first,) = feed.folder.glob("pinned-*.json")
    feed.send([{**later, "rating": 5.0}])  # in the same second, and last
    assert facts() == [5.0]
    assert facts(incoming=first.stem) == [4.0]
    assert facts(incoming=False) == [3.0]


def test_what_is_sent_again_under_its_name_counts_once(feed):
    shop = {"id_type": "string", "feedback": "implicit"}
    landed = {"user": "bob", "movie": "y", "event": "click", "rated_at": 100}
    feed.land([landed], "userId,movieId,event,timestamp", **shop)
    event = {"user_id": "ann", "movie_id": "x", "rating": 2.0, "rated_at": 200}
    first, other = {**event, "event_id": "a"}, {**event, "event_id": "b"}
    feed.send([first, other, first])
    feed.send([first, {**first, "movie_id": "y"}, event, event])
    table = feed.build("sent_again", **shop)
    # a and b, and two that have no name
    facts = {("ann", "x"): (4 * 2.0, 200), ("bob", "y"): (1.0, 100)}
    assert facts_of(table) == facts
    counts = table("line_reconciliation").query("line_count in [3, 4]")
    assert counts["accepted_count"].sum() == 1
    assert counts["superseded_count"].sum() == 6
    assert counts["rejected_count"].sum() == 0


def test_events_of_file_and_segments_add_up(feed):
    landed = [
        {"user": '"n° 1, b"', "movie": "x", "event": "click", "rated_at": 100},
        {"user": '"n° 1, b"', "movie": "x", "event": "purchase", "rated_at": 300},
        {"user": '"n° 1, b"', "movie": "y", "event": "click", "rated_at": 100},
    ]
    shop = {"id_type": "string", "feedback": "implicit"}
    feed.land(landed, "userId,movieId,event,timestamp", **shop)
    event = {"user_id": "n° 1, b", "movie_id": "x", "rating": 2.5, "rated_at": 200}
    feed.send([event, event, {**event, "movie_id": "z", "rating": -1.0}])
    table = feed.build("sent_events", **shop)
    assert facts_of(table) == {
        ("n° 1, b", "x"): (1 + 4 + 2.5 + 2.5, 300),
        ("n° 1, b", "y"): (1.0, 100),
        ("n° 1, b", "z"): (-1.0, 200),
    }
    accounts = table("line_reconciliation")
    columns = ["line_count", "accepted_count", "superseded_count"]
    counts = accounts.set_index("source_file")[columns]
    assert counts.loc["ratings.csv"].tolist() == [3, 2, 1]
    (segment,) = accounts["source_file"][accounts["source_file"].str.endswith("jsonl")]
    assert counts.loc[segment].tolist() == [3, 1, 2]
