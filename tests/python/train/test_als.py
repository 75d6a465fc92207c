"""ALS against MLlib's own predictions and against itself."""

import re

import numpy as np
import pytest
from pyspark.ml.recommendation import ALS

from cinespark.errors import CineSparkError
from cinespark.train.als import (
    AlsParams,
    als_bytes,
    factors_by_subset,
    train_factors,
)

pytestmark = pytest.mark.slow  # MLlib takes a second and more for each fit
PARAMS = AlsParams(rank=3, iterations=4, reg_param=0.1, seed=7, blocks=2)


@pytest.fixture(scope="module")
def ratings(spark):
    rng = np.random.default_rng(1)
    rows = [
        (user, movie, float(rng.integers(1, 6)))
        for user in range(1, 31)
        for movie in rng.choice(np.arange(1, 26), size=12, replace=False).tolist()
    ]
    return spark.createDataFrame(rows, "user_id int, movie_id int, rating double")


def vectors(factors, entity):
    rows = factors.where(factors.entity == entity).collect()
    return {row.entity_id: np.array(row.factors) for row in rows}


def test_dot_products_of_factors_are_mllibs_predictions(ratings):
    factors = train_factors(ratings, PARAMS).cache()
    users, movies = vectors(factors, "user"), vectors(factors, "movie")
    ordered = ratings.repartition(2, "user_id").sortWithinPartitions(
        "user_id", "movie_id"
    )
    als = ALS(
        rank=3,
        maxIter=4,
        regParam=0.1,
        seed=7,
        numUserBlocks=2,
        numItemBlocks=2,
        userCol="user_id",
        itemCol="movie_id",
    )
    predicted = als.fit(ordered).transform(ratings).collect()
    assert len(predicted) == 360
    for row in predicted:
        mine = users[row.user_id] @ movies[row.movie_id]
        assert mine == pytest.approx(row.prediction, abs=1e-4)


def test_the_order_of_the_rows_does_not_change_the_factors(ratings):
    shuffled = ratings.orderBy("rating", "movie_id").repartition(3)
    first, second = (
        vectors(train_factors(rows, PARAMS), "movie") for rows in (ratings, shuffled)
    )
    assert first.keys() == second.keys()
    for movie, factors in first.items():
        np.testing.assert_array_equal(factors, second[movie])


def test_each_subset_has_its_own_model_with_what_it_took(spark, ratings):
    subsets = ratings.selectExpr(
        "explode(array('all', if(movie_id < 9, 'fit', 'test'))) as subset",
        "user_id",
        "movie_id",
        "rating / 5 as weight",
    )
    params = AlsParams(3, 4, 0.1, seed=7, blocks=2, implicit=True)
    rows = factors_by_subset(subsets, params, most=1000).cache()
    assert {row.subset for row in rows.collect()} == {"all", "fit"}
    assert all(row.fit_seconds > 0 for row in rows.collect())
    part = subsets.where("subset = 'fit'").withColumnRenamed("weight", "rating")
    alone = vectors(train_factors(part, params), "movie")
    for movie, factors in vectors(rows.where("subset = 'fit'"), "movie").items():
        np.testing.assert_array_equal(factors, alone[movie])


def test_no_ratings_give_no_factors(ratings):
    assert train_factors(ratings.limit(0), PARAMS).count() == 0


def test_who_has_no_positive_preference_is_no_equation_of_implicit_als(spark):
    rows = [(user, movie, 1.0) for user in (1, 2, 3) for movie in (1, 2, 3)]
    odd = [(4, 1, 0.0), (4, 2, 0.0), (1, 4, 0.0)]  # rank 8 of three: singular
    params = AlsParams(8, 4, 0.1, seed=7, blocks=1, implicit=True)
    schema = "user_id int, movie_id int, rating double"
    learnt, alone = (
        train_factors(spark.createDataFrame(some, schema), params).cache()
        for some in (rows + odd, rows)
    )
    for entity in ("user", "movie"):
        found, expected = vectors(learnt, entity), vectors(alone, entity)
        assert found.keys() == {1, 2, 3}
        for one, factors in found.items():
            np.testing.assert_array_equal(factors, expected[one])
    nobody = spark.createDataFrame(odd, schema)
    assert train_factors(nobody, params).count() == 0


def test_als_without_regularization_is_refused_with_the_vars():
    with pytest.raises(CineSparkError, match=r"reg_param of 0 has no .* set the var"):
        AlsParams(rank=3, iterations=4, reg_param=0, seed=7, blocks=2)


def test_memory_of_spark_is_estimated_from_ratings_and_vectors():
    # 64 bytes a rating; 55 vectors of 3 floats, twice and for each of 2 blocks
    assert als_bytes(360, 55, PARAMS) == 64 * 360 + 55 * 3 * 4 * (2 + 2)


def test_als_that_does_not_fit_into_sparks_memory_is_refused(ratings):
    params = AlsParams(rank=10**8, iterations=4, reg_param=0.1, seed=7, blocks=2)
    with pytest.raises(CineSparkError) as error:
        train_factors(ratings, params, "classic_als")
    words = str(error.value)
    # 4 × 55 vectors of 400 MB are 82 GiB; users and movies are counted roughly
    about = re.match(
        r"MLlib's ALS on 360 ratings needs about (.+) GiB of Spark's", words
    )
    assert float(about[1]) == pytest.approx(82, rel=0.1)
    assert "set the var `classic_als_rank` below 100000000, or give Spark more" in words
