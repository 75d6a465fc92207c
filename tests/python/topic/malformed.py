"""Records that break the contract of the topic, each with why, for all who judge one.

A case is (name, key, value, why): bytes as they are in the topic, None for none, and a
word of the reason that `cinespark.topic.contract` gives.
"""

import json
import time

GOOD = {"user_id": 1, "movie_id": 50, "rating": 4.5, "rated_at": 881250949}
# in Spark's `from_json` these count as what is left of them
HARD_TO_TELL = {"two objects", "text after the object", "a member twice"}


def of(**changed):
    """Return the value of a good rating with other members, ... for one left out."""
    members = {name: one for name, one in (GOOD | changed).items() if one is not ...}
    return json.dumps(members).encode()


def raw(text):
    """Return a good rating whose rating is written so."""
    return of(rating="X").replace(b'"X"', text)


MALFORMED = [
    ("tombstone", b"1", None, "tombstone"),
    ("nothing", b"1", b"", "JSON"),
    ("spaces", b"1", b"  \n ", "JSON"),
    ("a word", b"1", b"hello", "JSON"),
    ("half an object", b"1", of()[:-9], "JSON"),
    ("two objects", b"1", of() + of(), "JSON"),
    ("text after the object", b"1", of() + b" and more", "JSON"),
    ("single quotes", b"1", of().replace(b'"', b"'"), "JSON"),
    ("names without quotes", b"1", of().replace(b'"', b""), "JSON"),
    ("a comma at the end", b"1", of()[:-1] + b",}", "JSON"),
    ("a comment", b"1", b"/* hello */" + of(), "JSON"),
    ("CSV", b"1", b"1,50,4.5,881250949", "JSON"),
    ("Avro's magic byte", b"1", b"\x00\x00\x00\x00\x01\x02\x64\x09", "JSON"),
    ("Latin-1", b"1", of(event_id="X").replace(b"X", b"caf\xe9"), "UTF-8"),
    ("half a character", b"1", of(user_id="X").replace(b"X", b"\xe2\x82"), "UTF-8"),
    ("UTF-16", b"1", of().decode().encode("utf-16"), "UTF-8"),
    ("too large", b"1", of(note="x" * 20_000), "too large"),
    ("null", b"1", b"null", "not an object"),
    ("a number", b"1", b"4.5", "not an object"),
    ("a text", b"1", b'"rating"', "not an object"),
    ("an array", b"1", b"[" + of() + b"]", "not an object"),
    ("an empty object", b"1", b"{}", "no user_id"),
    ("a member twice", b"1", of()[:-1] + b', "rating": 1}', "twice"),
    ("no user", b"1", of(user_id=...), "no user_id"),
    ("user is null", b"1", of(user_id=None), "no user_id"),
    ("user is empty", b"", of(user_id=""), "user_id is empty"),
    ("user is too long", b"1", of(user_id="x" * 201), "user_id is too long"),
    ("user is a fraction", b"1.5", of(user_id=1.5), "user_id"),
    ("user is a truth value", b"true", of(user_id=True), "user_id"),
    ("user is an array", b"1", of(user_id=[1]), "user_id"),
    ("user is an object", b"1", of(user_id={"id": 1}), "user_id"),
    ("user is no number of 64 bits", b"1", of(user_id=2**63), "user_id"),
    ("no movie", b"1", of(movie_id=...), "no movie_id"),
    ("movie is null", b"1", of(movie_id=None), "no movie_id"),
    ("movie is empty", b"1", of(movie_id=""), "movie_id is empty"),
    ("movie is too long", b"1", of(movie_id="x" * 201), "movie_id is too long"),
    ("movie is a fraction", b"1", of(movie_id=0.5), "movie_id"),
    ("another name of it", b"1", of(movie_id=..., movieId=50), "no movie_id"),
    ("no rating", b"1", of(rating=...), "no rating"),
    ("rating is null", b"1", of(rating=None), "no rating"),
    ("rating is a text", b"1", of(rating="4.5"), "rating is no number"),
    ("rating is a truth value", b"1", of(rating=True), "rating is no number"),
    ("rating is an array", b"1", of(rating=[4]), "rating is no number"),
    ("rating is NaN", b"1", raw(b"NaN"), "JSON"),
    ("rating is Infinity", b"1", raw(b"Infinity"), "JSON"),
    ("rating is -Infinity", b"1", raw(b"-Infinity"), "JSON"),
    ("rating is beyond all numbers", b"1", raw(b"1e999"), "no finite number"),
    ("rating has a leading zero", b"1", raw(b"04"), "JSON"),
    ("rating has a comma", b"1", raw(b"4,5"), "JSON"),
    ("no time", b"1", of(rated_at=...), "no rated_at"),
    ("time is null", b"1", of(rated_at=None), "no rated_at"),
    ("time is a truth value", b"1", of(rated_at=True), "rated_at"),
    ("time is a fraction", b"1", of(rated_at=881250949.5), "rated_at"),
    ("time is milliseconds", b"1", of(rated_at=881250949000), "1970 to 2099"),
    ("time is before 1970", b"1", of(rated_at=-1), "1970 to 2099"),
    ("time is after 2099", b"1", of(rated_at=4_102_444_801), "1970 to 2099"),
    ("time is a word", b"1", of(rated_at="yesterday"), "RFC 3339"),
    ("time is seconds in a text", b"1", of(rated_at="881250949"), "RFC 3339"),
    ("time is a day", b"1", of(rated_at="1997-12-04"), "RFC 3339"),
    ("time has no zone", b"1", of(rated_at="1997-12-04T15:55:49"), "RFC 3339"),
    ("time has a name of a zone", b"1", of(rated_at="1997-12-04T15:55:49 CET"), "RFC"),
    ("time is no day there is", b"1", of(rated_at="1997-02-30T15:55:49Z"), "RFC 3339"),
    ("time is no hour there is", b"1", of(rated_at="1997-12-04T25:00:00Z"), "RFC 3339"),
    ("time in words is before 1970", b"1", of(rated_at="1969-12-31T23:59:59Z"), "3339"),
    (
        "time is in the future",
        b"1",
        of(rated_at=int(time.time()) + 3 * 86_400),
        "later than a day",
    ),
    ("event is a number", b"1", of(event_id=7), "event_id is no text"),
    ("event is null", b"1", of(event_id=None), "event_id is no text"),
    ("event is empty", b"1", of(event_id=""), "event_id is empty"),
    ("event is too long", b"1", of(event_id="x" * 201), "event_id is too long"),
]

GOOD_VALUES = [
    ("numbers", of()),
    ("texts", of(user_id="ann", movie_id="tt0114709")),
    ("letters of any language", of(user_id="Ä ł 電 🎬")),
    ("a whole rating", of(rating=4)),
    ("a negative rating", of(rating=-9.75)),
    ("a rating with an exponent", raw(b"45e-1")),
    ("the longest ids", of(user_id="x" * 200, event_id="y" * 200)),
    ("large ids", of(user_id=2**63 - 1, movie_id=-(2**63))),
    ("the first second", of(rated_at=0)),
    ("a time with Z", of(rated_at="1997-12-04T15:55:49Z")),
    ("a time with parts of a second", of(rated_at="1997-12-04T15:55:49.123456Z")),
    ("a time with an offset", of(rated_at="1997-12-04T15:55:49+05:30")),
    ("an event", of(event_id="7b0c")),
    ("members of later versions", of(device="tv", tags=["a"], more={"rating": None})),
    ("another order, and spaces", b'\n { "rating" : 4.5 , ' + of(rating=...)[1:]),
]
