"""What a developer does all day: build what changed, against what is there."""

import copy
import importlib.util
import json
import shutil
from pathlib import Path

import pytest
import yaml

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a copy of the dbt project, to be changed."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("models", "python_models", "macros", "tests"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("python")
        )
    for file in ("dbt_project.yml", "selectors.yml"):
        shutil.copy(ROOT / file, folder)
    return folder


@pytest.mark.quick  # the build of the quick core: from files to a mart
def test_only_what_changed_is_built_and_the_rest_is_read_from_prod(
    dbt, spark, project, tmp_path
):
    params = SampleParams(users=30, movies=40, ratings=300, seed=2)
    bring("sample", tmp_path / "landing", str, sample=params)
    variables = yaml.safe_dump({"data_dir": str(tmp_path / "landing" / "current")})
    prod = tmp_path / "prod"
    options = ["--vars", variables]
    result = dbt(
        "run",
        "--select",
        "+eda_genre_trends",
        *options,
        project_dir=project,
        schema="as_prod",
        artifacts=prod,
    )
    assert result.success
    model = project / "models" / "marts" / "eda" / "eda_genre_trends.sql"
    model.write_text(
        model.read_text().replace("avg(ratings.rating)", "avg(ratings.rating) + 1")
    )
    result = dbt(
        "run",
        "--selector",
        "changed",
        "--defer",
        "--state",
        prod,
        *options,
        project_dir=project,
        schema="dev_ann",
        target_name="dev",
    )
    assert result.success
    built = [one.node for one in result.result]
    assert [node.name for node in built if node.resource_type == "model"] == [
        "eda_genre_trends"
    ]
    assert [row.tableName for row in spark.sql("show tables in dev_ann").collect()] == [
        "eda_genre_trends"
    ]
    means = {
        schema: spark.table(f"{schema}.eda_genre_trends").agg({"rating_mean": "max"})
        for schema in ("as_prod", "dev_ann")
    }
    before, after = (frame.first()[0] for frame in means.values())
    assert after == pytest.approx(before + 1)


@pytest.fixture(scope="module")
def rules():
    file = ROOT / "scripts" / "check_project.py"
    spec = importlib.util.spec_from_file_location("check_project", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def parsed(dbt, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parsed")
    assert dbt("parse", artifacts=folder).success
    return folder


@pytest.fixture(scope="module")
def manifest(parsed):
    return json.loads((parsed / "manifest.json").read_text())


def test_the_project_keeps_its_rules(rules, manifest):
    assert list(rules.broken_rules(manifest)) == []


def test_dbt_can_read_what_it_saved_of_a_parse(rules, parsed, tmp_path):
    assert list(rules.unreadable_parse(parsed / "partial_parse.msgpack")) == []
    file = tmp_path / "partial_parse.msgpack"
    file.write_bytes(b"\x81\xa6macros\x81\x00\x08")  # {"macros": {0: 8}}
    (broken,) = rules.unreadable_parse(file)
    assert "int is not allowed for map key" in broken
    assert "put keys that are numbers into quotes" in broken


@pytest.mark.parametrize(
    ("kind", "name", "change", "message"),
    [
        ("nodes", "fct_ratings", {"description": " "}, "model fct_ratings has no"),
        ("nodes", "assert_no_line_is_lost", {"description": ""}, "assert_no_line_is"),
        ("macros", "age_band", {"description": ""}, "macro age_band has no"),
        ("sources", "ratings", {"description": ""}, "source ratings has no"),
        ("sources", "ratings", {"source_description": ""}, "source movielens has no"),
        ("nodes", "dim_users", {"name": "users"}, "starts with dim_ or fct_ or movie_"),
        ("nodes", "dim_users", {"access": "protected"}, "a mart is public"),
        ("nodes", "dim_users", {"group": None}, "belongs to no group"),
        (
            "nodes",
            "dim_users",
            {"depends_on": {"nodes": ["source.cinespark.movielens.users"]}},
            "reads a source",
        ),
        ("nodes", "dim_users_rows_are_valid", {"attached_node": None}, "is not tested"),
    ],
)
def test_each_broken_rule_is_named(rules, manifest, kind, name, change, message):
    damaged = copy.deepcopy(manifest)
    next(t for t in damaged[kind].values() if t["name"] == name).update(change)
    broken = list(rules.broken_rules(damaged))
    assert len(broken) == 1
    assert message in broken[0]


def test_a_column_without_description_or_type_is_named(rules, manifest):
    damaged = copy.deepcopy(manifest)
    column = damaged["nodes"]["model.cinespark.dim_users"]["columns"]["age"]
    column |= {"description": "", "data_type": None}
    assert sorted(rules.broken_rules(damaged)) == [
        "models/marts/core/dim_users.sql: column age of dim_users has no description",
        "models/marts/core/dim_users.sql: no data_type for age",
    ]


def test_parameters_that_differ_between_models_are_named(rules, manifest):
    damaged = copy.deepcopy(manifest)
    model = damaged["nodes"]["model.cinespark.mlflow_runs"]["unrendered_config"]
    model["meta"]["parameters"]["predictors"]["bias"]["iterations"] = 15
    broken = list(rules.broken_rules(damaged))
    assert broken
    assert all("the parameters bias are not those of" in line for line in broken)


def test_a_unit_test_that_other_vars_would_break_is_named(rules, manifest):
    damaged = copy.deepcopy(manifest)
    (test,) = (
        one
        for one in damaged["unit_tests"].values()
        if one["name"] == "bad_lines_of_ratings_have_a_reason"
    )
    del test["overrides"]["vars"]["rating_max"]
    assert list(rules.broken_rules(damaged)) == [
        "models/staging/_unit_tests.yml: bad_lines_of_ratings_have_a_reason: the "
        "result depends on the var rating_max: give it a value under `overrides: vars:`"
    ]
