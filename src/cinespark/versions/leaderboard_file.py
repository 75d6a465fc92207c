"""The last leaderboard beside the published versions, for reading without Spark."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict, cast, get_type_hints

from cinespark.errors import CineSparkError
from cinespark.files import read_rows, replace_file
from cinespark.vocabulary import Vocabulary, vocabulary_of

FILE = "leaderboard.json"
FORMER_KEYS = {  # the names of columns in files that earlier versions left
    former + end: name + end
    for former, name in (
        ("figure", "metric_value"),
        ("gain", "gain_over_baseline"),
        ("lead", "gain_over_published"),
    )
    for end in ("", "_low", "_high")
}


class LeaderboardRow(TypedDict):
    """What is read of a row of `model_leaderboard`; the file holds all its columns."""

    role: str
    model: str
    metric: str
    metric_value: float
    metric_value_low: float
    metric_value_high: float
    is_published: bool
    fit_seconds: float | None
    peak_bytes: int | None
    built_at: str


def leave_leaderboard(rows: Sequence[Mapping[str, object]], exports: Path) -> None:
    """Write the rows of `model_leaderboard`, unless there are none."""
    if rows:
        replace_file(exports / FILE, json.dumps(rows, indent=2) + "\n")


def words_of(rows: Sequence[LeaderboardRow]) -> Vocabulary:
    """Return the vocabulary of a leaderboard, the usual one if its file has none."""
    return vocabulary_of(rows[0])


def last_leaderboard(exports: Path) -> list[LeaderboardRow]:
    """Return the rows of the last leaderboard by role, best first, new users' last.

    Raises
    ------
    CineSparkError
        If no build has left one, or it is damaged.
    """
    file = exports / FILE
    if not file.exists():
        raise CineSparkError(
            f"there is no leaderboard, {file} is missing: judge the published models "
            "with `dbt build --vars 'evaluate: published'`, or every model with "
            "`dbt build --vars 'evaluate: all'`"
        )
    again = "delete it, and the next build that judges models writes another"
    rows = read_rows(file, get_type_hints(LeaderboardRow), again, FORMER_KEYS)
    return sorted(
        cast(list[LeaderboardRow], rows),
        key=lambda row: (
            row["role"] == "new_users",
            row["role"],
            row["metric_value"] * (1 if row["role"] == "predictor" else -1),
        ),
    )
