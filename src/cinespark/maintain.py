"""Free the disk of what killed commands left, and of what nobody needs any more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cinespark.data import store
from cinespark.files import remove, unfinished
from cinespark.lock import locked
from cinespark.names import DATABASE
from cinespark.publish.publish import leftovers
from cinespark.spark_session import credentials_of, read_profile, start_session, worded
from cinespark.stream.holding import no_stream
from cinespark.stream.table import SCHEMA, TABLE
from cinespark.track.client import open_tracking
from cinespark.track.prune import remove_artifacts, unused_artifacts
from dbt.adapters.sparksession.locks import hold_schema, release_schemas
from dbt.adapters.sparksession.orphans import orphan_files


def maintain(
    root: Path,
    state: Path,
    exports: Path,
    target: str | None,
    say: Callable[[str], None],
    *,
    dry_run: bool,
) -> int:
    """Free what no table, version, data set or run of MLflow needs; return its bytes.

    A command that writes is waited for, and one that begins meanwhile waits: so nothing
    that is still being written is taken for a leftover. While a stream runs, which may
    never end, its table is left alone.

    Parameters
    ----------
    root, state, exports
        The folders of the project, of its state and of its versions.
    target
        The target of the profile whose Spark is used, None for the default one.
    say
        Told what is waited for, and what each step frees.
    dry_run
        Whether only to say what would be freed.

    Raises
    ------
    CineSparkError
        If Spark does not start, or a table refers to a file that is not there.
    """
    total = 0

    def free(what: str, paths: list[Path], do: Callable[[list[Path]], None]) -> None:
        nonlocal total
        size = sum(map(bytes_of, paths))
        total += size
        say(f"{what}: {len(paths):,}, {size / 1e6:,.1f} MB")
        if paths and not dry_run:
            do(paths)

    with schemas_at_rest(state, say) as schemas:
        if schemas:
            free("files of no table", orphans_of(root, state, target, schemas), remove)
        free("rankers of no table", unnamed_rankers(state, schemas), remove)
        if (state / DATABASE).is_file():
            client = open_tracking(state)
            folders = unused_artifacts(client)
            free(
                "artifacts of old builds",
                folders,
                lambda found: remove_artifacts(client, found),
            )
        with locked(exports, lambda: say("waiting for a build to publish")):
            free("unfinished versions", leftovers(exports), remove)
        data = state / "data"
        with locked(data, lambda: say("waiting for a cinespark data to end")):
            found = unfinished(data) + store.unused(data)
            free("data that was replaced", found, lambda found: store.tidy(data))
    return total


@contextmanager
def schemas_at_rest(state: Path, say: Callable[[str], None]) -> Iterator[list[str]]:
    """Hold all schemas, and give the names of those that no stream writes to."""
    with holding_schemas(state, say) as held, no_stream(state) as is_still:
        if not is_still and SCHEMA in held:
            say(f"a stream writes to {TABLE}, so its files stay as they are")
        yield [name for name in held if is_still or name != SCHEMA]


@contextmanager
def holding_schemas(state: Path, say: Callable[[str], None]) -> Iterator[list[str]]:
    """Hold all schemas that something was written to, and give their names."""
    folders = (state / "warehouse").glob("*/")
    locks = (state / "locks").glob("*.lock")
    names = {folder.name for folder in folders} | {lock.stem for lock in locks}
    names |= {folder.name for folder in (state / "rankers").glob("*/")}
    try:
        for name in sorted(names):  # in one order, or two could wait for each other
            hold_schema(state, name, "cinespark maintain", say)
        yield sorted(names)
    finally:
        release_schemas()


def orphans_of(
    root: Path, state: Path, target: str | None, schemas: list[str]
) -> list[Path]:
    """Return the files in the folders of schemas that none of their tables has."""
    session = start_session(credentials_of(read_profile(root, target), root, state))
    with worded():
        return [
            file for schema in schemas for file in orphan_files(session, state, schema)
        ]


def unnamed_rankers(state: Path, schemas: list[str]) -> list[Path]:
    """Return the files of rankers of schemas whose table `ranker` was dropped."""
    return [
        file
        for schema in schemas
        if not (state / "warehouse" / schema / "ranker").is_dir()
        for file in (state / "rankers" / schema).glob("*.npz")
    ]


def bytes_of(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.lstat().st_size for file in files if not file.is_dir())
