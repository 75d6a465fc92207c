"""The page: what it shows of the data, forms, and wrong input."""

import re
from functools import partial
from html.parser import HTMLParser
from urllib.parse import quote

import numpy as np
import pytest
from made_service import MOVIES, made_rules, publish_service, title_of

from cinespark.publish.publish import publish
from cinespark.serve.page.forms import own_path
from cinespark.serve.page.people import ranges_of

OWN = {"Sec-Fetch-Site": "same-origin"}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ADDRESSES = [
    "/",
    "/users",
    "/users?live=1&id=1",
    "/users/1",
    "/movies",
    "/movies?search=film",
]
ADDRESSES += ["/movies/100", "/you", "/docs"]


class Links(HTMLParser):
    """Collects links, forms, and what a strict policy forbids."""

    def __init__(self, html):
        super().__init__()
        self.links, self.inline = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.links += [
            given[name] for name in ("href", "src", "action") if name in given
        ]
        is_inline = tag == "style" or (tag == "script" and "src" not in given)
        if is_inline or "style" in given or any(name[:2] == "on" for name in given):
            self.inline.append((tag, attrs))


def text_of(answer):
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True)


def titles_in(html):
    return re.findall(r'class="title[^>]*><a[^>]*>([^<]*)<', html)


def listed(asker, path, **more):
    answer = asker.get(path, **more)
    assert answer.status_code == 200
    return titles_in(text_of(answer).partition('id="list"')[2].partition("</ol>")[0])


def of_api(asker, path):
    return [one["title"] for one in asker.get(path).get_json()["recommendations"]]


@pytest.mark.parametrize("path", ADDRESSES)
def test_pages_keep_to_a_strict_policy_and_lead_nowhere_else(asker, path):
    answer = asker.get(path)
    html = text_of(answer)
    assert answer.status_code == 200
    parts = answer.headers["Content-Security-Policy"].split("; ")
    assert dict(part.split(" ", 1) for part in parts) == POLICY
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = Links(html)
    assert found.inline == []
    assert {link[:1] for link in found.links} <= {"/", "#"}
    for link in {one for one in found.links if one.startswith("/")}:
        assert not link.startswith("//")
        with asker.get(link) as followed:
            assert followed.status_code in (200, 303, 405), link


@pytest.mark.parametrize("id_type", ["int", "bigint", "string"])
def test_every_link_to_users_and_movies_works_with_any_ids(exports, make_app, id_type):
    publish_service(exports, id_type)
    asker = make_app(exports).test_client()
    seen = set()
    for start in ("/", "/users", "/users?live=1&id=n", "/users?live=1&id=1"):
        for link in Links(text_of(asker.get(start))).links:
            if link.startswith(("/users/", "/movies/")) and link not in seen:
                seen.add(link)
                html = text_of(asker.get(link))
                assert "<h1>" in html
    assert {link.split("/")[1] for link in seen} == {"users", "movies"}


@pytest.mark.parametrize(
    "question",
    ["", "n=10", "genre=War", "from_year=1980&to_year=1990", "genre=War&n=50"],
)
def test_a_users_list_is_that_of_the_api(asker, question):
    mine = listed(asker, f"/users/7?{question}")
    assert mine == of_api(asker, f"/api/v1/users/7/recommendations?{question}")
    assert mine


def test_fields_that_are_left_empty_ask_for_nothing(asker):
    empty = "genre=&from_year=&to_year=&n="
    assert listed(asker, f"/users/7?{empty}") == listed(asker, "/users/7")


def test_a_list_says_stars_reasons_and_what_the_score_is_made_of(asker):
    (place, *_) = asker.get(
        "/api/v1/users/7/recommendations?n=10&explain=true"
    ).get_json()["recommendations"]
    html = text_of(asker.get("/users/7"))
    film = re.search(r'<li class="film".*?</li>\s*<li class="film"', html, re.S)[0]
    assert f"{place['predicted_rating']:.1f}" in film
    reason = place["reason"]
    assert reason[0].upper() + reason[1:] in film
    for one in place["because_of"]:
        assert f"{one['contribution']:+.1f}" in film
    assert f"{place['score_constant']:+.1f}" in film
    for genre in place["genres"]:
        assert genre in film


def test_years_that_are_none_are_said_beside_the_form(asker):
    for question in ("from_year=1990&to_year=1980", "from_year=x", "n=0", "genre=Dr"):
        answer = asker.get(f"/users/7?{question}")
        assert answer.status_code == 422
        html = text_of(answer)
        assert 'role="alert"' in html
        assert 'name="from_year"' in html


def test_similar_movies_are_those_of_the_api(asker):
    html = text_of(asker.get("/movies/100"))
    assert titles_in(html) == [title_of(103), title_of(101)]
    assert "50 % alike" in html


def test_titles_are_searched_and_what_is_none_is_said(asker):
    html = text_of(asker.get("/movies?search=film+110"))
    assert titles_in(html) == [title_of(110)]
    assert "1 movie found" in html
    for odd in ('"', "*", "' or 1=1 --", "NEAR(", "x" * 200, "\0"):
        html = text_of(asker.get(f"/movies?search={quote(odd)}"))
        assert "No title has words" in html, odd
    answer = asker.get(f"/movies?search={'x' * 201}")
    assert answer.status_code == 422


