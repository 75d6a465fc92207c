"""Whole builds of data that leave little to learn, or little to recommend."""

import numpy as np
import pandas as pd
import pytest
import yaml

from cinespark.data.bring import bring
from cinespark.errors import CineSparkError
from cinespark.report.build import write_report
from cinespark.versions.lists import first_user, recommendations_of
from cinespark.versions.versions import current_version

CHEAP = {
    "item_factors_iterations": 2,
    "bayesian_iterations": 12,
    "bayesian_burn_in": 6,
    "bootstrap_replicates": 10,
}


@pytest.fixture(scope="module")
def build(dbt, spark, tmp_path_factory):
    """Return a function that builds ratings; it gives tables by name, and exports."""

    def run(schema, ratings, movie_count, **changes):
        own = tmp_path_factory.mktemp("own") / schema
        own.mkdir()
        times = 1_700_000_000 + 60 * np.arange(len(ratings))
        names = ["userId", "movieId", "rating"]
        frame = pd.DataFrame(ratings, columns=names).assign(timestamp=times)
        frame.to_csv(own / "ratings.csv", index=False)
        films = [
            f"{n},Film {n} (19{60 + n % 40}),Drama" for n in range(1, movie_count + 1)
        ]
        lines = "\n".join(["movieId,title,genres", *films])
        (own / "movies.csv").write_text(lines + "\n")
        landing = tmp_path_factory.mktemp("landing")
        bring(str(own), landing, str)
        exports = tmp_path_factory.mktemp("exports")
        folders = {"data_dir": str(landing / "current"), "exports_dir": str(exports)}
        variables = yaml.safe_dump(CHEAP | folders | changes)
        words = ["--vars", variables, "--exclude-resource-type", "unit_test"]
        result = dbt("build", *words, schema=schema)
        assert result.success, result.exception or [
            (node.node.name, node.message)
            for node in result.result
            if node.status in ("error", "fail")
        ]

        def table(name):
            return spark.table(f"{schema}.{name}").toPandas()

        return table, exports

    return run


@pytest.fixture(scope="module")
def cinema(build):
    """Return tables and exports of a cinema's programme: 16 films, and lists of ten.

    Each of 120 users has rated six; 16 was rated by the first six users alone, always
    with one star. User 201 has rated everything, user 202 likes nothing, and users 1
    and 2 have rated a film that is not in the programme.
    """
    rng = np.random.default_rng(3)
    ratings: list[tuple[int, int, float]] = []
    for user in range(1, 121):
        films = rng.permutation(np.arange(1, 15))[: 5 if user <= 6 else 6]
        ratings += [(user, film, rng.integers(3, 11) / 2) for film in films]
        ratings += [(user, 16, 1.0)] if user <= 6 else []
    ratings += [(201, film, 4.0 if film < 16 else 1.0) for film in range(1, 17)]
    ratings += [(202, film, 1.0) for film in range(1, 7)]
    ratings += [(1, 99, 5.0), (2, 99, 4.0)]
    return build("cinema", ratings, 16)


def test_where_the_catalogue_is_short_everyone_is_given_what_is_left(cinema):
    table, exports = cinema
    lists = table("recommendations")
    assert (lists.groupby("user_id").size() == 10).all()
    assert set(lists["user_id"]) == {*range(1, 121), 202}
    assert current_version(exports) is not None
    observed = table("recommendation_checks").set_index(["column", "severity"])
    observed = observed["observed"]
    # film 15 is given to everyone but user 201, and could not be left out
    assert (lists["movie_id"] == 15).sum() == 121
    assert pd.isna(observed["top_movie_share", "critical"])
    assert pd.isna(observed["repeated_list_share", "critical"])
    assert observed["listed_user_count", "warning"] == 121
    with pytest.raises(CineSparkError, match="user 201 has no recommendations in"):
        recommendations_of(exports, "201", 10)


def test_who_likes_nothing_is_no_equation_and_gets_what_is_popular(cinema):
    table, _ = cinema
    factors = table("item_factors").query("subset == 'all'")
    assert np.isfinite(np.stack(factors["factors"].to_list())).all()
    learnt = factors.groupby("entity")["entity_id"].apply(set)
    assert learnt["movie"] == {*range(1, 16), 99}
    assert learnt["user"] == {*range(1, 121), 201}
    lists = table("recommendations")
    assert set(lists.loc[lists["user_id"] == 202, "source"]) == {"popularity"}


