"""A version as it is served: opened once, and closed after the last request."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.array_files import mapped_arrays
from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.list_reasons import Explain, explaining
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.ranker_arrays import WholeRanker, whole_ranker
from cinespark.algorithms.ratings import Ids
from cinespark.errors import CineSparkError
from cinespark.lock import held
from cinespark.serve.ids import PublicId
from cinespark.serve.rules import ServedRules, served_rules
from cinespark.versions.manifest import Manifest, read_manifest
from cinespark.versions.open_files import UNREADABLE
from cinespark.versions.overlay import Overlay, overlay_file
from cinespark.versions.serving_file import SERVING, open_serving

Rows = list[sqlite3.Row]
RULES_FILE = "rules.npz"


@dataclass(frozen=True)
class Catalogue:
    """The movies in the order of the ranker's positions.

    Parameters
    ----------
    movie_ids
        In public, (movies,).
    keys
        Of the arrays, (movies,).
    years
        0 where not known, (movies,).
    genres
        By genre, which movies have it, (movies,).
    """

    movie_ids: list[PublicId]
    keys: Ids
    years: NDArray[np.int32]
    genres: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class Opened:
    """An open version.

    Parameters
    ----------
    id_type
        Of public ids: int, bigint or string.
    model_version, generated_at
        By which models its lists were made, and when.
    catalogue
        Movies at the positions of the ranker.
    explain
        As `explaining` returns it for the ranker.
    predictor
        None where no stars are predicted.
    rules
        None where nothing but scores makes lists.
    histories
        As `history_arrays` gives them.
    overlay
        What came since the version was made.
    """

    name: str
    manifest: Manifest
    id_type: str
    model_version: str | None
    generated_at: str | None
    catalogue: Catalogue
    ranker: WholeRanker
    explain: Explain
    predictor: PredictorModel | None
    rules: ServedRules | None
    histories: Arrays
    overlay: Overlay
    _connect: Callable[[], sqlite3.Connection]
    _close: Callable[[], None]
    _own: threading.local = field(default_factory=threading.local)

    def ask(self, statement: str, *values: object) -> Rows:
        """Return the rows that a statement finds, by the thread's own connection."""
        store = getattr(self._own, "store", None)
        if store is None:
            store = self._own.store = self._connect()
        return list(store.execute(statement, values))

    def close(self) -> None:
        """Close the files, once no request reads them."""
        self._close()
        self.overlay.close()


def open_version(exports: Path, name: str, overlays: Path | None = None) -> Opened:
    """Open a version whose sums are as published; it is not removed while it is open.

    Parameters
    ----------
    overlays
        The folder of overlays; None where they do not count.

    Raises
    ------
    CineSparkError
        If it lacks what is served, or cannot be read.
    """
    folder = exports / name
    with ExitStack() as stack:
        stack.enter_context(held(folder))
        manifest = read_manifest(exports, name)
        if SERVING not in {file.path for file in manifest.files}:
            raise CineSparkError(
                f"version {name} has no {SERVING}, as it was published by an older "
                "release: publish again with `dbt build`"
            )
        connections: list[sqlite3.Connection] = []

        def connect() -> sqlite3.Connection:
            store = open_serving(folder)
            store.row_factory = sqlite3.Row
            connections.append(store)
            return store

        try:
            opened = read_version(folder, manifest, connect)
        except (*UNREADABLE, sqlite3.Error, TypeError) as error:
            close_all(connections)
            raise CineSparkError(
                f"version {name} in {exports} cannot be served ({error}): publish "
                "again with `dbt build`, or go back with `cinespark rollback`"
            ) from error
        stack.callback(close_all, connections)
        kept = stack.pop_all()
    overlay = Overlay(overlay_file(overlays, name) if overlays else None)
    return Opened(**opened, overlay=overlay, _connect=connect, _close=kept.close)


def close_all(connections: Iterable[sqlite3.Connection]) -> None:
    """Close connections."""
    for store in connections:
        store.close()


def read_version(
    folder: Path,
    manifest: Manifest,
    connect: Callable[[], sqlite3.Connection],
) -> dict[str, Any]:
    """Return what a version's files hold, as the fields of Opened."""
    store = connect()
    files = {file.path for file in manifest.files}
    (made,) = store.execute("select * from made").fetchall()
    ranker = whole_ranker(mapped_arrays(folder / "ranker.npz"))
    predictor = None
    if manifest.predicts_stars:
        arrays = mapped_arrays(folder / "predictor.npz")
        predictor = PredictorModel.from_arrays(arrays)
    return {
        "name": manifest.version,
        "manifest": manifest,
        "id_type": id_type_in(store, files),
        "model_version": made["model_version"],
        "generated_at": made["generated_at"],
        "catalogue": catalogue_of(store, ranker.model.catalogue),
        "ranker": ranker,
        "explain": explaining(ranker.model),
        "predictor": predictor,
        "rules": served_rules(folder / RULES_FILE) if RULES_FILE in files else None,
        "histories": mapped_arrays(folder / "histories.npz"),
    }


def id_type_in(store: sqlite3.Connection, files: set[str]) -> str:
    """Return the type of a version's public ids."""
    if "user_keys.parquet" not in files:
        return "int"
    row = store.execute("select typeof(user_id) from users limit 1").fetchone()
    return "string" if row is None or row[0] == "text" else "bigint"


def catalogue_of(store: sqlite3.Connection, keys: Ids) -> Catalogue:
    """Return the movies at the positions of these keys."""
    place = {key: position for position, key in enumerate(keys.tolist())}
    movie_ids: list[PublicId] = [""] * len(place)
    years = np.zeros(len(place), np.int32)
    genres: dict[str, NDArray[np.bool_]] = {}
    statement = "select movie_id, movie_key, release_year, genres from movies"
    for movie_id, key, year, names in store.execute(statement):
        position = place.get(key)
        if position is None:
            continue
        movie_ids[position] = movie_id
        years[position] = year or 0
        for genre in filter(None, (names or "").split("|")):
            has = genres.setdefault(genre, np.zeros(len(place), np.bool_))
            has[position] = True
    return Catalogue(movie_ids, np.asarray(keys), years, genres)
