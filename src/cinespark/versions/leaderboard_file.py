"""The last leaderboard beside the published versions, for reading without Spark."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from cinespark.errors import CineSparkError
from cinespark.files import replace_file

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
    fit_seconds: float
    peak_bytes: int
    built_at: str


def leave_leaderboard(rows: Sequence[Mapping[str, object]], exports: Path) -> None:
    """Write the rows of `model_leaderboard`, unless there are none."""
    if rows:
        replace_file(exports / FILE, json.dumps(rows, indent=2) + "\n")


def last_leaderboard(exports: Path) -> list[LeaderboardRow]:
    """Return the rows of the last leaderboard, best first, predictors before rankers.

    Raises
    ------
    CineSparkError
        If no build has left one.
    """
    file = exports / FILE
    if not file.is_file():
        raise CineSparkError(
            f"there is no leaderboard, {file} is missing: judge the published models "
            "with `dbt build --vars 'evaluate: published'`, or every model with "
            "`dbt build --vars 'evaluate: all'`"
        )
    text = file.read_text(encoding="utf-8")
    rows: list[LeaderboardRow] = json.loads(text, object_hook=with_todays_names)
    return sorted(
        rows,
        key=lambda row: (
            row["role"],
            row["metric_value"] * (1 if row["role"] == "predictor" else -1),
        ),
    )


def with_todays_names(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row, as this or an earlier version wrote it, with today's columns."""
    return {FORMER_KEYS.get(key, key): value for key, value in row.items()}
