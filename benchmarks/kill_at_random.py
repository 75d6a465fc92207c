"""Kill `dbt run` at random moments: `python benchmarks/kill_at_random.py [ROUNDS]`.

Each round starts `dbt run` in a process group of its own and kills the whole group with
SIGKILL somewhere within the time a whole run takes. Then every table must open (read by
one query each), `cinespark show` must answer, and in the end a `dbt run` must be green
with no hand work in between. The seed of the moments is printed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SEED = 20260101

OPEN_ALL = """
from pathlib import Path
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.session import get_session
root = Path.cwd()
credentials = SparkSessionCredentials(
    schema="cinespark", state_dir=str(root / "var"), project_root=str(root)
)
spark = get_session(credentials)
tables = [row.tableName for row in spark.sql("show tables in cinespark").collect()]
rows = {table: spark.table(f"cinespark.{table}").count() for table in tables}
print(f"{len(rows)} tables open, {sum(rows.values()):,} rows")
"""


def run(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    moments = random.Random(SEED)
    started = time.time()
    run(BIN / "dbt", "--quiet", "run")
    whole = time.time() - started
    print(f"a whole dbt run takes {whole:.0f} s; seed {SEED}", flush=True)
    for number in range(1, rounds + 1):
        moment = moments.uniform(0.15, 1.0) * whole  # before that dbt only parses
        process = subprocess.Popen(
            [BIN / "dbt", "--quiet", "run"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        opened = run(sys.executable, "-c", OPEN_ALL).strip()
        run(BIN / "cinespark", "show", "--user", "1")
        print(
            f"{number:2} killed after {moment:4.1f} s: {opened}, show answers",
            flush=True,
        )
    run(BIN / "dbt", "--quiet", "run")
    print("the next dbt run is green")


if __name__ == "__main__":
    main()
