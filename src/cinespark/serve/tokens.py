"""Bearer tokens: kept as hashes, compared in constant time, each for some things."""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.files import replace_file
from cinespark.lock import locked

FILE = "tokens.json"
SCOPES = ("read", "write", "admin")
PREFIX = "cs_"  # so that one that leaks is recognised


@dataclass(frozen=True)
class Token:
    """What is known of a token.

    Parameters
    ----------
    sha256
        Of the token, which has 256 bits of chance: nobody guesses it from this.
    scopes
        Of SCOPES.
    user_id
        The only user whom it may read, as text; None for all.
    """

    name: str
    sha256: str
    scopes: tuple[str, ...]
    user_id: str | None = None
    created_at: str | None = None


def read_tokens(state: Path) -> list[Token]:
    """Return the tokens of a state folder.

    Raises
    ------
    CineSparkError
        If their file is another one.
    """
    file = f"{state}/{FILE}"
    try:
        now = os.stat(file)  # noqa: PTH116, asked for each request
        mark = (now.st_ino, now.st_mtime_ns, now.st_size)
        return list(tokens_in(file, mark))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CineSparkError(
            f"{file} cannot be read ({error}): move it away, and make tokens anew with "
            "`cinespark token create`"
        ) from error


@lru_cache(maxsize=8)
def tokens_in(file: str, mark: tuple[int, ...]) -> tuple[Token, ...]:
    """Return the tokens of a file, which is read again when its mark is another one."""
    found = json.loads(Path(file).read_text(encoding="utf-8"))
    return tuple(Token(**{**one, "scopes": tuple(one["scopes"])}) for one in found)


def create_token(
    state: Path, name: str, scopes: Sequence[str], user_id: str | None = None
) -> str:
    """Make a token, and return it: only its hash is kept.

    Raises
    ------
    CineSparkError
        If there is one of this name, or the user has no id.
    """
    if user_id == "":
        raise CineSparkError(
            f"the token {name} is for a user without an id: name one, or leave --user "
            "out"
        )
    with locked(state, lambda: None):
        there = read_tokens(state)
        if name in {one.name for one in there}:
            raise CineSparkError(
                f"there is a token {name} already: choose another name, or revoke it "
                f"with `cinespark token revoke {name}`"
            )
        token = PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        made = Token(name, hash_of(token), tuple(scopes), user_id, now)
        write_tokens(state, [*there, made])
    return token


def revoke_token(state: Path, name: str) -> None:
    """Remove a token.

    Raises
    ------
    CineSparkError
        If there is none of this name.
    """
    with locked(state, lambda: None):
        there = read_tokens(state)
        left = [one for one in there if one.name != name]
        if len(left) == len(there):
            names = ", ".join(one.name for one in there) or "none"
            raise CineSparkError(f"there is no token {name}: there are {names}")
        write_tokens(state, left)


def write_tokens(state: Path, tokens: Sequence[Token]) -> None:
    """Replace the file of tokens, for its owner alone to read."""
    rows = [asdict(one) for one in tokens]
    replace_file(state / FILE, json.dumps(rows, indent=2) + "\n")
    (state / FILE).chmod(0o600)


def token_of(secret: str, tokens: Sequence[Token]) -> Token | None:
    """Return the token that somebody showed, None if it is none of these."""
    mine, found = hash_of(secret), None
    for one in tokens:  # all of them, however many fit: time says nothing
        if hmac.compare_digest(one.sha256, mine):
            found = one
    return found


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
