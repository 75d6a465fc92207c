"""One whole build on made-up data with damaged lines, which several modules look at."""

import json
import shutil
from io import StringIO

import pandas as pd
import pytest
import yaml
from made_stream import append_events, record
from toys import toys

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.serve.incoming import Incoming

SCHEMA = "end_to_end"
NEW_USER = 600_000  # whom only what was sent to the service knows
STREAMING = 600_001  # whom only the stream knows
TOPIC = "ratings.own-damaged"
LATE = 2_000_000_000  # later than all of the sample
BAD_LINES = {
    "nobody,1,4.0,964982703": "userId 'nobody' is not a whole number "
    "(cinespark data --ids string reads it)",
    "1,2,3.0": "4 fields expected, 3 found",
    "1,2,7.5,964982703": "rating 7.5 is outside 0.5 to 5.0",
    "1,2,NaN,964982703": "rating is not a number",
    "1,2,3.0,-5": "timestamp -5 is outside 1970 to 2099 in seconds",
    ",2,3.0,964982703": "no userId",
    "99999999999,2,3.0,964982703": "userId 99999999999 is above 2147483647 "
    "(cinespark data --ids bigint reads it)",
}


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory):
    """Return a landed folder: a sample, with damaged and repeated ratings added."""
    folder = tmp_path_factory.mktemp("landing")
    params = SampleParams(users=60, movies=150, ratings=2400, seed=5)
    bring("sample", folder, str, sample=params)
    damaged = tmp_path_factory.mktemp("own") / "damaged"
    shutil.copytree(folder / "sample", damaged)
    (damaged / "manifest.json").unlink()
    ratings = damaged / "ratings.csv"
    first = ratings.read_text().splitlines()[1].split(",")
    again = [first[0], first[1], "0.5", "2000000000"]  # the same movie, later
    lines = [*BAD_LINES, ",".join(again)]
    with ratings.open("a") as stream:
        stream.write("\n".join(lines) + "\n")
    with (damaged / "users.csv").open("a") as stream:
        stream.write("500000,41,F,doctor,00000\n")  # has rated nothing
    bring(str(damaged), folder, str)
    return folder / "current"


@pytest.fixture(scope="session")
def sent(data_dir, state_dir):
    """Return what people have sent: two ratings again, and those of a new user."""
    rows = pd.read_csv(StringIO("\n".join(good_lines(data_dir))))
    later, earlier = rows.iloc[5], rows.iloc[6]
    movies = pd.read_csv(data_dir / "movies.csv").movieId.head(12)
    ratings = [
        (later.userId, later.movieId, 0.5, LATE),
        (earlier.userId, earlier.movieId, 0.5, 1),
        *((NEW_USER, movie, 5.0 if movie % 3 else 1.0, LATE) for movie in movies),
    ]
    names = ["user_id", "movie_id", "rating", "rated_at"]
    whole = dict.fromkeys(("user_id", "movie_id", "rated_at"), int)
    frame = pd.DataFrame(ratings, columns=names).astype(whole)
    incoming = Incoming(state_dir / "incoming")
    for half in (frame[:7], frame[7:]):
        incoming.add(half.to_dict("records"), "own-damaged")
        incoming.close()
    return frame


@pytest.fixture(scope="session")
def streamed(data_dir, spark):
    """Return the records of a stream: the ratings of another new user."""
    movies = pd.read_csv(data_dir / "movies.csv").movieId.head(12)
    records = [
        record(
            *(TOPIC, 0, offset),
            {
                "user_id": STREAMING,
                "movie_id": int(movie),
                "rating": 1.0 if movie % 3 else 5.0,
                "rated_at": LATE,
            },
        )
        for offset, movie in enumerate(movies)
    ]
    append_events(spark, records)
    return records


def good_lines(data_dir):
    text = (data_dir / "ratings.csv").read_text().splitlines()
    return [line for line in text if line not in BAD_LINES]


@pytest.fixture(scope="session")
def exports_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="session")
def variables(data_dir, exports_dir):
    return {
        "data_dir": str(data_dir),
        "exports_dir": str(exports_dir),
        # lists that brute force can check, all candidates at small settings
        "ranker": "folded_in_als",
        "evaluate": "all",
        "item_factors_rank": 8,
        "implicit_als_rank": 8,
        "implicit_als_iterations": 3,
        "residual_als_rank": 8,
        "residual_als_iterations": 4,
        "bayesian_factors": 6,
        "bootstrap_replicates": 40,
    }


@pytest.fixture(scope="session")
def build(dbt, variables, sent, streamed):
    """Return the results of a build; the toys stay declared for those that follow."""
    with toys():
        result = dbt("build", "--vars", yaml.safe_dump(variables), schema=SCHEMA)
        assert result.success, result.exception or [
            (node.node.name, node.message)
            for node in result.result
            if node.status in ("error", "fail")
        ]
        yield result.result


@pytest.fixture(scope="session")
def table(spark, build):
    def read(name):
        return spark.table(f"{SCHEMA}.{name}").toPandas()

    return read


@pytest.fixture(scope="module")
def ratings(data_dir, sent, streamed):
    """Return the accepted ratings, read and judged by pandas alone."""
    frame = pd.read_csv(StringIO("\n".join(good_lines(data_dir))))
    frame.columns = ["user_id", "movie_id", "rating", "rated_at"]
    values = pd.DataFrame([json.loads(one["raw_value"]) for one in streamed])
    frame = pd.concat([frame, sent, values])
    frame = frame.sort_values("rated_at").drop_duplicates(
        ["user_id", "movie_id"], keep="last"
    )
    frame["rated_at"] = pd.to_datetime(frame["rated_at"], unit="s")
    return frame.sort_values(["user_id", "movie_id"], ignore_index=True)
