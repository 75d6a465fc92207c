"""The contract of the topic: what a record has to be, by `rating.schema.json`.

The schema says it of the value's members. What no schema can say stands here: the size,
the encoding, one object and no member twice, and times that cannot be. `cinespark
produce` and the service keep it; the stream judges every record by the same contract,
whoever sent it.
"""

import json
import math
import re
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from cinespark.errors import CineSparkError

VERSION = "rating/1"
SCHEMA = Path(__file__).with_name("rating.schema.json")
LARGEST = 16_384  # bytes of a value
LONGEST = 200  # characters of an id
LATEST = 4_102_444_800  # the end of 2099, in seconds since 1970
DAY = 86_400  # seconds that the clocks of those who send may be ahead
MOST = 2**63  # below it are ids that are numbers
REQUIRED = ("user_id", "movie_id", "rating", "rated_at")
TIME = re.compile(
    r"(19[7-9]\d|20\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)",
    re.ASCII,
)

Record = tuple[bytes, bytes]  # key and value


class BrokenContractError(CineSparkError):
    """A rating that is none by the contract, with the reason."""


def record_of(rating: Mapping[str, Any]) -> Record:
    """Return the key and the value of a rating's record.

    Raises
    ------
    BrokenContractError
        If it breaks the contract.
    """
    if (reason := reason_of_members(rating, time.time())) is not None:
        raise BrokenContractError(f"this is no rating by {VERSION}: {reason}")
    value = orjson.dumps(dict(rating))
    if len(value) > LARGEST:
        raise BrokenContractError(f"a rating of {len(value)} bytes is too large")
    return str(rating["user_id"]).encode(), value


def reason_of(value: bytes | None, sent_at: float) -> str | None:
    """Return why the value of a record breaks the contract, None if it keeps it.

    Parameters
    ----------
    sent_at
        The time of the record, in seconds since 1970.
    """
    if value is None:
        return "no value: a tombstone"
    if len(value) > LARGEST:
        return f"too large: {len(value)} bytes, at most {LARGEST}"
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start}"
    try:
        found = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except TwiceError as error:
        return f"{error} twice"
    except (ValueError, RecursionError):
        return "not JSON, or more than one value"
    if not isinstance(found, dict):
        return "not an object"
    return reason_of_members(found, sent_at)


def reason_of_members(rating: Mapping[str, Any], sent_at: float) -> str | None:
    """Return why the members of an object are no rating, None if they are one."""
    for name in REQUIRED:
        if rating.get(name) is None:
            return f"no {name}"
    reason = reason_of_id(rating, "user_id") or reason_of_id(rating, "movie_id")
    return (
        reason
        or reason_of_stars(rating["rating"])
        or reason_of_time(rating["rated_at"], sent_at)
        or reason_of_event(rating)
    )


def reason_of_id(rating: Mapping[str, Any], name: str) -> str | None:
    value = rating[name]
    if isinstance(value, str):
        return reason_of_text(value, name)
    if isinstance(value, bool) or not isinstance(value, int):
        return f"{name} is neither a whole number nor a text"
    return None if -MOST <= value < MOST else f"{name} is no number of 64 bits"


def reason_of_text(value: str, name: str) -> str | None:
    if not value:
        return f"{name} is empty"
    if len(value) > LONGEST:
        return f"{name} is too long: {len(value)} characters, at most {LONGEST}"
    try:
        value.encode()
    except UnicodeEncodeError:
        return f"{name} is not UTF-8: it has half a character"
    return None


def reason_of_stars(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "rating is no number"
    try:
        return None if math.isfinite(value) else "rating is no finite number"
    except OverflowError:
        return "rating is no finite number"


def reason_of_time(value: object, sent_at: float) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return "rated_at is neither whole seconds nor a time of RFC 3339"
    seconds = value if isinstance(value, int) else seconds_of(value)
    if seconds is None:
        return "rated_at is no time of RFC 3339 with an offset or Z"
    if not 0 <= seconds <= LATEST:
        return "rated_at is not in 1970 to 2099"
    if seconds > sent_at + DAY:
        return "rated_at is later than a day after it was sent"
    return None


def reason_of_event(rating: Mapping[str, Any]) -> str | None:
    value = rating.get("event_id", "none given")
    if not isinstance(value, str):
        return "event_id is no text"
    return reason_of_text(value, "event_id")


def seconds_of(text: str) -> float | None:
    """Return the seconds since 1970 of a time of RFC 3339, None if it is none."""
    if not TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


class TwiceError(ValueError):
    """The name of a member that an object has twice."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, whose members have one name each."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def refuse(word: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(word)
