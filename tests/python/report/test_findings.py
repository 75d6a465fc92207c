"""The sentences of the report: what they find in figures made up for them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from made_versions import ABOUT, content

from cinespark.publish.publish import publish
from cinespark.report import (
    about_checks,
    about_genres,
    about_models,
    about_movies,
    about_ratings,
    about_versions,
)
from cinespark.report.wording import listed, shown
from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version
from cinespark.vocabulary import USUAL


def test_the_second_version_is_compared_with_the_first(tmp_path):
    exports = tmp_path / "exports"
    assert "Nothing is published" in about_versions.changes(exports, USUAL)[0].finding
    publish(content(), exports, ABOUT)
    (first,) = about_versions.changes(exports, USUAL)
    assert "there is no earlier one to compare with" in first.finding
    rows = content().recommendations
    movies = pa.array([6, 35, 36, 37], pa.int32())  # one new for user 1, two for user 2
    place = rows.schema.get_field_index("movie_id")
    lists = rows.set_column(place, "movie_id", movies)
    about = replace(ABOUT, counts={**ABOUT.counts, "ratings": 5})
    publish(replace(content(), recommendations=lists), exports, about)
    changes, kept = about_versions.changes(exports, USUAL)
    figures = changes.data.set_index("metric")
    assert figures.loc["ratings"].tolist() == ["3", "5"]
    assert figures.loc["rmse all"].tolist() == ["0.9", "0.9"]
    assert kept.data["users"].tolist() == [0, 1, 1]
    assert "0 have the same movies as before; on average 1.5 of a list" in kept.finding
    version = current_version(exports)
    previous = read_manifest(exports, version).previous
    damages = {
        previous: f"{previous}, the one before, is damaged",
        version: f"{version} is damaged, so nothing is compared",
    }
    for name, words in damages.items():
        (exports / name / "recommendations.parquet").unlink()
        (damage,) = about_versions.changes(exports, USUAL)
        assert damage.finding.endswith(f"{words}: recommendations.parquet.")


def judged(**ndcg):
    return pd.DataFrame(
        {"model": list(ndcg), "k": 10, "segment_kind": "all", "ndcg": ndcg.values()}
    )


def leaders(*published):
    """Return a leaderboard's roles and names; a name may be of both roles."""
    rows = [
        (role, model, (role, model) in published)
        for role, models in (
            ("predictor", ["bias", "classic_als"]),
            ("ranker", ["popularity", "classic_als", "ease"]),
        )
        for model in models
    ]
    return pd.DataFrame(rows, columns=["role", "model", "is_published"])


def test_the_ranker_that_publishes_is_told_from_a_predictor_of_its_name():
    quality = judged(ease=0.2, classic_als=0.3, popularity=0.1)
    publishes = leaders(("predictor", "classic_als"), ("ranker", "popularity"))
    assert about_models.published_ranker(publishes, quality) == "popularity"
    publishes = leaders(("predictor", "bias"), ("ranker", "classic_als"))
    assert about_models.published_ranker(publishes, quality) == "classic_als"


def test_tables_of_different_builds_are_no_reason_to_break():
    quality = judged(ease=0.2, popularity=0.1)
    unjudged = leaders(("ranker", "blend"), ("predictor", "bias"))
    assert about_models.published_ranker(unjudged, quality) == "ease"
    assert about_models.published_ranker(unjudged.head(0), quality) == "ease"


def test_the_board_of_a_role_has_its_models_best_first():
    figures = leaders().assign(metric_value=[0.9, 0.8, 0.1, 0.2, 0.3], peak_bytes=0)
    predictors = about_models.board(figures, "predictor")
    assert predictors["model"].tolist() == ["classic_als", "bias"]
    assert predictors["metric_value"].tolist() == [0.8, 0.9]  # a lower RMSE is better
    rankers = about_models.board(figures, "ranker")
    assert rankers["model"].tolist() == ["ease", "classic_als", "popularity"]
    assert rankers["metric_value"].tolist() == [0.3, 0.2, 0.1]


def test_what_retraining_would_add_is_said_where_it_was_judged():
    board = pd.DataFrame(
        {
            "role": "new_users",
            "model": ["fold_in", "retraining"],
            "metric_value": [0.2, 0.188],
            "gain_over_baseline": [0.0, -0.012],
            "gain_over_baseline_low": [0.0, -0.025],
            "gain_over_baseline_high": [0.0, 0.001],
            "peak_bytes": np.nan,
        }
    )
    (figure,) = about_models.of_new_users(board, USUAL)
    assert figure.finding == (
        "Users who are folded in get lists of NDCG@10 0.200; retraining with them "
        "would change that by -0.012 (-0.025 to +0.001)."
    )
    assert about_models.of_new_users(board.assign(role="ranker"), USUAL) == []


