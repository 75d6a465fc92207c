"""Who may see the page: signing in, sessions, and forms of other pages."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from itsdangerous import TimestampSigner
from made_service import publish_service

from cinespark.serve.page import sessions
from cinespark.serve.rates import Rates
from cinespark.serve.tokens import create_token, revoke_token

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def state(tmp_path):
    return tmp_path / "serve"


def sign_in(asker, token, to="/users/7", headers=OWN):
    return asker.post("/sign-in", data={"token": token, "to": to}, headers=headers)


def test_the_page_is_open_here_until_there_is_a_token(asker, state):
    assert asker.get("/users/7").status_code == 200
    create_token(state, "phone", ["read"])
    answer = asker.get("/users/7?n=20")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?to=/users/7?n%3D20"
    html = asker.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'value="/users/7?n=20"' in html
    assert "Film" not in html
    with asker.get("/static/page.css") as style:
        assert style.status_code == 200
    for path in ("/", "/movies", "/you", "/docs", "/docs/openapi.json", "/report"):
        assert asker.get(path).status_code == 303
    answer = asker.post("/you", data={"rate:100": "5"}, headers=OWN)
    assert answer.headers["Location"] == "/sign-in?to=/"


def test_where_others_could_ask_the_page_wants_a_token_from_the_start(
    exports, make_app
):
    publish_service(exports)
    asker = make_app(exports, needs_tokens=True).test_client()
    assert asker.get("/").status_code == 303
    assert asker.get("/sign-in").status_code == 200


def test_who_tries_many_tokens_has_to_wait_and_a_right_one_does_not(
    exports, make_app, state
):
    publish_service(exports)
    token = create_token(state, "phone", ["read"])
    asker = make_app(exports, rates=Rates(failed="2/hour")).test_client()
    assert [sign_in(asker, "no").status_code for _ in range(3)] == [401, 401, 429]
    assert "Retry-After" in sign_in(asker, "no").headers
    assert sign_in(asker, token).status_code == 303


def test_a_session_holds_no_token_and_ends_with_it(asker, state):
    token = create_token(state, "phone", ["read"])
    answer = sign_in(asker, token)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/users/7")
    cookie = answer.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"):
        assert word in cookie
    (row,) = json.loads((state / "tokens.json").read_text())
    value = cookie.partition("=")[2].partition(";")[0]
    payload = sessions.signer_of(state).loads(value)
    for secret in (token, token[3:], row["sha256"]):
        assert secret not in cookie
        assert secret not in str(payload)
    html = asker.get("/users/7").get_data(as_text=True)
    assert "Signed in with the token <b>phone</b>" in html
    # the API does not take sessions: a page elsewhere cannot ask it in their name
    assert asker.get("/api/v1/users/7/recommendations").status_code == 401
    revoke_token(state, "phone")
    create_token(state, "other", ["read"])
    assert asker.get("/users/7").status_code == 303
    create_token(state, "phone", ["read"])  # another one of the same name
    assert asker.get("/users/7").status_code == 303


def test_a_session_ends_by_signing_out_and_by_itself(asker, state, monkeypatch):
    token = create_token(state, "phone", ["read"])
    sign_in(asker, token)
    assert asker.get("/").status_code == 200
    asker.post("/sign-out", headers=OWN)
    assert asker.get("/").status_code == 303
    sign_in(asker, token)
    assert asker.get("/").status_code == 200
    now = TimestampSigner("x").get_timestamp()
    later = now + sessions.SECONDS + 1
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: later)
    assert asker.get("/").status_code == 303


def test_a_session_that_somebody_made_up_is_none(asker, state, tmp_path):
    token = create_token(state, "phone", ["read"])
    other = create_token(tmp_path / "other", "phone", ["read"])
    assert sign_in(asker, other).status_code == 401
    sign_in(asker, token)
    good = asker.get_cookie("cinespark_session").value
    foreign = sessions.signer_of(tmp_path / "other").dumps(["phone", "x"])
    own = sessions.signer_of(state)
    odd = [good[:-1], good + "x", "x", "", foreign, own.dumps("phone")]
    odd += [own.dumps(["phone", None]), own.dumps(["phone", "x" * 64]), own.dumps(None)]
    for value in odd:
        asker.set_cookie("cinespark_session", value)
        assert asker.get("/").status_code == 303, value
    asker.set_cookie("cinespark_session", good)
    assert asker.get("/").status_code == 200


def test_a_users_token_sees_that_user_alone(exports, make_app, state, tmp_path):
    publish_service(exports)
    report = tmp_path / "index.html"
    report.write_text("of all users")
    asker = make_app(exports, report=report).test_client()
    sign_in(asker, create_token(state, "all", ["read"]))
    with asker.get("/report") as answer:
        assert answer.status_code == 200
    sign_in(asker, create_token(state, "ann", ["read"], "7"))
    assert asker.get("/users/7").status_code == 200
    answer = asker.get("/users/8")
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    home = asker.get("/").get_data(as_text=True)
    assert "/users/7" in home
    assert 'name="id"' not in home
    assert asker.get("/users?id=8").headers["Location"] == "/users/7"
    assert asker.get("/movies/100").status_code == 200
    assert asker.get("/report").status_code == 404


def test_a_token_for_writing_alone_does_not_sign_in(asker, state):
    token = create_token(state, "feed", ["write"])
    answer = sign_in(asker, token)
    assert answer.status_code == 403
    assert "not to read" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://localhost"}, True),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "http://evil.example.com"}, False),
        ({"Origin": "http://evil.example.com/localhost"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_forms_of_other_pages_change_nothing(asker, state, headers, is_own):
    answer = asker.post("/you", data={"rate:100": "5"}, headers=headers)
    assert answer.status_code == (303 if is_own else 403)
    assert answer.mimetype == "text/html"
    assert ("Set-Cookie" in answer.headers) == is_own
    token = create_token(state, "phone", ["read"])
    assert sign_in(asker, token, headers=headers).status_code == answer.status_code
    sign_out = asker.post("/sign-out", headers=headers)
    assert sign_out.status_code == answer.status_code


def test_cookies_go_over_tls_alone_where_the_page_does(asker, state):
    token = create_token(state, "phone", ["read"])
    for base, is_secure in (("http://localhost", False), ("https://localhost", True)):
        form = {"token": token}
        answer = asker.post("/sign-in", data=form, headers=OWN, base_url=base)
        assert ("Secure" in answer.headers["Set-Cookie"]) == is_secure


def test_processes_share_one_secret_that_only_its_owner_reads(state):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: sessions.secret_of(state), range(40)))
    assert len(found) == 1
    assert len(found.pop()) == 32
    file = state / sessions.SECRET
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [*state.iterdir()] == [file]  # nothing half-made is left


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/sign-out", 405)])
def test_what_is_not_there_is_said_to_who_is_signed_in(asker, state, path, status):
    sign_in(asker, create_token(state, "phone", ["read"]))
    answer = asker.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
