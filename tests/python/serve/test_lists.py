"""Lists over HTTP: the published ones, filtered ones, and those of new people."""

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_service import (
    BARRED,
    GENRES,
    HELD,
    IDS,
    LISTED,
    MOVIES,
    OWN,
    PINNED,
    SILENT,
    USERS,
    genres_of,
    made_rules,
    publish_service,
    ratings,
    title_of,
)

LISTS = "/api/v1/users/{}/recommendations"
NEW = "/api/v1/recommendations"


def get(asker, path, **query):
    answer = asker.get(path, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def ids(found):
    return [one["movie_id"] for one in found["recommendations"]]


def body_of(frame, user, public, **more):
    mine = frame[frame["user_id"] == user].sample(frac=1, random_state=user)
    ratings = [
        {"movie_id": public(row.movie_id), "rating": row.rating, "rated_at": row.time}
        for row in mine.assign(time=mine["rated_at"] + 7).itertuples()
    ]
    return {"ratings": ratings, **more}


@pytest.mark.parametrize("id_type", IDS)
def test_a_known_person_asked_as_a_new_one_gets_the_published_list(
    exports, make_app, id_type
):
    _, frame = publish_service(exports, id_type)
    asker, public = make_app(exports).test_client(), IDS[id_type][0]
    for user in range(1, USERS + 1):
        path = LISTS.format(public(user)).replace("°", "%C2%B0")
        published = get(asker, path, n=LISTED, explain="true")
        body = body_of(frame, user, public, n=LISTED, explain=True)
        answer = asker.post(NEW, json=body).get_json()
        assert published["is_stored"]
        assert not answer["is_stored"]
        assert answer["unknown_movie_ids"] == []
        for one, other in zip(
            published["recommendations"], answer["recommendations"], strict=True
        ):
            assert one.pop("score") == pytest.approx(other.pop("score"), abs=1e-9)
            assert one.pop("predicted_rating") is not None
            assert other.pop("predicted_rating") is None
            for name in ("other_contributions", "score_constant"):
                assert one.pop(name) == pytest.approx(other.pop(name), abs=1e-9)
            for mine, theirs in zip(
                one["because_of"], other["because_of"], strict=True
            ):
                amount = pytest.approx(theirs.pop("contribution"), abs=1e-9)
                assert mine.pop("contribution") == amount
            assert one == other


@pytest.mark.parametrize("user", [1, 2, SILENT])
def test_a_longer_list_begins_with_the_published_one(asker, user):
    stored = get(asker, LISTS.format(user), n=LISTED)
    longer = get(asker, LISTS.format(user), n=100)
    assert not longer["is_stored"]
    for one, other in zip(
        stored["recommendations"], longer["recommendations"], strict=False
    ):
        assert one.pop("score") == pytest.approx(other.pop("score"))
        assert one == other
    assert len(longer["recommendations"]) > LISTED
    sources = {one["source"] for one in longer["recommendations"]}
    assert ("segment" in sources) == (user == SILENT)


def test_a_longest_list_has_all_that_the_user_has_not_rated(exports, make_app):
    _, frame = publish_service(exports)
    asker = make_app(exports).test_client()
    for user in (1, 9, SILENT):
        seen = set(frame.loc[frame["user_id"] == user, "movie_id"])
        found = ids(get(asker, LISTS.format(user), n=100))
        assert sorted(found) == sorted(set(range(100, 100 + MOVIES)) - seen)


year = st.none() | st.integers(1965, 2005)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    user=st.integers(1, SILENT),
    genres=st.lists(st.sampled_from(GENRES), max_size=2),
    years=st.tuples(year, year).filter(lambda two: None in two or two[0] <= two[1]),
    exclude=st.lists(st.integers(95, 135), max_size=8),
    n=st.integers(1, 100),
)
def test_a_filtered_list_is_the_whole_one_without_the_rest(
    asker, user, genres, years, exclude, n
):
    def fits(one):
        known = one["release_year"]
        first, last = years
        return (
            (not genres or set(genres) & set(genres_of(one["movie_id"])))
            and (first is None or (known is not None and known >= first))
            and (last is None or (known is not None and known <= last))
            and one["movie_id"] not in exclude
        )

    query = {"n": n, "genre": genres, "exclude": exclude}
    if years[0] is not None:
        query["from_year"] = years[0]
    if years[1] is not None:
        query["to_year"] = years[1]
    whole = get(asker, LISTS.format(user), n=100)["recommendations"]
    expected = [one["movie_id"] for one in whole if fits(one)]
    assert ids(get(asker, LISTS.format(user), **query)) == expected[:n]


