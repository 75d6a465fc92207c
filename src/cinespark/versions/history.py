"""What was published, when and why: a line a version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cinespark.versions.manifest import MANIFEST, damaged_files, read_manifest
from cinespark.versions.versions import current_version, require_current, versions


@dataclass(frozen=True)
class Entry:
    """What the history says of a version, None where its manifest does not.

    Parameters
    ----------
    damaged_files
        Files that are missing or of another size than was published.
    rows
        How many recommendations the version holds.
    warnings
        Rules that did not hold, and yet let the version pass.
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


def history(exports: Path) -> list[Entry]:
    """Return a line a version, newest first; the current one is there even if lost.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    names = {require_current(exports), *versions(exports)}
    return [entry(exports, version) for version in sorted(names, reverse=True)]


def entry(exports: Path, version: str) -> Entry:
    """Return the line of a version."""
    is_current = version == current_version(exports)
    damaged = damaged_files(exports, version, by_sum=False)
    if MANIFEST in damaged:
        return Entry(version, is_current, damaged)
    manifest = read_manifest(exports, version)
    about = manifest.get("about", {})
    checks = about.get("checks", [])
    rows = {file["path"]: file["rows"] for file in manifest["files"]}
    return Entry(
        version,
        is_current,
        damaged,
        published_at=manifest.get("published_at"),
        dataset=about.get("dataset", {}).get("name"),
        users=about.get("counts", {}).get("users"),
        rows=rows.get("recommendations.parquet"),
        metrics={
            name: value_of(metric) for name, metric in about.get("metrics", {}).items()
        },
        passed_checks=sum(check["success"] for check in checks),
        warnings=[
            str(check.get("rule", "a rule")) for check in checks if not check["success"]
        ],
        reason=manifest.get("reason"),
    )


def value_of(metric: float | Mapping[str, float]) -> float:
    """Return a metric's value, whether or not its interval is known."""
    return metric["value"] if isinstance(metric, Mapping) else metric


def rows_of(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return a row an entry, a column a metric, lists as words."""
    rows: list[dict[str, Any]] = []
    for one in entries:
        row = asdict(one)
        for name in ("damaged_files", "warnings"):
            row[name] = " ".join(row[name])
        rows.append(row | row.pop("metrics"))
    return rows
