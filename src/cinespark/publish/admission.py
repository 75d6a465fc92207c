"""What may be published: checked rows of one delivery, by the models that made them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pyspark.sql import DataFrame

from cinespark.algorithms.arrays import Arrays, arrays_sha256
from cinespark.algorithms.flattened import below
from cinespark.algorithms.user_rules import RULES
from cinespark.errors import CineSparkError
from cinespark.spark_tables import fingerprint
from cinespark.train.collect import factors_of
from cinespark.train.content import content_arrays, similarity_version
from cinespark.train.model_tables import movie_arrays
from cinespark.versions.versions import current_version


def refuse(reason: str, remedy: str, exports: Path) -> CineSparkError:
    """Return the error that says why nothing is published, and what stays current."""
    stays = current_version(exports) or "nothing"
    return CineSparkError(
        f"{reason}, so nothing is published, and {stays} stays current: {remedy}"
    )


def require_same_rows(
    candidates: DataFrame,
    accepted: DataFrame,
    recommendations: DataFrame,
    exports: Path,
) -> None:
    """Raise unless the gate passed these candidates and they are what is public.

    Raises
    ------
    CineSparkError
        If the rows of the three tables differ.
    """
    passed = fingerprint(accepted)
    if fingerprint(candidates) != passed:
        raise refuse(
            "the gate has not passed the candidates as they are now "
            "(int_candidate_recommendations)",
            "check them with `dbt run --select int_recommendation_profile+`",
            exports,
        )
    if fingerprint(recommendations) != passed:
        raise refuse(
            "the table recommendations is not what the gate passed",
            "build it with `dbt run --select recommendations+`",
            exports,
        )


def require_checked(
    checks: DataFrame,
    rows: Mapping[str, Sequence[DataFrame]],
    manifest: DataFrame,
    exports: Path,
) -> None:
    """Raise unless the last checks passed, and are of these rows and this delivery.

    Parameters
    ----------
    checks
        The rows of `rating_checks` and `recommendation_checks`.
    rows
        By suite, the tables that are to be those that were checked.
    manifest
        The table `stg_movielens__manifest`.

    Raises
    ------
    CineSparkError
        If a critical check failed or is missing, or the checks were of other rows or
        of another data set.
    """
    judged = checks.collect()
    failed = [
        f"{check.column} of the {check.suite}"
        for check in judged
        if check.severity != "warning" and not check.success
    ]
    if failed:
        raise refuse(
            f"the last checks failed ({', '.join(failed)})",
            "see `cinespark show --quality`, mend the data and run `dbt build`",
            exports,
        )
    for suite, tables in rows.items():
        sums = {check.rows_sha256 for check in judged if check.suite == suite}
        if sums != {fingerprint(*tables)}:
            raise refuse(
                f"the last checks of the {suite} were of other rows than those that "
                "passed the gate",
                "check, accept and publish together with `dbt build`",
                exports,
            )
    (landed,) = {row.dataset_sha256 for row in manifest.collect()}
    checked = {check.dataset_sha256 for check in judged}
    if checked != {landed}:
        others = ", ".join(sorted(one[:12] for one in checked - {landed}))
        raise refuse(
            f"the checks were of the data set {others}, and {landed[:12]} is staged",
            "build from one delivery with `dbt build`",
            exports,
        )


def require_same_neighbours(
    similar_movies: DataFrame,
    factors: DataFrame,
    content: DataFrame,
    exports: Path,
) -> None:
    """Raise unless similar movies were found by these factors and embeddings.

    Parameters
    ----------
    similar_movies, factors, content
        The tables `similar_movies`, `item_factors` and `movie_content`.

    Raises
    ------
    CineSparkError
        If the model version of a row is not the sum of these arrays.
    """
    learnt = movie_arrays(factors_of(factors.where("subset = 'all'")))
    version = similarity_version(learnt, content_arrays(content))
    made = {
        row.model_version
        for row in similar_movies.select("model_version").distinct().collect()
    }
    if made - {version}:
        raise refuse(
            f"similar movies were found by the vectors {', '.join(sorted(made))}, and "
            f"the tables item_factors and movie_content hold {version} now",
            "build them together with `dbt build`",
            exports,
        )


def require_same_models(
    recommendations: DataFrame, models: Mapping[str, Arrays], exports: Path
) -> None:
    """Raise unless these models made the recommendations.

    Parameters
    ----------
    models
        As `assemble.arrays_of` returns them, and the rules of `published_rules`.

    Raises
    ------
    CineSparkError
        If the model version of a row is not the sum of the arrays of models and rules.
    """
    rules = below(RULES, models.get("rules", {}))
    version = arrays_sha256(models["predictor"], models["ranker"], rules)[:12]
    made = {
        row.model_version
        for row in recommendations.select("model_version").distinct().collect()
    }
    if made != {version}:
        raise refuse(
            f"the lists were made by the models {', '.join(sorted(made))}, and the "
            f"tables predictor, ranker and int_rule_movies make {version} now",
            "build them together with `dbt build`",
            exports,
        )
