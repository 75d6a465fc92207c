"""What the whole build published, as the service answers it."""

import numpy as np
import pandas as pd
import pytest

from cinespark.serve.app import Settings, create_app


@pytest.fixture(scope="module")
def app(build, exports_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    app = create_app(Settings(exports_dir, folder, folder, folder))
    yield app
    app.extensions["cinespark"].close()


@pytest.fixture(scope="module")
def asker(app):
    return app.test_client()


def test_every_user_is_answered_with_the_table_and_asked_as_new_with_the_same(
    asker, table, ratings
):
    lists = table("recommendations").sort_values(["user_id", "rank"])
    seconds = ratings["rated_at"].map(lambda time: int(time.timestamp()))
    columns = ["movie_id", "rating", "rated_at"]
    for user, rows in lists.groupby("user_id"):
        path = f"/api/v1/users/{user}/recommendations?n={len(rows)}"
        found = pd.DataFrame(asker.get(path).get_json()["recommendations"])
        for name in ("rank", "movie_id", "title", "source", "reason", "score"):
            assert found[name].tolist() == rows[name].tolist()
        mine = ratings.assign(rated_at=seconds)[ratings["user_id"] == user]
        if mine.empty:
            continue
        body = {"ratings": mine[columns].to_dict("records"), "n": len(rows)}
        answer = asker.post("/api/v1/recommendations", json=body)
        new = pd.DataFrame(answer.get_json()["recommendations"])
        for name in ("rank", "movie_id", "title", "source", "reason"):
            assert new[name].tolist() == rows[name].tolist()
        np.testing.assert_allclose(new["score"], rows["score"], rtol=1e-6)


def test_who_has_rated_nothing_is_answered_from_the_whole_catalogue_too(asker, table):
    path = "/api/v1/users/500000/recommendations"
    few = asker.get(f"{path}?n=10").get_json()["recommendations"]
    many = asker.get(f"{path}?n=50").get_json()["recommendations"]
    assert [row["movie_id"] for row in many[:10]] == [row["movie_id"] for row in few]
    assert {row["source"] for row in few} <= {"segment", "popularity"}


def test_preferences_of_the_service_are_those_of_sql(app, table):
    given = table("int_preferences").query("subset == 'all'")
    with app.extensions["cinespark"].reading() as opened:
        values = opened.ranker.scale.values(given["rating"].to_numpy())
    np.testing.assert_allclose(values, given["preference"], rtol=1e-15)


def test_popular_movies_are_counted_by_brute_force(asker, table):
    likes = table("fct_ratings").query("is_like").merge(table("dim_users"), "left")
    movies = table("dim_movies").set_index("movie_id")
    for genre, age, gender in [
        ("all", "all", "all"),
        ("Drama", "all", "all"),
        ("all", "25-34", "all"),
        ("all", "all", "F"),
        ("Comedy", "25-34", "M"),
    ]:
        mine = likes
        if age != "all":
            mine = mine[mine["age_band"] == age]
        if gender != "all":
            mine = mine[mine["gender"] == gender]
        counts = mine.groupby("movie_id").size()
        has = movies["genres"].map(lambda names, g=genre: g == "all" or g in names)
        counts = counts[counts.index.isin(movies.index[has])]
        of_all = movies["like_count"]
        expected = sorted(
            counts.index, key=lambda one: (-counts[one], -of_all[one], one)
        )
        query = {"genre": genre, "age": age, "gender": gender, "n": 100}
        answer = asker.get("/api/v1/movies/popular", query_string=query)
        assert answer.status_code == (200 if expected else 422)
        found = answer.get_json().get("movies", [])
        assert [row["movie_id"] for row in found] == expected[:100]
        assert [row["like_count"] for row in found] == counts[expected[:100]].tolist()
