"""Models in Spark's Python workers: the same, read from one copy, if memory will do."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from cinespark.algorithms.ranker_model import CoOccurrence, LearntUsers, RankerModel
from cinespark.errors import CineSparkError
from cinespark.score.top_n import BLOCK_CELLS, scoring_bytes
from cinespark.spark_tables import is_local
from cinespark.train.workers import to_workers, workers_bytes

MIB = 2**20


def test_each_worker_counts_and_what_they_share_counts_once():
    two, eight = (workers_bytes(count, 50 * MIB, 400 * MIB) for count in (2, 8))
    assert two == (2 * (100 + 50) + 400) * MIB
    assert eight == (8 * (100 + 50) + 400) * MIB


def test_scoring_takes_a_block_for_each_part_and_five_more():
    part = LearntUsers(np.array([1]), np.eye(1), np.eye(1))
    short, long = (
        RankerModel(
            np.arange(movies), np.ones(movies, bool), ((1.0, part), (0.5, part))
        )
        for movies in (10, 2 * BLOCK_CELLS)
    )
    assert scoring_bytes(short) == 8 * BLOCK_CELLS * 7
    assert scoring_bytes(long) == 2 * scoring_bytes(short)  # one user at a time


def test_what_workers_get_is_what_was_given_bit_by_bit(spark):
    rng = np.random.default_rng(3)
    given = {
        "plain": rng.normal(size=(7, 3)),
        "by columns": np.asfortranarray(rng.normal(size=(7, 3))),
        "every other": rng.normal(size=10)[::2],
        "empty": np.zeros((0, 4), np.float32),
        "words": np.array(["a", "bc"]),
        "objects": np.array([None, "x"], object),
        "sparse": sparse.csr_array(np.eye(3)),
        "part": CoOccurrence(sparse.csr_array(np.eye(3))),
        "nothing": None,
    }
    found = to_workers(spark, given, 0, "a test")()
    assert list(found) == list(given)
    for name in ("plain", "by columns", "every other", "empty", "words"):
        assert found[name].dtype == given[name].dtype
        np.testing.assert_array_equal(found[name], given[name])
    assert found["by columns"].flags.f_contiguous
    assert found["objects"].tolist() == [None, "x"]
    for matrix in (found["sparse"], found["part"].similarity):
        np.testing.assert_array_equal((matrix @ np.eye(3)), np.eye(3))
    assert found["nothing"] is None


def test_workers_map_the_arrays_from_a_file(spark):
    load = to_workers(spark, {"vectors": np.arange(2.0**20)}, 0, "a test")

    def look(batches):
        vectors = load()["vectors"]
        with open("/proc/self/smaps") as lines:  # noqa: PTH123
            mapped = [line for line in lines if "arrays-" in line and ".npy" in line]
        for batch in batches:
            yield pd.DataFrame(
                {
                    "id": batch["id"],
                    "total": vectors.sum(),
                    "can_change": vectors.flags.writeable,
                    "mapped": " ".join(mapped),
                }
            )

    schema = "id bigint, total double, can_change boolean, mapped string"
    rows = spark.range(4).repartition(2).mapInPandas(look, schema).collect()
    assert len(rows) == 4
    assert {row.total for row in rows} == {2.0**19 * (2.0**20 - 1)}
    assert not any(row.can_change for row in rows)
    assert all(row.mapped for row in rows)
    # Spark removes this folder at its end
    assert all(spark.sparkContext._temp_dir in row.mapped for row in rows)


def test_more_than_the_workers_could_have_is_refused(spark):
    with pytest.raises(CineSparkError) as error:
        to_workers(spark, np.zeros(3), 2**45, "making lists")
    words = str(error.value)
    assert words.startswith(
        "making lists in 2 workers of Spark needs about 65536.2 GiB"
    )
    assert "used: set `master: local[1]` in the profile, for fewer workers, or" in words


@pytest.mark.parametrize(
    ("master", "shares"),
    [
        ("local", True),
        ("local[*]", True),
        ("local-cluster[2,1,1024]", False),
        ("spark://elsewhere:7077", False),
    ],
)
def test_where_workers_see_other_disks_each_gets_a_copy(master, shares):
    session = SimpleNamespace(sparkContext=SimpleNamespace(master=master))
    assert is_local(session) == shares
    if not shares:
        given = {"vectors": np.ones(3)}
        assert to_workers(session, given, 2**60, "a test")() is given
