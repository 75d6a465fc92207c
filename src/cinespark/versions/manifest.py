"""What a version says of itself: its manifest, read and written here alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.files import replace_file, sha256_of
from cinespark.names import PUBLISHED
from cinespark.vocabulary import USUAL, Vocabulary, vocabulary_of

MANIFEST = "manifest.json"
NO_PREDICTOR = "none"  # the name of the predictor that predicts nothing


@dataclass(frozen=True)
class PublishedFile:
    """One file of a version; `rows` is None for a file without rows."""

    path: str
    format: str
    rows: int | None
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """The data set that a version was made of; None for what is not known."""

    name: str | None = None
    source: str | None = None
    licence: str | None = None
    sha256: str | None = None
    incoming_sha256: str | None = None  # of the segments of sent ratings
    stream: Mapping[str, object] | None = None  # read so far: topic and next_offsets


@dataclass(frozen=True)
class Metric:
    """A metric, with the ends of its 95 % interval where that is known."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class CheckOutcome:
    """The outcome of one check before publishing."""

    rule: str
    suite: str
    severity: str
    observed: float | None
    expected: str
    success: bool
    meaning: str = ""


@dataclass(frozen=True)
class About:
    """The build that a version comes from; None or empty for what is not known."""

    dataset: Dataset = field(default_factory=Dataset)
    counts: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    checks: tuple[CheckOutcome, ...] = ()
    model_version: str | None = None
    run_id: str | None = None
    invocation_id: str | None = None
    git_commit: str | None = None
    vocabulary: Vocabulary = USUAL

    @property
    def predicts_stars(self) -> bool:
        """Whether there are stars, and a predictor of them publishes."""
        predictor = self.parameters.get(f"{PUBLISHED}.predictor")
        return self.vocabulary.has_stars and predictor != NO_PREDICTOR


@dataclass(frozen=True)
class Manifest:
    """A version's manifest.

    Parameters
    ----------
    content_sha256
        One sum over everything that is published, but for the time of the build.
    previous
        The version that was current when this one was published.
    reason
        Why it was published, in a sentence.
    registered_version
        The number of its model in MLflow's registry.
    about
        None in versions of older releases, which do not say what they were made of.
    """

    version: str
    content_sha256: str
    published_at: str | None = None
    previous: str | None = None
    reason: str | None = None
    registered_version: str | None = None
    about: About | None = None
    files: tuple[PublishedFile, ...] = ()

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the build, as usual in versions of older releases."""
        return self.about.vocabulary if self.about else USUAL

    @property
    def predicts_stars(self) -> bool:
        """Whether a predictor publishes, as one did in all older releases."""
        return self.about is None or self.about.predicts_stars


def read_manifest(exports: Path, version: str) -> Manifest:
    """Return a version's manifest.

    Raises
    ------
    CineSparkError
        If the version has none, or one that is damaged.
    """
    file = exports / version / MANIFEST
    manifest = _read(file)
    if manifest is None:
        state = "cannot be read" if file.exists() else "is missing"
        raise CineSparkError(
            f"version {version} is damaged, {file} {state}: publish again with "
            "`dbt build`, or go back with `cinespark rollback`"
        )
    return manifest


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write a version's manifest into its folder."""
    replace_file(folder / MANIFEST, to_json(manifest))


def damaged_files(exports: Path, version: str, *, by_sum: bool = True) -> list[str]:
    """Return which files of a version are missing or not as they were published.

    Parameters
    ----------
    by_sum
        Whether to compare SHA-256 sums, or only sizes, which reads no file.
    """
    folder = exports / version
    manifest = _read(folder / MANIFEST)
    if manifest is None:
        return [MANIFEST]
    return [
        file.path
        for file in manifest.files
        if not (folder / file.path).is_file()
        or (folder / file.path).stat().st_size != file.bytes
        or (by_sum and sha256_of(folder / file.path) != file.sha256)
    ]


