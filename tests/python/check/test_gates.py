"""Damaged data and damaged lists meet the gates; what is published stays as it is."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.errors import CineSparkError
from cinespark.versions.manifest import damaged_files
from cinespark.versions.versions import current_version

ROOT = Path(__file__).parents[3]
SCHEMA = "gates"


CHECKS = yaml.safe_load(
    (ROOT / "python_models" / "check" / "_check__models.yml").read_text()
)
RULES = {
    model["name"].replace("_checks", "s"): model["config"]["meta"]["rules"]
    for model in CHECKS["models"]
    if model["name"].endswith("_checks")
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return the landing folder, and a folder of a user's own files to land."""
    landing = tmp_path_factory.mktemp("landing")
    params = SampleParams(users=120, movies=150, ratings=4000, seed=5)
    bring("sample", landing, str, sample=params)
    own = tmp_path_factory.mktemp("own") / "delivery"
    own.mkdir()
    for file in (landing / "sample").glob("*.csv"):
        shutil.copy(file, own)
    bring(str(own), landing, str)
    return landing, own


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def run(dbt, folders, exports):
    """Return a function that runs models, on the data set that is current."""
    variables = {
        "data_dir": str(folders[0] / "current"),
        "exports_dir": str(exports),
        # what is judged here is the gates
        "evaluate": "none",
        "item_factors_rank": 8,
        "item_factors_iterations": 2,
        "bayesian_factors": 4,
        "bayesian_iterations": 12,
        "bayesian_burn_in": 6,
    }

    def dbt_run(*select, **changes):
        words = ["--vars", yaml.safe_dump(variables | changes), "--select", *select]
        return dbt("run", *words, schema=SCHEMA)

    result = dbt_run("+published_files")
    assert result.success, [node.message for node in result.result]
    return dbt_run


@pytest.fixture
def land(folders):
    """Return a function that lands changed rows; the true ones come back after."""
    landing, own = folders
    true = {file: file.read_bytes() for file in own.glob("*.csv")}

    def change(damage, name="ratings.csv"):
        file = own / name
        damage(pd.read_csv(file)).to_csv(file, index=False)
        bring(str(own), landing, str, refresh=True)

    yield change
    for file, content in true.items():
        file.write_bytes(content)
    bring(str(own), landing, str, refresh=True)


@contextmanager
def restored(spark, table):
    """Give the table's name to damage it; its rows come back after."""
    rows = spark.table(table)
    true = spark.createDataFrame(rows.toPandas(), rows.schema)
    yield table
    true.writeTo(table).replace()


def contents(folder):
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def message(result):
    (failed,) = [node for node in result.result if node.status == "error"]
    return failed.node.name, failed.message


def without_a_tenth_of_the_users(ratings):
    return ratings[ratings.userId % 10 != 0]


def test_ratings_without_a_tenth_of_the_users_are_not_learnt_from(
    run, exports, land, spark
):
    before = contents(exports)
    land(without_a_tenth_of_the_users)
    for _ in range(2):  # what was stopped is no baseline
        model, text = message(run("+published_files"))
        assert model == "accepted_ratings"
        assert "kept_user_share is 0.9, expected at least 0.95" in text
        assert f"what is published stays {current_version(exports)}" in text
    assert contents(exports) == before
    kept = spark.table(f"{SCHEMA}.rating_check_history").where("not success").collect()
    assert ("kept_user_share", "critical") in [
        (row.column, row.severity) for row in kept
    ]
    # a change that is meant is accepted once, and then it is what others compare with
    assert run("+accepted_ratings", accept_drift=True).success
    assert run(
        "int_rating_profile", "rating_checks", "accepted_ratings", "accepted_movies"
    ).success


def test_publishing_alone_does_not_step_around_the_gate(run, exports, land):
    assert run("+published_files").success
    land(without_a_tenth_of_the_users)
    assert message(run("+accepted_ratings"))[0] == "accepted_ratings"
    before = contents(exports)
    model, text = message(run("published_files"))
    assert model == "published_files"
    assert "the last checks failed (" in text
    assert "kept_user_share of the ratings" in text
    assert f"{current_version(exports)} stays current" in text
    assert contents(exports) == before