def months(*counts, mean=3.5):
    return pd.DataFrame(
        {
            "rated_year": [2000 + place // 12 for place in range(len(counts))],
            "rated_month": [
                date(2000 + place // 12, place % 12 + 1, 1)
                for place in range(len(counts))
            ],
            "rating_count": counts,
            "rating_mean": mean,
        }
    )


def test_the_peak_is_the_month_with_most_ratings():
    assert about_ratings.peak(months(1, 9, 3), USUAL) == (
        "Rating volume peaked in February 2000 with 9 ratings, 3.0 times a median "
        "month."
    )
    assert about_ratings.peak(months(1), USUAL) == (
        "Rating volume peaked in January 2000 with 1 rating, the only month with any."
    )


def test_a_small_genre_is_not_called_best():
    genres = pd.DataFrame(
        {
            "genre": ["Drama", "War", "Rare"],
            "rating_share": [0.9, 0.5, 0.009],
            "rating_mean": [3.5, 3.75, 5.0],
        }
    )
    assert about_genres.best_genres(genres, USUAL) == (
        "Of the genres with at least 1% of the ratings, War (3.75 stars) and "
        "Drama (3.50 stars) are rated best."
    )


def groups(old, new):
    return pd.DataFrame(
        {
            "is_niche": [True, True],
            "is_older": [True, False],
            "rating_mean": [old, new],
            "rating_count": [10, 20],
        }
    )


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [(4.0, 3.5, "Yes"), (3.5, 4.0, "No"), (3.50, 3.52, "Hardly")],
)
def test_whether_older_cult_movies_are_rated_higher(old, new, answer):
    words = about_movies.older_movies(groups(old, new), USUAL)
    assert words.startswith(f"{answer}: niche movies")
    assert f"{old:.2f} stars at 20 years or older (10 ratings) and {new:.2f}" in words


def test_without_older_movies_there_is_no_answer():
    words = about_movies.older_movies(groups(4.0, 3.5).iloc[1:], USUAL)
    assert "there is nothing to compare" in words


def test_genres_gain_and_lose():
    trends = pd.DataFrame(
        {
            "genre": ["Drama", "War", "Drama", "War"],
            "rated_year": [1999, 1999, 2001, 2001],
            "rating_share": [0.5, 0.25, 0.25, 0.75],
        }
    )
    assert about_genres.gains(trends, USUAL) == (
        "From 1999 to 2001 War gained most (+50.0 percentage points of the year's "
        "ratings) and Drama lost most (-25.0)."
    )
    assert "no trend" in about_genres.gains(trends[trends["rated_year"] == 1999], USUAL)


def board(**changes):
    rows = pd.DataFrame(
        {
            "model": ["blend", "popularity"],
            "metric_value": [0.2, 0.1],
            "metric_value_low": [0.19, 0.09],
            "metric_value_high": [0.21, 0.11],
            "is_published": [True, False],
            "gain_over_baseline": [0.1, 0.0],
            "gain_over_baseline_low": [0.08, 0.0],
            "gain_over_baseline_high": [0.12, 0.0],
            "gain_over_published_low": [0.0, -0.12],
        }
    )
    return rows.assign(**changes)


def test_the_leader_is_honest_about_what_is_better():
    words = about_models.leader(board(), "ranker", USUAL)
    assert words == (
        "blend publishes: NDCG@10 0.200 (0.190 to 0.210), better than popularity by "
        "0.100 (0.080 to 0.120); the only other one is not better beyond the interval."
    )
    unsure = about_models.leader(
        board(gain_over_baseline_low=[-0.01, 0.0]), "ranker", USUAL
    )
    assert "not shown to be better than popularity" in unsure
    beaten = about_models.leader(
        board(gain_over_published_low=[0.0, 0.01]), "ranker", USUAL
    )
    assert "popularity beat it beyond the interval" in beaten
    none = about_models.leader(board(is_published=[False, False]), "ranker", USUAL)
    assert none == "blend is best with NDCG@10 0.200; none publishes."


def test_a_difference_within_the_intervals_may_be_chance():
    rows = pd.DataFrame(
        {
            "segment": ["F", "M"],
            "ndcg": [0.2, 0.1],
            "ndcg_low": [0.15, 0.05],
            "ndcg_high": [0.25, 0.16],
        }
    )
    assert "overlap, so it may be chance" in about_models.unequal(rows, 0.15)
    apart = rows.assign(ndcg_high=[0.25, 0.14])
    assert "do not overlap" in about_models.unequal(apart, 0.15)


def test_checks_of_an_older_build_than_the_last_are_left_out():
    results = pd.DataFrame(
        {
            "suite": ["ratings", "recommendations", "ratings"],
            "checked_at": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-02"]),
        }
    )
    assert about_checks.last_checks(results)["suite"].tolist() == ["ratings"]
    assert len(about_checks.last_checks(results.iloc[:2])) == 2


def test_words_of_numbers():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [shown(value, "") for value in (None, float("nan"), True)] == ["", "", "yes"]


def test_segments_and_partitions_are_one_row_each_of_the_accounts():
    names = ["ratings.films/0", "ratings.csv", "a.jsonl", "b.jsonl"]
    counts = {"line_count": [7, 9, 3, 5], "accepted_count": [6, 8, 1, 4]}
    lines = pd.DataFrame({"source_file": names, **counts})
    found = about_ratings.with_sent_as_one(lines)
    assert found.to_numpy().tolist() == [
        ["ratings.csv", 9, 8],
        ["2 segments of what people sent", 8, 5],
        ["1 partition of the stream", 7, 6],
    ]
    assert about_ratings.with_sent_as_one(lines[1:2]).equals(lines[1:2])


def test_what_is_held_back_is_said_where_there_is_any():
    counts = {"line_count": [7], "rejected_count": [1], "superseded_count": [2]}
    lines = pd.DataFrame({"source_file": ["a/0"], **counts, "held_count": [3]})
    assert about_ratings.lines_finding(lines) == (
        "Of 7 lines 1 were rejected with a reason and 2 superseded by a later one; "
        "3 wait for a decision."
    )
    assert list(about_ratings.held_in(lines)) == ["held_count"]
    for others in (lines.assign(held_count=0), lines.drop(columns="held_count")):
        assert about_ratings.held_in(others) == {}
        assert "wait" not in about_ratings.lines_finding(others)
