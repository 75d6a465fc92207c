"""Publishing: write a version as a folder of files, then make it the current one."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.files import NEW, remove, replace_file, sha256_of, sync, unfinished
from cinespark.lock import alone, locked
from cinespark.publish.content import Content, content_sha256, in_order, write_files
from cinespark.publish.current import point_current_at
from cinespark.publish.model_card import model_card
from cinespark.publish.shared_files import link_shared
from cinespark.versions.change_summary import reason
from cinespark.versions.manifest import (
    MANIFEST,
    About,
    Manifest,
    PublishedFile,
    damaged_files,
    read_manifest,
    write_manifest,
)
from cinespark.versions.marks import MARKS, Marks, read_marks
from cinespark.versions.versions import current_version, read_current, versions

FILES_SCHEMA = (
    "version string, path string, format string, "
    "row_count bigint, byte_count bigint, sha256 string"
)
FileRow = tuple[str, str, str, int | None, int, str]
KEEP = 5
OLD = ".old-"  # how the name begins of a version that is being removed
TIME = "%Y%m%dT%H%M%SZ"


def publish(
    content: Content,
    exports: Path,
    about: About,
    register: Callable[[Path], str | None] = lambda folder: None,
    promote: Callable[[Manifest], None] = lambda manifest: None,
    forget: Callable[[About], None] = lambda about: None,
    keep: int = KEEP,
    fold: Callable[[str], None] = lambda version: None,
    unfold: Callable[[str], None] = lambda version: None,
) -> list[FileRow]:
    """Make a version of this content current, and return its files.

    An undamaged version with the same content and words is used again. `current` is
    replaced last, in one step: what a crash leaves, the next publishing cleans up.

    Parameters
    ----------
    content
        If it holds no recommendations, nothing is published.
    exports, about
        The folder of all versions, and the build that the content comes from.
    register
        Called with the folder of a new version; returns the number of its model.
    promote
        Called with the manifest of the current version at every publishing, as a crash
        may have prevented it the last time.
    forget
        Called with the build of each version that goes, if its model goes with it.
    keep
        How many of the newest versions stay; the current one, the one before it and
        those that somebody rolled back to stay in any case, and so does what is read.
    fold, unfold
        Called with the name of a version that is to become current, and of one that
        goes: to take in what came since it was made, and to drop that.

    Returns
    -------
    list
        One row per file, in the columns of FILES_SCHEMA; paths start at `exports`.

    Raises
    ------
    CineSparkError
        If this content was published and somebody rolled it back.
    """
    with locked(exports, on_wait=lambda: None):
        remove(leftovers(exports))
        if content.recommendations.num_rows == 0:  # `dbt build --empty`
            return files_of(exports, current_version(exports))
        total = content_sha256(content := in_order(content))
        marks = marks_that_allow(total, exports)
        version = version_with(total, about, exports) or write_version(
            content, total, exports, about, register
        )
        make_current(exports, version, fold)
        promote(manifest := read_manifest(exports, version))
        staying = {version, manifest.previous, *marks.kept}
        remove_old(exports, keep, staying, forget, unfold)
        return files_of(exports, version)


def make_current(exports: Path, version: str, fold: Callable[[str], None]) -> None:
    """Make a version current, which first takes in what came since it was made.

    One that is current already does so by itself.
    """
    if version != read_current(exports):
        fold(version)
    point_current_at(exports, version)


def marks_that_allow(total: str, exports: Path) -> Marks:
    """Return the marks of versions, and raise if they say that a content is bad.

    Raises
    ------
    CineSparkError
        If somebody rolled a version with this content back.
    """
    marks = read_marks(exports)
    if bad := marks.bad_with(total):
        raise bad_content(bad, marks, exports)
    return marks


def bad_content(version: str, marks: Marks, exports: Path) -> CineSparkError:
    """Return the error that says that this content was rolled back."""
    if version in versions(exports):
        anyway = f"make it current with `cinespark rollback {version}`"
    else:
        anyway = f"remove {version} from {exports / MARKS}"
    return CineSparkError(
        f"the content of this build is that of version {version}, which was rolled "
        f"back at {marks.bad[version].marked_at}, so nothing is published, and "
        f"{current_version(exports)} stays current: change the data or the parameters, "
        f"or, if it is not bad, {anyway}"
    )


def version_with(total: str, about: About, exports: Path) -> str | None:
    """Return an undamaged version with this content: the current one, or the newest.

    None whose manifest and card have other words for it than the build has.
    """
    names = sorted(versions(exports), reverse=True)
    names.sort(key=lambda name: name != current_version(exports))
    for name in names:
        if (
            MANIFEST not in damaged_files(exports, name, by_sum=False)
            and (manifest := read_manifest(exports, name)).content_sha256 == total
            and manifest.vocabulary == about.vocabulary
            and not damaged_files(exports, name)
        ):
            return name
    return None


def write_version(
    content: Content,
    total: str,
    exports: Path,
    about: About,
    register: Callable[[Path], str | None],
) -> str:
    """Write a new version's folder, complete or not at all, and return its name."""
    now = datetime.now(UTC)
    version = f"{later_than_all(versions(exports), now):{TIME}}-{total[:8]}"
    new = exports / f"{NEW}{version}"
    new.mkdir()
    rows = write_files(content, new)
    previous = current_version(exports)
    manifest = Manifest(
        version=version,
        content_sha256=total,
        published_at=now.isoformat(timespec="seconds"),
        previous=previous,
        reason=reason(about, total, exports, previous),
        registered_version=register(new),
        about=about,
    )
    replace_file(new / "model_card.md", model_card(manifest))
    files = [describe(file, rows.get(file.name)) for file in sorted(new.iterdir())]
    link_shared(exports, new, files)
    write_manifest(replace(manifest, files=tuple(files)), new)
    new.rename(exports / version)
    return version


