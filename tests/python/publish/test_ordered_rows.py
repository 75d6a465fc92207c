"""Rows of Spark as they are to be written: the same from memory and from the disk."""

import zlib
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from pyspark.sql import functions as F

from cinespark.publish import ordered_rows
from cinespark.publish.assemble import history_arrays, lists_of_build
from cinespark.spark_tables import fingerprint

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["from memory", "from the disk"])
def way(request, monkeypatch):
    share = 0 if request.param == "from the disk" else float("inf")
    monkeypatch.setattr(ordered_rows, "LITTLE", share)
    return request.param


@pytest.fixture
def lists(spark):
    rows = [
        (
            *(user, rank, 100 - rank, f"Movie, the {rank}", 1990 + rank or None),
            *([7, 8][: rank - 1], [0.5, 0.25][: rank - 1], NOON),
        )
        for rank in (3, 1, 2)
        for user in (70, -5, 9)
    ]
    schema = (
        "user_id int, rank int, movie_id int, title string, release_year int, "
        "reason_movie_ids array<int>, reason_contributions array<double>, "
        "generated_at timestamp"
    )
    return spark.createDataFrame(rows, schema).repartition(3)


def test_lists_are_in_order_and_keep_their_rows_and_types(lists, way):
    again, table = lists_of_build(lists)
    places = [(row["user_id"], row["rank"]) for row in table.to_pylist()]
    assert places == [(user, rank) for user in (-5, 9, 70) for rank in (1, 2, 3)]
    assert table.schema == lists.toArrow().schema
    assert table["generated_at"].to_pylist() == [NOON] * 9
    assert fingerprint(again) == fingerprint(lists)
    assert (again.inputFiles() != []) == (way == "from the disk")


def test_what_spark_reads_again_are_the_rows_of_then(lists, spark, way):
    counter = spark.range(1).select(F.lit(1).alias("user_id"), F.rand().alias("rank"))
    again, table = lists_of_build(counter)
    assert again.collect()[0]["rank"] == table["rank"][0].as_py()


def test_histories_are_by_user_and_time(spark, way):
    generator = np.random.default_rng(7)
    pairs = [(int(user), int(movie)) for user in range(-3, 40) for movie in range(30)]
    kept = [pair for pair in pairs if generator.random() < 0.3]
    rows = [
        (
            user,
            movie,
            zlib.crc32(b"%d" % movie) % 5 + 0.5,
            NOON + timedelta(0, movie % 7),
        )
        for user, movie in kept
    ]
    generator.shuffle(rows)
    ratings = spark.createDataFrame(
        [(int(u), int(m), float(stars), at) for u, m, stars, at in rows],
        "user_id int, movie_id int, rating double, rated_at timestamp",
    )
    found = history_arrays(ratings.repartition(4))
    expected = sorted(rows, key=lambda row: (row[0], row[3], row[1]))
    assert found["movie_ids"].tolist() == [row[1] for row in expected]
    assert found["ratings"].tolist() == [row[2] for row in expected]
    assert found["rated_at"].tolist() == [row[3].timestamp() for row in expected]
    users = [row[0] for row in expected]
    assert found["user_ids"].tolist() == sorted(set(users))
    sizes = np.diff(found["starts"]).tolist()
    assert sizes == [users.count(user) for user in sorted(set(users))]
    kinds = {name: array.dtype.str for name, array in found.items()}
    assert kinds == {
        "user_ids": "<i8",
        "starts": "<i8",
        "movie_ids": "<i8",
        "ratings": "<f4",
        "rated_at": "<i8",
    }


def test_nobody_has_rated_anything(spark, way):
    schema = "user_id int, movie_id int, rating double, rated_at timestamp"
    found = history_arrays(spark.createDataFrame([], schema))
    assert {name: array.tolist() for name, array in found.items()} == {
        "user_ids": [],
        "starts": [0],
        "movie_ids": [],
        "ratings": [],
        "rated_at": [],
    }