def test_users_are_found_by_how_their_ids_begin(asker):
    html = text_of(asker.get("/users?live=1&id=4"))
    found = re.findall(r'href="/users/(\d+)"', html)
    assert found == ["4", "40", "41"]
    assert "3 users" in html
    answer = asker.get("/users?id=4")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/users/4")
    for odd in ("-1", "04", "4x", "9" * 30, "' or 1=1 --", "%", "_", "\0", "٤"):
        html = text_of(asker.get(f"/users?id={quote(odd)}"))
        assert "No user" in html, odd


def test_texts_are_found_by_how_they_begin(exports, make_app):
    publish_service(exports, "string")
    asker = make_app(exports).test_client()
    html = text_of(asker.get("/users?live=1&id=" + quote("n° 3")))
    found = re.findall(r'<li><a href="/users/[^"]*">(n° \d+/x)<', html)
    assert sorted(found) == sorted(f"n° {one}/x" for one in (3, *range(30, 40)))
    for odd in ("%", "n_ 3", "N° 3", "\U0010ffff"):
        assert "No user" in text_of(asker.get(f"/users?id={quote(odd)}")), odd


@pytest.mark.parametrize(("start", "id_type"), [("n", "string"), ("12", "bigint")])
def test_ranges_hold_all_ids_that_begin_so_and_no_others(start, id_type):
    number = int if id_type == "bigint" else str
    rest = ["", "0", "9", "99", "345", "9" * 16]
    odd = ["z", "é", "\uffff"] if id_type == "string" else []
    ranges = ranges_of(start, id_type)

    def is_in(one):
        return any(low <= one <= high for low, high in ranges)

    assert all(is_in(number(start + more)) for more in rest + odd)
    assert not any(is_in(number(one)) for one in ("1", "11", "13", "119", "2", "1300"))


def test_examples_go_from_little_to_much(asker, exports, make_app):
    html = text_of(asker.get("/users"))
    counts = [int(one) for one in re.findall(r"<span>(\d+) ratings?", html)]
    assert counts == sorted(counts)
    _, frame = publish_service(exports)
    all_counts = frame.groupby("user_id").size()
    assert (counts[0], counts[-1]) == (all_counts.min(), all_counts.max())


def test_a_new_person_rates_and_the_list_follows(asker):
    assert "and your list is here" in text_of(asker.get("/you"))
    form = {"rate:100": "5", "rate:103": "", "rate:105": "2"}
    answer = asker.post("/you", data=form, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/you#list")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    body = {"ratings": [{"movie_id": 100, "rating": 5}, {"movie_id": 105, "rating": 2}]}
    expected = asker.post("/api/v1/recommendations", json=body).get_json()
    first = listed(asker, "/you")
    assert first == [one["title"] for one in expected["recommendations"]]
    asker.post("/you", data={"rate:105": "", "rate:120": "4"}, headers=OWN)
    second = listed(asker, "/you")
    body = {"ratings": [{"movie_id": 100, "rating": 5}, {"movie_id": 120, "rating": 4}]}
    expected = asker.post("/api/v1/recommendations", json=body).get_json()
    assert second == [one["title"] for one in expected["recommendations"]]
    assert second != first
    asker.post("/you", data={"rate:100": "", "rate:120": ""}, headers=OWN)
    assert "and your list is here" in text_of(asker.get("/you"))


@pytest.mark.parametrize(
    "form",
    [
        {"rate:100": "6"},
        {"rate:100": "nan"},
        {"rate:100": "inf"},
        {"rate:100": "x"},
        {"rate:999": "3"},
        {f"rate:{movie}": "3" for movie in range(100, 400)},
        {"rate:": "3"},
        {"rate:' or 1=1": "3"},
    ],
)
def test_ratings_that_cannot_be_are_refused_with_a_page(asker, form):
    answer = asker.post("/you", data=form, headers=OWN)
    assert answer.status_code == 422
    assert "<h1>" in text_of(answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "cookie",
    ["x", "W1swXV0", "W1sxMDAsMWU5XV0=", "bnVsbA==", "e30=", "/" * 4000, "W" * 3000],
)
def test_a_cookie_that_holds_no_ratings_is_none(asker, cookie):
    asker.set_cookie("cinespark_ratings", cookie, domain="localhost")
    assert "and your list is here" in text_of(asker.get("/you"))


def test_a_browser_keeps_no_more_ratings_than_fit(exports, make_app):
    publish_service(exports, "string")
    asker = make_app(exports).test_client()
    form = {f"rate:n° {key}/x": "4" for key in range(100, 129)}
    assert asker.post("/you", data=form, headers=OWN).status_code == 303
    assert len(titles_in(text_of(asker.get("/you")))) == 1  # of 30, one is left


def test_data_without_stars_have_none_on_the_page(exports, make_app):
    from made_service import about, service_content

    from cinespark.vocabulary import Vocabulary

    words = Vocabulary("book", "point", "implicit")
    content, _ = service_content()
    arrays = {name: one for name, one in content.arrays.items() if name != "predictor"}
    rows = content.recommendations.drop_columns(["predicted_rating"])
    from dataclasses import replace

    content = replace(content, arrays=arrays, recommendations=rows)
    publish(content, exports, replace(about(), vocabulary=words))
    asker = make_app(exports).test_client()
    for path in ("/", "/users/7", "/movies/100", "/you"):
        html = text_of(asker.get(path))
        main = html.partition("<main")[2].partition("</main>")[0]
        shown = re.sub(r"<[^>]*>", " ", main).lower()
        assert not re.search(r"\b(star|stars|movie|movies|predicted|rate)\b", shown)
    assert "the next book" in text_of(asker.get("/")).lower()
    asker.post("/you", data={"rate:100": "1"}, headers=OWN)
    assert listed(asker, "/you")


def test_titles_of_the_data_are_shown_as_they_are(exports, make_app, monkeypatch):
    import made_service

    odd = '<script>alert(1)</script> & "q" \'\u202e'
    monkeypatch.setattr(made_service, "title_of", lambda key: f"{odd} {key}")
    publish_service(exports)
    asker = make_app(exports).test_client()
    asker.post("/you", data={"rate:100": "5"}, headers=OWN)
    for path in ("/", "/users/7", "/movies/100", "/you", "/movies?search=script"):
        html = text_of(asker.get(path))
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "\u202e" not in html


PEOPLE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/users/999", 404, "no list of a user"),
        ("/users/x", 404, "no list of a user"),
        ("/movies/999", 404, "no movie"),
        ("/movies?genre=Nothing", 422, "there is no genre"),
        ("/nothing", 404, "There is no such page"),
        ("/report", 404, "there is no report"),
    ],
)
def test_what_is_not_there_is_said_on_a_page(asker, path, status, words):
    answer = asker.get(path, headers=PEOPLE)
    assert answer.status_code == status
    html = text_of(answer)
    assert words.lower() in html.lower()
    assert 'href="/you"' in html or 'href="/"' in html
    assert "'none'" in answer.headers["Content-Security-Policy"]


