"""The job without Spark: `python duckdb_and_implicit.py DATA OUT`.

DuckDB for the SQL, `implicit` for ALS and lists: what one picks on a laptop. It knows
nothing of the project and has an environment of its own, requirements-duckdb.txt. Its
ALS learns from how often and how well a movie is rated and predicts no stars, so
precision of ten movies judges it. It notes no run in MLflow. Otherwise the steps are
those of notebook.py. OUT/stages.json has the seconds of each.
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from implicit.als import AlternatingLeastSquares
from implicit.evaluation import precision_at_k
from scipy import sparse
from threadpoolctl import threadpool_limits

RANK, ITERATIONS, REGULARIZATION, SEED, N = 10, 10, 0.1, 42, 10
READ = """
create table ratings as
select userId, movieId, rating, to_timestamp(timestamp) as rated_at,
    hash(userId, movieId) % 5 = 0 as is_test
from read_csv('{data}/ratings.csv');
create table movies as
select movieId,
    regexp_replace(
        trim(regexp_replace(title, '\\s*\\(\\d{{4}}\\)\\s*$', '')),
        '^(.*), (The|A|An)$', '\\2 \\1'
    ) as title,
    try_cast(regexp_extract(title, '\\((\\d{{4}})\\)\\s*$', 1) as int) as year,
    genres,
    string_split(genres, '|') as genre_list
from read_csv('{data}/movies.csv', quote = '"', escape = '"');
create view rated as select * from ratings join movies using (movieId);
create view by_genre as select *, unnest(genre_list) as genre from rated;
create view by_movie as
select movieId, title, count(*) as ratings, avg(rating) as mean from rated group by all;
"""
FIGURES = "count(*) as ratings, avg(rating) as mean"
USERS = "count(distinct userId) as users"
ANSWERS = {
    "popular_genres": f"select genre, {FIGURES} from by_genre group by all",
    "genre_trends": f"select genre, year(rated_at), {FIGURES} from by_genre "
    "group by all",
    "rating_trends": f"select date_trunc('month', rated_at) as month, {FIGURES}, "
    f"{USERS} from ratings group by all",
    "rating_distribution": "select rating, count(*) from ratings group by all",
    "activity_by_hour": "select hour(rated_at), count(*) from ratings group by all",
    "most_active_users": f"select userId, {FIGURES} from ratings group by all "
    "order by ratings desc limit 100",
    "best_movies": "select * from by_movie order by (ratings * mean + 20 * "
    "(select avg(rating) from ratings)) / (ratings + 20) desc limit 100",
    "most_rated_movies": "select * from by_movie order by ratings desc limit 100",
    "movies_by_decade": f"select year // 10 * 10 as decade, {FIGURES} from rated "
    "group by all",
    "ratings_by_movie_age": f"select year(rated_at) - year as age, {FIGURES} "
    "from rated group by all",
    "long_tail": "select quantile_cont(ratings, [0.1, 0.5, 0.9, 0.99]) from by_movie",
    "at_a_glance": f"select {FIGURES}, {USERS}, min(rated_at) from ratings",
}


def main() -> None:
    data, out = map(Path, sys.argv[1:3])
    (out / "eda").mkdir(parents=True, exist_ok=True)
    seconds, last = {}, time.perf_counter()

    def end(stage: str) -> None:
        nonlocal last
        seconds[stage] = round(time.perf_counter() - last, 3)
        last = time.perf_counter()

    database = duckdb.connect()
    database.execute(READ.format(data=data))
    end("read and clean")
    for name, query in ANSWERS.items():
        database.execute(f"copy ({query}) to '{out}/eda/{name}.csv'")
    end("explore")
    users, movies, train, test = matrices(database)
    with threadpool_limits(1, "blas"):  # it has threads of its own, and warns of others
        model = AlternatingLeastSquares(
            factors=RANK,
            iterations=ITERATIONS,
            regularization=REGULARIZATION,
            random_state=SEED,
        )
        model.fit(train, show_progress=False)
    end("learn")
    precision = precision_at_k(model, train, test, K=N, show_progress=False)
    end("judge")
    write_lists(
        database,
        out,
        users,
        movies,
        *model.recommend(
            np.arange(len(users)), train, N=N, filter_already_liked_items=True
        ),
    )
    end("recommend and write")
    found = {"stages": seconds, "precision_at_10": float(precision)}
    (out / "stages.json").write_text(json.dumps(found, indent=2) + "\n")


def matrices(database: duckdb.DuckDBPyConnection) -> tuple:
    """Return ids of users and of movies, and both parts of the ratings as matrices."""
    rows = database.execute("select userId, movieId, rating, is_test from ratings")
    given = rows.fetchnumpy()
    users, user = np.unique(given["userId"], return_inverse=True)
    movies, movie = np.unique(given["movieId"], return_inverse=True)
    parts = []
    for part in (~given["is_test"], given["is_test"]):
        cells = given["rating"][part].astype(np.float32), (user[part], movie[part])
        parts.append(sparse.csr_matrix(cells, (len(users), len(movies))))
    return users, movies, *parts


def write_lists(
    database: duckdb.DuckDBPyConnection,
    out: Path,
    users: np.ndarray,
    movies: np.ndarray,
    places: np.ndarray,
    scores: np.ndarray,
) -> None:
    """Write the lists with titles as Parquet and as CSV."""
    lists = pa.table(
        {
            "userId": np.repeat(users, places.shape[1]),
            "rank": np.tile(np.arange(1, places.shape[1] + 1), len(users)),
            "movieId": movies[places.ravel()],
            "score": scores.ravel(),
        }
    )
    database.register("lists", lists)
    named = "select lists.*, title, genres from lists join movies using (movieId)"
    for form in ("parquet", "csv"):
        database.execute(f"copy ({named}) to '{out}/recommendations.{form}'")


if __name__ == "__main__":
    main()
