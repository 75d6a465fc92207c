"""Records that break the contract, with what the stream says, and odd good ones.

Each is sent as it is: whoever writes to a topic may write anything.
"""

import json

GOOD = {"user_id": 7, "movie_id": 9, "rating": 4.5, "rated_at": 881250949}


def but(**members):
    """Return the bytes of a good rating with other members; None leaves one out."""
    changed = {name: one for name, one in (GOOD | members).items() if one is not LEFT}
    return json.dumps(changed).encode()


def raw(name, value):
    """Return the bytes of a good rating in which a member is as JSON cannot be made."""
    given = {one: json.dumps(it) for one, it in GOOD.items()} | {name: value}
    return "{{{}}}".format(
        ", ".join(f'"{one}": {it}' for one, it in given.items())
    ).encode()


LEFT = object()
PLAIN = but()
IS_NO_ID = "is neither a text nor a whole number of 64 bits"
IS_NO_TIME = "is neither whole seconds since 1970 nor a time as 2026-01-31T12:00:00Z"
OUTSIDE = "is outside 1970 to 2099"

# what it is: the value, and the reason
MALFORMED = {
    "tombstone": (None, "no value (a tombstone)"),
    "nothing": (b"", "the value is empty"),
    "spaces": (b" \n\t ", "the value is empty"),
    "too large": (but(note="x" * 16_384), "the value has more than 16384 bytes"),
    "no UTF-8": (PLAIN.replace(b"}", b', "n": "\xff"}'), "the value is not UTF-8"),
    "half a character of UTF-8": (PLAIN + b"\xe2\x82", "the value is not UTF-8"),
    "Latin-1": (but(user_id="x").replace(b"x", b"\xe9"), "the value is not UTF-8"),
    "UTF-16": (PLAIN.decode().encode("utf-16"), "the value is not UTF-8"),
    "plain text": (b"hello", "the value 'hello' is not JSON"),
    "CSV": (
        b"7,9,4.5,881250949",
        "the value '7,9,4.5,881250949' has more after its end",
    ),
    "BOM": (b"\xef\xbb\xbf" + PLAIN, f"the value '\ufeff{PLAIN.decode()}' is not JSON"),
    "cut off": (PLAIN[:-1], f"the value '{PLAIN.decode()[:-1]}' is not JSON"),
    "single quotes": (
        b"{'user_id': 7}",
        "the value '{'user_id': 7}' is not JSON",
    ),
    "names without quotes": (b"{user_id: 7}", "the value '{user_id: 7}' is not JSON"),
    "a comment": (b"/* 7 */ {}", "the value '/* 7 */ {}' is not JSON"),
    "a comma at the end": (
        b'{"user_id": 7,}',
        "the value '{\"user_id\": 7,}' is not JSON",
    ),
    "a line feed in a text": (b'{"a": "\n"}', 'the value \'{"a": "\n"}\' is not JSON'),
    "NaN": (
        b'{"rating": NaN}',
        "the value '{\"rating\": NaN}' is not JSON",
    ),
    "Infinity": (
        b'{"rating": -Infinity}',
        "the value '{\"rating\": -Infinity}' is not JSON",
    ),
    "a plus": (b'{"rating": +4}', "the value '{\"rating\": +4}' is not JSON"),
    "leading zeros": (
        b'{"user_id": 007}',
        "the value '{\"user_id\": 007}' is not JSON",
    ),
    "deeper than anybody writes": (b"[" * 5000, f"the value '{'[' * 80}' is not JSON"),
    "two values": (b"{} {}", "the value '{} {}' has more after its end"),
    "two values with a comma": (b"{}, {}", "the value '{}, {}' has more after its end"),
    "a bracket after it": (b"{}]", "the value '{}]' has more after its end"),
    "words after it": (
        b"{} and so on",
        "the value '{} and so on' has more after its end",
    ),
    "a list closed and opened": (
        b"{}], [",
        "the value '{}], [' has more after its end",
    ),
    "a NUL after it": (b"{}\0", "the value '{}\0' has more after its end"),
    "a field twice": (
        b'{"user_id": 7, "user_id": 8}',
        'the value \'{"user_id": 7, "user_id": 8}\' has a field twice',
    ),
    "a field twice, once escaped": (
        b'{"a": 7, "\\u0061": 8}',
        'the value \'{"a": 7, "\\u0061": 8}\' has a field twice',
    ),
    "a field twice, deep": (
        b'{"x": [{"a": 1, "a": 1}]}',
        'the value \'{"x": [{"a": 1, "a": 1}]}\' has a field twice',
    ),
    "a list": (b"[7, 9, 4.5]", "the value '[7, 9, 4.5]' is not an object"),
    "a number": (b"7", "the value '7' is not an object"),
    "a text": (b'"7"', "the value '\"7\"' is not an object"),
    "null": (b"null", "the value 'null' is not an object"),
    "an empty object": (b"{}", "no user_id"),
    "no user": (but(user_id=LEFT), "no user_id"),
    "no movie": (but(movie_id=LEFT), "no movie_id"),
    "no rating": (but(rating=LEFT), "no rating"),
    "no time": (but(rated_at=LEFT), "no rated_at"),
    "another case": (but(user_id=LEFT, User_ID=7), "no user_id"),
    "a name as a path": (b'{"a": {"user_id": 7}}', "no user_id"),
    "user null": (but(user_id=None), "user_id is null"),
    "movie null": (but(movie_id=None), "movie_id is null"),
    "rating null": (but(rating=None), "rating is null"),
    "time null": (but(rated_at=None), "rated_at is null"),
    "user true": (but(user_id=True), f"user_id 'true' {IS_NO_ID}"),
    "user with a fraction": (but(user_id=7.5), f"user_id '7.5' {IS_NO_ID}"),
    "user with a point": (raw("user_id", "7.0"), f"user_id '7' {IS_NO_ID}"),
    "user with an exponent": (raw("user_id", "7e0"), f"user_id '7.0' {IS_NO_ID}"),
    "user of 65 bits": (
        but(user_id=2**63),
        f"user_id '9223372036854775808' {IS_NO_ID}",
    ),
    "user as a list": (but(user_id=[7]), f"user_id '[7]' {IS_NO_ID}"),
    "movie as an object": (
        but(movie_id={"id": 9}),
        f"movie_id '{{\"id\":9}}' {IS_NO_ID}",
    ),
    "user empty": (but(user_id=""), "user_id is empty"),
    "user too long": (but(user_id="u" * 201), "user_id has more than 200 characters"),
    "half of a pair": (raw("user_id", '"\\ud83d"'), "user_id has half of a character"),
    "the other half": (
        raw("movie_id", '"a\\uDE00"'),
        "movie_id has half of a character",
    ),
    "rating as a text": (but(rating="4.5"), "rating '\"4.5\"' is not a number"),
    "rating false": (but(rating=False), "rating 'false' is not a number"),
    "rating as a list": (but(rating=[4.5]), "rating '[4.5]' is not a number"),
    "rating beyond doubles": (raw("rating", "1e999"), "rating is not a finite number"),
    "time as digits in a text": (
        but(rated_at="881250949"),
        f"rated_at '\"881250949\"' {IS_NO_TIME}",
    ),
    "time with a fraction": (but(rated_at=0.5), f"rated_at '0.5' {IS_NO_TIME}"),
    "time true": (but(rated_at=True), f"rated_at 'true' {IS_NO_TIME}"),
    "time without zone": (
        but(rated_at="1997-12-04T15:55:49"),
        f"rated_at '\"1997-12-04T15:55:49\"' {IS_NO_TIME}",
    ),
    "a date": (but(rated_at="1997-12-04"), f"rated_at '\"1997-12-04\"' {IS_NO_TIME}"),
    "a day that is not": (
        but(rated_at="1997-02-29T15:55:49Z"),
        f"rated_at '\"1997-02-29T15:55:49Z\"' {IS_NO_TIME}",
    ),
    "an hour that is not": (
        but(rated_at="1997-12-04T24:00:00Z"),
        f"rated_at '\"1997-12-04T24:00:00Z\"' {IS_NO_TIME}",
    ),
    "words for a time": (
        but(rated_at="yesterday"),
        f"rated_at '\"yesterday\"' {IS_NO_TIME}",
    ),
    "time before 1970": (but(rated_at=-1), f"rated_at '-1' {OUTSIDE}"),
    "time in milliseconds": (
        but(rated_at=881250949000),
        f"rated_at '881250949000' {OUTSIDE}",
    ),
    "time of 63 bits": (but(rated_at=2**63 - 1), f"rated_at '{2**63 - 1}' {OUTSIDE}"),
    "time of 64 bits": (but(rated_at=2**64), f"rated_at '{2**64}' {IS_NO_TIME}"),
    "time to come": (
        but(rated_at=4_000_000_000),
        "rated_at '4000000000' is more than a day after the record was sent",
    ),
    "time to come as a text": (
        but(rated_at="2095-01-01T00:00:00Z"),
        "rated_at '\"2095-01-01T00:00:00Z\"' is more than a day after the record was "
        "sent",
    ),
    "event null": (but(event_id=None), "event_id 'null' is not a text"),
    "event as a number": (but(event_id=5), "event_id '5' is not a text"),
    "event empty": (but(event_id=""), "event_id is empty"),
    "event too long": (
        but(event_id="e" * 201),
        "event_id has more than 200 characters",
    ),
    "half a character in the event": (
        raw("event_id", '"\\udc00\\ud800"'),
        "event_id has half of a character",
    ),
}

