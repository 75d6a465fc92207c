"""Suites of checks: rules on the figures of a build, judged by Great Expectations."""

import logging
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import NumericType

from cinespark.check.results import RESULTS_SCHEMA
from cinespark.check.rules import Rule, expected, read_rules
from cinespark.errors import CineSparkError
from cinespark.spark_tables import fingerprint
from cinespark.vocabulary import USUAL, Vocabulary, reworded

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

FROM_PROFILE = ["dataset_sha256", "checked_at"]


def check(
    profile: DataFrame,
    written_rules: object,
    suite: str,
    rows: Sequence[DataFrame],
    invocation_id: str,
    words: Vocabulary = USUAL,
) -> pd.DataFrame:
    """Return one result per rule: what was observed, what was expected, and success.

    Parameters
    ----------
    profile
        One row of figures, one per column, with `dataset_sha256` and `checked_at`; null
        where a figure does not apply. A text in a column named as a figure with
        `_reason` behind says why, one with `_where` of what it is. Without a row there
        are no results.
    written_rules
        As the YAML of the checks has them.
    suite
        The name of the rules together.
    rows
        The tables that the profile is about; their fingerprint goes into the results.
    invocation_id
        dbt's id of the build that checks.
    words
        What meanings and remedies call movies and stars.

    Returns
    -------
    DataFrame
        In the columns of RESULTS_SCHEMA.

    Raises
    ------
    CineSparkError
        If a rule is not as it must be, or a figure is NaN or infinite.
    """
    numbers = [
        field.name
        for field in profile.schema
        if isinstance(field.dataType, NumericType)
    ]
    rules = read_rules(written_rules, suite, numbers)
    # Spark puts NaN above infinity
    is_odd = [F.abs(F.col(one).cast("double")) >= float("inf") for one in numbers]
    figures = profile.select("*", F.array(*is_odd).alias("is_odd")).toPandas()
    columns = [field.split()[0] for field in RESULTS_SCHEMA.split(", ")]
    if figures.empty:
        return pd.DataFrame(columns=columns)
    require_finite(dict(zip(numbers, figures["is_odd"][0], strict=True)), suite)
    about = {name: figures[name][0] for name in FROM_PROFILE}
    about |= {"suite": suite, "invocation_id": invocation_id}
    about |= {"rows_sha256": fingerprint(*rows)}
    results = [about | result for result in judge(figures, rules, suite, words)]
    return pd.DataFrame(results)[columns]


def require_finite(is_odd: Mapping[str, bool | None], suite: str) -> None:
    """Raise if a figure is NaN, which would pass as null does, or infinite."""
    odd = [name for name, found in is_odd.items() if found]
    if odd:
        raise CineSparkError(
            f"{' and '.join(odd)} in the profile of {suite} is NaN or infinite, which "
            "no bound can judge: mend its model in models/intermediate, where null is "
            "for what does not apply"
        )


def judge(
    figures: pd.DataFrame, rules: Sequence[Rule], suite: str, words: Vocabulary
) -> list[dict[str, object]]:
    """Return the result of each rule on one row of figures, in order of the rules."""
    values = figures[[rule["column"] for rule in rules]].astype(float)
    values = values.loc[:, ~values.columns.duplicated()]
    judged = {
        config.meta["place"]: (config.type, bool(result.success))
        for result in validate(values, rules, suite).results
        if (config := result.expectation_config) is not None and config.meta is not None
    }
    return [
        {
            "expectation": judged[place][0],
            "column": rule["column"],
            "severity": rule["severity"],
            "observed": values[rule["column"]][0],
            "expected": expected(rule),
            "success": judged[place][1],
            "meaning": reworded(meaning_of(rule, figures), words),
            "rule_owner": rule["owner"],
            "remedy": reworded(rule["remedy"], words),
        }
        for place, rule in enumerate(rules)
    ]


def meaning_of(rule: Rule, figures: pd.DataFrame) -> str:
    """Return what a rule's figure is, and why or where, if that is beside it."""
    said = rule["meaning"]
    for ending, words in (("reason", "most often"), ("where", "namely")):
        texts = figures.get(f"{rule['column']}_{ending}")
        if texts is not None and isinstance(texts[0], str):
            said += f", {words}: {texts[0]}"
    return said


def validate(
    values: pd.DataFrame, rules: Sequence[Rule], suite: str
) -> "ExpectationSuiteValidationResult":
    """Return what Great Expectations says; `meta` has each rule's place among them."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx  # takes seconds
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations import core
    from great_expectations.expectations.metadata_types import FailureSeverity

    logging.captureWarnings(False)  # its import turns all warnings into log lines
    logging.getLogger(ProgressBarsConfig.__module__).setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    frames = context.data_sources.add_pandas(suite).add_dataframe_asset(suite)
    batch = frames.add_batch_definition_whole_dataframe(suite).get_batch(
        batch_parameters={"dataframe": values}
    )
    expectations = [
        core.ExpectColumnValuesToBeBetween(  # type: ignore[attr-defined]
            column=rule["column"],
            min_value=rule.get("above", rule.get("min_value")),
            strict_min="above" in rule,
            max_value=rule.get("max_value"),
            severity=FailureSeverity(rule["severity"]),
            meta={"place": place},
        )
        for place, rule in enumerate(rules)
    ]
    return batch.validate(gx.ExpectationSuite(name=suite, expectations=expectations))