def test_an_explained_score_is_the_sum_of_what_is_said(asker):
    for query in ({}, {"genre": "War"}):
        found = get(asker, LISTS.format(3), explain="true", n=LISTED, **query)
        for one in found["recommendations"]:
            parts = [reason["contribution"] for reason in one["because_of"]]
            total = sum(parts) + one["other_contributions"] + one["score_constant"]
            assert total == pytest.approx(one["score"], abs=1e-6)
            titles = [title_of(reason["movie_id"]) for reason in one["because_of"]]
            assert [reason["title"] for reason in one["because_of"]] == titles
            assert all(title in one["reason"] for title in titles)
    plain = get(asker, LISTS.format(3), n=1)["recommendations"][0]
    assert "because_of" not in plain


def test_every_answer_says_which_version_models_and_time_it_is_of(asker, exports):
    version = (exports / "current").read_text().strip()
    stored = get(asker, LISTS.format(1), n=1)
    assert stored["version"] == version
    assert stored["generated_at"] == "2026-01-01T02:03:04Z"
    made = get(asker, LISTS.format(1), n=1, genre="War")
    assert made["version"] == version
    assert made["model_version"] == stored["model_version"]
    assert made["generated_at"] > "2026-01-01T02:03:04Z"
    row = stored["recommendations"][0]
    assert (row["source"], row["rank"]) == ("personal", 1)
    assert row["reason"].startswith("because you rated Film")


def test_ratings_of_movies_that_nobody_knows_are_named_and_count_as_ratings(asker):
    known = {"movie_id": 100, "rating": 5}
    one = asker.post(NEW, json={"ratings": [known]}).get_json()
    body = {"ratings": [known, {"movie_id": 7, "rating": 1}]}
    other = asker.post(NEW, json=body).get_json()
    assert (one["unknown_movie_ids"], other["unknown_movie_ids"]) == ([], [7])
    assert 100 not in ids(one)


def test_who_likes_nothing_gets_what_is_popular(asker):
    body = {"ratings": [{"movie_id": 100, "rating": 1}], "n": 100}
    found = asker.post(NEW, json=body).get_json()["recommendations"]
    assert {one["source"] for one in found} == {"popularity"}
    assert {one["reason"] for one in found} <= {
        "popular with everybody",
        "next in order of popularity",
    }
    assert [one["rank"] for one in found] == list(range(1, MOVIES))


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        (
            [{"movie_id": 100, "rating": 6}],
            "6.0 is not on the scale, which is",
        ),
        ([{"movie_id": 100, "rating": 0.5}], "0.5 is not on the scale"),
        (
            [{"movie_id": "100", "rating": 5}],
            "'100' is no id: ids are whole numbers",
        ),
        ([{"movie_id": 2**63, "rating": 5}], "is no id"),
        ([{"movie_id": 100, "rating": 5}] * 2, "movie 100 is rated twice"),
        (
            [
                {"movie_id": 100, "rating": 5, "rated_at": 1},
                {"movie_id": 101, "rating": 5},
            ],
            "some have rated_at and some do not",
        ),
    ],
)
def test_ratings_that_are_none_are_a_problem_that_says_so(asker, ratings, words):
    answer = asker.post(NEW, json={"ratings": ratings})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert words in answer.get_json()["detail"]


