"""Checks and gates on small figures, by the real Great Expectations."""

import json
import re
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml
from made_versions import ABOUT, content
from pyspark.sql import functions as F

from cinespark.check.gates import require_passed
from cinespark.check.list_overlap import FIGURES, with_published_overlap
from cinespark.check.results import RESULTS_SCHEMA, last_results, results_table
from cinespark.check.rules import expected
from cinespark.check.suites import check, judge
from cinespark.errors import CineSparkError
from cinespark.publish.publish import publish
from cinespark.spark_tables import fingerprint
from cinespark.versions.versions import current_version
from cinespark.vocabulary import USUAL

ROOT = Path(__file__).parents[3]
WORDS = {"meaning": "what it is", "owner": "Us", "remedy": "mend it"}
MANY = {"column": "many", "min_value": 2, "severity": "critical"} | WORDS
FEW = {"column": "few", "min_value": -1, "max_value": 1, "severity": "warning"} | WORDS


@pytest.fixture
def rows(spark):
    return spark.createDataFrame([(1, "a"), (2, None)], "id int, name string")


@pytest.fixture
def profile(spark):
    def make(**figures):
        frame = pd.DataFrame([figures])
        frame["dataset_sha256"] = "abc"
        frame["checked_at"] = pd.Timestamp(datetime(2026, 1, 1))
        return spark.createDataFrame(frame)

    return make


@pytest.mark.parametrize(
    ("reason", "meaning"),
    [("no rating", "what it is, most often: no rating"), (None, "what it is")],
)
def test_a_reason_beside_a_figure_is_part_of_what_it_means(reason, meaning):
    figures = pd.DataFrame([{"many": 1, "many_reason": reason, "few": 0}])
    results = judge(figures, [MANY, FEW], "things", USUAL)
    assert [result["meaning"] for result in results] == [meaning, "what it is"]


def test_whose_a_figure_is_stands_behind_what_it_means():
    figures = pd.DataFrame([{"many": 3, "many_where": "user 7 at noon"}])
    (result,) = judge(figures, [MANY], "things", USUAL)
    assert result["meaning"] == "what it is, namely: user 7 at noon"


@pytest.mark.parametrize(
    ("many", "few", "successes"),
    [
        (2, 1.0, [True, True]),
        (1.99, 0, [False, True]),
        (3, 1.01, [True, False]),
        (3, -1.5, [True, False]),
        (None, None, [True, True]),  # does not apply
    ],
)
def test_a_figure_is_within_its_bounds_or_fails(many, few, successes):
    figures = pd.DataFrame([{"many": many, "few": few}])
    results = judge(figures, [MANY, FEW], "things", USUAL)
    assert [result["success"] for result in results] == successes
    assert [result["column"] for result in results] == ["many", "few"]


def test_one_figure_may_have_two_bounds_of_two_severities():
    rules = [FEW, FEW | {"severity": "critical", "max_value": 9}]
    results = judge(pd.DataFrame([{"few": 5}]), rules, "things", USUAL)
    assert [result["success"] for result in results] == [False, True]


def test_results_say_which_rows_and_which_build_they_are_about(profile, rows):
    results = check(profile(many=1), [MANY], "things", [rows], "build-1")
    (result,) = results.itertuples()
    assert not result.success
    assert (result.observed, result.expected) == (1.0, "at least 2")
    assert (result.invocation_id, result.dataset_sha256) == ("build-1", "abc")
    assert result.rows_sha256 == fingerprint(rows)
    assert result.checked_at == datetime(2026, 1, 1)


@pytest.mark.parametrize(
    "rules", [None, [], [MANY, MANY | {"column": "dataset_sha256"}]]
)
def test_rules_that_are_wrong_are_an_error_before_anything_is_judged(
    profile, rows, rules
):
    with pytest.raises(CineSparkError, match=r"things.*|dataset_sha256.*many"):
        check(profile(many=1), rules, "things", [rows], "build-1")