def test_a_delivery_that_was_only_staged_is_not_published_under_other_lists(
    run, exports, land
):
    assert run("+published_files").success
    before = contents(exports)
    land(lambda ratings: ratings.iloc[:-1])
    assert run("+dim_movies", "stg_movielens__manifest").success
    model, text = message(run("published_files"))
    assert model == "published_files"
    assert "the checks were of the data set" in text
    assert contents(exports) == before


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        ("predictor", {"predictor": "bias"}),
        ("item_factors", {"item_factors_alpha": 2.0}),
    ],
)
def test_models_that_did_not_make_the_lists_are_not_published(
    run, exports, model, changes
):
    assert run("+published_files").success
    before = contents(exports)
    assert run(model, **changes).success
    failed, text = message(run("published_files", **changes))
    assert failed == "published_files"
    assert "the lists were made by the models" in text
    assert contents(exports) == before
    assert run(f"{model}+").success


JUDGED = {"evaluate": "published", "min_judged_ratings": 100, "min_judged_users": 1000}
POOR = JUDGED | {
    "predictor": "classic_als",
    "classic_als_rank": 2,
    "classic_als_reg_param": 50.0,
}


def test_a_predictor_worse_than_its_baseline_is_not_published(run, exports):
    before = contents(exports)
    model, text = message(run("accepted_ratings+", **POOR))
    assert model == "accepted_recommendations"
    assert "predictor_gain_low is -" in text
    assert "expected above 0" in text
    assert contents(exports) == before


def test_an_evaluation_of_another_model_does_not_count(run, exports):
    assert run("accepted_ratings+", **JUDGED).success
    before = contents(exports)
    made = ("predictor+", "--exclude", "holdout_predictions")
    model, text = message(run(*made, **POOR))
    assert model == "accepted_recommendations"
    assert "stale_evaluation_count is 2, expected at most 0" in text
    assert contents(exports) == before


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda movies: movies.iloc[: len(movies) * 7 // 10],
            "kept_movie_share is 0.7, expected at least 0.95",
        ),
        (
            lambda movies: movies.assign(title=movies.title.to_numpy()[::-1]),
            "changed_title_share is ",
        ),
        (
            lambda movies: movies.assign(genres=movies.genres.to_numpy()[::-1]),
            "changed_genres_share is ",
        ),
    ],
)
def test_damaged_movies_are_not_learnt_from(run, exports, land, damage, words):
    before = contents(exports)
    land(damage, "movies.csv")
    model, text = message(run("+accepted_movies"))
    assert model == "accepted_ratings"
    assert words in text
    assert contents(exports) == before


def test_movies_that_were_not_checked_are_not_published(run, exports, land):
    assert run("+accepted_movies").success
    before = contents(exports)
    land(lambda movies: movies.assign(title="X"), "movies.csv")
    assert run("+dim_movies", "--exclude", "stg_movielens__manifest").success
    model, text = message(run("accepted_movies+"))
    assert model == "accepted_movies"
    assert "the check results belong to different rows" in text
    assert contents(exports) == before


def test_a_file_that_changed_after_landing_is_not_learnt_from(run, exports, folders):
    before = contents(exports)
    file = (folders[0] / "current" / "tags.csv").resolve()
    true = file.read_bytes()
    file.write_bytes(true + b"1,1,fun,964982703\n")
    model, text = message(run("+accepted_ratings"))
    assert model == "accepted_ratings"
    assert "damaged_file_count is 1, expected at most 0" in text
    assert contents(exports) == before
    file.write_bytes(true)
    assert run("+accepted_ratings").success


def test_a_lost_baseline_stops_builds_until_it_is_meant(run, exports, spark):
    before = contents(exports)
    spark.sql(f"drop table {SCHEMA}.accepted_ratings purge")
    for _ in range(2):
        model, text = message(run("+accepted_ratings"))
        assert model == "accepted_ratings"
        assert "has_baseline is 0, expected at least 1" in text
        assert "`--vars 'accept_drift: true'`, once" in text
    assert contents(exports) == before
    assert run("+accepted_movies", accept_drift=True).success
    assert run("+accepted_movies").success


