"""Events add up: what is folded in adds to what the version has, once."""

from dataclasses import replace

import made_service
import pytest
from made_events import append, event, published
from made_service import LISTED

NEW = "/api/v1/recommendations"


@pytest.fixture
def of_events(exports, monkeypatch):
    """Publish a version whose ratings are sums of events, of a stream up to 2."""
    scale = replace(made_service.SCALE, is_of_events=1.0)
    monkeypatch.setattr(made_service, "SCALE", scale)
    return published(exports, stream={0: 2})


def test_events_add_up_and_those_that_were_learnt_count_no_more(
    state, of_events, fold, make_asker
):
    _, frame = of_events
    small = frame[(frame["user_id"] == 3) & (frame["rating"] < 3)]
    movie = int(small["movie_id"].iloc[0])
    rows = [
        event(0, 3, movie, 1.0, 50, event_id="a"),
        event(1, 3, movie, 1.0, 51, event_id="b"),
        event(2, 3, movie, 1.0, 52, event_id="b"),  # sent again
        event(3, 3, movie, 1.0, 53, event_id="c"),
        event(4, 3, movie, 1.0, 54),
        event(5, 3, 7, 1.0, 55),
        event(6, 3, 7, 1.0, 55),
    ]
    append(state, rows[:4])
    assert fold().ratings == 1
    append(state, rows[4:])
    assert fold().ratings == 3
    rated = {
        row.movie_id: (row.rating, row.rated_at)
        for row in frame[frame["user_id"] == 3].itertuples()
    }
    rated |= {movie: (rated[movie][0] + 2.0, 54), 7: (2.0, 55)}
    asker = make_asker()
    body = [
        {"movie_id": one, "rating": stars, "rated_at": time}
        for one, (stars, time) in rated.items()
    ]
    expected = asker.post(NEW, json={"ratings": body, "n": LISTED}).get_json()
    found = asker.get(f"/api/v1/users/3/recommendations?n={LISTED}").get_json()
    assert found["folded_at"] is not None
    for one, same in zip(
        found["recommendations"], expected["recommendations"], strict=True
    ):
        assert one["movie_id"] == same["movie_id"]
        assert one["score"] == pytest.approx(same["score"], abs=1e-9)
