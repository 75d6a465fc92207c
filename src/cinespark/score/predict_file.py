"""Predicted stars of a file of pairs, by the published predictor alone."""

from pathlib import Path

import numpy as np
import pandas as pd

from cinespark.algorithms.predict import positions, predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.ratings import Ids
from cinespark.errors import CineSparkError
from cinespark.files import replacing
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current

NAMES = {"user_id": ("user_id", "userId"), "movie_id": ("movie_id", "movieId")}
PAIRS_A_BLOCK = 250_000
SOURCES = np.array(["mean", "movie", "user", "personal"])


def predict_file(pairs: Path, out: Path, exports: Path) -> int:
    """Write the predicted stars of each pair of a CSV file, and return how many.

    Every pair gets a number, in the order of the file: `user_id`, `movie_id`,
    `predicted_rating` in stars, `source` as `sources_of` gives it.

    Parameters
    ----------
    pairs
        With a header that has user_id or userId, and movie_id or movieId.
    out
        Is written whole, or not at all.
    exports
        Folder of the published versions.

    Raises
    ------
    CineSparkError
        If nothing is published, a file cannot be read or written, or an id is none.
    """
    with (
        reading_current(exports) as version,
        version_file(exports, version, "predictor.npz") as path,
        np.load(path) as file,
    ):
        model = PredictorModel.from_arrays(file)
    count = 0
    try:
        blocks = pd.read_csv(
            pairs, dtype=str, chunksize=PAIRS_A_BLOCK, keep_default_na=False
        )
        with (
            blocks,
            replacing(out) as new,
            new.open("w", encoding="utf-8", newline="") as stream,
        ):
            stream.write("user_id,movie_id,predicted_rating,source\n")
            for block in blocks:
                users, movies = (ids_of(block, name, pairs, count) for name in NAMES)
                rows = pd.DataFrame({"user_id": users, "movie_id": movies})
                stars, _ = predict_ratings(model, users, movies)
                rows["predicted_rating"] = stars
                rows["source"] = sources_of(model, users, movies)
                rows.to_csv(stream, index=False, header=False, float_format="%.6f")
                count += len(rows)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeError) as error:
        words = " ".join(str(error).split())
        raise CineSparkError(
            f"{pairs}: not a CSV file with a header ({words}): write it as "
            "user_id,movie_id and one pair a line"
        ) from error
    except OSError as error:
        raise CineSparkError(
            f"{error.filename or out}: {error.strerror}: name a file that can be read "
            "and one in a folder that can be written to"
        ) from error
    return count


def ids_of(block: pd.DataFrame, name: str, file: Path, before: int) -> Ids:
    """Return a column of ids; `before` rows of the file came earlier."""
    there = [column for column in NAMES[name] if column in block.columns]
    if len(there) != 1:
        raise CineSparkError(
            f"{file}: needs one column {' or '.join(NAMES[name])}, its header has "
            f"{', '.join(map(str, block.columns))}"
        )
    values = block[there[0]]
    # 18 digits always fit into 64 bits
    is_id = values.str.fullmatch(r"\s*-?\d{1,18}\s*")
    if not is_id.all():
        row = int(np.argmin(is_id.to_numpy()))
        raise CineSparkError(
            f"{file}: {there[0]} of pair {before + row + 1} is "
            f"{values.iloc[row]!r}, not a whole number of up to 18 digits: mend it or "
            "leave the pair out"
        )
    return np.asarray(values.astype(np.int64))


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
