"""Java's classes in one file, loaded by every later start of Spark in half the time."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyspark

from cinespark.cli.doctor import find_java

# What a build does, in small: each line loads the classes of one kind of work
_WORK = """
import sys
from cinespark.class_archive import quoted
from dbt.adapters.sparksession.connections import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

root, state_dir, scratch, archive = sys.argv[1:]
lake = "spark.sql.catalog.lake"
spark = get_session(
    SparkSessionCredentials(
        schema="warm_up",
        project_root=root,
        state_dir=state_dir,
        spark_config={
            f"{lake}.uri": f"jdbc:sqlite:{scratch}/catalog.db",
            f"{lake}.warehouse": f"{scratch}/warehouse",
            "spark.driver.extraJavaOptions": quoted(
                f"-XX:ArchiveClassesAtExit={archive}",
                "-Xlog:disable",
                "-XX:+UseParallelGC",
                f"-Duser.dir={scratch}",
            ),
        },
    )
)
with open(f"{scratch}/lines.csv", "w") as file:
    file.writelines(f"{n % 9},{n % 7},{n % 5 + 1}\\n" for n in range(60))
for sql in (
    "create schema warm_up",
    "show tables in warm_up",
    "show views in warm_up",
    f'''create or replace table warm_up.ratings using iceberg as
    select distinct inline(array(from_csv(value, 'user int, movie int, rating double',
        map('mode', 'PERMISSIVE')))), _metadata['file_name'] as file
    from text.`{scratch}/lines.csv`''',
    '''create or replace table warm_up.users using iceberg as
    select user, collect_list(movie) as movies, avg(rating) as mean,
        row_number() over (order by count(*) desc, user) as place
    from warm_up.ratings group by user''',
    '''merge into warm_up.users using (select 1 as user, 2.0 as mean) as news
    on users.user = news.user when matched then update set mean = news.mean''',
    '''select explode(movies), count(*) from warm_up.users
    left join warm_up.ratings using (user) group by all having count(*) > 0''',
    "describe extended warm_up.users",
    "drop table warm_up.users",
):
    spark.sql(sql).collect()

from pyspark.ml.recommendation import ALS

ratings = spark.newSession().table("warm_up.ratings")
als = ALS(userCol="user", itemCol="movie", ratingCol="rating", rank=2, maxIter=2)
als.fit(ratings).userFactors.toPandas()
ratings.mapInPandas(lambda batches: batches, ratings.schema).toArrow()
spark.stop()
"""


def quoted(*options: str) -> str:
    """Return Java options as the one string Spark takes apart again, as a shell does.

    Spaces, double quotes and backslashes in them survive.
    """
    escaped = (option.replace("\\", "\\\\").replace('"', '\\"') for option in options)
    return " ".join(f'"{option}"' for option in escaped)


def archive_path(state_dir: Path) -> Path:
    """Return where the archive for this Java and this Spark belongs."""
    jars = (state_dir / "jars").resolve()
    parts = (find_java().found, pyspark.__version__, pyspark.__file__, str(jars))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    return jars / f"classes-{key}.jsa"


def archive_classes(state_dir: Path, root: Path) -> Path:
    """Write the archive beside the jars, if it is not there, and return its path.

    The JVM ignores an archive that does not fit its version or its class path, so a
    wrong one costs time, never correctness; where this JVM writes none, it is empty:
    https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
    """
    archive = archive_path(state_dir)
    if archive.is_file():
        return archive
    for old in archive.parent.glob("classes-*.jsa"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=state_dir) as scratch:
        new = Path(scratch) / "classes.jsa"
        subprocess.run(
            [sys.executable, "-c", _WORK, str(root), str(state_dir), scratch, str(new)],
            check=False,
            capture_output=True,
            env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"},
        )
        new.touch()
        new.replace(archive)
    return archive