def test_ratings_of_unknown_movies_are_counted_as_such(cinema):
    table, _ = cinema
    profile = table("int_rating_profile").iloc[0]
    assert profile.rating_count == 120 * 6 + 16 + 6 + 2
    assert float(profile.unknown_movie_share) == pytest.approx(2 / 744, abs=1e-5)


def test_thumbs_are_a_scale(build):
    rng = np.random.default_rng(4)
    ratings = [
        (user, film, int(rng.random() < 0.5))
        for user in range(1, 31)
        for film in rng.permutation(np.arange(1, 61))[:20]
    ]
    scale = {"rating_min": 0, "rating_max": 1, "like_threshold": 1, "evaluate": "none"}
    table, _ = build("thumbs", ratings, 60, **scale)
    likes = sum(thumb for *_, thumb in ratings)
    assert table("fct_ratings")["is_like"].sum() == likes
    preferences = table("int_preferences").query("subset == 'all'")
    assert set(preferences["preference"]) == {0, 1}
    lists = table("recommendations")
    assert lists["predicted_rating"].between(0, 1).all()
    assert len(lists) == 300


def test_of_one_rating_nothing_is_learnt_and_the_other_movie_is_listed(build):
    table, exports = build("one_rating", [(1, 1, 4.0)], 2)
    assert table("int_ratings_split")["random_split"].tolist() == ["test"]
    assert table("holdout_predictions").empty
    lists = table("recommendations")
    assert lists["movie_id"].tolist() == [2]
    assert lists["predicted_rating"].between(0.5, 5).all()
    assert current_version(exports) is not None


def test_where_everyone_has_rated_everything_nothing_is_published(
    build, state_dir, tmp_path
):
    ratings = [
        (user, film, (user * film) % 9 / 2 + 0.5)
        for user in range(1, 7)
        for film in range(1, 9)
    ]
    table, exports = build("complete", ratings, 8, evaluate="all")
    assert table("recommendations").empty
    assert current_version(exports) is None
    checks = table("recommendation_checks")
    assert list(checks.loc[~checks["success"], "column"]) == ["listed_user_count"]
    with pytest.raises(CineSparkError, match="unless every user has rated everything"):
        first_user(exports)
    sections = write_report(state_dir, "complete", tmp_path / "report.html")
    figures = [figure for section in sections for figure in section.figures]
    words = {figure.name: figure.finding for figure in figures}
    assert words["list_popularity"].startswith("There are no lists")
    assert not any("nan" in finding for finding in words.values())
    assert (table("mlflow_runs")["model"] == "recommender").sum() == 1
    # the one movie that is left to list is the one to come
    board = table("model_leaderboard").query("role == 'new_users'").set_index("model")
    assert board["metric_value"].to_dict() == {"fold_in": 1, "retraining": 1}


@pytest.fixture(scope="module")
def parsed(dbt):
    """Return the project, parsed without vars: the check looks at them later."""
    return dbt("parse", schema="scale").result


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ({"rating_min": 5.0}, "rating_min is 5.0 and rating_max 5.0"),
        ({"rating_min": 6}, "rating_min is 6 and rating_max 5.0"),
        ({"rating_max": 1}, "like_threshold is 4.0, outside the scale"),
        ({"no_preference": 5.0}, "no_preference is 5.0, not from rating_min 0.5"),
        ({"no_preference": 0}, "no_preference is 0, not from rating_min 0.5"),
        ({"rating_min": "0"}, "rating_min is 0, which is no number"),
        ({"rating_max": float("nan")}, "rating_max is nan, which is no number"),
        ({"like_threshold": None}, "like_threshold is None, which is no number"),
    ],
)
def test_a_scale_that_contradicts_itself_stops_the_command(dbt, parsed, scale, words):
    select = ["--select", "int_preferences", "--vars", yaml.safe_dump(scale)]
    result = dbt("run", *select, schema="scale", manifest=parsed)
    assert not result.success
    assert words in said(result)


def test_so_it_does_where_dbt_parses_with_these_vars(dbt):
    for scale in ({"rating_min": 5.0}, {"like_threshold": None}):
        result = dbt("run", "--vars", yaml.safe_dump(scale), schema="scale")
        assert not result.success
        (name,) = scale
        assert f"{name} is {scale[name]}" in said(result)


def said(result):
    messages = [str(result.exception), *(one.message for one in result.result or [])]
    return "\n".join(map(str, messages))