def to_json(manifest: Manifest) -> str:
    """Return a manifest as it is written, keys in the order of the fields."""
    written = asdict(manifest)
    if manifest.about is not None:
        written["about"]["metrics"] = {
            name: metric.value if metric.low is None else asdict(metric)
            for name, metric in manifest.about.metrics.items()
        }
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _read(file: Path) -> Manifest | None:
    """Return what a manifest says, None where it is missing or damaged.

    Only what a version cannot do without has to be there and of its type; of the rest
    each release has written what it knew.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return _manifest(found) if found["version"] == file.parent.name else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _manifest(found: Mapping[str, object]) -> Manifest:
    about = found.get("about", {})
    if not isinstance(about, dict):
        raise TypeError("about is no object")
    return Manifest(
        version=_required_text(found["version"]),
        content_sha256=_required_text(found["content_sha256"]),
        published_at=_text(found.get("published_at")),
        previous=_text(found.get("previous")),
        reason=_text(found.get("reason")),
        registered_version=_text(found.get("registered_version")),
        about=_about(about) if "about" in found else None,
        files=tuple(_published_file(file) for file in _required_list(found["files"])),
    )


def _published_file(found: Mapping[str, object]) -> PublishedFile:
    rows, size = found["rows"], found["bytes"]
    if not isinstance(size, int) or not isinstance(rows, int | None):
        raise TypeError("rows and bytes are whole numbers")
    return PublishedFile(
        path=_required_text(found["path"]),
        format=_required_text(found["format"]),
        rows=rows,
        bytes=size,
        sha256=_required_text(found["sha256"]),
    )


def _about(found: Mapping[str, object]) -> About:
    dataset = _object(found.get("dataset"))
    return About(
        dataset=Dataset(
            name=_text(dataset.get("name")),
            source=_text(dataset.get("source")),
            licence=_text(dataset.get("licence")),
            sha256=_text(dataset.get("sha256")),
            incoming_sha256=_text(dataset.get("incoming_sha256")),
            stream=_object(dataset.get("stream")) or None,
        ),
        counts={
            name: count
            for name, count in _object(found.get("counts")).items()
            if isinstance(count, int)
        },
        parameters={
            name: str(value) for name, value in _object(found.get("parameters")).items()
        },
        metrics={
            name: metric
            for name, value in _object(found.get("metrics")).items()
            if (metric := _metric(value)) is not None
        },
        checks=tuple(_check(_object(check)) for check in _list(found.get("checks"))),
        model_version=_text(found.get("model_version")),
        run_id=_text(found.get("run_id")),
        invocation_id=_text(found.get("invocation_id")),
        git_commit=_text(found.get("git_commit")),
        vocabulary=vocabulary_of(_object(found.get("vocabulary"))),
    )


def _metric(found: object) -> Metric | None:
    """Return a metric that is a number, or a number with its interval."""
    parts = found if isinstance(found, dict) else {"value": found}
    value = _number(parts.get("value"))
    if value is None:
        return None
    return Metric(value, _number(parts.get("low")), _number(parts.get("high")))


def _check(found: Mapping[str, object]) -> CheckOutcome:
    return CheckOutcome(
        rule=_text(found.get("rule")) or "a rule",
        suite=_text(found.get("suite")) or "",
        severity=_text(found.get("severity")) or "",
        observed=_number(found.get("observed")),
        expected=_text(found.get("expected")) or "",
        success=found.get("success") is True,
        meaning=_text(found.get("meaning")) or "",
    )


def _required_text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError(f"{found!r} is no text")
    return found


def _required_list(found: object) -> list[Mapping[str, object]]:
    if not isinstance(found, list):
        raise TypeError(f"{found!r} is no list")
    return found


def _text(found: object) -> str | None:
    return found if isinstance(found, str) else None


def _number(found: object) -> float | None:
    return found if isinstance(found, int | float) else None


def _object(found: object) -> Mapping[str, object]:
    return found if isinstance(found, dict) else {}


def _list(found: object) -> Sequence[object]:
    return found if isinstance(found, list) else []
