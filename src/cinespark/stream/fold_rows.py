"""New ratings into an overlay: judged, added, and the lists of who rated made anew."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from sqlite3 import Connection, Error

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cinespark.algorithms.ratings import Ids
from cinespark.names import PUBLISHED
from cinespark.serve.histories import (
    histories,
    keys_of_movies,
    on_scale,
    published_ratings,
    with_new,
)
from cinespark.serve.ids import PublicId, id_of_text
from cinespark.serve.lists import Wanted, lists_of
from cinespark.serve.opened import Opened
from cinespark.stream.before_switch import in_words
from cinespark.stream.overlay_store import (
    AT_A_TIME,
    Rating,
    add_ratings,
    add_skipped,
    move_to,
    positions_in,
    put_lists,
    ratings_of,
    writing,
)
from cinespark.versions.keys import UNKNOWN

CELLS = 2**21  # scores that are held at a time
MOST_USERS = 256  # in a block
OF_TOPIC = "it breaks the contract of the topic"
INCOMPLETE = "a field is missing"
USER_ID, MOVIE_ID = "user_id is no id of the data set", "movie_id is no id of it"
SCALE = "rating is not on the scale"
FAILED = "no list could be made"
log = logging.getLogger("cinespark.stream")


def fold_rows(
    opened: Opened,
    store: Connection,
    topic: str,
    rows: pa.Table,
    n: int,
) -> Counter[str]:
    """Fold rows of a topic into the overlay of a version, in one transaction.

    Parameters
    ----------
    rows
        As `new_rows` gives them; those that are in already do not count.
    n
        Length of a list.

    Returns
    -------
    Counter
        Of `ratings`, `users` and `skipped`.
    """
    with writing(store):
        new = after(rows, positions_in(store, topic))
        ratings, skipped = judged(opened, new)
        added = add_ratings(store, ratings)
        add_skipped(store, skipped)
        users = [*dict.fromkeys(rating[3] for rating in added)]
        for block in blocks(users, len(opened.catalogue.movie_ids)):
            failures = fold_block(opened, store, block, n)
            add_skipped(store, failures)
            skipped += failures
        move_to(store, topic, ends_of(new))
    return Counter(ratings=len(added), users=len(users), skipped=skipped.total())


def after(rows: pa.Table, positions: dict[int, int]) -> pa.Table:
    """Return the rows from these positions on, all of a partition that has none."""
    partitions = rows["partition"].to_numpy()
    first = {one: positions.get(one, 0) for one in np.unique(partitions).tolist()}
    starts = np.array([first[one] for one in partitions.tolist()], np.int64)
    return rows.filter(pa.array(rows["offset"].to_numpy() >= starts))


def ends_of(rows: pa.Table) -> dict[int, int]:
    """Return, by partition, the offset after the last of rows in their order."""
    pairs = zip(rows["partition"].to_pylist(), rows["offset"].to_pylist(), strict=True)
    return {partition: offset + 1 for partition, offset in pairs}


def judged(opened: Opened, rows: pa.Table) -> tuple[list[Rating], Counter[str]]:
    """Return the ratings among rows, and how many are none of this data set, by why.

    What the topic's contract says is said by the row; ids and scale are the version's.
    Times are whole seconds, as builds have them.
    """
    times = pc.floor_temporal(rows["rated_at"], unit="second")
    times = times.cast(pa.timestamp("s", "UTC")).cast(pa.int64())
    rows = rows.set_column(rows.schema.get_field_index("rated_at"), "rated_at", times)
    stars = rows["rating"].to_numpy(zero_copy_only=False)
    is_right = on_scale(opened, stars.astype(np.float64)).tolist()
    ratings: list[Rating] = []
    skipped: Counter[str] = Counter()
    for right, *row in zip(
        is_right, *(column.to_pylist() for column in rows.columns), strict=True
    ):
        topic, partition, offset, user, movie, rating, time, event, reason = row
        if reason is not None:
            skipped[OF_TOPIC] += 1
        elif None in (user, movie, rating, time):
            skipped[INCOMPLETE] += 1
        elif (user_id := id_of_text(user, opened.id_type)) is None:
            skipped[USER_ID] += 1
        elif (movie_id := id_of_text(movie, opened.id_type)) is None:
            skipped[MOVIE_ID] += 1
        elif not right:
            skipped[SCALE] += 1
        else:
            found = (topic, partition, offset, user_id, movie_id, rating, time, event)
            ratings.append(found)
    return ratings, skipped


def blocks(users: Sequence[PublicId], movies: int) -> Iterator[Sequence[PublicId]]:
    """Yield users in blocks whose scores fit into memory."""
    size = min(MOST_USERS, max(1, CELLS // max(1, movies)))
    for start in range(0, len(users), size):
        yield users[start : start + size]


def fold_block(
    opened: Opened, store: Connection, users: Sequence[PublicId], n: int
) -> Counter[str]:
    """Make the lists of a block of users anew, and return how many failed, by why.

    Where a block fails its users are taken one by one: who fails keeps the list of
    before, and nobody else waits for that.
    """
    try:
        fold_users(opened, store, users, n)
    except (Error, OSError):  # of the overlay or the disk: nothing is wrong with a user
        raise
    except Exception as error:
        if len(users) == 1:
            log.warning(
                "a list could not be made anew",
                extra={"user": users[0], "reason": in_words(error)},
                exc_info=True,
            )
            return Counter({f"{FAILED}: {in_words(error)}": 1})
        return sum((fold_block(opened, store, [one], n) for one in users), Counter())
    return Counter()


def fold_users(
    opened: Opened, store: Connection, users: Sequence[PublicId], n: int
) -> None:
    """Make the lists of a block of users anew, of all that they have rated.

    By the functions that answer for one person; who is not in the data is a stranger.
    """
    new = ratings_of(store, users)
    keys = user_keys(opened, users)
    movies = keys_of_movies(opened, {one for rows in new.values() for one, *_ in rows})
    people = [
        with_new(opened, published_ratings(opened, keys[one]), new[one], movies)
        for one in users
    ]
    lists = lists_of(opened, histories(opened, people), n, Wanted())
    strangers = {one for one in users if keys[one] == UNKNOWN}
    put_lists(store, dict(zip(users, lists, strict=True)), strangers)


def user_keys(opened: Opened, users: Sequence[PublicId]) -> dict[PublicId, int]:
    """Return the keys of users, UNKNOWN of those who are not in the data.

    Who has rated may have no published list. Where ids are the keys that is seen all
    the same; where they are not, such a user is taken for a stranger.
    """
    found = dict.fromkeys(users, UNKNOWN)
    if opened.id_type == "int":
        known = opened.histories["user_ids"]
        found |= {one: int(one) for one in users if is_among(known, int(one))}
    for start in range(0, len(users), AT_A_TIME):
        block = users[start : start + AT_A_TIME]
        marks = ", ".join("?" * len(block))
        statement = f"select user_id, user_key from users where user_id in ({marks})"
        found |= {row[0]: row[1] for row in opened.ask(statement, *block)}
    return found


def is_among(known: Ids, key: int) -> bool:
    """Return whether a key is among known ones, which are in rising order."""
    place = int(np.searchsorted(known, key))
    return place < len(known) and int(known[place]) == key


def length_of_lists(opened: Opened) -> int:
    """Return how long the published lists are at most."""
    about = opened.manifest.about
    said = about.parameters.get(f"{PUBLISHED}.top_n", "") if about else ""
    if said.isdecimal():
        return int(said)
    ((longest,),) = opened.ask("select max(rank) from recommendations")
    return int(longest or 0)


def positions_learnt(opened: Opened, topic: str) -> dict[int, int]:
    """Return, by partition, up to which offset of a topic the version has learnt."""
    about = opened.manifest.about
    stream = about.dataset.stream if about else None
    if stream is None or stream.get("topic") != topic:
        return {}
    offsets = stream.get("next_offsets")
    found = offsets.items() if isinstance(offsets, dict) else ()
    return {int(one): offset for one, offset in found if isinstance(offset, int)}