def test_ids_that_are_texts_want_texts(exports, make_app):
    publish_service(exports, "string")
    asker = make_app(exports).test_client()
    answer = asker.post(NEW, json={"ratings": [{"movie_id": 100, "rating": 5}]})
    assert "'100' is no id: ids are texts" in answer.get_json()["detail"]


@pytest.fixture
def shop(exports, make_app):
    """Return who asks a service whose version was made by rules, and the ratings."""
    _, frame = publish_service(exports, rules=made_rules)
    return make_app(exports).test_client(), frame


def whole_lists(shop):
    """Return for each user, and each as a stranger, what was rated and a long list."""
    asker, frame = shop
    for user in range(1, SILENT + 1):
        seen = set(frame.loc[frame["user_id"] == user, "movie_id"])
        yield user, seen, get(asker, LISTS.format(user), n=100, explain="true")
        if seen:
            body = body_of(frame, user, int, n=100, explain=True)
            yield None, seen, asker.post(NEW, json=body).get_json()


def test_lists_that_are_made_when_asked_for_keep_the_rules(shop):
    for user, seen, found in whole_lists(shop):
        movies, rows = ids(found), found["recommendations"]
        assert BARRED not in movies
        assert OWN not in movies or user == 1
        assert HELD not in movies or user != 2
        assert sum("War" in genres_of(one) for one in movies) <= 1
        assert not seen & set(movies)
        pins = [one for one in rows if one["source"] == "pin"]
        assert [one["movie_id"] for one in pins] == [PINNED] * (PINNED not in seen)
        for pin in pins:
            assert (pin["rank"], pin["rule_lines"]) == (2, [5])
            assert pin["reason"] == "put here by line 5 of the rules"
        left = set(range(100, 100 + MOVIES)) - seen - set(movies) - {BARRED, OWN, HELD}
        assert all("War" in genres_of(one) for one in left)
    assert OWN in ids(get(shop[0], LISTS.format(1), n=100))


def test_a_filter_leaves_rules_and_their_numbers_as_they_are(shop):
    asker, _ = shop
    for user in (1, 2, 7):
        whole = get(asker, LISTS.format(user), n=100)["recommendations"]
        drama = get(asker, LISTS.format(user), n=100, genre="Drama")["recommendations"]
        expected = [one for one in whole if "Drama" in one["genres"]]
        scores = {one["movie_id"]: one["score"] for one in expected}
        for one in drama:
            assert one["movie_id"] not in (BARRED, HELD if user == 2 else None)
            if one["movie_id"] in scores and one["source"] == "personal":
                assert one["score"] == pytest.approx(scores[one["movie_id"]], abs=1e-9)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_new_movies_are_drawn_for_users_and_not_for_strangers(exports, make_app, share):
    new = range(100, 109)
    rules = partial(made_rules, new=new, exploration_share=share, diversity=0.4)
    publish_service(exports, rules=rules)
    for user, seen, found in whole_lists((make_app(exports).test_client(), ratings())):
        rows = found["recommendations"]
        explored = {one["movie_id"] for one in rows if one["source"] == "exploration"}
        assert explored <= {*new} - seen - {BARRED}
        assert bool(explored) == (user is not None and share == 1.0)
        for one in rows:
            if one["score_constant"] is not None:
                parts = [reason["contribution"] for reason in one["because_of"]]
                parts += [one["other_contributions"], one["score_constant"]]
                total = sum(parts) + one["rule_adjustment"]
                assert total == pytest.approx(one["score"], abs=1e-6)


def test_years_and_ids_that_are_none_filter_or_are_refused(asker):
    found = asker.get(LISTS.format(1), query_string={"to_year": 0})
    assert ids(found.get_json()) == []
    answer = asker.get(LISTS.format(1), query_string={"exclude": "abc"})
    assert answer.status_code == 422
    assert "'abc' is no id of this data set" in answer.get_json()["detail"]
