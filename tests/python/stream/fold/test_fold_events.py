"""Events add up: what is folded in adds to what the version has, once."""

import re
from dataclasses import replace
from pathlib import Path

import made_service
import pytest
from made_events import append, event, published
from made_service import LISTED

from cinespark.serve.histories import TOO_LARGE
from cinespark.serve.tokens import create_token
from cinespark.vocabulary import Vocabulary

NEW = "/api/v1/recommendations"
LIST = f"/api/v1/users/{{}}/recommendations?n={LISTED}"
RATINGS = "/api/v1/ratings"


@pytest.fixture
def of_events(exports, monkeypatch):
    """Publish a version whose ratings are sums of events, of a stream up to 2."""
    scale = replace(made_service.SCALE, is_of_events=1.0)
    monkeypatch.setattr(made_service, "SCALE", scale)
    words = Vocabulary("book", "point", "implicit")
    about = replace(made_service.ABOUT, vocabulary=words)
    monkeypatch.setattr(made_service, "ABOUT", about)
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


def test_an_event_that_no_build_takes_is_skipped_and_stops_nobody(
    state, of_events, fold, make_asker
):
    large = [1e308, 1e308, -TOO_LARGE, TOO_LARGE, float("inf")]
    rows = [event(2 + one, 3, 129, large[one], 50 + one) for one in range(len(large))]
    rows += [event(7, 4, 129, 999_999.0, 50), event(8, 5, 128, -3.0, 51)]
    append(state, rows)
    folded = fold()
    assert (folded.ratings, folded.users, folded.skipped) == (2, 2, 5)
    asker = make_asker()
    answers = {one: asker.get(LIST.format(one)).get_json() for one in (3, 4, 5)}
    assert [one for one, found in answers.items() if found["folded_at"]] == [4, 5]


def test_the_service_takes_the_events_that_builds_take(of_events, state, make_asker):
    token = create_token(state / "serve", "feed", ["read", "write"])
    asker = make_asker()
    asker.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    one = {"user_id": 3, "movie_id": 129, "rating": 999_999.5}
    assert asker.post(RATINGS, json={"ratings": [one]}).status_code == 202
    for wrong in (TOO_LARGE, -TOO_LARGE, 1e308):
        answer = asker.post(RATINGS, json={"ratings": [{**one, "rating": wrong}]})
        assert answer.status_code == 422
        assert "between -1,000,000 and 1,000,000" in answer.text
    sums = {"ratings": [{"movie_id": 129, "rating": 3e6}]}
    assert asker.post(NEW, json=sums).status_code == 200


def test_builds_and_the_service_have_one_bound():
    file = Path(__file__).parents[4] / "macros" / "rating_reasons.sql"
    (bound,) = re.findall(r"abs\(rating\) >= (\d+)", file.read_text())
    assert float(bound) == TOO_LARGE
