"""The records of the stream behind a user's ratings: of those that a build has read."""

from collections.abc import Collection, Mapping
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.show.landing_lines import Line, as_id

SCHEMA, TABLE = "raw", "rating_events"
COLUMNS = ("partition", "offset", "movie_id", "rating", "rated_at", "reason")


def streamed_lines(
    state: Path,
    stream: Mapping[str, object],
    user_id: int | str,
    movie_ids: Collection[int | str],
) -> list[Line] | None:
    """Return a user's records of some movies, by partition and offset.

    None if the table of the stream is gone, or cannot be read. Each is a line whose
    number is its offset, and whose file the partition, TOPIC/PARTITION.

    Parameters
    ----------
    state
        The state folder, with `catalog.db`.
    stream
        How far the build has read: `topic`, and `next_offsets` by partition.
    """
    from cinespark.report.marts import read_rows

    topic, ends = str(stream["topic"]), stream["next_offsets"]
    wanted = {"topic": topic, "user_id": str(user_id)}
    try:
        rows = read_rows(state, SCHEMA, TABLE, wanted, COLUMNS)
    except CineSparkError:
        return None
    if rows is None or not isinstance(ends, Mapping):
        return None
    found: list[Line] = []
    for row in rows.sort_values(["partition", "offset"]).itertuples():
        movie = as_id(str(row.movie_id), user_id)
        is_read = row.offset < ends.get(str(row.partition), 0)
        if row.reason is None and is_read and movie in movie_ids:
            assert movie is not None
            at = int(row.rated_at.timestamp())
            source = Path(topic, str(row.partition))
            found.append(Line(row.offset, movie, str(row.rating), at, source))
    return found
