"""Going back to a version that was published before."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.lock import locked
from cinespark.publish.current import point_current_at
from cinespark.versions.manifest import MANIFEST, Manifest, damaged_files, read_manifest
from cinespark.versions.marks import Bad, Marks, read_marks, write_marks
from cinespark.versions.versions import current_version, read_current, versions


def rollback(
    exports: Path,
    version: str | None = None,
    promote: Callable[[Manifest], None] = lambda manifest: None,
    on_wait: Callable[[], None] = lambda: None,
    fold: Callable[[str], None] = lambda version: None,
) -> tuple[str | None, str]:
    """Make a version current that was published before.

    A newer one that is left is marked as bad: its content is not published by itself
    again. The mark of the one that is chosen goes.

    Parameters
    ----------
    version
        Its name; without one the version that was current before.
    promote
        Called with the manifest of the version once it is current.
    on_wait
        Called if a build is publishing, which has to end first.
    fold
        As `publish` takes it.

    Returns
    -------
    tuple
        The version that was current, and the one that is.

    Raises
    ------
    CineSparkError
        If the version does not exist or is damaged, and then nothing is changed; or
        if `promote` raises it.
    """
    if not versions(exports):
        raise CineSparkError(
            f"nothing is published in {exports}: run `make run`, or `dbt build`"
        )
    with locked(exports, on_wait):
        before = read_current(exports) or None
        version = version or version_before(current_version(exports), exports)
        require_whole(version, before, exports)
        if version != before:
            fold(version)
        write_marks(exports, marked(before, version, exports))
        point_current_at(exports, version)
        try:
            promote(read_manifest(exports, version))
        except CineSparkError as error:
            raise CineSparkError(f"{version} is current now, but {error}") from error
        return before, version


def require_whole(version: str, before: str | None, exports: Path) -> None:
    """Raise unless a version is there, as it was published.

    Raises
    ------
    CineSparkError
        If it is not; `before` stays current.
    """
    there = versions(exports)
    if version not in there:
        raise CineSparkError(
            f"there is no version {version} in {exports}: choose one of "
            f"{', '.join(reversed(there))}"
        )
    if damaged := damaged_files(exports, version):
        raise CineSparkError(
            f"version {version} is damaged, these files in {exports / version} are "
            f"missing or not as published: {', '.join(damaged)}; "
            f"{before or 'nothing'} stays current: choose another one from "
            "`cinespark history`, or publish again with `dbt build`"
        )


def marked(before: str | None, now: str, exports: Path) -> Marks:
    """Return the marks after going from one version to another."""
    marks = read_marks(exports)
    bad = {name: mark for name, mark in marks.bad.items() if name != now}
    is_whole = before in versions(exports) and not damaged_files(exports, str(before))
    if before is not None and is_whole and now < before:  # what is damaged is not bad
        total = read_manifest(exports, before).content_sha256
        bad[before] = Bad(total, datetime.now(UTC).isoformat(timespec="seconds"))
    there = {now, *marks.kept} & set(versions(exports)) - set(bad)
    return Marks(bad, tuple(sorted(there)))


def version_before(current: str | None, exports: Path) -> str:
    """Return the version that was current before, or else the newest older one.

    None that was rolled back; one whose files are all there, with their sizes, is
    preferred.

    Raises
    ------
    CineSparkError
        If there is none.
    """
    bad = read_marks(exports).bad
    there = [name for name in versions(exports) if name not in bad or name == current]
    older = [name for name in reversed(there) if current is None or name < current]
    if current in there and MANIFEST not in damaged_files(
        exports, current, by_sum=False
    ):
        previous = read_manifest(exports, current).previous
        older = [name for name in there if name == previous] + older
    if not older:
        raise CineSparkError(
            f"there is no version before {current} in {exports} that was not rolled "
            f"back: choose one of {', '.join(reversed(versions(exports)))} with "
            "`cinespark rollback VERSION`"
        )
    whole = (name for name in older if not damaged_files(exports, name, by_sum=False))
    return next(whole, older[0])