def later_than_all(there: list[str], now: datetime) -> datetime:
    """Return now, or the second after the newest version if that is later."""
    if not there:
        return now
    newest = datetime.strptime(there[-1].split("-")[0], TIME).replace(tzinfo=UTC)
    return max(now, newest + timedelta(seconds=1))


def leftovers(exports: Path) -> list[Path]:
    """Return what a crash left behind of writing or removing versions."""
    return unfinished(exports) + sorted(exports.glob(f"{OLD}*"))


def remove_old(
    exports: Path,
    keep: int,
    staying: set[str | None],
    forget: Callable[[About], None],
    unfold: Callable[[str], None],
) -> None:
    """Remove all but the newest versions and those that stay in any case."""
    there = versions(exports)
    leaving = {name for name in there[:-keep] if name not in staying}
    models = {about.model_version for about in abouts(exports, {*there} - leaving)}
    for old in sorted(leaving):
        with alone(exports / old) as is_free:
            if is_free:
                for about in abouts(exports, {old}):
                    if about.model_version not in models:
                        forget(about)
                remove_version(exports / old)
                unfold(old)


def abouts(exports: Path, names: set[str]) -> list[About]:
    """Return the builds that versions come from, of those that say it."""
    manifests = (
        read_manifest(exports, name)
        for name in names
        if MANIFEST not in damaged_files(exports, name, by_sum=False)
    )
    return [manifest.about for manifest in manifests if manifest.about is not None]


def remove_version(folder: Path) -> None:
    """Remove a version in one step."""
    gone = folder.with_name(f"{OLD}{folder.name}")
    folder.rename(gone)
    shutil.rmtree(gone)


def describe(file: Path, rows: int | None) -> PublishedFile:
    """Return what the manifest says of a file, once the file is on the disk."""
    sync(file)
    return PublishedFile(
        path=file.name,
        format=file.suffix.removeprefix("."),
        rows=rows,
        bytes=file.stat().st_size,
        sha256=sha256_of(file),
    )


def files_of(exports: Path, version: str | None) -> list[FileRow]:
    """Return a version's files in the columns of FILES_SCHEMA, none of no version."""
    if version is None:
        return []
    return [
        (
            version,
            f"{version}/{file.path}",
            file.format,
            file.rows,
            file.bytes,
            file.sha256,
        )
        for file in read_manifest(exports, version).files
    ]
