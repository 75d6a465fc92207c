"""Predicted ratings as they are answered, and what a version says of itself."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cinespark.algorithms.predict import positions, predict_ratings
from cinespark.serve.answer_parts import (
    Answer,
    now,
    of_version,
    require_ids,
    require_stars,
    wrong,
)
from cinespark.serve.ids import IS_ODD, PublicId, keys_in
from cinespark.serve.opened import Opened
from cinespark.serve.problems import Problem
from cinespark.versions.keys import ENTITIES
from cinespark.versions.overlay import POSITIONS, STATE

DAY = 86_400  # seconds that clocks of others may be ahead
SOURCES = ("mean", "movie", "user", "personal")


def predictions_of(opened: Opened, pairs: Sequence[Mapping[str, Any]]) -> Answer:
    """Return the predicted ratings of pairs, known or not.

    Raises
    ------
    Problem
        If the version predicts none, or an id is none.
    """
    words = opened.manifest.vocabulary
    if opened.predictor is None:
        raise Problem(
            409,
            "No stars",
            f"version {opened.name} was published without {words.stars}: there are "
            "lists, at /api/v1/users/{user_id}/recommendations",
        )
    model = opened.predictor
    keys = []
    for entity, table in (("user", "users"), ("movie", "movies")):
        ids = [pair[f"{entity}_id"] for pair in pairs]
        require_ids(opened, ids, f"{entity}_id")
        keys.append(keys_in(ids, keys_of(opened, entity, table, ids), opened.id_type))
    stars, _ = predict_ratings(model, *keys)
    is_known = [
        terms.rating_counts[positions(terms.ids, mine)] > 0
        for terms, mine in ((model.users, keys[0]), (model.movies, keys[1]))
    ]
    sources = 2 * is_known[0] + is_known[1]
    return {
        **of_version(opened, now()),
        "predictions": [
            {**pair, "predicted_rating": rating, "source": SOURCES[source]}
            for pair, rating, source in zip(
                pairs, stars.tolist(), sources.tolist(), strict=True
            )
        ],
    }


def keys_of(
    opened: Opened, entity: str, table: str, ids: Sequence[PublicId]
) -> dict[PublicId, int]:
    """Return keys by public id, none where the ids are the keys."""
    if opened.id_type == "int":
        return {}
    statement = f"select {entity}_key from {table} where {entity}_id = ?"
    found = {one: opened.ask(statement, one) for one in set(ids)}
    return {one: rows[0][0] for one, rows in found.items() if rows}


def sent_ratings(opened: Opened, ratings: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Return ratings as they are kept, each with its time.

    Raises
    ------
    Problem
        If an id is none, a rating is not on the scale, or an `event_id` cannot be.
    """
    require_events([(one["user_id"], one["event_id"]) for one in ratings])
    for name in (f"{who}_id" for who in ENTITIES):
        require_ids(opened, [one[name] for one in ratings], name)
    require_stars(opened, np.array([one["rating"] for one in ratings], np.float64))
    return with_times(ratings, "rated_at")


def require_events(given: Sequence[tuple[PublicId, str | None]]) -> None:
    """Raise unless each `event_id` is a plain text and names one rating of a user."""
    named = Counter((str(user), name) for user, name in given if name is not None)
    for (user, name), count in named.items():
        if IS_ODD.search(name):
            raise wrong("event_id", f"{name[:60]!r} has a control character in it")
        if count > 1:
            raise wrong(
                "event_id",
                f"{name[:60]!r} names {count} ratings of user {user[:60]!r}, not one",
            )


def with_times(rows: Sequence[Mapping[str, Any]], name: str) -> list[Answer]:
    """Return rows with the time of now where they have none.

    Raises
    ------
    Problem
        If one is later than tomorrow: it would win over all that come after it.
    """
    now = int(time.time())
    latest = max((one[name] for one in rows if one[name] is not None), default=now)
    if latest > now + DAY:
        raise wrong(name, f"{latest} is later than tomorrow: give seconds since 1970")
    return [{**one, name: now if one[name] is None else one[name]} for one in rows]


def dataset_of(opened: Opened) -> str:
    """Return the name of the data set that a version is of.

    Raises
    ------
    Problem
        If it does not say.
    """
    build = opened.manifest.about
    if build is None or build.dataset.name is None:
        raise Problem(
            409,
            "No data set",
            f"version {opened.name} does not say of which data set it is, so ratings "
            "would be of none: publish again with `dbt build`",
        )
    return build.dataset.name


def overlay_of(opened: Opened) -> Answer | None:
    """Return how far ratings since the version are folded in, None without any."""
    found = opened.overlay.ask(STATE)
    if not found:
        return None
    positions = opened.overlay.ask(POSITIONS)
    return {
        **dict(found[0]),
        "positions": [dict(row) for row in positions],
    }


def about(opened: Opened) -> Answer:
    """Return what the version says of itself."""
    manifest, words = opened.manifest, opened.manifest.vocabulary
    build = manifest.about
    metrics = build.metrics if build else {}
    return {
        **of_version(opened),
        "published_at": manifest.published_at,
        "reason": manifest.reason,
        "dataset": vars(build.dataset) if build else {},
        "counts": dict(build.counts) if build else {},
        "metrics": {name: one.value for name, one in metrics.items()},
        "id_type": opened.id_type,
        "item_noun": words.item_noun,
        "rating_noun": words.rating_noun,
        "feedback": words.feedback,
    }
