"""Checks of a build by Great Expectations, and the gates that read their results."""

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from dbt.adapters.events.logging import AdapterLogger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cinespark.errors import CineSparkError
from cinespark.files import replace_file
from cinespark.spark_tables import fingerprint
from cinespark.versions.versions import current_version

RESULTS_SCHEMA = (
    "invocation_id string, suite string, expectation string, column string, "
    "severity string, observed double, expected string, success boolean, "
    "meaning string, rule_owner string, remedy string, rows_sha256 string, "
    "dataset_sha256 string, checked_at timestamp"
)
FROM_PROFILE = ["dataset_sha256", "checked_at"]
log = AdapterLogger("CineSpark")

Rule = Mapping[str, Any]


def check(
    profile: DataFrame,
    rules: Sequence[Rule],
    suite: str,
    rows: DataFrame,
    invocation_id: str,
) -> pd.DataFrame:
    """Return one result a rule: what was observed, what was expected, and success.

    Parameters
    ----------
    profile
        One row of figures, a column each, with `dataset_sha256` and `checked_at`; null
        where a figure does not apply. No row, no results.
    rules
        `column` of the profile, `at_least` and/or `at_most`, `severity` 'critical' or
        'warning', `meaning`, `owner` and `remedy` in words.
    suite
        Name of the rules together.
    rows
        What the profile is about; its fingerprint goes into the results.
    invocation_id
        dbt's id of the build that checks.

    Returns
    -------
    DataFrame
        In the columns of RESULTS_SCHEMA.

    Raises
    ------
    CineSparkError
        If a rule names a column that the profile lacks, or no bound.
    """
    columns = [field.split()[0] for field in RESULTS_SCHEMA.split(", ")]
    figures = profile.toPandas()
    if figures.empty:
        return pd.DataFrame(columns=columns)
    about = {name: figures[name][0] for name in FROM_PROFILE}
    about |= {"suite": suite, "invocation_id": invocation_id}
    about |= {"rows_sha256": fingerprint(rows)}
    results = [about | result for result in validate(figures, rules, suite)]
    return pd.DataFrame(results)[columns]


def validate(
    figures: pd.DataFrame, rules: Sequence[Rule], suite: str
) -> list[dict[str, Any]]:
    """Return what Great Expectations says of one row of figures, in order of the rules.

    Raises
    ------
    CineSparkError
        If a rule names a column that is not there, or no bound.
    """
    for rule in rules:
        if rule["column"] not in figures or not expected(rule):
            raise CineSparkError(
                f"the rule on {rule['column']} in python_models/check/"
                f"_check__models.yml needs at_least or at_most, and a column of the "
                f"profile of {suite}: {', '.join(map(str, figures))}"
            )
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx  # takes seconds
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations import core

    logging.captureWarnings(False)  # its import turns all warnings into log lines
    logging.getLogger(ProgressBarsConfig.__module__).setLevel(logging.WARNING)
    values = figures[[rule["column"] for rule in rules]].astype(float)
    values = values.loc[:, ~values.columns.duplicated()]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    frames = context.data_sources.add_pandas(suite).add_dataframe_asset(suite)
    batch = frames.add_batch_definition_whole_dataframe(suite).get_batch(
        batch_parameters={"dataframe": values}
    )
    expectations = [
        core.ExpectColumnValuesToBeBetween(  # type: ignore[attr-defined]
            column=rule["column"],
            min_value=rule.get("at_least"),
            max_value=rule.get("at_most"),
            severity=rule["severity"],
            meta={"place": place},
        )
        for place, rule in enumerate(rules)
    ]
    outcome = batch.validate(gx.ExpectationSuite(name=suite, expectations=expectations))
    configs = [(result.expectation_config, result) for result in outcome.results]
    judged = {
        config.meta["place"]: (config.type, bool(result.success))
        for config, result in configs
        if config is not None and config.meta is not None
    }
    return [
        {
            "expectation": judged[place][0],
            "column": rule["column"],
            "severity": rule["severity"],
            "observed": values[rule["column"]][0],
            "expected": expected(rule),
            "success": judged[place][1],
            "meaning": rule["meaning"],
            "rule_owner": rule["owner"],
            "remedy": rule["remedy"],
        }
        for place, rule in enumerate(rules)
    ]


def with_overlap(profile: DataFrame, candidates: DataFrame, exports: Path) -> DataFrame:
    """Return the profile with `published_overlap`, the mean over users of both versions
    of the published list's share that is in the new list; null where nothing is
    published, or what was is lost.
    """  # noqa: D205
    overlap = None
    file = exports / (current_version(exports) or "") / "recommendations.parquet"
    if file.is_file():
        keys = ["user_id", "movie_id"]
        old = pd.read_parquet(file, columns=keys)
        new = candidates.select(*keys).toPandas()
        old = old[old["user_id"].isin(new["user_id"])]
        is_kept = old.merge(new, "left", on=keys, indicator=True)["_merge"] == "both"
        shares = is_kept.groupby(old["user_id"].to_numpy()).mean()
        overlap = float(shares.mean()) if len(shares) else None
    return profile.withColumn("published_overlap", F.lit(overlap).cast("double"))


def expected(rule: Rule) -> str:
    """Return a rule's bounds in words, none without bounds."""
    bounds = {"at least": rule.get("at_least"), "at most": rule.get("at_most")}
    return " and ".join(
        f"{words} {bound:g}" for words, bound in bounds.items() if bound is not None
    )


def keep(
    results: pd.DataFrame, session: SparkSession, table: str, folder: Path
) -> DataFrame:
    """Append results to a table and write them for `cinespark show`; return them.

    Parameters
    ----------
    results
        As `check` returns them, of one suite.
    table
        The table of all results, `data_quality_results`.
    folder
        Gets one file a suite, `<suite>.json`, replaced in one step.
    """
    if results.empty:
        return session.createDataFrame([], RESULTS_SCHEMA)
    rows = session.createDataFrame(results, RESULTS_SCHEMA)
    rows.writeTo(table).append()
    text = results.to_json(orient="records", date_format="iso", indent=1)
    replace_file(folder / f"{results['suite'][0]}.json", text)
    return rows
