"""What the report shows of the published version and the one before."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from cinespark.report import charts
from cinespark.report.topics import Figure, Topic
from cinespark.report.wording import listed
from cinespark.versions.manifest import (
    About,
    Manifest,
    damaged_files,
    read_manifest,
)
from cinespark.versions.versions import current_version, versions
from cinespark.vocabulary import Vocabulary, count


def changes(exports: Path, words: Vocabulary) -> list[Figure]:
    """Return what changed from the version published before to the current one."""
    title = "The published version against the one before"
    version = current_version(exports)
    if version is None:
        return [Figure("changes", title, "Nothing is published yet.")]
    if damaged := damaged_files(exports, version):
        found = f"{version} is damaged, so nothing is compared: {listed(damaged)}."
        return [Figure("changes", title, found)]
    now = read_manifest(exports, version)
    previous = now.previous
    when = f"{version} was published {str(now.published_at)[:10]}"
    if previous is None or previous not in versions(exports):
        none = "it is the first" if previous is None else f"{previous} is gone"
        found = f"{when}; there is no earlier one to compare with: {none}."
        return [Figure("changes", title, found)]
    if damaged := damaged_files(exports, previous):
        found = f"{when}; {previous}, the one before, is damaged: {listed(damaged)}."
        return [Figure("changes", title, found)]
    before = read_manifest(exports, previous)
    compared_rows = compared(before, now, words)
    rows = pd.DataFrame(compared_rows, columns=["metric", "before", "now"])
    columns = {"metric": ("metric", ""), "before": (previous, ""), "now": (version, "")}
    reason = now.reason or "no reason is noted"
    found = f"{when}, after {previous}: {reason}."
    return [
        Figure("changes", title, found, rows, columns),
        kept_movies(exports, previous, version, words),
    ]


def compared(
    before: Manifest, now: Manifest, words: Vocabulary
) -> Iterator[tuple[str, str, str]]:
    """Yield each count and metric of two versions, as the table shows it."""
    old, new = (version.about or About() for version in (before, now))
    yield "data set", old.dataset.name or "", new.dataset.name or ""
    for name in dict.fromkeys([*new.counts, *old.counts]):
        yield words.called(name), count_of(old, name), count_of(new, name)
    for name in dict.fromkeys([*new.metrics, *old.metrics]):
        yield name.replace("_", " "), metric_of(old, name), metric_of(new, name)


def count_of(about: About, name: str) -> str:
    """Return a count as the table shows it, empty where it is not known."""
    return f"{about.counts[name]:,}" if name in about.counts else ""


def metric_of(about: About, name: str) -> str:
    """Return a metric as the table shows it, empty where it is not known."""
    return f"{about.metrics[name].value:.4g}" if name in about.metrics else ""


def kept_movies(
    exports: Path, previous: str, version: str, words: Vocabulary
) -> Figure:
    """Return how many movies of each user's list are new since the version before."""
    old, new = (
        pq.read_table(
            exports / name / "recommendations.parquet", columns=["user_id", "movie_id"]
        ).to_pandas()
        for name in (previous, version)
    )
    users = set(old["user_id"].unique()) & set(new["user_id"].unique())
    shared = new[new["user_id"].isin(users)]
    kept = shared.merge(old, on=["user_id", "movie_id"], how="left", indicator=True)
    fresh = (kept["_merge"] == "left_only").groupby(kept["user_id"]).sum()
    title = f"How many {words.items} of a list are new"
    if fresh.empty:
        none = "The two versions have no user in common."
        return Figure("list_changes", title, none)
    sizes = fresh.value_counts().reindex(range(int(fresh.max()) + 1), fill_value=0)
    rows = pd.DataFrame({"new_movies": sizes.index, "users": sizes.to_numpy()})
    columns = {
        "new_movies": (f"new {words.items} in a user's list", "d"),
        "users": ("users", ",.0f"),
    }
    same = int((fresh == 0).sum())
    chart = charts.vertical_bars(rows, columns, "new_movies", "users")
    finding = (
        f"Of {count(len(fresh), 'user')} in both versions {same:,} "
        f"{'has' if same == 1 else 'have'} the same {words.items} as before; on "
        f"average {fresh.mean():.1f} of a list are new."
    )
    return Figure("list_changes", title, finding, rows, columns, chart)


CHANGES = Topic(
    "changes",
    "Changes since the last published version",
    "What did the last publishing change for users?",
    [],
    "",
    lambda frames, words: [],
)
