"""What a build does, in small, so that its JVM notes which classes it loads.

Run by `class_archive`: `python -m dbt.adapters.sparksession.warm_up` with three paths.
"""

import sys
from pathlib import Path

from pyspark.sql import SparkSession

from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.jvm import quoted
from dbt.adapters.sparksession.session import LAKE, get_session

LINES = [f"{n % 9},{n % 7},{n % 5 + 1}\n" for n in range(60)]
# each statement loads the classes of one kind of work; {scratch} is a folder
STATEMENTS = (
    "create schema warm_up",
    "show tables in warm_up",
    "show views in warm_up",
    """create or replace table warm_up.ratings using iceberg as
    select distinct inline(array(from_csv(value, 'user int, movie int, rating double',
        map('mode', 'PERMISSIVE')))), _metadata['file_name'] as file
    from text.`{scratch}/lines.csv`""",
    """create or replace table warm_up.users using iceberg as
    select user, collect_list(movie) as movies, avg(rating) as mean,
        row_number() over (order by count(*) desc, user) as place
    from warm_up.ratings group by user""",
    """merge into warm_up.users using (select 1 as user, 2.0 as mean) as news
    on users.user = news.user when matched then update set mean = news.mean""",
    """select liked.movie, count(*) as n from
    (select user, explode(movies) as movie from warm_up.users) as liked
    left join warm_up.ratings using (user) group by all having n > 0""",
    "describe extended warm_up.users",
    "drop table warm_up.users",
)


def main(state_dir: str, scratch: str, archive: str) -> None:
    """Do it on tables in the scratch folder, with the jars of the state folder."""
    spark = start(state_dir, scratch, archive)
    Path(scratch, "lines.csv").write_text("".join(LINES))
    for statement in STATEMENTS:
        spark.sql(statement.replace("{scratch}", scratch)).collect()
    learn(spark)
    spark.stop()


def start(state_dir: str, scratch: str, archive: str) -> SparkSession:
    options = [
        f"-XX:ArchiveClassesAtExit={archive}",
        "-Xlog:disable",
        "-XX:+UseParallelGC",
        f"-Duser.dir={scratch}",
    ]
    credentials = SparkSessionCredentials(
        schema="warm_up",
        project_root=scratch,
        state_dir=state_dir,
        spark_config={
            f"{LAKE}.uri": f"jdbc:sqlite:{scratch}/catalog.db",
            f"{LAKE}.warehouse": f"{scratch}/warehouse",
            "spark.driver.extraJavaOptions": quoted(*options),
        },
    )
    return get_session(credentials)


def learn(spark: SparkSession) -> None:
    """Let rows go to MLlib, to Python workers and back to the driver."""
    from pyspark.ml.recommendation import ALS

    ratings = spark.newSession().table("warm_up.ratings")
    als = ALS(userCol="user", itemCol="movie", ratingCol="rating", rank=2, maxIter=2)
    als.fit(ratings).userFactors.toPandas()
    ratings.mapInPandas(lambda batches: batches, ratings.schema).toArrow()


if __name__ == "__main__":
    main(*sys.argv[1:])
