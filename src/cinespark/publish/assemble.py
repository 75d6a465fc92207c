"""Assemble a version from the tables of a build: its content, and its manifest."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cinespark.algorithms.arrays import Arrays
from cinespark.errors import CineSparkError
from cinespark.names import PUBLISHED
from cinespark.publish.content import Content
from cinespark.publish.ordered_rows import column_on_disk, ordered_rows
from cinespark.train.collect import (
    LESS_SPARK,
    LIST_BYTES,
    RATING_BYTES,
    SHORTER_LISTS,
    predictor_rows,
)
from cinespark.train.model_tables import predictor_of
from cinespark.train.ranker_file import learnt_ranker
from cinespark.versions.keys import Dictionary
from cinespark.versions.manifest import About, CheckOutcome, Dataset, Metric
from cinespark.vocabulary import Vocabulary

FEWER_SIMILAR = "set the var `similar_movies_listed` lower"
MOVIE_COLUMNS = [
    "movie_id",
    "title",
    "release_year",
    "rating_count",
    "like_count",
    "rating_mean",
]


def lists_of_build(recommendations: DataFrame) -> tuple[DataFrame, pa.Table]:
    """Return the lists as they are now, for Spark and, by user and rank, for Python."""
    key, what = ("user_id", "rank"), "places of lists"
    table, again = ordered_rows(recommendations, key, LIST_BYTES, what, SHORTER_LISTS)
    return again(), table


def content_of(
    recommendations: pa.Table,
    similar_movies: DataFrame,
    popular: DataFrame,
    movies: DataFrame,
    ratings: DataFrame,
    models: Mapping[str, Arrays],
    dictionary: Dictionary,
) -> Content:
    """Return the content of a version.

    Parameters
    ----------
    recommendations
        As `lists_of_build` returns them.
    similar_movies, popular, movies, ratings
        The tables `similar_movies`, `popular_movies`, `accepted_movies` and
        `int_ratings`.
    models
        As `arrays_of` returns them, and what else makes lists.
    dictionary
        As `dictionary_of_build` returns it.
    """
    genres = F.array_join("genres", "|").alias("genres")
    return Content(
        recommendations=recommendations,
        similar_movies=neighbours_of_build(similar_movies),
        movies=movies.select(*MOVIE_COLUMNS, genres).toArrow(),
        arrays={**models, "histories": history_arrays(ratings)},
        dictionary=dictionary,
        popular=popular.toArrow(),
    )


def neighbours_of_build(similar_movies: DataFrame) -> pa.Table:
    """Return the rows of similar movies, by movie and rank."""
    key, what = ("movie_id", "rank"), "similar movies"
    table, _ = ordered_rows(similar_movies, key, LIST_BYTES, what, FEWER_SIMILAR)
    return table


def dictionary_of_build(
    user_keys: DataFrame,
    movie_keys: DataFrame,
    users: DataFrame,
    movies: DataFrame,
    ratings: DataFrame,
    id_type: str,
) -> Dictionary:
    """Return what the keys of the models are in public, empty if they are the ids.

    Parameters
    ----------
    user_keys, movie_keys
        The tables `int_user_keys` and `int_movie_keys`, which hold ids of other
        deliveries, too.
    users, movies, ratings
        The tables `int_users`, `int_movies` and `int_ratings`: whose keys are wanted.
    id_type
        The var of that name.
    """
    if id_type == "int":
        return {}
    known = (
        users.select("user_id"),
        movies.select("movie_id").union(ratings.select("movie_id")),
    )
    found = {}
    for entity, keys, there in (
        ("user", user_keys, known[0]),
        ("movie", movie_keys, known[1]),
    ):
        there = there.select(F.col(f"{entity}_id").alias(f"{entity}_key"))
        of_build = keys.join(there, f"{entity}_key", "semi")
        ids = F.col(f"{entity}_id").cast(id_type)
        rows = of_build.select(ids.alias(f"{entity}_id"), f"{entity}_key")
        found[entity] = rows.toArrow().sort_by(f"{entity}_id")
    return found


def arrays_of(predictor: DataFrame, ranker: DataFrame) -> dict[str, Arrays]:
    """Return the arrays of the models that made the lists: 'predictor' and 'ranker'.

    Parameters
    ----------
    predictor, ranker
        The tables of these names.
    """
    return {
        "predictor": predictor_of(predictor_rows(predictor)).to_arrays(),
        "ranker": learnt_ranker(ranker).arrays,
    }


def history_arrays(ratings: DataFrame) -> Arrays:
    """Return what each user has rated, user by user and in order of time.

    Returns
    -------
    dict
        `user_ids` (u,) in rising order; `starts` (u + 1,), where each user's rows start
        and, last, where they end; `movie_ids`, `ratings` in stars and `rated_at` in
        seconds since 1970, each (n,).
    """
    seconds = F.unix_seconds("rated_at").alias("rated_at")
    rated = ratings.select("user_id", "movie_id", "rating", seconds)
    key = ("user_id", "rated_at", "movie_id")
    session = ratings.sparkSession
    rows, _ = ordered_rows(rated, key, RATING_BYTES, "ratings", LESS_SPARK)
    users = column_on_disk(rows, "user_id", np.int64, session)
    starts = np.flatnonzero(np.append(len(users) > 0, users[1:] != users[:-1]))
    return {
        "user_ids": users[starts],
        "starts": np.append(starts, len(users)).astype(np.int64),
        "movie_ids": column_on_disk(rows, "movie_id", np.int64, session),
        "ratings": column_on_disk(rows, "rating", np.float32, session),
        "rated_at": column_on_disk(rows, "rated_at", np.int64, session),
    }


def about_version(
    content: Content,
    dataset: Dataset,
    runs: DataFrame,
    checks: DataFrame,
    git_commit: str | None,
    vocabulary: Vocabulary,
) -> About:
    """Return what a manifest says of the build that its version comes from.

    Parameters
    ----------
    dataset
        As `dataset_of` returns it.
    runs, checks
        The table `mlflow_runs`, and the rows of `rating_checks` and
        `recommendation_checks`.

    Raises
    ------
    CineSparkError
        If no run in MLflow tracked the models that made the lists.
    """
    version = content.recommendations["model_version"][0].as_py()
    tracked = (
        runs.where((F.col("model") == PUBLISHED) & (F.col("model_version") == version))
        .orderBy(F.desc("started_at"))
        .first()
    )
    if tracked is None:
        raise CineSparkError(
            f"no run in MLflow tracked model version {version}, so nothing is "
            "published: track it with `dbt run --select mlflow_runs+`"
        )
    build = runs.where(F.col("parent_run_id") == tracked.parent_run_id).collect()
    return About(
        dataset=dataset,
        counts={
            "users": pc.count_distinct(content.recommendations["user_id"]).as_py(),
            "movies": content.movies.num_rows,
            "ratings": len(content.arrays["histories"]["ratings"]),
            "recommendations": content.recommendations.num_rows,
        },
        parameters={
            f"{row.model}.{name}": value
            for row in sorted(build, key=lambda row: str(row.model))
            for name, value in sorted(row.parameters.items())
        },
        metrics=with_intervals(tracked.metrics),
        checks=tuple(outcome_of(row) for row in checks.collect()),
        model_version=version,
        run_id=tracked.run_id,
        invocation_id=tracked.invocation_id,
        git_commit=git_commit,
        vocabulary=vocabulary,
    )


def dataset_of(manifest: DataFrame, positions: DataFrame) -> Dataset:
    """Return the data set of a build, and which ratings that people sent are in it.

    Parameters
    ----------
    manifest, positions
        The tables `stg_movielens__manifest` and `stream_positions`.
    """
    landed = manifest.limit(1).collect()[0]
    read = positions.orderBy("partition").collect()
    offsets = {str(row["partition"]): row["next_offset"] for row in read}
    return Dataset(
        name=landed.dataset,
        source=landed.source,
        licence=landed.licence,
        sha256=landed.dataset_sha256,
        incoming_sha256=landed.incoming_sha256,
        stream={"topic": read[0]["topic"], "next_offsets": offsets} if read else None,
    )


def leaderboard_of(leaderboard: DataFrame, about: About) -> list[dict[str, object]]:
    """Return the rows of `model_leaderboard`, each with the build it belongs to."""
    build = {
        "dataset": about.dataset.name,
        "invocation_id": about.invocation_id,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **asdict(about.vocabulary),
    }
    return [row.asDict() | build for row in leaderboard.collect()]


def with_intervals(metrics: Mapping[str, float]) -> dict[str, Metric]:
    """Return metrics by name, `rmse_all` with `rmse_low_all` and `rmse_high_all`."""
    found = {}
    for name, value in sorted(metrics.items()):
        stem, _, segment = name.partition("_")
        if not segment.startswith(("low_", "high_")):
            low, high = (
                metrics.get(f"{stem}_{end}_{segment}") for end in ("low", "high")
            )
            is_known = low is not None and high is not None
            found[name] = Metric(value, low, high) if is_known else Metric(value)
    return found


def outcome_of(result: Row) -> CheckOutcome:
    """Return what a manifest says of a row of the checks."""
    return CheckOutcome(
        rule=result.column,
        suite=result.suite,
        severity=result.severity,
        observed=result.observed,
        expected=result.expected,
        success=result.success,
        meaning=result.meaning,
    )


def tags_of(about: About) -> dict[str, str]:
    """Return the tags of a version's model in the registry."""
    tags = {
        "model_version": about.model_version,
        "dbt_invocation_id": about.invocation_id,
        "data_sha256": about.dataset.sha256,
        "git_commit": about.git_commit,
    }
    return {name: value or "none" for name, value in tags.items()}
