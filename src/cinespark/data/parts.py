"""Files to read, plain or packed: in folders, gzip and zip archives."""

import errno
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from cinespark.data.foreign import way_out_of
from cinespark.errors import CineSparkError


@dataclass(frozen=True)
class Part:
    """One file, or one member of a zip archive; `name` is without the packing's."""

    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return f"{self.path}{f' ({self.member})' if self.member else ''}"

    @property
    def shown(self) -> str:
        """Its path in the archive, or its name."""
        return self.member or self.path.name

    @property
    def name(self) -> str:
        # some archives of Windows have backslashes between folders
        return (self.member or self.path.name).replace("\\", "/").rpartition("/")[2]

    @property
    def is_plain(self) -> bool:
        return self.member is None and not self.is_gzip

    @property
    def is_gzip(self) -> bool:
        return self.name.lower().endswith(".gz")

    @property
    def is_parquet(self) -> bool:
        return self.name.lower().endswith((".parquet", ".pq"))


@dataclass(frozen=True)
class Given:
    """What was brought under one name: a file, or the parts that Spark wrote of it."""

    name: str
    parts: tuple[Part, ...]

    @property
    def stem(self) -> str:
        """The name in lower case, without endings: "Ratings.csv.gz" is "ratings"."""
        return re.sub(ENDINGS, "", self.name.lower())

    @property
    def shown(self) -> str:
        """Its path in the archive, or its name; of part files that of their folder."""
        first = self.parts[0]
        if first.member is None or not is_part_name(first.name):
            return first.shown if first.name == self.name else self.name
        return first.member.removesuffix(first.name).rstrip("/\\") or self.name


ENDINGS = r"(\.(csv|tsv|psv|txt|dat|data|parquet|pq|gz|gzip|zip|snappy))+$"
READABLE = re.compile(
    r"\.(csv|tsv|psv|txt|dat|data|item|user|inter|parquet|pq)(\.gz)?$", re.IGNORECASE
)


@contextmanager
def opened(part: Part) -> Iterator[BinaryIO]:
    """Open a part's bytes, unpacked.

    Raises
    ------
    CineSparkError
        If its packing is damaged or locked by a password.
    """
    try:
        if part.member is not None:
            with (
                zipfile.ZipFile(part.path) as archive,
                archive.open(part.member) as stream,
                _unzipped(stream, part) as unpacked,
            ):
                yield unpacked
        else:
            with part.path.open("rb") as stream, _unzipped(stream, part) as unpacked:
                yield unpacked
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise CineSparkError(
            f"{part} is not a whole archive ({error}): pack or fetch it again"
        ) from error
    except OSError as error:
        if part.member is None or error.errno != errno.EINVAL:
            raise
        raise CineSparkError(
            f"{part} is not where its archive says: pack or fetch it again"
        ) from error
    except (RuntimeError, NotImplementedError) as error:  # what zipfile raises
        raise CineSparkError(
            f"{part} cannot be unpacked here ({error}): unpack it first"
        ) from error


@contextmanager
def _unzipped(stream: IO[bytes], part: Part) -> Iterator[BinaryIO]:
    if not part.is_gzip:
        yield cast(BinaryIO, stream)
        return
    with gzip.open(stream) as unpacked:
        yield cast(BinaryIO, unpacked)


def size_of(part: Part) -> int:
    """Return how many bytes a part takes unpacked, of gzip a guess."""
    if part.member is not None:
        with zipfile.ZipFile(part.path) as archive:
            return archive.getinfo(part.member).file_size
    packed = part.path.stat().st_size
    return 5 * packed if part.is_gzip else packed


def list_given(brought: Path) -> list[Given]:
    """Return what a folder, a zip archive or a single file holds to read, by name."""
    if is_spark_folder(brought) or _has_partitions(brought):
        found = [Given(brought.name, _spark_parts(brought))]
    elif brought.is_dir():
        found = [given for one in sorted(brought.iterdir()) for given in _of(one)]
    elif brought.suffix.lower() == ".zip" or way_out_of(brought.name):
        found = list(_of(brought))
    else:  # whatever the ending of one file is
        found = [Given(brought.name, (Part(brought),))]
    return [one for one in found if one.parts]


