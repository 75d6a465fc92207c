"""Tables as arrays, if memory will do."""

import numpy as np
import pytest
from pyspark.sql.functions import col

from cinespark.errors import CineSparkError
from cinespark.spark_tables import most_rows
from cinespark.train.collect import (
    collected,
    collected_bytes,
    factor_bytes,
    preferences_of,
    ratings_of,
)


@pytest.fixture
def tables(spark):
    rows = spark.createDataFrame(
        [(9, 30, 2.0), (5, 10, 4.0), (5, 20, 3.0), (9, 99, 5.0)],
        "user_id int, movie_id int, rating double",
    )
    users = spark.createDataFrame(
        [(9, "F", "doctor", "25-34"), (5, "M", None, None), (7, None, None, None)],
        "user_id int, gender string, occupation string, age_band string",
    )
    movies = spark.createDataFrame(
        [(30, ["Drama", "War"], 1994), (10, [], None), (20, ["War"], 1995)],
        "movie_id int, genres array<string>, release_year int",
    )
    return rows, users, movies


def test_ratings_are_positions_in_sorted_ids_in_order_of_user_and_movie(tables):
    ratings = ratings_of(*tables)
    assert ratings.user_ids.tolist() == [5, 7, 9]
    assert ratings.movie_ids.tolist() == [10, 20, 30, 99]  # 99 is in no dimension
    assert ratings.users.tolist() == [0, 0, 2, 2]
    assert ratings.movies.tolist() == [0, 1, 2, 3]
    assert ratings.stars.tolist() == [4.0, 3.0, 2.0, 5.0]
    assert ratings.matrix(ratings.stars).toarray()[2].tolist() == [0, 0, 2, 5]
    some = ratings.where(ratings.stars > 2)
    assert (some.users.tolist(), len(some.user_ids)) == ([0, 0, 2], 3)


def test_features_say_what_is_known_and_nothing_of_the_others(tables):
    ratings = ratings_of(*tables)
    third = 1 / np.sqrt(3)
    # F, M; doctor; 25-34
    np.testing.assert_allclose(
        ratings.user_features,
        [[0, third, 0, 0], [0, 0, 0, 0], [third, 0, third, third]],
    )
    half = 1 / np.sqrt(2)
    # Drama, War; 1990 to 1994, 1995 to 1999
    np.testing.assert_allclose(
        ratings.movie_features,
        [[0, 0, 0, 0], [0, 1, 0, 0.5], [half, half, 0.5, 0], [0, 0, 0, 0]],
    )


def test_preferences_are_in_the_order_of_likes(spark):
    schema = (
        "subset string, user_id int, movie_id int, rating double, is_like boolean, "
        "preference double, weight double, newer_count int, rating_count bigint"
    )
    rows = spark.createDataFrame(
        [
            ("fit", 5, 20, 4.0, True, 0.65, 0.6, 0, 2),
            ("fit", 5, 10, 2.0, False, 0.1, 0.1, 1, 2),
            ("fit", 9, 20, 5.0, True, 1.0, 1.0, 0, 1),
            ("fit", 9, 15, 5.0, True, 1.0, 1.0, 0, 1),  # in no catalogue
        ],
        schema,
    )
    movies = spark.createDataFrame([(10,), (20,), (30,)], "movie_id int")
    found = preferences_of(rows, movies, share=1)
    assert found.catalogue.tolist() == [20, 10, 30]
    assert found.like_counts.tolist() == [2, 0, 0]
    assert found.matrix(found.values).toarray().tolist() == [
        [0.65, 0.1, 0],
        [1.0, 0, 0],
    ]


def test_likes_are_counted_over_all_users_where_a_sample_is_learnt_from(spark):
    """Everyone likes movie 20; who is in the sample is the only one to count if not."""
    rows = spark.range(1, 41).selectExpr(
        "'fit' as subset",
        "cast(id as int) as user_id",
        "20 as movie_id",
        "5.0d as rating",
        "true as is_like",
        "1.0d as preference",
        "1.0d as weight",
        "0 as newer_count",
        "1L as rating_count",
    )
    movies = spark.createDataFrame([(10,), (20,)], "movie_id int")
    found = preferences_of(rows, movies, share=0.5)
    assert 0 < len(found.user_ids) < 40
    assert found.like_counts.tolist() == [40, 0]


def test_rows_are_estimated_by_their_number_and_their_size():
    assert collected_bytes(1000, 32) == 3 * 1000 * 32
    assert factor_bytes(16) - factor_bytes(0) == 16 * 8


def test_a_table_that_is_too_large_for_python_is_refused_unread(spark):
    rows = spark.range(5000)
    with pytest.raises(CineSparkError) as error:
        collected(rows, 2**30, "places of lists", "set the var `top_n` lower")
    words = str(error.value)
    assert words.startswith("reading 5,000 places of lists needs about 15000.0 GiB")
    assert words.endswith(": set the var `top_n` lower")


def test_a_table_whose_size_nobody_knows_is_counted(spark):
    pairs = spark.range(20).crossJoin(spark.range(20).toDF("other"))
    unknown = spark.createDataFrame(pairs.rdd)
    assert most_rows(unknown) > 10**12
    assert len(collected(unknown, 16, "pairs")) == 400


def test_the_optimizer_knows_a_bound_of_the_rows_of_a_table(spark):
    spark.range(1000).withColumn("half", col("id") / 2).writeTo(
        "bound"
    ).createOrReplace()
    table = spark.table("bound")
    assert most_rows(table) == 1000
    assert 1000 <= most_rows(table.select("id").where("pmod(half, 7) = 0")) < 4000
    spark.sql("drop table bound")
