"""What a run holds of other items than movies, and of events, which have no stars."""

from dataclasses import replace

import pytest
from made_results import PARAMETERS, made_results
from made_versions import ABOUT

from cinespark.names import PUBLISHED
from cinespark.track.build_run import draw_pictures, models_of
from cinespark.track.champion import (
    forget_champion,
    promote_champion,
    register_champion,
)
from cinespark.track.sample_lists import sample
from cinespark.versions.manifest import Manifest
from cinespark.vocabulary import IMPLICIT, USUAL, Vocabulary

POINTS = Vocabulary("dish", "point")
EVENTS = Vocabulary("product", feedback=IMPLICIT)


@pytest.fixture
def events():
    """Return the tables of a build of events: no predictor, no errors, no stars."""
    rated = made_results()
    board = rated.leaderboard
    return replace(
        rated,
        words=EVENTS,
        predictor="none",
        accuracy=rated.accuracy.head(0),
        stars=rated.stars.head(0),
        leaderboard=board[board["role"] == "ranker"],
        lists=rated.lists.assign(predicted_rating=None),
    )


def test_of_events_only_rankers_are_tracked(events):
    own = PARAMETERS[PUBLISHED] | {"predictor": "none", "ranker": "blend"}
    models = models_of(PARAMETERS | {PUBLISHED: own}, events)
    assert list(models) == ["ranker.folded_in_als", PUBLISHED]
    published = models[PUBLISHED]
    assert published.parameters["predictor"] == "none"
    assert "factors" not in published.parameters  # of bayesian_mf
    assert published.parameters["ranker"] == "blend"
    assert published.metrics["ndcg_10"] == 0.25
    assert not [name for name in published.metrics if name.startswith("rmse")]
    assert published.version == "abc"


def test_of_events_no_stars_are_drawn(events, tmp_path):
    drawn = {file.stem for file in draw_pictures(events, tmp_path)}
    assert drawn == {
        *("rankers", "genres", "ratings_by_month", "ratings_by_year", "popularity"),
    }


def test_without_a_predictor_the_others_are_tracked_and_no_predictions_drawn(tmp_path):
    rated = made_results()
    bare = replace(
        rated, predictor="none", lists=rated.lists.assign(predicted_rating=None)
    )
    models = models_of(PARAMETERS, bare)
    assert "predictor.bias" in models
    assert "predictor.none" not in models
    drawn = {file.stem for file in draw_pictures(bare, tmp_path)}
    assert "stars" not in drawn
    assert {"distribution", "mean_by_month"} <= drawn


def test_without_genres_there_are_pictures_of_the_rest(events, tmp_path):
    bare = replace(events, genres=events.genres.head(0), months=events.months.head(0))
    drawn = {file.stem for file in draw_pictures(bare, tmp_path)}
    assert drawn == {"rankers", "popularity"}


def test_a_sample_is_in_the_words_of_the_data():
    lines = sample(made_results().lists, POINTS).splitlines()
    assert lines[2] == "| rank | title | year | points | source |"
    assert lines[3] == "|---:|---|---:|---:|---|"


def test_a_sample_of_events_has_no_stars_and_without_years_no_year(events):
    lists = events.lists.assign(release_year=None)
    assert sample(lists, EVENTS).splitlines() == [
        "No stars: learnt from events.",
        "",
        "## User 1",
        "",
        "| rank | title | source |",
        "|---:|---|---|",
        "| 1 | Heat | personal |",
        "| 2 | Face\\|Off | popularity |",
    ]
    assert sample(lists.head(0), EVENTS) == ""
    assert "year" not in sample(lists.assign(predicted_rating=3.0), USUAL)
    assert sample(lists, POINTS).startswith("No points: no predictor.\n")


@pytest.mark.parametrize(
    "changes",
    [{"vocabulary": EVENTS}, {"parameters": {"recommender.predictor": "none"}}],
    ids=["events", "no predictor"],
)
def test_without_predicted_stars_there_is_no_model_to_register(tmp_path, changes):
    about = replace(ABOUT, **changes)
    manifest = Manifest("v1", "0" * 64, about=about)
    assert register_champion(tmp_path, about, tmp_path / "v1") is None
    promote_champion(tmp_path, about, tmp_path, manifest)
    forget_champion(tmp_path, about)
    assert not list(tmp_path.iterdir())  # MLflow was not even opened
