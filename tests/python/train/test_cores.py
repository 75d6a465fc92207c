"""What is learnt does not depend on how many cores a machine has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ON_ARRAYS = """
import hashlib, json
import numpy as np
from scipy import sparse
import cinespark.train
from cinespark.algorithms.ease import ease_scores, fit_ease
from cinespark.algorithms.fold_in import fold_in
from cinespark.algorithms.gibbs import implicit_vectors

rng = np.random.default_rng(1)
likes = sparse.csr_array(rng.random((700, 600)) < 0.1, dtype=np.float32)
few, vectors = likes.T.tocsr(), rng.standard_normal((600, 64))
results = {
    "ease": ease_scores(fit_ease(likes, 50.0, 2), likes),
    "ease of few users": ease_scores(fit_ease(few, 50.0, 2), few),
    "fold_in": fold_in(likes, vectors, vectors.T @ vectors, 0.1, 0.1),
    "implicit_vectors": implicit_vectors(likes, 20, 1),
}
sums = {name: hashlib.sha256(one.tobytes()) for name, one in results.items()}
print(json.dumps({name: sum.hexdigest() for name, sum in sums.items()}))
"""
ON_SPARK = """
import json, sys
from pathlib import Path
from cinespark.spark_tables import fingerprint
from cinespark.train.als import AlsParams, train_factors
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

master, partitions, state = sys.argv[1:]
options = dict(master=master, state_dir=state, project_root=str(Path.cwd()))
conf = {"spark.sql.shuffle.partitions": partitions}
spark = get_session(SparkSessionCredentials(schema="s", spark_config=conf, **options))
rated = spark.range(4000).selectExpr(
    "cast(id % 97 as int) as user_id", "cast(id * 7 % 131 as int) as movie_id",
    "cast(1 + id % 5 as double) as rating",
).dropDuplicates(["user_id", "movie_id"])
params = AlsParams(rank=8, iterations=4, reg_param=0.1, seed=7, blocks=2, implicit=True)
print(json.dumps(fingerprint(train_factors(rated, params))))
"""


def learnt(script, *words, threads=1):
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=os.environ | {"OPENBLAS_NUM_THREADS": str(threads)},
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def test_the_threads_of_blas_do_not_change_a_bit():
    one, two, four = (learnt(ON_ARRAYS, threads=threads) for threads in (1, 2, 4))
    assert one == two == four


@pytest.mark.slow  # starts Spark in processes
def test_the_cores_of_spark_do_not_change_a_bit(tmp_path):
    (tmp_path / "jars").symlink_to(ROOT / "var" / "jars")
    one, two, four = (
        learnt(ON_SPARK, f"local[{cores}]", str(2 * cores), str(tmp_path))
        for cores in (1, 2, 4)
    )
    assert one == two == four
