"""Who may ask: hosts, tokens, and what browsers are told."""

import json
import stat

import pytest
from click.testing import CliRunner
from made_service import publish_service

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.serve.access import is_loopback, require_tokens
from cinespark.serve.tokens import create_token, read_tokens, revoke_token

PATH = "/api/v1/users/1/recommendations"


@pytest.fixture
def state(tmp_path):
    return tmp_path / "serve"


def ask(asker, token=None, path=PATH, kind="Bearer", **more):
    headers = {"Authorization": f"{kind} {token}"} if token else {}
    return asker.get(path, headers=headers, **more)


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
    ],
)
def test_only_this_machine_is_asked_without_tokens(host, is_own, state):
    assert is_loopback(host) == is_own
    if is_own:
        require_tokens(host, state)
        return
    with pytest.raises(CineSparkError, match="cinespark token create NAME"):
        require_tokens(host, state)
    create_token(state, "phone", ["read"])
    require_tokens(host, state)


def test_the_command_refuses_to_be_open_to_others(tmp_path):
    words = ["--state-dir", str(tmp_path), "serve", "--host", "0.0.0.0"]
    result = CliRunner().invoke(cli, words)
    assert isinstance(result.exception, CineSparkError)
    assert "there are no tokens" in str(result.exception)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:80", 200),
        ("[::1]:8000", 200),
        ("evil.example.com", 400),
        ("localhost.example.com", 400),
        ("127.0.0.1.example.com:8000", 400),
    ],
)
def test_a_page_elsewhere_cannot_ask_under_its_own_name(asker, host, status):
    answer = asker.get(PATH, headers={"Host": host})
    assert answer.status_code == status
    if status == 400:
        assert answer.content_type == "application/problem+json"


def test_with_a_token_made_nobody_reads_without_one(asker, state):
    assert ask(asker).status_code == 200
    token = create_token(state, "phone", ["read"])
    answer = ask(asker)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.content_type == "application/problem+json"
    assert ask(asker, token).status_code == 200
    assert ask(asker, token, kind="bearer").status_code == 200
    assert ask(asker, token, path="/metrics").status_code == 200
    assert ask(asker, path="/metrics").status_code == 401
    assert ask(asker, path="/api/v1/openapi.json").status_code == 401
    for wrong in (token[:-1], token + "x", "ä", "cs_", token.upper()):
        assert ask(asker, wrong.encode().decode("latin-1")).status_code == 401
    assert ask(asker, token, kind="Basic").status_code == 401
    for path in ("/healthz", "/readyz"):
        assert ask(asker, path=path).status_code == 200
    create_token(state, "other", ["read"])
    revoke_token(state, "phone")
    assert ask(asker, token).status_code == 401


def test_tokens_are_wanted_before_there_are_any_where_others_could_ask(
    exports, make_app
):
    publish_service(exports)
    asker = make_app(exports, needs_tokens=True).test_client()
    assert ask(asker).status_code == 401


def test_a_users_token_reads_that_user_alone(asker, state):
    token = create_token(state, "ann", ["read"], "1")
    assert ask(asker, token).status_code == 200
    assert ask(asker, token, "/api/v1/users/2/recommendations").status_code == 403
    assert ask(asker, token, "/api/v1/movies/101").status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    for user, status in ((1, 200), (2, 403)):
        body = {"pairs": [{"user_id": user, "movie_id": 100}]}
        answer = asker.post("/api/v1/predictions", json=body, headers=headers)
        assert answer.status_code == status


def test_a_token_for_writing_does_not_read(asker, state):
    token = create_token(state, "feed", ["write"])
    answer = ask(asker, token)
    assert answer.status_code == 403
    assert "is for write, and this needs read" in answer.get_json()["detail"]
    admin = create_token(state, "boss", ["admin"])
    assert ask(asker, admin).status_code == 200


def test_only_hashes_of_tokens_are_kept_and_for_their_owner_alone(state):
    token = create_token(state, "phone", ["read"])
    file = state / "tokens.json"
    assert token not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (one,) = json.loads(file.read_text())
    assert len(one["sha256"]) == 64
    with pytest.raises(CineSparkError, match="a token phone already"):
        create_token(state, "phone", ["read"])
    with pytest.raises(CineSparkError, match="no token tablet: there are phone"):
        revoke_token(state, "tablet")


def test_tokens_are_made_listed_and_revoked_by_commands(tmp_path):
    def run(*words):
        result = CliRunner().invoke(cli, ["--state-dir", str(tmp_path), *words])
        assert result.exception is None, result.exception
        return result.output

    token = run("token", "create", "ann", "--user", "1").strip()
    assert token.startswith("cs_")
    wrong = ["--state-dir", str(tmp_path), "token", "create", "no", "--user", ""]
    assert "for a user without an id" in str(CliRunner().invoke(cli, wrong).exception)
    assert run("token", "list").startswith("ann: read, user 1, made 20")
    run("token", "create", "bob")
    assert run("token", "revoke", "bob") == "bob is revoked\n"
    assert run("token", "revoke", "ann") == (
        "ann is revoked\nno token is left: on this machine anybody may read again\n"
    )
    assert read_tokens(tmp_path / "serve") == []


def test_a_file_of_tokens_that_is_none_lets_nobody_in(asker, state):
    state.mkdir(exist_ok=True)
    (state / "tokens.json").write_text("{")
    assert ask(asker).status_code == 500


def test_every_answer_tells_browsers_to_keep_to_it(asker):
    for path in (PATH, "/nothing", "/healthz"):
        headers = asker.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Access-Control-Allow-Origin" not in headers


def test_what_is_known_already_is_not_sent_again(asker, exports):
    tag = ask(asker).headers["ETag"]
    again = ask(asker)
    assert again.headers["ETag"] == tag
    answer = asker.get(PATH, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.get_data() == b""
    other = asker.get(f"{PATH}?n=3", headers={"If-None-Match": tag})
    assert other.status_code == 200
    publish_service(exports, seed=4)
    asker.application.extensions["cinespark"].look()
    assert asker.get(PATH, headers={"If-None-Match": tag}).status_code == 200
