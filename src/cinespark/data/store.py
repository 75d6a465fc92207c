"""The folder of data sets: each is replaced as a whole, and one is current."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cinespark import files
from cinespark.data import landing
from cinespark.errors import CineSparkError
from cinespark.files import NEW
from cinespark.lock import alone, locked

CONTENT = ".content"
CURRENT = "current"
OLD = ".old-"


@contextmanager
def opened(data_dir: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Lock the folder of data sets, and tidy up what a killed run left."""
    with locked(data_dir, lambda: say("waiting for another cinespark data to end")):
        tidy(data_dir)
        yield


def tidy(data_dir: Path) -> None:
    """Undo a replacement that was killed half-way, and remove what it left."""
    for old in data_dir.glob(f"{OLD}*"):
        dataset = data_dir / old.name.removeprefix(OLD)
        if dataset.exists():
            shutil.rmtree(old)
        else:
            old.rename(dataset)
    files.remove(files.unfinished(data_dir))
    for folder in unused(data_dir):
        with alone(folder) as is_free:  # or a build reads it
            if is_free:
                shutil.rmtree(folder)


@contextmanager
def replacing(data_dir: Path, dataset: str) -> Iterator[Path]:
    """Give an empty folder, which replaces the data set if the block does not raise.

    The folder is named by its content, and the data set is a link to it: a build that
    has followed the link goes on reading what it began with. If the data set is the
    same already, its files are kept, with their times.
    """
    new = data_dir / f"{NEW}{dataset}"
    new.mkdir()
    try:
        yield new
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    final = data_dir / dataset
    there = landing.read_whole(final)
    if there is not None and there == landing.read_manifest(new):
        shutil.rmtree(new)
        return
    for file in new.iterdir():
        files.sync(file)
    files.sync(new)
    folder = data_dir / CONTENT / f"{dataset}-{content_name(new)}"
    folder.parent.mkdir(exist_ok=True)
    if landing.read_whole(folder) is not None:  # a build may still read it
        shutil.rmtree(new)
    else:
        shutil.rmtree(folder, ignore_errors=True)  # damaged
        new.rename(folder)
    files.sync(folder.parent)
    if final.exists() and not final.is_symlink():  # of a release without links
        final.rename(data_dir / f"{OLD}{dataset}")
    with files.replacing(final) as link:
        link.symlink_to(folder.relative_to(data_dir))
    files.sync(data_dir)
    tidy(data_dir)


def content_name(folder: Path) -> str:
    """Return the start of a SHA-256 sum of a sealed folder's content and origin."""
    manifest = folder / landing.MANIFEST
    listed = manifest if manifest.is_file() else sorted(folder.iterdir())[0]
    return files.sha256_of(listed)[:12]


def unused(data_dir: Path) -> list[Path]:
    """Return the folders of contents that no data set is any more."""
    linked = {link.resolve().name for link in data_dir.glob("*") if link.is_symlink()}
    contents = sorted((data_dir / CONTENT).glob("*"))
    return [folder for folder in contents if folder.name not in linked]


def point_current_at(data_dir: Path, dataset: str) -> None:
    """Make `current` a relative link to the data set, in one step."""
    current = data_dir / CURRENT
    if current.is_symlink():
        if str(current.readlink()) == dataset:
            return
    elif current.exists():
        raise CineSparkError(
            f"{current} is not a link that cinespark made: move it away, then run again"
        )
    with files.replacing(current) as link:
        link.symlink_to(dataset)
    files.sync(data_dir)


def check_space(folder: Path, needed: int, what: str) -> None:
    """Raise if the disk of a folder has fewer free bytes than needed."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CineSparkError(
            f"{what} needs about {megabytes(needed)} and the disk of {folder} has "
            f"{free // 1_000_000:,} MB free: make room, then run again"
        )


def megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000):,} MB"