@pytest.mark.parametrize("figure", ["nan", "infinity", "-infinity"])
def test_a_figure_that_is_no_finite_number_does_not_pass_as_null(
    spark, profile, rows, figure
):
    odd = profile(many=5.0).selectExpr(
        f"double('{figure}') as few", "cast(null as double) as many", "checked_at"
    )
    with pytest.raises(CineSparkError, match="few in the profile of things is"):
        check(odd, [MANY], "things", [rows], "build-1")


def test_no_figures_give_no_results(profile, rows):
    assert check(profile(many=1).limit(0), [MANY], "things", [rows], "build-1").empty


def test_a_fingerprint_is_of_the_rows_not_of_their_order(spark, rows):
    backwards = spark.createDataFrame([(None, 2), ("a", 1)], "name string, id int")
    assert fingerprint(rows) == fingerprint(backwards)
    assert fingerprint(rows) != fingerprint(rows.union(rows))
    assert fingerprint(rows) != fingerprint(rows.limit(1))
    assert fingerprint(rows) != fingerprint(rows.fillna("b"))
    assert fingerprint(rows, backwards) != fingerprint(rows)


@pytest.fixture
def checked(spark, profile, rows):
    """Return a function that checks figures of the rows and gives a table's rows."""

    def make(**figures):
        results = check(profile(**figures), [MANY, FEW], "things", [rows], "build-1")
        return spark.createDataFrame(results, RESULTS_SCHEMA)

    return make


def test_the_gate_lets_checked_rows_pass_and_no_others(checked, rows, tmp_path):
    results = checked(many=2, few=0)
    require_passed(results, [rows], tmp_path)
    with pytest.raises(CineSparkError, match="check results belong to different rows"):
        require_passed(results, [rows.limit(1)], tmp_path)


def test_rows_without_any_check_do_not_pass(spark, rows, tmp_path):
    none = spark.createDataFrame([], RESULTS_SCHEMA)
    require_passed(none, [rows.limit(0)], tmp_path)
    with pytest.raises(CineSparkError, match="check results belong to different rows"):
        require_passed(none, [rows], tmp_path)


def test_a_closed_gate_says_what_failed_what_stays_and_what_to_do(
    checked, rows, tmp_path
):
    (tmp_path / "current").write_text("version-1\n")
    results = checked(many=1, few=7)
    with pytest.raises(CineSparkError) as error:
        require_passed(results, [rows], tmp_path)
    assert str(error.value).splitlines() == [
        "1 critical check of the things failed; the build stops, what is published "
        "stays version-1",
        "  many is 1, expected at least 2 (what it is)",
        "  what to do: mend it",
        "  all results: `cinespark show --quality`",
    ]


@pytest.mark.parametrize("severity", ["Critical", "", None])
def test_what_is_no_warning_closes_the_gate(checked, rows, tmp_path, severity):
    results = checked(many=1, few=0).withColumn(
        "severity", F.when(F.col("column") == "few", "warning").otherwise(severity)
    )
    with pytest.raises(CineSparkError, match="1 critical check of the things failed"):
        require_passed(results, rows, tmp_path)


