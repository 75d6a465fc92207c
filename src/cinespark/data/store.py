"""The folder of data sets: each is replaced as a whole, and one is current."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cinespark import files
from cinespark.data import landing
from cinespark.errors import CineSparkError
from cinespark.files import NEW
from cinespark.lock import locked

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
    files.remove_unfinished(data_dir)


@contextmanager
def replacing(data_dir: Path, dataset: str) -> Iterator[Path]:
    """Give an empty folder, which replaces the data set if the block does not raise.

    If the data set is the same already, its files are kept, with their times.
    """
    new = data_dir / f"{NEW}{dataset}"
    new.mkdir()
    try:
        yield new
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    old, final = data_dir / f"{OLD}{dataset}", data_dir / dataset
    there = landing.read_whole(final)
    if there is not None and there == landing.read_manifest(new):
        shutil.rmtree(new)
        return
    if final.exists():
        final.rename(old)
    new.rename(final)
    if old.exists():
        shutil.rmtree(old)


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
