"""The last leaderboard beside the published versions, for reading without Spark."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from cinespark.errors import CineSparkError
from cinespark.files import replace_file

FILE = "leaderboard.json"


class LeaderboardRow(TypedDict):
    """What is read of a row of `model_leaderboard`; the file holds all its columns."""

    role: str
    model: str
    metric: str
    figure: float
    figure_low: float
    figure_high: float
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
    rows: list[LeaderboardRow] = json.loads(file.read_text(encoding="utf-8"))
    return sorted(
        rows,
        key=lambda row: (
            row["role"],
            row["figure"] if row["role"] == "predictor" else -row["figure"],
        ),
    )
