"""Ask the service for each user's list as a new person's: `python …/served_lists.py`.

Every user of the current version is asked for twice: by id, which gives the published
list, and by the user's ratings alone, as nobody would be known.

Both have to be the same list.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from flask.testing import FlaskClient

from cinespark.paths import exports_of, state_dir
from cinespark.serve.app import Settings, create_app
from cinespark.serve.opened import Opened

SCORE = 1e-6  # scores may differ by so much of them: EASE's are in single precision


def main() -> None:
    exports = exports_of(state_dir())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        app = create_app(Settings(exports, place, place, place))
        with app.extensions["cinespark"].reading() as opened:
            differing = compare(app.test_client(), opened)
        app.extensions["cinespark"].close()
    sys.exit(1 if differing else 0)


def compare(client: FlaskClient, opened: Opened) -> int:
    """Print how many users have the same list both ways; return how many have not."""
    users = opened.ask("select user_id, user_key from users order by user_key")
    public = dict(opened.ask("select movie_key, movie_id from movies"))
    same, rated, gap = 0, 0, 0.0
    milliseconds = []
    for user_id, key in users:
        path = f"/api/v1/users/{quote(str(user_id), safe='')}/recommendations"
        published = answer(client.get(path))
        ratings = ratings_of(opened, key, public)
        if not ratings:
            continue
        rated += 1
        n = len(published["recommendations"])
        begun = time.perf_counter()
        new = answer(
            client.post("/api/v1/recommendations", json={"ratings": ratings, "n": n})
        )
        milliseconds.append(1000 * (time.perf_counter() - begun))
        pairs = [published["recommendations"], new["recommendations"]]
        if titles(pairs[0]) == titles(pairs[1]):
            same += 1
            scores = zip(*([row["score"] for row in one] for one in pairs), strict=True)
            gap = max([gap, *(abs(one / other - 1) for one, other in scores)])
        else:
            print(f"user {user_id}: {titles(pairs[0])} is not {titles(pairs[1])}")
    print(f"version {opened.name}: {len(users):,} users with a list")
    print(f"asked as new people with their ratings: {rated:,}")
    print(f"of these get the published list:        {same:,}")
    print(f"scores differ by at most this share:    {gap:.1e}")
    middle, high = statistics.median(milliseconds), np.percentile(milliseconds, 99)
    print(f"a new person's list, in milliseconds:   {middle:.1f}, p99 {high:.1f}")
    return rated - same + (gap > SCORE)


def answer(response: Any) -> dict[str, Any]:
    """Return what was answered, if it was."""
    if response.status_code != 200:
        sys.exit(f"error: {response.get_data(as_text=True)}")
    found: dict[str, Any] = response.get_json()
    return found


def titles(listed: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Return what has to be the same of two lists."""
    return [(row["movie_id"], row["reason"], row["source"]) for row in listed]


def ratings_of(
    opened: Opened, key: int, public: dict[int, int | str]
) -> list[dict[str, object]]:
    """Return what a user has rated, in public ids, as the body of a request has it."""
    histories = opened.histories
    place = int(np.searchsorted(histories["user_ids"], key))
    if place == len(histories["user_ids"]) or histories["user_ids"][place] != key:
        return []
    mine = slice(*histories["starts"][place : place + 2].tolist())
    columns = (histories[name][mine] for name in ("movie_ids", "ratings", "rated_at"))
    return [
        {"movie_id": public[movie], "rating": rating, "rated_at": rated_at}
        for movie, rating, rated_at in zip(*(c.tolist() for c in columns), strict=True)
    ]


if __name__ == "__main__":
    main()