# what it is: the value, and the user, movie, rating, seconds and event that it says
ODD = {
    "plain": (PLAIN, ("7", "9", 4.5, 881250949, None)),
    "spaces around it": (b"\n " + PLAIN + b" \r\n", ("7", "9", 4.5, 881250949, None)),
    "texts": (
        but(user_id="anne ✓", movie_id="tt0113189", event_id="e-1"),
        ("anne ✓", "tt0113189", 4.5, 881250949, "e-1"),
    ),
    "a text of digits stays as it is": (
        but(user_id="007"),
        ("007", "9", 4.5, 881250949, None),
    ),
    "a question mark": (but(user_id="who?"), ("who?", "9", 4.5, 881250949, None)),
    "both halves of a pair": (
        raw("user_id", '"\\ud83d\\ude00"'),
        ("😀", "9", 4.5, 881250949, None),
    ),
    "64 bits": (
        but(user_id=2**63 - 1, movie_id=-(2**63)),
        (str(2**63 - 1), str(-(2**63)), 4.5, 881250949, None),
    ),
    "a whole rating": (but(rating=4), ("7", "9", 4.0, 881250949, None)),
    "a rating with an exponent": (
        raw("rating", "45E-1"),
        ("7", "9", 4.5, 881250949, None),
    ),
    "a rating of many digits": (
        raw("rating", "4." + "0" * 60 + "1"),
        ("7", "9", 4.0, 881250949, None),
    ),
    "no seconds": (but(rated_at=0), ("7", "9", 4.5, 0, None)),
    "a time in UTC": (
        but(rated_at="1997-12-04T15:55:49Z"),
        ("7", "9", 4.5, 881250949, None),
    ),
    "a time with an offset": (
        but(rated_at="1997-12-04T17:25:49.000000000+01:30"),
        ("7", "9", 4.5, 881250949, None),
    ),
    "more fields": (
        but(note={"a": [1, None]}, version=2),
        ("7", "9", 4.5, 881250949, None),
    ),
    "200 characters": (
        but(user_id="ü" * 200),
        ("ü" * 200, "9", 4.5, 881250949, None),
    ),
}
