"""The results of the last checks: as a table, and as files that need no Spark."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast, get_type_hints

from cinespark.errors import CineSparkError
from cinespark.files import read_rows, replace_file
from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version, require_current

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

RESULTS_SCHEMA = (
    "invocation_id string, suite string, expectation string, column string, "
    "severity string, observed double, expected string, success boolean, "
    "meaning string, rule_owner string, remedy string, rows_sha256 string, "
    "dataset_sha256 string, checked_at timestamp"
)
SUITES = ["ratings", "recommendations", "windows"]


class LastResult(TypedDict):
    """What is shown of one result; the files hold all columns of RESULTS_SCHEMA."""

    suite: str
    column: str
    severity: str
    observed: float | None
    expected: str
    success: bool
    meaning: str
    remedy: str
    checked_at: str


SHOWN = get_type_hints(LastResult)


def results_table(
    results: "pd.DataFrame", session: "SparkSession", folder: Path
) -> "DataFrame":
    """Return a suite's results as a table, and leave them in a file.

    Parameters
    ----------
    results
        Of one suite, as `check` returns them.
    folder
        Gets one file per suite, `<suite>.json`, with its last results, which
        `last_results` reads.
    """
    if results.empty:
        return session.createDataFrame([], RESULTS_SCHEMA)
    rows = session.createDataFrame(results, RESULTS_SCHEMA)
    text = results.to_json(orient="records", date_format="iso", indent=1)
    replace_file(folder / f"{results['suite'][0]}.json", text)
    return rows


def last_results(folder: Path, schema: str, exports: Path) -> list[LastResult]:
    """Return the results of the last checks in a schema, suite by suite.

    If the last build was stopped before it checked recommendations, only those of the
    ratings are returned; if recommendations were checked again alone, they come with
    the older results of the ratings. Where there are exports and nothing else, the
    results are those of the current version.

    Raises
    ------
    CineSparkError
        If no build has left any.
    """
    files = [folder / schema / f"{suite}.json" for suite in SUITES]
    again = "delete it, and the next build writes another"
    suites = [read_rows(file, SHOWN, again) for file in files if file.exists()]
    if not suites and not folder.exists() and current_version(exports):
        return results_of_current(exports)
    if not suites:
        built = sorted(path.name for path in folder.glob("*"))
        raise CineSparkError(
            f"no checks of schema {schema} in {folder}: run `dbt build`, or give "
            f"--schema one of those that have any ({', '.join(built) or 'none yet'})"
        )
    started = suites[0][0]["checked_at"]
    return [
        cast(LastResult, row)
        for suite in suites
        for row in suite
        if row["checked_at"] >= started
    ]


def results_of_current(exports: Path) -> list[LastResult]:
    """Return the results of the checks that the current version passed."""
    manifest = read_manifest(exports, require_current(exports))
    return [
        LastResult(
            suite=check.suite,
            column=check.rule,
            severity=check.severity,
            observed=check.observed,
            expected=check.expected,
            success=check.success,
            meaning=check.meaning,
            remedy="see the report of the build that published it",
            checked_at=manifest.published_at or "",
        )
        for check in (manifest.about.checks if manifest.about else ())
    ]
