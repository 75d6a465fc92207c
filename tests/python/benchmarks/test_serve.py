"""The version that `benchmarks/serve.py` makes up is one that is served."""

from serving.made_up_version import publish_made_up

from cinespark.serve.app import Settings, create_app


def test_a_made_up_version_is_served(tmp_path):
    publish_made_up(tmp_path / "exports", users=30, movies=400, listed=20)
    app = create_app(Settings(tmp_path / "exports", tmp_path, tmp_path, tmp_path))
    asker = app.test_client()
    for user in (1, 30):
        found = asker.get(f"/api/v1/users/{user}/recommendations?n=20").get_json()
        assert found["is_stored"]
        movies = [one["movie_id"] for one in found["recommendations"]]
        assert len(set(movies)) == 20
        assert all(one["title"] for one in found["recommendations"])
    ratings = [{"movie_id": one, "rating": 5} for one in range(1, 21)]
    new = asker.post("/api/v1/recommendations", json={"ratings": ratings})
    assert len(new.get_json()["recommendations"]) == 10
    filtered = asker.get("/api/v1/users/1/recommendations?genre=War")
    assert not filtered.get_json()["is_stored"]
    app.extensions["cinespark"].close()
