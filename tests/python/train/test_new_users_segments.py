"""For whom popularity by segment is counted, and that Spark counts as pandas does."""

import numpy as np
import pandas as pd
import pytest

from cinespark.algorithms.preferences import preferences_from
from cinespark.algorithms.segments import ATTRIBUTES, segment_likes, segment_popularity
from cinespark.train.segments import segments_for_new_users

CATALOGUE = np.arange(6) * 10


@pytest.fixture(scope="module")
def rows():
    """Return preferences of users 1 to 9, of whom 9 likes nothing at all."""
    rng = np.random.default_rng(2)
    user, movie = np.nonzero(rng.random((9, 6)) < 0.7)
    rating = np.where(user == 8, 0.5, rng.integers(1, 6, len(user)))
    return pd.DataFrame(
        {
            "user_id": user.astype(np.int32) + 1,
            "movie_id": (movie * 10).astype(np.int32),
            "rating": rating,
            "is_like": rating >= 4,
            "preference": np.maximum(rating - 1, 0) / 4,
            "newer_count": 0,
            "rating_count": 1,
        }
    )


@pytest.fixture(scope="module")
def people():
    return pd.DataFrame(
        {
            "user_id": np.arange(1, 12, dtype=np.int32),
            "gender": [*"FMFMFM", None, *"FMF", None],
            "age_band": ["18-24", None] * 5 + [None],
            "occupation": ["artist"] * 4 + ["doctor"] * 6 + [None],
        }
    )


SCHEMA = "user_id int, gender string, age_band string, occupation string"


def test_spark_counts_what_pandas_counts_for_those_who_like_nothing(
    spark, rows, people
):
    learnt = preferences_from(rows, CATALOGUE)
    table = spark.createDataFrame(people.replace({np.nan: None}), SCHEMA)
    found = segments_for_new_users(spark.createDataFrame(rows), table, learnt, 5.0)
    assert found.user_ids.tolist() == [9, 10]  # of 11 nothing is known
    new = people[people["user_id"].isin([9, 10])]
    counts = segment_likes(rows[rows["is_like"]], people)
    expected = segment_popularity(
        counts, new, learnt.catalogue, learnt.like_counts, 5.0
    )
    for one, other in zip(found.segments, expected.segments, strict=True):
        np.testing.assert_allclose(
            found.gains[one].sum(axis=0), expected.gains[other].sum(axis=0)
        )
    assert (found.log_shares == expected.log_shares).all()


def test_nothing_is_counted_where_nobody_needs_it(spark, rows, people):
    learnt = preferences_from(rows, CATALOGUE)
    table = spark.createDataFrame(rows)
    unknown = people.assign(**dict.fromkeys(ATTRIBUTES))
    likers = people[people["user_id"] < 9].replace({np.nan: None})
    for users in (unknown, likers):
        given = spark.createDataFrame(users, SCHEMA)
        assert segments_for_new_users(table, given, learnt, 5.0) is None