def is_spark_folder(path: Path) -> bool:
    """Return whether a path is itself a folder of part files, and of nothing else."""
    if not path.is_dir():
        return False
    seen = [one.name for one in path.iterdir() if not one.name.startswith((".", "_"))]
    files = [name for name in seen if READABLE.search(name)]
    return bool(files) and all(map(is_part_name, files))


def _has_partitions(path: Path) -> bool:
    return path.is_dir() and any("=" in one.name for one in path.glob("*/"))


def _of(path: Path) -> Iterator[Given]:
    if path.name.startswith((".", "_")):
        return
    if path.is_dir():
        yield Given(path.name, _spark_parts(path) or _same_in(path))
    elif path.suffix.lower() == ".zip":
        yield from _members(path)
    elif READABLE.search(path.name):
        yield Given(path.name, (Part(path),))


def _spark_parts(folder: Path) -> tuple[Part, ...]:
    """Return the part files of a folder that Spark wrote, none of any other folder."""
    files = sorted(folder.iterdir())
    names = {one.name for one in files}
    partitions = [one.name for one in files if one.is_dir() and "=" in one.name]
    if partitions:
        raise _partitioned(str(folder), partitions[0])
    if "_temporary" in names and "_SUCCESS" not in names:
        raise CineSparkError(
            f"{folder} was not written to its end, as its folder _temporary says: "
            "write it again"
        )
    parts = [one for one in files if is_part_name(one.name)]
    return tuple(Part(one) for one in parts if one.stat().st_size > 0)


def _same_in(folder: Path) -> tuple[Part, ...]:
    """Return the file in a folder of the same name, as unpacking may leave it."""
    one = folder / folder.name
    return (Part(one),) if READABLE.search(one.name) and one.is_file() else ()


def _partitioned(where: str, partition: str) -> CineSparkError:
    return CineSparkError(
        f"{where} is divided into folders such as {partition}, whose columns are in "
        "their names: write it without partitionBy"
    )


def is_part_name(name: str) -> bool:
    """Return whether Spark or Dask may have given a file this name."""
    return name.startswith(("part-", "part.")) and READABLE.search(name) is not None


def _members(archive: Path) -> Iterator[Given]:
    """Yield the files of an archive, parts of one folder together."""
    try:
        with zipfile.ZipFile(archive) as opened_archive:
            names = sorted(opened_archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise CineSparkError(
            f"{archive} is not a whole zip archive ({error}): fetch it again"
        ) from error
    readable = [
        name
        for name in names
        if READABLE.search(name)
        and not any(one.startswith((".", "_")) for one in re.split(r"[/\\]", name))
    ]
    folders: dict[Path, list[Part]] = {}
    for name in readable:
        path = Path(name.replace("\\", "/"))
        if is_part_name(path.name):
            if "=" in path.parent.name:
                raise _partitioned(str(archive), path.parent.name)
            folders.setdefault(path.parent, []).append(Part(archive, name))
        elif len(readable) == 1:  # ratings.csv.zip is ratings.csv
            yield Given(archive.name, (Part(archive, name),))
        else:
            yield Given(path.name, (Part(archive, name),))
    for folder, parts in folders.items():
        yield Given(folder.name or archive.name, tuple(parts))


def require_different(parts: Sequence[Part]) -> None:
    """Raise if two parts have one name but for their endings, as packed and not."""
    seen: dict[str, Part] = {}
    for part in parts:
        stem = re.sub(ENDINGS, "", part.name.lower())
        if stem in seen:
            raise CineSparkError(
                f"{seen[stem]} and {part} may be the same part twice: move one away"
            )
        seen[stem] = part
