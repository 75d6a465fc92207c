"""The gates: what may pass, once its checks have."""

from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame

from cinespark.check.suites import log
from cinespark.errors import CineSparkError
from cinespark.spark_tables import fingerprint
from cinespark.versions.versions import current_version


def require_passed(results: DataFrame, rows: DataFrame, exports: Path) -> None:
    """Let these very rows pass, and say which warnings there are; the gate.

    Parameters
    ----------
    results
        Rows of a table of checks.
    rows
        What is to pass.
    exports
        Where the published versions are, for the words of the error.

    Raises
    ------
    CineSparkError
        If a critical check failed, or the results are about other rows.
    """
    judged = results.collect()
    failed = [result for result in judged if not result.success]
    critical = [result for result in failed if result.severity == "critical"]
    for result in failed:
        if result.severity != "critical":
            log.warning(f"check of {result.suite}: {finding(result)}")
    still = current_version(exports)
    stays = f"what is published stays {still}" if still else "nothing is published yet"
    if critical:
        remedies = dict.fromkeys(result.remedy for result in critical)
        raise CineSparkError(
            "\n  ".join(
                [
                    f"{len(critical)} critical check{'s' if len(critical) > 1 else ''} "
                    f"of the {critical[0].suite} failed; the build stops, {stays}",
                    *(finding(result) for result in critical),
                    *(f"what to do: {remedy}" for remedy in remedies),
                    "all results: `cinespark show --quality`",
                ]
            )
        )
    if not judged and rows.isEmpty():  # `dbt build --empty`
        return
    if {result.rows_sha256 for result in judged} != {fingerprint(rows)}:
        raise CineSparkError(
            f"the checks are of other rows than these; {stays}: check them first, "
            "with everything downstream: dbt run --select int_rating_profile+ or "
            "int_recommendation_profile+"
        )


def finding(result: Any) -> str:
    """Return a result in words: what was observed, what expected, what it means."""
    return (
        f"{result.column} is {result.observed:.4g}, expected {result.expected} "
        f"({result.meaning})"
    )
