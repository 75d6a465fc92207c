"""What a stream costs in staging: `python benchmarks/staged_stream.py [RECORDS]`.

In a state folder of its own, with the landed data of this one, dbt builds the
tables from the files to `fct_ratings`, and the accounts, one after the other: without a
stream, with one of so many made-up records (a million), again with nothing new, with a
hundredth more, and by a full refresh. The table has the seconds of each command, and of
its nodes that read the stream; the JVM runs already.
"""

import sys
import tempfile
import time
from pathlib import Path

import yaml
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession
from rich.console import Console
from rich.table import Table

from cinespark.data.landing import read_manifest
from cinespark.paths import data_dir, dataset_folder, state_dir
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "python"))

from made_stream import TABLE, create_events  # noqa: E402

SCHEMA = "staged"
SELECTED = ["+line_reconciliation", "fct_ratings", "stream_positions"]
SHOWN = [
    *("stg_stream__records", "stream_positions", "rejected_rows"),
    *("fct_ratings", "line_reconciliation"),
]
USERS, MOVIES = 20_000, 1_600


def append(spark: SparkSession, topic: str, first: int, count: int) -> None:
    """Append records of three partitions: a tenth sent again, a hundredth rejected."""
    create_events(spark)
    spark.range(first, first + count).selectExpr(
        f"'{topic}' as topic",
        "cast(id % 3 as int) as partition",
        "id div 3 as offset",
        "timestamp_millis(1770000000000 + id) as sent_at",
        f"timestamp_seconds(1770000000 + {first}) as ingested_at",
        "cast(null as binary) as raw_key",
        "encode(concat('{\"user_id\": ', id, ' …'), 'utf-8') as raw_value",
        f"cast(1 + abs(hash(id, 1)) % {USERS} as string) as user_id",
        f"cast(1 + abs(hash(id, 2)) % {MOVIES} as string) as movie_id",
        "if(id % 100 = 7, 9.0D, 1 + abs(hash(id, 3)) % 5) as rating",
        "timestamp_seconds(1700000000 + id) as rated_at",
        "concat('event-', if(id % 10 = 9, id - 1, id)) as event_id",
        "cast(null as string) as reason",
    ).writeTo(TABLE).append()


def build(folder: Path, *words: str) -> tuple[float, dict[str, float]]:
    """Return the seconds of a command, and of its nodes by name."""
    options = ["--project-dir", ROOT, "--profiles-dir", folder]
    options += ["--target-path", folder / "target", "--log-path", folder / "logs"]
    given = yaml.safe_dump({"data_dir": str(landed())})
    command = ["--quiet", "run", "--select", *SELECTED, "--vars", given, *words]
    began = time.perf_counter()
    result = dbtRunner().invoke([str(word) for word in [*command, *options]])
    if not result.success:
        sys.exit(f"error: dbt run failed, see {folder / 'logs' / 'dbt.log'}")
    seconds = time.perf_counter() - began
    return seconds, {one.node.name: one.execution_time for one in result.result}


def landed() -> Path:
    return data_dir(ROOT, state_dir()).resolve()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    manifest = read_manifest(landed())
    if manifest is None:
        sys.exit(f"error: no data set in {landed()}: bring one with `make data`")
    topic = f"ratings.{dataset_folder(manifest.about.dataset)}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "jars").symlink_to(state_dir() / "jars")
        target = {"type": "sparksession", "schema": SCHEMA, "threads": 4}
        target |= {"state_dir": str(folder)}
        outputs = {"target": "prod", "outputs": {"prod": target}}
        (folder / "profiles.yml").write_text(yaml.safe_dump({"cinespark": outputs}))
        spark = get_session(
            SparkSessionCredentials(
                schema=SCHEMA, state_dir=str(folder), project_root=str(ROOT)
            )
        )
        build(folder)  # parses, compiles and warms up
        found = {"without a stream": build(folder)}
        append(spark, topic, 0, count)
        found[f"{count:,} records"] = build(folder)
        found["nothing new"] = build(folder)
        append(spark, topic, count, count // 100)
        found[f"{count // 100:,} new ones"] = build(folder)
        found["a full refresh"] = build(folder, "--full-refresh")
        spark.stop()
    table = Table("seconds", "all", *SHOWN)
    for what, (seconds, nodes) in found.items():
        table.add_row(what, f"{seconds:.1f}", *(f"{nodes[one]:.1f}" for one in SHOWN))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
