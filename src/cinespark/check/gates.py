"""The gates: rows go on to learning or publishing only if their checks passed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dbt.adapters.events.logging import AdapterLogger
from pyspark.sql import DataFrame, Row

from cinespark.errors import CineSparkError
from cinespark.spark_tables import fingerprint
from cinespark.versions.versions import current_version

log = AdapterLogger("CineSpark")


def require_passed(
    results: DataFrame,
    rows: Sequence[DataFrame],
    exports: Path,
    quietly: bool = False,
) -> None:
    """Raise unless these rows passed their checks, and log the warnings.

    Parameters
    ----------
    results
        The results of the checks of these rows.
    rows
        The tables that were checked together, one of which is to go on.
    exports
        The folder of the published versions; an error says which one stays current.
    quietly
        Leave the warnings to another gate of the same checks.

    Raises
    ------
    CineSparkError
        If a critical check failed, or the results belong to different rows.
    """
    judged = results.collect()
    failed = [result for result in judged if not result.success]
    critical = [result for result in failed if result.severity != "warning"]
    if not quietly:
        warn_of(result for result in failed if result.severity == "warning")
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
    if not judged and all(table.isEmpty() for table in rows):  # `dbt build --empty`
        return
    if {result.rows_sha256 for result in judged} != {fingerprint(*rows)}:
        raise CineSparkError(
            f"the check results belong to different rows; {stays}: check these rows "
            "first, with everything downstream: `dbt run --select int_rating_profile+` "
            "or `dbt run --select int_recommendation_profile+`"
        )


def warn_of(failed: Iterable[Any]) -> None:
    """Log results, which have failed, as warnings."""
    for result in failed:
        log.warning(f"check of {result.suite}: {finding(result)}")


def finding(result: Row) -> str:
    """Return a result in words: what was observed, what was expected, what it means."""
    return (
        f"{result.column} is {result.observed:.4g}, expected {result.expected} "
        f"({result.meaning})"
    )
