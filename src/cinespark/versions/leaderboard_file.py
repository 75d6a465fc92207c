"""The last leaderboard beside the published versions, for reading without Spark."""

import json
from pathlib import Path
from typing import Any

from cinespark.errors import CineSparkError
from cinespark.files import replace_file

FILE = "leaderboard.json"


def leave_leaderboard(rows: list[dict[str, Any]], exports: Path) -> None:
    """Write the rows of `model_leaderboard`, unless there are none."""
    if not rows:
        return
    replace_file(exports / FILE, json.dumps(rows, indent=2) + "\n")


def last_leaderboard(exports: Path) -> list[dict[str, Any]]:
    """Return the rows of the last leaderboard, best first, predictors before rankers.

    Raises
    ------
    CineSparkError
        If no build has left one.
    """
    file = exports / FILE
    if not file.is_file():
        raise CineSparkError(
            f"there is no leaderboard, {file} is not there: build with models judged, "
            "`dbt build --vars 'evaluate: published'`, or with all of them"
        )
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return sorted(
        rows,
        key=lambda row: (
            row["role"],
            row["figure"] if row["role"] == "predictor" else -row["figure"],
        ),
    )
