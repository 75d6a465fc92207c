"""Damaged data and damaged lists meet the gates; what is published stays as it is."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from kept_tables import KeptTables

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.errors import CineSparkError
from cinespark.versions.manifest import damaged_files
from cinespark.versions.versions import current_version

ROOT = Path(__file__).parents[3]
SCHEMA = "gates"
JUDGED = {"evaluate": "published", "min_judged_ratings": 100, "min_judged_users": 1000}

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
def built(dbt, folders, exports, state_dir, tmp_path_factory):
    """Return a function that runs models, and a whole build of them, kept."""
    variables = JUDGED | {
        "data_dir": str(folders[0] / "current"),
        "exports_dir": str(exports),
        # what is judged here is the gates
        "item_factors_rank": 8,
        "item_factors_iterations": 2,
        "bayesian_factors": 4,
        "bayesian_iterations": 30,
        "bayesian_burn_in": 10,
    }

    def dbt_run(*select, **changes):
        words = ["--vars", yaml.safe_dump(variables | changes), "--select", *select]
        return dbt("run", *words, schema=SCHEMA)

    result = dbt_run("+published_files")
    failed = [node.message for node in result.result if node.status == "error"]
    assert result.success, failed
    beside = (*folders, exports, state_dir / "rankers" / SCHEMA)
    kept = KeptTables(state_dir, SCHEMA, beside, tmp_path_factory.mktemp("kept"))
    return dbt_run, kept


@pytest.fixture
def run(built):
    """Return a function that runs models on what a whole build left, at each test."""
    dbt_run, kept = built
    kept.restore()
    return dbt_run


@pytest.fixture
def land(folders, run):
    """Return a function that lands changed rows of a file."""
    landing, own = folders

    def change(damage, name="ratings.csv"):
        file = own / name
        damage(pd.read_csv(file)).to_csv(file, index=False)
        bring(str(own), landing, str, refresh=True)

    return change


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


# from the profile of the ratings to their gate, on tables that are there
GATE = (
    "int_rating_profile",
    "rating_checks",
    "rating_check_history",
    "accepted_ratings",
)
# of the models, which stay as they were built
JUDGEMENTS = ("holdout_predictions", "holdout_rankings", "tag:evaluation")
# the runs in MLflow hang on no gate
LISTS = ("int_recommendation_profile+", "--exclude", "mlflow_runs")


def test_ratings_without_a_tenth_of_the_users_are_not_learnt_from(
    run, exports, land, spark
):
    before = contents(exports)
    land(without_a_tenth_of_the_users)
    for select in ("+published_files", "int_rating_profile+"):
        model, text = message(run(select))  # what was stopped is no baseline
        assert model == "accepted_ratings"
        assert "kept_user_share is 0.9, expected at least 0.95" in text
        assert f"what is published stays {current_version(exports)}" in text
    assert contents(exports) == before
    kept = spark.table(f"{SCHEMA}.rating_check_history").where("not success").collect()
    assert ("kept_user_share", "critical") in [
        (row.column, row.severity) for row in kept
    ]
    # a change that is meant is accepted once, and then it is what others compare with
    assert run(*GATE, accept_drift=True).success
    assert run(*GATE, "accepted_movies").success


def test_publishing_alone_does_not_step_around_the_gate(run, exports, folders, land):
    before, (true,) = contents(exports), folders[1].glob("ratings.csv")
    rows = true.read_bytes()
    land(without_a_tenth_of_the_users)
    assert message(run("+accepted_ratings"))[0] == "accepted_ratings"
    model, text = message(run("published_files"))
    assert model == "published_files"
    assert "the last checks failed (" in text
    assert "kept_user_share of the ratings" in text
    assert f"{current_version(exports)} stays current" in text
    assert contents(exports) == before
    # true ratings are published again without hand work
    true.write_bytes(rows)
    bring(str(folders[1]), folders[0], str, refresh=True)
    assert run("+published_files", "--exclude", *JUDGEMENTS).success
    assert damaged_files(exports, current_version(exports)) == []


def test_a_delivery_that_was_only_staged_is_not_published_under_other_lists(
    run, exports, land
):
    before = contents(exports)
    land(lambda ratings: ratings.iloc[:-1])
    assert run("+dim_movies", "stg_movielens__manifest").success
    model, text = message(run("published_files"))
    assert model == "published_files"
    assert "the checks were of the data set" in text
    assert contents(exports) == before


@pytest.mark.parametrize(
    ("model", "changes", "words"),
    [
        ("predictor", {"predictor": "bias"}, "the lists were made by the models"),
        ("ranker", {"fold_in_background": 0.2}, "the lists were made by the models"),
        (
            "item_factors",
            {"item_factors_alpha": 2.0},
            "similar movies were found by the vectors",
        ),
    ],
)
def test_models_that_did_not_make_the_lists_are_not_published(
    run, exports, model, changes, words
):
    before = contents(exports)
    assert run(model, **changes).success
    failed, text = message(run("published_files", **changes))
    assert failed == "published_files"
    assert words in text
    assert contents(exports) == before


POOR = {
    "predictor": "classic_als",
    "classic_als_rank": 2,
    "classic_als_reg_param": 50.0,
}


def test_a_predictor_worse_than_its_baseline_is_not_published(run, exports):
    before = contents(exports)
    made = ("predictor+", "holdout_predictions+", "--exclude", "mlflow_runs")
    model, text = message(run(*made, **POOR))
    assert model == "accepted_recommendations"
    assert "predictor_gain_low is -" in text
    assert "expected above 0" in text
    assert contents(exports) == before


def test_an_evaluation_of_another_model_does_not_count(run, exports):
    before = contents(exports)
    made = ("predictor+", "ranker+", "--exclude", "holdout_predictions", "mlflow_runs")
    model, text = message(run(*made, **POOR))
    assert model == "accepted_recommendations"
    assert "stale_evaluation_count is 2, expected at most 0" in text
    assert contents(exports) == before


def test_damaged_movies_are_not_learnt_from(run, exports, land):
    def damage(movies):
        kept = movies.iloc[: len(movies) * 7 // 10]
        return kept.assign(
            title=kept.title.to_numpy()[::-1], genres=kept.genres.to_numpy()[::-1]
        )

    before = contents(exports)
    land(damage, "movies.csv")
    model, text = message(run("+accepted_movies"))
    assert model == "accepted_ratings"
    # a rule whose finding is in the message would have shut the gate alone
    for words in (
        "kept_movie_share is 0.7, expected at least 0.95",
        "changed_title_share is ",
        "changed_genres_share is ",
    ):
        assert words in text
    assert contents(exports) == before


def test_movies_that_were_not_checked_are_not_published(run, exports, land):
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
    assert run(*GATE).success


def test_a_lost_baseline_stops_builds_until_it_is_meant(run, exports, spark):
    before = contents(exports)
    spark.sql(f"drop table {SCHEMA}.accepted_ratings purge")
    for _ in range(2):
        model, text = message(run(*GATE))
        assert model == "accepted_ratings"
        assert "has_baseline is 0, expected at least 1" in text
        assert "`--vars 'accept_drift: true'`, once" in text
    assert contents(exports) == before
    assert run(*GATE, accept_drift=True).success
    assert run(*GATE, "accepted_movies").success


def test_an_empty_run_loses_neither_what_is_published_nor_the_checks(
    run, exports, spark
):
    before = contents(exports)
    history = spark.table(f"{SCHEMA}.rating_check_history").count()
    assert run("+published_files", "--empty").success
    assert run("+rating_check_history", "--full-refresh").success
    assert message(run("accepted_ratings"))[0] == "accepted_ratings"
    assert contents(exports) == before
    spark.catalog.refreshTable(f"{SCHEMA}.rating_check_history")
    assert spark.table(f"{SCHEMA}.rating_check_history").count() > history
    assert run(*GATE, "accepted_movies", accept_drift=True).success


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
    spark.sql(damage.format(f"{SCHEMA}.fct_ratings"))
    model, text = message(run("int_rating_profile+"))
    assert model == "accepted_ratings"
    assert words in text
    assert contents(exports) == before


def test_other_data_replace_what_is_published_only_if_they_are_meant(
    run, spark, folders
):
    other = SampleParams(users=30, movies=40, ratings=400)
    bring("sample", folders[0], str, sample=other)
    assert run("+rating_checks").success
    assert run("accepted_ratings").success is False
    observed = {
        row.column: (row.observed, row.success)
        for row in spark.table(f"{SCHEMA}.rating_checks").collect()
    }
    assert observed["is_same_feed"] == (0, False)
    assert observed["kept_user_share"] == (None, True)
    assert observed["mean_shift"] == (None, True)


def test_a_user_who_rated_nearly_everything_gets_what_is_left(run, spark):
    name, ratings = f"{SCHEMA}.int_candidate_recommendations", f"{SCHEMA}.fct_ratings"
    rest = f"from {SCHEMA}.dim_movies where movie_id != 1"
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
    # the profile is the one that is there
    assert run("rating_checks", "rating_check_history").success
    spark.catalog.refreshTable(f"{SCHEMA}.rating_check_history")
    assert builds.count() == before + 1


def test_a_few_ratings_less_are_learnt_from_with_a_warning(run, spark):
    ratings = f"{SCHEMA}.fct_ratings"
    spark.sql(f"delete from {ratings} where pmod(user_id * 7 + movie_id, 14) = 0")
    left = spark.table(ratings).count()
    assert run("int_rating_profile", "rating_checks", "accepted_ratings").success
    assert spark.table(f"{SCHEMA}.accepted_ratings").count() == left
    failed = spark.table(f"{SCHEMA}.rating_checks").where("not success").collect()
    assert [(row.column, row.severity) for row in failed] == [
        ("rating_count_ratio", "warning")
    ]
    assert failed[0].observed == pytest.approx(left / 4000)


def test_damaged_lists_are_not_published(run, exports, spark):
    before = contents(exports)
    for damage in (
        "delete from {} where user_id = 3",
        "delete from {} where user_id = 4 and rank = 10",
        "update {} set rank = 11 where user_id = 5 and rank = 10",
        "update {} set score = double('nan') where user_id = 6 and rank = 1",
        "update {} set movie_id = (select min(movie_id) from gates.fct_ratings "
        "where user_id = 7) where user_id = 7 and rank = 1",
        "update {} set score = 1e9 where user_id = 8 and rank = 10",
    ):
        spark.sql(damage.format(f"{SCHEMA}.int_candidate_recommendations"))
    model, text = message(run(*LISTS))
    assert model == "accepted_recommendations"
    # a rule whose finding is in the message would have shut the gate alone
    assert "6 critical checks of the recommendations failed" in text
    for words in (
        "uncovered_user_count is 1",
        "wrong_length_count is 1",
        "broken_rank_count is 1",
        "not_finite_row_count is 1",
        "rated_row_count is 1",
        "out_of_order_row_count is 1",
    ):
        assert f"{words}," in text
    assert contents(exports) == before


def test_lists_that_equal_each_other_are_seen_though_nothing_else_is_odd(run, spark):
    name = f"{SCHEMA}.int_candidate_recommendations"
    profile = f"{SCHEMA}.int_recommendation_profile"
    # ten lists for 120 users
    spark.sql(f"update {name} set movie_id = rank + 10 * pmod(user_id, 10)")
    figures = spark.table(profile).first()
    assert figures.repeated_list_share == 1
    assert figures.top_movie_share < 0.5
    assert figures.catalogue_coverage > 0.1
    assert figures.all_fallback_user_share == 0
    spark.sql(f"update {name} set source = 'popularity' where user_id <= 30")
    figures = spark.table(profile).first()
    assert figures.all_fallback_user_share == 0.25
    assert figures.repeated_list_share is None  # of 90 users, who are too few


def test_an_empty_file_does_not_even_land(run, folders):
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


def test_selecting_models_does_not_step_around_the_gate(run, exports, spark):
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
    before = contents(exports)
    spark.sql(f"update {SCHEMA}.recommendations set rank = 99 where user_id = 3")
    model, text = message(run("published_files"))
    assert model == "published_files"
    assert "recommendations is not what the gate passed" in text
    assert contents(exports) == before


def test_a_version_says_which_build_run_and_data_it_comes_from(run, exports, spark):
    folder = exports / current_version(exports)
    about = json.loads((folder / "manifest.json").read_text())["about"]
    runs = spark.table(f"{SCHEMA}.mlflow_runs").toPandas().set_index("run_id")
    traced = runs.loc[about["run_id"]]
    lists = spark.table(f"{SCHEMA}.recommendations").first()
    assert traced.model_version == about["model_version"] == lists.model_version
    assert traced.invocation_id == about["invocation_id"]
    assert about["counts"]["recommendations"] == 1200
    assert len(about["checks"]) == len(RULES["ratings"] + RULES["recommendations"])
