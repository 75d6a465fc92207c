"""The wheel alone, in an environment without this repository, on a stranger's project.

The environment sees the packages that are installed here, so that nothing is
downloaded, but only their plain folder: what is installed in editable form, as this
repository is, cannot be imported there. That the wheel declares what it imports is a
test of its own.
"""

import ast
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

HERE = Path(__file__).parents[1]
JARS = HERE.parent / "var" / "jars"

PROFILE = """
shop:
  target: dev
  outputs:
    dev:
      type: sparksession
      schema: shop
      threads: 2
"""
FILES = {
    "dbt_project.yml": """
name: shop
profile: shop
flags: {send_anonymous_usage_stats: false}
models: {+file_format: iceberg}
seeds: {+file_format: iceberg}
snapshots: {+file_format: iceberg}
on-run-end: "{{ expire_snapshots(results) }}"
""",
    "seeds/orders.csv": """order_id,customer,amount,ordered_on
1,Anna,10.5,2026-01-01
2,Ben,20.0,2026-01-02
3,Anna,,2026-01-03
""",
    "seeds/prices.csv": "product,price\ntea,3\ncoffee,4\n",
    "models/stg_orders.sql": """
{{ config(materialized='view') }}
select order_id, lower(customer) as customer, coalesce(amount, 0) as amount, ordered_on
from {{ ref('orders') }}
""",
    "models/orders_so_far.sql": """
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='order_id',
) }}
select * from {{ ref('stg_orders') }}
{% if is_incremental() %}
where ordered_on > (select max(ordered_on) from {{ this }})
{% endif %}
""",
    "models/customers.sql": """
{{ config(materialized='table') }}
select customer, sum(amount) as amount from {{ ref('orders_so_far') }} group by customer
""",
    "models/spending.py": '''
"""The share of each customer, computed by pandas in Spark's Python workers."""


def shares(batches):
    for batch in batches:
        yield batch.assign(share=batch["amount"] / batch["amount"].sum())


def model(dbt, session):
    customers = dbt.ref("customers").coalesce(1)
    return customers.mapInPandas(shares, "customer string, amount double, share double")
''',
    "models/schema.yml": """
models:
  - name: orders_so_far
    columns:
      - name: order_id
        data_tests: [unique, not_null]
      - name: customer
        data_tests:
          - relationships:
              arguments: {to: ref('customers'), field: customer}
  - name: spending
    columns: [{name: customer, data_tests: [unique]}]
snapshots:
  - name: price_history
    relation: ref('prices')
    config: {strategy: check, unique_key: product, check_cols: [price]}
""",
    "tests/assert_shares_sum_to_one.sql": """
select sum(share) as total from {{ ref('spending') }} having abs(total - 1) > 1e-9
""",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=HERE, check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Return the Python of an environment with the wheel, and nothing editable."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    alone = ["--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, *alone, wheel], check=True)
    [site] = folder.glob("lib/python*/site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"))
    return python


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "profiles.yml").write_text(PROFILE)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    # as docs/adapter.md says: a link to the jars that another project has fetched
    (folder / "var").mkdir()
    (folder / "var" / "jars").symlink_to(JARS)
    return folder


@pytest.fixture(scope="module")
def run(python, project):
    """Return a function that runs a program of the environment in the project."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DBT_", "PYTHON", "PYSPARK"))
    }

    def run(*words):
        done = subprocess.run(
            [python.with_name(words[0]), *words[1:]],
            cwd=project,
            env=kept,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def dbt(run, *words):
    return run("python", "-m", "dbt.cli.main", "--no-use-colors", *words)


def test_the_environment_has_the_wheel_and_no_recommender(run, python):
    find = "from importlib.util import find_spec as f"
    assert run("python", "-c", f"{find}; print(f('cinespark'))").strip() == "None"
    place = run("python", "-c", f"{find}; print(f('dbt.adapters.sparksession').origin)")
    assert Path(place.strip()).is_relative_to(python.parents[1])


def test_a_strangers_project_is_built_twice_and_documented(run, project):
    assert "jars: complete" in run("dbt-sparksession", "jars")
    assert "ERROR=0" in dbt(run, "build")
    with (project / "seeds" / "orders.csv").open("a") as orders:
        orders.write("4,O'Neil,7.25,2026-01-04\n")
    (project / "seeds" / "prices.csv").write_text("product,price\ntea,5\ncoffee,4\n")
    assert "ERROR=0" in dbt(run, "build")
    dbt(run, "docs", "generate")
    catalog = json.loads((project / "target" / "catalog.json").read_text())
    tables = {node.split(".")[2]: table for node, table in catalog["nodes"].items()}
    rows = {
        name: table["stats"]["rows"]["value"]
        for name, table in tables.items()
        if table["stats"]["has_stats"]["value"]
    }
    assert rows == {
        "orders": 4,
        "prices": 2,
        "orders_so_far": 4,
        "customers": 3,
        "spending": 3,
        "price_history": 3,  # both prices, and tea's new one
    }
    assert tables["stg_orders"]["metadata"]["type"] == "view"
    made_by_hive = {"metastore_db", "derby.log", "spark-warehouse"}
    assert not made_by_hive & {entry.name for entry in project.iterdir()}


def test_the_wheel_leaves_dbts_namespaces_to_dbt(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("dbt", "dbt/adapters", "dbt/include"):
        assert f"{folder}/__init__.py" not in names
    assert "dbt/adapters/sparksession/jars.lock" in names
    assert "dbt/include/sparksession/macros/adapters.sql" in names
    assert not [name for name in names if name.startswith("tests")]


def test_the_wheel_declares_what_it_imports(wheel):
    with zipfile.ZipFile(wheel) as files:
        [metadata] = [name for name in files.namelist() if name.endswith("/METADATA")]
        said = Parser().parsestr(files.read(metadata).decode())
        sources = [files.read(name) for name in files.namelist() if name[-3:] == ".py"]
    declared = {Requirement(line).name for line in said.get_all("Requires-Dist")}
    imported = {name for source in sources for name in top_level_imports(source)}
    owners = packages_distributions()
    for name in imported - {"dbt"} - sys.stdlib_module_names:
        assert set(owners[name]) & declared, name
    assert declared >= {"dbt-core", "dbt-spark", "dbt-adapters"}


def top_level_imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