def test_an_open_gate_shows_its_warnings(checked, rows, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("cinespark.check.gates.log.warning", shown.append)
    require_passed(checked(many=2, few=7), [rows], tmp_path)
    words = "few is 7, expected at least -1 and at most 1 (what it is)"
    assert shown == [f"check of things: {words}"]


def test_the_last_results_are_a_table_and_a_file(spark, profile, rows, tmp_path):
    for many in (1, 2):
        results = check(profile(many=many), [MANY], "things", [rows], "build-1")
        table = results_table(results, spark, tmp_path / "quality")
        assert [row.observed for row in table.collect()] == [many]
    (last,) = json.loads((tmp_path / "quality" / "things.json").read_text())
    assert (last["observed"], last["checked_at"]) == (2, "2026-01-01T00:00:00.000")
    assert [file.name for file in (tmp_path / "quality").iterdir()] == ["things.json"]


@pytest.mark.parametrize(
    ("ratings_at", "lists_at", "suites"),
    [
        (1, 1, ["ratings", "recommendations"]),  # one build
        (2, 1, ["ratings"]),  # the later build was stopped before its lists
        (1, 2, ["ratings", "recommendations"]),  # the lists were checked again
        (1, None, ["ratings"]),
        (None, 1, ["recommendations"]),
    ],
)
def test_the_last_results_are_those_of_the_last_build(
    tmp_path, ratings_at, lists_at, suites
):
    (tmp_path / "prod").mkdir()
    for suite, day in (("ratings", ratings_at), ("recommendations", lists_at)):
        if day is not None:
            at = f"2026-01-0{day}T00:00:00.000"
            words = dict.fromkeys(("column", "severity", "expected", "meaning"), "x")
            row = {"suite": suite, "checked_at": at, "observed": 1.0, "success": True}
            row |= words | {"remedy": "none"}
            (tmp_path / "prod" / f"{suite}.json").write_text(json.dumps([row]))
    exports = tmp_path / "exports"
    assert [row["suite"] for row in last_results(tmp_path, "prod", exports)] == suites
    with pytest.raises(CineSparkError, match=r"schema dev .* \(prod\)"):
        last_results(tmp_path, "dev", exports)


def test_overlap_is_the_mean_over_the_users_of_both_versions(spark, profile, tmp_path):
    publish(content(users=(1, 2, 3)), tmp_path, ABOUT)  # movies 6 and 34 for each
    rows = [(1, 1, 34), (1, 2, 12), (2, 1, 34), (2, 2, 6), (4, 1, 10)]
    candidates = spark.createDataFrame(rows, "user_id int, rank int, movie_id int")

    def figures(exports):
        row = with_published_overlap(profile(many=1), candidates, exports).first()
        return [row[name] for name in FIGURES]

    # user 1 keeps one of two, user 2 both, user 3 is gone, user 4 new; rank-biased
    # overlap is 0.1 / 0.9 · 0.81 · 1/2 + 0.81 · 1/2 of user 1, the double of user 2
    assert figures(tmp_path) == pytest.approx([0.75, 2 / 3, (0.45 + 0.9) / 2])
    lists = tmp_path / current_version(tmp_path) / "recommendations.parquet"
    lists.write_bytes(lists.read_bytes()[:99])  # damaged: like nothing
    assert figures(tmp_path) == [None, None, None]
    assert figures(tmp_path / "new") == [None, None, None]


def test_lists_are_not_compared_with_a_version_that_is_lost(profile, spark, tmp_path):
    (tmp_path / "current").write_text("20260101T000000Z-0123abcd\n")
    candidates = spark.createDataFrame(
        [(1, 1, 11)], "user_id int, rank int, movie_id int"
    )
    row = with_published_overlap(profile(many=1), candidates, tmp_path).first()
    assert [row[name] for name in FIGURES] == [None, None, None]


def test_the_page_of_rules_lists_each_rule_with_its_bounds():
    page = (ROOT / "docs" / "checks.md").read_text()
    sections = page.split("## The rules of ")[1:]
    described = {}
    for section in sections:
        for line in section.splitlines():
            if line.startswith("| `"):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                figure, critical, warning, why = cells
                suite = section.split("`")[1]
                described[suite, figure.strip("`")] = (critical, warning)
                assert len(why) > 20, figure
    file = ROOT / "python_models" / "check" / "_check__models.yml"
    given = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    text = re.sub(
        r"""\"\{\{ var\('(\w+)'\) \}\}\"""",
        lambda found: json.dumps(given[found[1]]),
        file.read_text(),
    )
    suites = {"rating_checks": "ratings", "window_checks": "windows"}
    ruled = {}
    for model in yaml.safe_load(text)["models"]:
        suite = suites.get(model["name"], "recommendations")
        for rule in model["config"]["meta"].get("rules", []):
            bounds = ruled.setdefault((suite, rule["column"]), {})
            bounds[rule["severity"]] = expected(rule)
    assert described == {
        rule: (bounds.get("critical", ""), bounds.get("warning", ""))
        for rule, bounds in ruled.items()
    }
