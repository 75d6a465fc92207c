"""Movies, predictions and the version over HTTP."""

import numpy as np
import pytest
from made_service import IDS, predictor, publish_service

from cinespark.algorithms.predict import predict_ratings


def get(asker, path, **query):
    answer = asker.get(f"/api/v1{path}", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_movie_is_what_the_catalogue_says(asker):
    found = get(asker, "/movies/101")
    assert found["movie"] == {
        "movie_id": 101,
        "title": "Film 101",
        "release_year": 1971,
        "genres": ["War", "Crime"],
    }
    assert (found["rating_count"], found["rating_mean"]) == (9, 3.5)


def test_similar_movies_come_most_similar_first(asker):
    found = get(asker, "/movies/100/similar", n=1)
    assert found["movie"]["title"] == "Film 100"
    (one,) = found["similar_movies"]
    assert (one["movie_id"], one["similarity"], one["rank"]) == (103, 0.5, 1)
    both = get(asker, "/movies/100/similar")["similar_movies"]
    assert [one["movie_id"] for one in both] == [103, 101]
    assert get(asker, "/movies/105/similar")["similar_movies"] == []


@pytest.mark.parametrize(
    ("search", "count"),
    [("film 117", 1), ("11", 10), ("FILM", 10), ("m", 0), ("film nothing", 0)],
)
def test_movies_are_found_by_how_words_of_their_titles_begin(asker, search, count):
    found = get(asker, "/movies", search=search)["movies"]
    assert len(found) == count
    if count == 1:
        assert found[0]["movie_id"] == 117


@pytest.mark.parametrize(
    "search",
    [
        '"',
        "film OR 117",
        "title:film",
        "NEAR(film 117)",
        "film*",
        "'; drop table x",
        "-",
    ],
)
def test_what_fts5_or_sql_would_obey_is_looked_for_as_words(asker, search):
    for one in get(asker, "/movies", search=search)["movies"]:
        title = one["title"].lower()
        words = [word for word in search.lower().replace("*", "").split() if word]
        assert all(word in title for word in words)


def test_what_is_popular_is_that_of_the_segment(asker):
    found = get(asker, "/movies/popular")
    assert [one["movie_id"] for one in found["movies"]] == [101, 102]
    found = get(asker, "/movies/popular", genre="Crime", age="25-34", gender="F")
    assert [(one["movie_id"], one["like_count"]) for one in found["movies"]] == [
        (102, 2)
    ]
    assert get(asker, "/movies/popular", genre="Crime")["movies"] == []


def test_a_segment_that_is_not_there_is_named_with_those_there_are(asker):
    answer = asker.get("/api/v1/movies/popular?age=12")
    assert answer.status_code == 422
    assert "there is no age '12'" in answer.get_json()["detail"]
    assert "there are 25-34, all" in answer.get_json()["detail"]


def test_predictions_are_those_of_the_predictor(asker):
    pairs = [(1, 100), (2, 129), (1, 9), (99, 100), (99, 9)]
    body = {"pairs": [{"user_id": one, "movie_id": other} for one, other in pairs]}
    found = asker.post("/api/v1/predictions", json=body).get_json()["predictions"]
    users, movies = np.array(pairs).T
    stars, _ = predict_ratings(predictor(), users, movies)
    assert [one["predicted_rating"] for one in found] == pytest.approx(stars.tolist())
    sources = ["personal", "personal", "user", "movie", "mean"]
    assert [one["source"] for one in found] == sources


@pytest.mark.parametrize("id_type", ["bigint", "string"])
def test_predictions_of_other_ids_are_the_same(exports, make_app, id_type):
    publish_service(exports, id_type)
    asker, public = make_app(exports).test_client(), IDS[id_type][0]
    body = {"pairs": [{"user_id": public(1), "movie_id": public(100)}]}
    body["pairs"].append({"user_id": public(99), "movie_id": public(100)})
    found = asker.post("/api/v1/predictions", json=body).get_json()["predictions"]
    stars, _ = predict_ratings(predictor(), np.array([1, -1]), np.array([100, 100]))
    assert [one["predicted_rating"] for one in found] == pytest.approx(stars.tolist())
    assert [one["source"] for one in found] == ["personal", "movie"]


def test_a_version_without_stars_predicts_none(exports, make_app):
    publish_service(exports, **{"recommender.predictor": "none"})
    asker = make_app(exports).test_client()
    body = {"pairs": [{"user_id": 1, "movie_id": 100}]}
    answer = asker.post("/api/v1/predictions", json=body)
    assert answer.status_code == 409
    assert "without stars" in answer.get_json()["detail"]
    answer = asker.get("/api/v1/users/1/recommendations?genre=War").get_json()
    assert {one["predicted_rating"] for one in answer["recommendations"]} == {None}


def test_the_version_says_what_it_is(asker, exports):
    found = get(asker, "/version")
    assert found["version"] == (exports / "current").read_text().strip()
    assert (found["id_type"], found["reason"]) == ("int", "first version")
    assert found["dataset"]["name"] == "tiny"
