"""The last results of the checks, from the files that the check models leave."""

import json
from pathlib import Path
from typing import Any

from cinespark.errors import CineSparkError
from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version, require_current

SUITES = ["ratings", "recommendations"]


def last_results(folder: Path, schema: str, exports: Path) -> list[dict[str, Any]]:
    """Return the last results of a schema's checks, suite by suite.

    Those of recommendations are left out when a later build was stopped before them;
    when they were checked again alone, they stay beside older ones of the ratings.
    Where only the exports are there, they are those of the current version.

    Raises
    ------
    CineSparkError
        If no build has left any.
    """
    files = [folder / schema / f"{suite}.json" for suite in SUITES]
    suites = [json.loads(file.read_text()) for file in files if file.is_file()]
    if not suites and not folder.exists() and current_version(exports):
        return checks_of_current(exports)
    if not suites:
        built = sorted(path.name for path in folder.glob("*"))
        raise CineSparkError(
            f"no checks of schema {schema} in {folder}: run `dbt build`, or give "
            "--schema one of those that are there "
            f"({', '.join(built) or 'none yet'})"
        )
    started = suites[0][0]["checked_at"]
    return [row for suite in suites for row in suite if row["checked_at"] >= started]


def checks_of_current(exports: Path) -> list[dict[str, Any]]:
    """Return the checks that the current version passed, from its manifest."""
    manifest = read_manifest(exports, require_current(exports))
    return [
        check
        | {
            "column": check["rule"],
            "checked_at": manifest["published_at"],
            "remedy": "see the report of the build that published it",
        }
        for check in manifest["about"]["checks"]
    ]
