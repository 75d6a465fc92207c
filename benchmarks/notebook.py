"""The job as a data scientist writes it: `python benchmarks/notebook.py DATA OUT`.

One PySpark script with Spark's own settings, and nothing of the project: read the CSVs
of DATA, clean titles, answer the exploratory questions, learn by ALS, judge it on
hidden ratings, recommend ten movies to everybody, write Parquet and CSV, note a run in
MLflow.
It tests, checks and versions nothing. OUT/stages.json has the seconds of each stage.
"""

import argparse
import json
import time
from pathlib import Path

import mlflow
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

RANK, ITERATIONS, REG_PARAM, SEED, N = 10, 10, 0.1, 42, 10


class Stages:
    """A stop watch: seconds by stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def end(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self.last, 3)
        self.last = now


def start(memory: str | None) -> SparkSession:
    builder = SparkSession.builder.appName("movie recommendations")
    if memory:
        builder = builder.config("spark.driver.memory", memory)
    return builder.getOrCreate()


def read(spark: SparkSession, data: Path) -> tuple[DataFrame, DataFrame]:
    """Return ratings and movies, with their schema inferred and titles cleaned."""
    ratings, movies = (
        spark.read.csv(str(data / name), header=True, inferSchema=True, escape='"')
        for name in ("ratings.csv", "movies.csv")
    )
    ratings = ratings.withColumn("rated_at", F.timestamp_seconds("timestamp"))
    bare = F.trim(F.regexp_replace("title", r"\s*\(\d{4}\)\s*$", ""))
    movies = movies.withColumns(
        {
            "year": F.try_to_number(
                F.nullif(F.regexp_extract("title", r"\((\d{4})\)\s*$", 1), F.lit("")),
                F.lit("9999"),
            ).cast("int"),
            "title": F.regexp_replace(bare, r"^(.*), (The|A|An)$", "$2 $1"),
            "genre_list": F.split("genres", r"\|"),
        }
    )
    return ratings.cache(), movies.cache()


def explored(ratings: DataFrame, movies: DataFrame) -> dict[str, DataFrame]:
    """Return the answers to the exploratory questions by name."""
    count, mean = F.count("*").alias("ratings"), F.avg("rating").alias("mean")
    users = F.countDistinct("userId").alias("users")
    rated = ratings.join(movies, "movieId")
    by_genre = rated.withColumn("genre", F.explode("genre_list"))
    by_movie = rated.groupBy("movieId", "title").agg(count, mean)
    by_user = ratings.groupBy("userId").agg(count, mean)
    total = ratings.agg(F.avg("rating")).first()
    assert total is not None
    weighted = (F.col("ratings") * F.col("mean") + 20 * F.lit(total[0])) / (
        F.col("ratings") + 20
    )
    month = F.date_trunc("month", "rated_at").alias("month")
    decade = (F.floor(F.col("year") / 10) * 10).alias("decade")
    age = (F.year("rated_at") - F.col("year")).alias("age")
    niche = by_movie.agg(
        F.percentile_approx("ratings", [0.1, 0.5, 0.9, 0.99]).alias("ratings_of_movies")
    )
    return {
        "popular_genres": by_genre.groupBy("genre").agg(count, mean).orderBy("genre"),
        "genre_trends": by_genre.groupBy("genre", F.year("rated_at")).agg(count, mean),
        "rating_trends": ratings.groupBy(month).agg(count, users, mean),
        "rating_distribution": ratings.groupBy("rating").agg(count),
        "activity_by_hour": ratings.groupBy(F.hour("rated_at")).agg(count),
        "most_active_users": by_user.orderBy(F.desc("ratings")).limit(100),
        "best_movies": by_movie.orderBy(F.desc(weighted)).limit(100),
        "most_rated_movies": by_movie.orderBy(F.desc("ratings")).limit(100),
        "movies_by_decade": rated.groupBy(decade).agg(count, mean),
        "ratings_by_movie_age": rated.groupBy(age).agg(count, mean),
        "long_tail": niche,
        "at_a_glance": ratings.agg(count, users, mean, F.min("rated_at")),
    }


def job(spark: SparkSession, data: Path, out: Path, stages: Stages) -> float:
    """Do it all but for MLflow, and return the error on hidden ratings."""
    (out / "eda").mkdir(parents=True, exist_ok=True)
    ratings, movies = read(spark, data)
    ratings.count()
    movies.count()
    stages.end("read and clean")
    for name, answer in explored(ratings, movies).items():
        answer.toPandas().to_csv(out / "eda" / f"{name}.csv", index=False)
    stages.end("explore")
    train, test = ratings.randomSplit([0.8, 0.2], seed=SEED)
    als = ALS(
        userCol="userId",
        itemCol="movieId",
        ratingCol="rating",
        rank=RANK,
        maxIter=ITERATIONS,
        regParam=REG_PARAM,
        seed=SEED,
        coldStartStrategy="drop",
    )
    model = als.fit(train)
    stages.end("learn")
    rmse = RegressionEvaluator(labelCol="rating").evaluate(model.transform(test))
    stages.end("judge")
    lists = (
        model.recommendForAllUsers(N)
        .select("userId", F.posexplode("recommendations").alias("place", "one"))
        .select("userId", (F.col("place") + 1).alias("rank"), "one.*")
        .join(movies.select("movieId", "title", "genres"), "movieId")
    )
    lists.write.mode("overwrite").parquet(str(out / "recommendations.parquet"))
    written = spark.read.parquet(str(out / "recommendations.parquet"))
    csv = written.write.mode("overwrite").option("header", True)
    csv.csv(str(out / "recommendations.csv"))
    stages.end("recommend and write")
    return rmse


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--memory", help="spark.driver.memory, Spark's own without it")
    asked = parser.parse_args()
    stages = Stages()
    spark = start(asked.memory)
    stages.end("start Spark")
    rmse = job(spark, asked.data, asked.out, stages)
    note(asked.out, rmse)
    stages.end("note in MLflow")
    spark.stop()
    stages.end("stop Spark")
    found = {"stages": stages.seconds, "rmse": rmse}
    (asked.out / "stages.json").write_text(json.dumps(found, indent=2) + "\n")


def note(out: Path, rmse: float) -> None:
    """Write down parameters, the error and the answers as a run of MLflow."""
    mlflow.set_tracking_uri(f"sqlite:///{out.resolve()}/mlflow.db")
    if mlflow.get_experiment_by_name("movies") is None:
        mlflow.create_experiment("movies", (out.resolve() / "artifacts").as_uri())
    mlflow.set_experiment("movies")
    with mlflow.start_run():
        mlflow.log_params({"rank": RANK, "maxIter": ITERATIONS, "regParam": REG_PARAM})
        mlflow.log_metric("rmse", rmse)
        mlflow.log_artifacts(str(out / "eda"), "eda")


if __name__ == "__main__":
    main()