def test_programs_get_problem_documents_still(asker):
    for path, headers in (("/nothing", {}), ("/api/v1/users/x", PEOPLE)):
        answer = asker.get(path, headers=headers)
        assert answer.content_type == "application/problem+json"
    answer = asker.post("/users", headers=PEOPLE | OWN)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]


def test_an_error_of_ours_says_nothing_of_its_cause(asker, monkeypatch):
    from cinespark.serve.page import routes

    monkeypatch.setattr(routes, "one_movie", lambda *_: 1 / 0)
    answer = asker.get("/movies/100")
    assert answer.status_code == 500
    assert "ZeroDivision" not in text_of(answer)
    assert "Something failed here" in text_of(answer)


def test_without_a_version_the_page_says_so(exports, make_app):
    asker = make_app(exports).test_client()
    answer = asker.get("/")
    assert answer.status_code == 503
    assert "publish with" in text_of(answer)
    assert asker.get("/docs").status_code == 200


def test_a_page_that_a_browser_has_is_not_sent_again(asker, exports):
    tag = asker.get("/users/7").headers["ETag"]
    again = asker.get("/users/7", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    asker.post("/you", data={"rate:100": "5"}, headers=OWN)  # shown on top of each page
    again = asker.get("/users/7", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "Cookie" in again.headers["Vary"]


def test_the_report_runs_its_scripts_apart(exports, make_app, tmp_path):
    publish_service(exports)
    file = tmp_path / "report" / "index.html"
    asker = make_app(exports, report=file).test_client()
    assert "/report" not in text_of(asker.get("/"))
    file.parent.mkdir()
    file.write_text("<!doctype html><title>charts</title>")
    assert 'href="/report"' in text_of(asker.get("/"))
    with asker.get("/report") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.get_data(as_text=True).endswith("charts</title>")
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy


def test_the_description_is_shown_from_files_here(asker):
    document = asker.get("/docs/openapi.json").get_json()
    served = asker.get("/api/v1/openapi.json").get_json()
    assert document["paths"] == served["paths"]
    html = text_of(asker.get("/docs"))
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert f"/docs/{name}" in html
        with asker.get(f"/docs/{name}") as answer:
            assert answer.status_code == 200
    for name in ("oauth2-redirect.html", "..%2fLICENSE", "LICENSE"):
        assert asker.get(f"/docs/{name}").status_code == 404


@pytest.mark.parametrize(
    ("given", "to"),
    [
        ("/users/1?n=20", "/users/1?n=20"),
        ("/", "/"),
        ("//evil.example.com", "/"),
        ("/\\evil.example.com", "/"),
        ("https://evil.example.com/", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_pages_of_this_service_alone(given, to):
    assert own_path(given) == to


def test_what_rules_add_is_part_of_the_sum(exports, make_app):
    alike = {"diversity": 0.6, "embeddings": np.ones((MOVIES, 1))}
    publish_service(exports, rules=partial(made_rules, **alike))
    html = make_app(exports).test_client().get("/users/3?n=20").get_data(as_text=True)
    assert "rules and diversity" in html