def test_an_empty_run_loses_neither_what_is_published_nor_the_checks(
    run, exports, spark
):
    before = contents(exports)
    history = spark.table(f"{SCHEMA}.rating_check_history").count()
    assert run("+published_files", "--empty").success
    assert run("+rating_check_history", "--full-refresh").success
    assert message(run("+accepted_ratings"))[0] == "accepted_ratings"
    assert contents(exports) == before
    spark.catalog.refreshTable(f"{SCHEMA}.rating_check_history")
    assert spark.table(f"{SCHEMA}.rating_check_history").count() > history
    assert run("+accepted_movies", accept_drift=True).success


def test_true_ratings_are_published_again_without_hand_work(run, exports):
    assert run("+published_files").success
    assert damaged_files(exports, current_version(exports)) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("update {} set rating = least(rating + 1, 5)", "mean_shift is 0."),
        (
            "insert into {} select user_id, 100000, 5.0, true, timestamp('2026-01-01') "
            "from gates.dim_users",
            "flood_share is 0.0",
        ),
        (
            "delete from {} where pmod(user_id + movie_id, 2) = 0",
            "rating_count_ratio is",
        ),
        ("delete from {}", "rating_count is 0, expected at least 1"),
    ],
)
def test_damaged_ratings_are_not_learnt_from(run, exports, spark, damage, words):
    before = contents(exports)
    with restored(spark, f"{SCHEMA}.fct_ratings") as ratings:
        spark.sql(damage.format(ratings))
        model, text = message(run("int_rating_profile+"))
    assert model == "accepted_ratings"
    assert words in text
    assert contents(exports) == before


def test_other_data_replace_what_is_published_only_if_they_are_meant(
    run, spark, folders
):
    landing, own = folders
    bring("sample", landing, str, sample=SampleParams(users=30, movies=40, ratings=400))
    assert run("+rating_checks").success
    assert run("+accepted_ratings").success is False
    observed = {
        row.column: (row.observed, row.success)
        for row in spark.table(f"{SCHEMA}.rating_checks").collect()
    }
    assert observed["is_same_feed"] == (0, False)
    assert observed["kept_user_share"] == (None, True)
    assert observed["mean_shift"] == (None, True)
    bring(str(own), landing, str)
    assert run("+rating_checks").success


def test_a_user_who_rated_nearly_everything_gets_what_is_left(run, spark):
    name = f"{SCHEMA}.int_candidate_recommendations"
    rest = f"from {SCHEMA}.dim_movies where movie_id != 1"
    with restored(spark, f"{SCHEMA}.fct_ratings") as ratings, restored(spark, name):
        spark.sql(f"delete from {ratings} where user_id = 3")
        rated = f"select 3, movie_id, 3.0, false, timestamp('2026-01-01') {rest}"
        spark.sql(f"insert into {ratings} {rated}")
        spark.sql(f"delete from {name} where user_id = 3 and rank > 1")
        spark.sql(f"update {name} set movie_id = 1 where user_id = 3")
        figures = spark.table(f"{SCHEMA}.int_recommendation_profile").first()
    assert figures.wrong_length_count == figures.uncovered_user_count == 0
    assert figures.rated_row_count == figures.broken_rank_count == 0


def test_checking_again_is_another_line_of_results(run, spark):
    results = spark.table(f"{SCHEMA}.rating_check_history")
    builds = results.where("suite = 'ratings'").select("invocation_id").distinct()
    before = builds.count()
    assert run("rating_checks+1").success  # the profile is the one that is there
    spark.catalog.refreshTable(f"{SCHEMA}.rating_check_history")
    assert builds.count() == before + 1


