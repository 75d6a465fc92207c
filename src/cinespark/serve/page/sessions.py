"""Who is signed in: a cookie that names a token, signed by a secret of the service."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from flask import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from cinespark.files import NEW, make_folder, sync
from cinespark.serve.tokens import Token

COOKIE = "cinespark_session"
SECRET = "page.key"  # a file's name, not a secret
SECONDS = 12 * 60 * 60  # that a session lasts


def secret_of(state: Path) -> bytes:
    """Return the secret that signs sessions, the same for all processes.

    The first that needs it makes it: whole at once, and for its owner alone to read.
    """
    file = state / SECRET
    while True:
        try:
            return file.read_bytes()
        except FileNotFoundError:
            make_secret(file)


def make_secret(file: Path) -> None:
    """Make a secret, unless another process was faster."""
    make_folder(file.parent)
    new = file.with_name(f"{NEW}{file.name}-{uuid4().hex[:8]}")
    try:
        descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(32))
        sync(new)
        os.link(new, file)  # fails where there is one: nothing is replaced
        sync(file.parent)
    except FileExistsError:
        pass
    finally:
        new.unlink(missing_ok=True)


def signer_of(state: Path) -> URLSafeTimedSerializer:
    """Return what signs sessions and tells whether it has signed one."""
    return URLSafeTimedSerializer(
        secret_of(state),
        salt="cinespark page session",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def check_of(token: Token) -> str:
    """Return what a session keeps of a token: a hash of the hash that is stored.

    A token that is made anew under the same name has another one.
    """
    return hashlib.sha256(f"session of {token.sha256}".encode()).hexdigest()


def begin(response: Response, state: Path, token: Token, is_secure: bool) -> None:
    """Sign a browser in with a token, which is not in the cookie itself.

    Parameters
    ----------
    is_secure
        Whether the browser asks over TLS, and is to send the cookie so alone.
    """
    response.set_cookie(
        COOKIE,
        signer_of(state).dumps([token.name, check_of(token)]),
        max_age=SECONDS,
        httponly=True,
        samesite="Strict",
        secure=is_secure,
    )


def end(response: Response) -> None:
    """Have a browser forget its session."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Strict")


def token_of_session(
    request: Request, state: Path, tokens: Sequence[Token]
) -> Token | None:
    """Return the token that a browser signed in with, None if it no longer counts.

    It counts until the session is too old, and as long as there is this very token.
    """
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    try:
        name, check = signer_of(state).loads(cookie, max_age=SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    found = next((one for one in tokens if one.name == name), None)
    if found is None or not hmac.compare_digest(check_of(found), str(check)):
        return None
    return found
