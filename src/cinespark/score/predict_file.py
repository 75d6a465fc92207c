"""Predicted stars of a file of pairs, by the published predictor alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from cinespark.algorithms.predict import positions, predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.ratings import Ids
from cinespark.data.choosing import reading_of
from cinespark.data.columns_file import Said
from cinespark.data.converting import records_in
from cinespark.data.meanings import PAIRS
from cinespark.data.parts import Given, list_given
from cinespark.data.reading import Reading, prepared
from cinespark.data.records import Record
from cinespark.data.values import whole
from cinespark.errors import CineSparkError
from cinespark.files import replacing
from cinespark.versions.keys import dictionary_of, id_type_of, keys_of
from cinespark.versions.manifest import read_manifest
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current

IS_NUMBER = re.compile(r"-?\d{1,19}", re.ASCII)
MOST = 2**63 - 1
PAIRS_A_BLOCK = 250_000
PairIds = Ids | list[str]
SOURCES = np.array(["mean", "movie", "user", "personal"])


def predict_file(
    pairs: Path, out: Path, exports: Path, options: Said | None = None
) -> int:
    """Write the predicted stars of each pair of a file, and return how many.

    Every pair gets a number, in the order of the file: `user_id`, `movie_id`,
    `predicted_rating` in stars, `source` as `sources_of` gives it.

    Parameters
    ----------
    pairs
        Read as ratings are: with a header that names the user and the movie.
    out
        Is written whole, or not at all.
    exports
        Folder of the published versions.
    options
        What the command says of the file of pairs.

    Raises
    ------
    CineSparkError
        If nothing is published or it has no stars, a file cannot be read or written, or
        an id is none.
    """
    with reading_current(exports) as version:
        require_stars(exports, version)
        with (
            version_file(exports, version, "predictor.npz") as path,
            np.load(path) as f,
        ):
            model = PredictorModel.from_arrays(f)
        dictionary = dictionary_of(exports, version)
    count = 0
    try:
        said = replace(options or Said(), ids=id_type_of(dictionary))
        reading = reading_of(PAIRS, only_file(pairs), said)
        with (
            replacing(out) as new,
            new.open("w", encoding="utf-8", newline="") as stream,
        ):
            stream.write("user_id,movie_id,predicted_rating,source\n")
            for user_ids, movie_ids in blocks_of(reading):
                rows = pd.DataFrame({"user_id": user_ids, "movie_id": movie_ids})
                users = keys_of(user_ids, "user", dictionary)
                movies = keys_of(movie_ids, "movie", dictionary)
                stars, _ = predict_ratings(model, users, movies)
                rows["predicted_rating"] = stars
                rows["source"] = sources_of(model, users, movies)
                rows.to_csv(stream, index=False, header=False, float_format="%.6f")
                count += len(rows)
    except OSError as error:
        raise CineSparkError(
            f"{error.filename or out}: {error.strerror}: name a file that can be read "
            "and one in a folder that can be written to"
        ) from error
    return count


def require_stars(exports: Path, version: str) -> None:
    """Raise unless a version has a predictor of stars.

    Raises
    ------
    CineSparkError
        If its data are events, if its predictor is none, or if it is damaged.
    """
    manifest = read_manifest(exports, version)
    words = manifest.vocabulary
    if not manifest.predicts_stars:
        why = words.either(
            f"was published without {words.stars} (predictor: none)",
            f"was learnt from events without {words.stars} (feedback: implicit)",
        )
        raise CineSparkError(
            f"version {version} {why}: there are no {words.stars} to predict; "
            "`cinespark show --user` has lists"
        )


def only_file(pairs: Path) -> Given:
    """Return what a file, a folder of parts or an archive of one file holds.

    Raises
    ------
    CineSparkError
        If it is none of these.
    """
    given = list_given(pairs)
    if len(given) != 1:
        names = ", ".join(one.name for one in given[:8]) or "nothing to read"
        raise CineSparkError(
            f"{pairs} holds {names}: give one file of pairs, as CSV or parquet"
        )
    return given[0]


def blocks_of(reading: Reading) -> Iterator[tuple[PairIds, PairIds]]:
    """Yield the ids of users and of movies in a file of pairs, block by block.

    Raises
    ------
    CineSparkError
        If a line has another number of fields than the header, or an id is none.
    """
    records = (prepared(record, reading) for record in records_in(reading))
    while block := list(islice(records, PAIRS_A_BLOCK)):
        for record in block:
            if record.fields is None:
                raise CineSparkError(
                    f"{reading.where}: line {record.line} cannot be read "
                    f"({record.problem}): {record.text[:60]!r}: mend it or leave the "
                    "pair out"
                )
        yield ids_of(block, reading, "user"), ids_of(block, reading, "item")


def ids_of(block: Sequence[Record], reading: Reading, meaning: str) -> PairIds:
    """Return a column of ids: texts where they are texts, else numbers."""
    place = reading.places[meaning]
    texts = [record.fields[place].strip() for record in block if record.fields]
    if reading.ids == "string":
        return texts
    values = [whole(text) for text in texts]
    for record, value in zip(block, values, strict=True):
        if not IS_NUMBER.fullmatch(value) or abs(int(value)) > MOST:
            raise CineSparkError(
                f"{reading.where}: {reading.names[place]} in line {record.line} is "
                f"{value!r}, not a whole number of up to {MOST}: mend it or leave the "
                "pair out"
            )
    return np.array(values, np.int64)


def sources_of(model: PredictorModel, user_ids: Ids, movie_ids: Ids) -> np.ndarray:
    """Return what each prediction rests on.

    'personal' where user and movie have ratings, 'user' or 'movie' where only one has,
    'mean' where none has: then it is what features say, or the mean.
    """
    known = [
        terms.rating_counts[positions(terms.ids, ids)] > 0
        for terms, ids in ((model.users, user_ids), (model.movies, movie_ids))
    ]
    return np.asarray(SOURCES[2 * known[0] + known[1]])
