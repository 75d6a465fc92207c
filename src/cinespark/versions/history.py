"""What was published, when and why: one entry per version."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from cinespark.versions.disk import DiskUse, disk_use
from cinespark.versions.manifest import MANIFEST, About, damaged_files, read_manifest
from cinespark.versions.marks import read_marks
from cinespark.versions.versions import current_version, require_current, versions


@dataclass(frozen=True)
class Entry:
    """What the history says of a version; None for what its manifest does not say.

    Parameters
    ----------
    damaged_files
        Files that are missing, or whose size is not as published.
    rows
        How many recommendations the version holds.
    warnings
        Rules that did not hold but do not stop publishing.
    marked_bad_at
        When somebody rolled it back.
    bytes, shared_bytes
        Of its files, and of those that are one file with other versions'.
    """

    version: str
    is_current: bool
    damaged_files: list[str]
    published_at: str | None = None
    dataset: str | None = None
    users: int | None = None
    rows: int | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    passed_checks: int = 0
    warnings: list[str] = field(default_factory=list)
    reason: str | None = None
    marked_bad_at: str | None = None
    bytes: int = 0
    shared_bytes: int = 0


def history(exports: Path) -> list[Entry]:
    """Return one entry per version, newest first, the current one even if it is lost.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    names = {require_current(exports), *versions(exports)}
    uses = disk_use(exports, names)
    return [
        entry(exports, version, uses[version])
        for version in sorted(names, reverse=True)
    ]


def entry(exports: Path, version: str, use: DiskUse) -> Entry:
    """Return what the history says of a version."""
    is_current = version == current_version(exports)
    damaged = damaged_files(exports, version, by_sum=False)
    if MANIFEST in damaged:
        return Entry(version, is_current, damaged, **vars(use))
    manifest = read_manifest(exports, version)
    mark = read_marks(exports).bad.get(version)
    about = manifest.about or About()
    rows = {file.path: file.rows for file in manifest.files}
    return Entry(
        version,
        is_current,
        damaged,
        published_at=manifest.published_at,
        dataset=about.dataset.name,
        users=about.counts.get("users"),
        rows=rows.get("recommendations.parquet"),
        metrics={name: metric.value for name, metric in about.metrics.items()},
        passed_checks=sum(check.success for check in about.checks),
        warnings=[check.rule for check in about.checks if not check.success],
        reason=manifest.reason,
        marked_bad_at=mark.marked_at if mark else None,
        **vars(use),
    )


def rows_of(entries: list[Entry]) -> list[dict[str, object]]:
    """Return one row per entry, with a column per metric and lists as words."""
    rows = []
    for one in entries:
        row: dict[str, object] = asdict(one)
        del row["metrics"]
        row["damaged_files"] = " ".join(one.damaged_files)
        row["warnings"] = " ".join(one.warnings)
        rows.append(row | one.metrics)
    return rows
