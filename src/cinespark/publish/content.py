"""The content of a version: tables and groups of arrays, their sum and files."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cinespark.algorithms.array_files import write_arrays
from cinespark.algorithms.arrays import Arrays, arrays_sha256
from cinespark.printable import FORMULA, FORMULA_OF_ID
from cinespark.publish.lists_as_text import with_lists_as_text
from cinespark.publish.serving_store import write_serving
from cinespark.versions.keys import Dictionary, dictionary_file
from cinespark.versions.serving_file import SERVING

ROW_GROUP = 100_000
SEGMENT = ("genre", "age_band", "gender")
NOT_CONTENT = ["generated_at"]  # differs between builds that recommend the same


def nothing_popular() -> pa.Table:
    """Return a table of popular movies without rows."""
    return pa.table({name: [] for name in (*SEGMENT, "rank", "movie_id")})


@dataclass(frozen=True)
class Content:
    """Tables and arrays that are published together.

    Parameters
    ----------
    recommendations
        Rows of the table `recommendations`.
    similar_movies
        Rows of the table `similar_movies`.
    movies
        One row per movie: `movie_id`, `title`, `genres` separated by |, and counts.
    arrays
        Groups of arrays by the name of their file: 'predictor', 'ranker', 'histories'.
    dictionary
        What the keys in the arrays are in public; empty where they are the ids.
    popular
        Rows of the table `popular_movies`.
    """

    recommendations: pa.Table
    similar_movies: pa.Table
    movies: pa.Table
    arrays: Mapping[str, Arrays]
    dictionary: Dictionary = field(default_factory=dict)
    popular: pa.Table = field(default_factory=nothing_popular)


def in_order(content: Content) -> Content:
    """Return the content with its rows sorted by their keys."""
    lists = content.recommendations
    if not is_in_order(lists):  # sorting copies them
        lists = lists.sort_by([("user_id", "ascending"), ("rank", "ascending")])
    return replace(
        content,
        recommendations=lists,
        similar_movies=content.similar_movies.sort_by(
            [("movie_id", "ascending"), ("rank", "ascending")]
        ),
        movies=content.movies.sort_by("movie_id"),
        popular=content.popular.sort_by(
            [(name, "ascending") for name in (*SEGMENT, "rank")]
        ),
    )


def is_in_order(lists: pa.Table) -> bool:
    """Return whether no row is before one of a lower user, or of a lower rank."""
    users, ranks = (lists[name].combine_chunks() for name in ("user_id", "rank"))
    last = max(len(users) - 1, 0)
    is_lower = pc.less(users[1:], users[:last])
    is_lower_rank = pc.and_(
        pc.equal(users[1:], users[:last]), pc.less(ranks[1:], ranks[:last])
    )
    return not pc.any(pc.or_(is_lower, is_lower_rank)).as_py()


def content_sha256(content: Content) -> str:
    """Return one SHA-256 of all rows, in their order, and all arrays.

    NOT_CONTENT, the columns that change with every build, are left out.
    """
    sums = {
        "recommendations": rows_sha256(
            content.recommendations.drop_columns(NOT_CONTENT)
        ),
        "similar_movies": rows_sha256(content.similar_movies),
        "movies": rows_sha256(content.movies),
        "popular": rows_sha256(content.popular),
    }
    for stem in sorted(content.arrays):
        sums[f"{stem}.npz"] = arrays_sha256(content.arrays[stem])
    for entity, keys in content.dictionary.items():
        sums[dictionary_file(entity)] = rows_sha256(keys)
    return hashlib.sha256(repr(sums).encode()).hexdigest()


class Digest:
    """A file to write to that keeps only the SHA-256 of what was written."""

    closed = False

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing waits to be written."""


def rows_sha256(table: pa.Table) -> str:
    """Return the SHA-256 of a table's column names and rows."""
    sink = Digest()
    write_csv(table, sink)
    return sink.sha256.hexdigest()


def write_csv(
    table: pa.Table,
    sink: Path | Digest,
    written: Callable[[pa.Table], pa.Table] = lambda rows: rows,
) -> None:
    """Write a table as CSV, in blocks as `written` makes them; lists are JSON."""
    schema = with_lists_as_text(table.schema.empty_table()).schema
    with pa_csv.CSVWriter(sink, schema) as file:
        for batch in table.to_batches(max_chunksize=ROW_GROUP):
            rows = with_lists_as_text(pa.Table.from_batches([batch]))
            file.write_table(written(rows))


def write_files(content: Content, folder: Path) -> dict[str, int]:
    """Write the files of a version, and return how many rows each holds.

    An array file has as many rows as its longest array has elements, the serving file
    as many as the lists.
    """
    movies = content.movies
    lists = {
        "recommendations": content.recommendations,
        "similar_movies": content.similar_movies,
    }
    for stem, rows in lists.items():
        write_lists(rows, folder / stem)
    pq.write_table(movies, folder / "movies.parquet")
    for stem, arrays in content.arrays.items():
        write_arrays(arrays, folder / f"{stem}.npz")
    for entity, keys in content.dictionary.items():
        pq.write_table(keys, folder / dictionary_file(entity))
    return {
        SERVING: write_serving(
            content.recommendations,
            content.similar_movies,
            movies,
            content.popular,
            content.dictionary,
            folder,
        ),
        **{
            f"{stem}.{kind}": rows.num_rows
            for stem, rows in lists.items()
            for kind in ("parquet", "csv")
        },
        "movies.parquet": movies.num_rows,
        **{
            f"{stem}.npz": max(map(len, arrays.values()), default=0)
            for stem, arrays in content.arrays.items()
        },
        **{
            dictionary_file(entity): keys.num_rows
            for entity, keys in content.dictionary.items()
        },
    }


def write_lists(rows: pa.Table, place: Path) -> None:
    """Write rows as a Parquet file and, for spreadsheets, as a CSV file."""
    parquet, text = place.with_suffix(".parquet"), place.with_suffix(".csv")
    pq.write_table(rows, parquet, row_group_size=ROW_GROUP)
    write_csv(rows, text, without_formulas)


def without_formulas(table: pa.Table) -> pa.Table:
    """Return a table with a ' before any text that a spreadsheet would run.

    Ids stay as they are, if running them could do no more than show something else.
    """
    for place, kind in enumerate(table.schema.types):
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            field = table.schema.field(place)
            is_id = field.name in ("user_id", "movie_id", "similar_movie_id")
            pattern = FORMULA_OF_ID if is_id else FORMULA
            safe = pc.replace_substring_regex(table[place], pattern, r"'\1")
            table = table.set_column(place, field, safe)
    return table