def test_a_few_ratings_less_are_learnt_from_with_a_warning(run, spark):
    with restored(spark, f"{SCHEMA}.fct_ratings") as ratings:
        spark.sql(f"delete from {ratings} where pmod(user_id * 7 + movie_id, 14) = 0")
        left = spark.table(ratings).count()
        assert run("int_rating_profile", "rating_checks", "accepted_ratings").success
    assert spark.table(f"{SCHEMA}.accepted_ratings").count() == left
    failed = spark.table(f"{SCHEMA}.rating_checks").where("not success").collect()
    assert [(row.column, row.severity) for row in failed] == [
        ("rating_count_ratio", "warning")
    ]
    assert failed[0].observed == pytest.approx(left / 4000)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("delete from {} where user_id = 3", "uncovered_user_count is 1"),
        ("delete from {} where user_id = 3 and rank = 10", "wrong_length_count is 1"),
        (
            "update {} set rank = 11 where user_id = 3 and rank = 10",
            "broken_rank_count is 1",
        ),
        (
            "update {} set score = double('nan') where user_id = 3 and rank = 1",
            "not_finite_row_count is 1",
        ),
        (
            "update {} set movie_id = (select min(movie_id) from gates.fct_ratings "
            "where user_id = 3) where user_id = 3 and rank = 1",
            "rated_row_count is 1",
        ),
        (
            "update {} set score = 1e9 where user_id = 3 and rank = 10",
            "out_of_order_row_count is 1",
        ),
    ],
)
def test_damaged_lists_are_not_published(run, exports, spark, damage, words):
    before = contents(exports)
    with restored(spark, f"{SCHEMA}.int_candidate_recommendations") as candidates:
        spark.sql(damage.format(candidates))
        model, text = message(run("int_recommendation_profile+"))
    assert model == "accepted_recommendations"
    assert words in text
    assert contents(exports) == before


def test_an_empty_file_does_not_even_land(folders, run):
    landing, own = folders
    before = contents(landing)
    true = (own / "ratings.csv").read_bytes()
    for empty in (b"", true[: true.index(b"\n") + 1]):
        (own / "ratings.csv").write_bytes(empty)
        with pytest.raises(
            CineSparkError, match=r"ratings\.csv (is empty|holds a head)"
        ):
            bring(str(own), landing, str, refresh=True)
        assert contents(landing) == before
    (own / "ratings.csv").write_bytes(true)


def test_selecting_models_does_not_step_around_the_gate(run, exports, spark):
    assert run("int_candidate_recommendations+").success
    before = contents(exports)
    candidates = f"{SCHEMA}.int_candidate_recommendations"
    spark.sql(f"update {candidates} set predicted_rating = 5 where user_id = 3")
    model, text = message(run("accepted_recommendations+"))
    assert model == "accepted_recommendations"
    assert "the check results belong to different rows" in text
    model, text = message(run("recommendations", "published_files"))
    assert model == "published_files"
    assert "the gate has not passed the candidates" in text
    assert contents(exports) == before


def test_public_rows_that_the_gate_did_not_see_are_not_published(run, exports, spark):
    assert run("int_candidate_recommendations+").success
    before = contents(exports)
    spark.sql(f"update {SCHEMA}.recommendations set rank = 99 where user_id = 3")
    model, text = message(run("published_files"))
    assert model == "published_files"
    assert "recommendations is not what the gate passed" in text
    assert contents(exports) == before


def test_a_version_says_which_build_run_and_data_it_comes_from(run, exports, spark):
    assert run("int_candidate_recommendations+").success
    folder = exports / current_version(exports)
    about = json.loads((folder / "manifest.json").read_text())["about"]
    runs = spark.table(f"{SCHEMA}.mlflow_runs").toPandas().set_index("run_id")
    traced = runs.loc[about["run_id"]]
    lists = spark.table(f"{SCHEMA}.recommendations").first()
    assert traced.model_version == about["model_version"] == lists.model_version
    assert traced.invocation_id == about["invocation_id"]
    assert about["counts"]["recommendations"] == 1200
    assert len(about["checks"]) == len(RULES["ratings"] + RULES["recommendations"])
