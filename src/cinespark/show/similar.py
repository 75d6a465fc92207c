"""Find a movie by its title, and the movies most like it, in the current version."""

import re
import unicodedata
from pathlib import Path
from typing import TypedDict

import pyarrow.parquet as pq
from rapidfuzz import fuzz, process

from cinespark.errors import CineSparkError
from cinespark.versions.manifest import read_manifest
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current
from cinespark.vocabulary import Vocabulary, count

SIMILAR = "similar_movies.parquet"
SUGGESTIONS = 5
CLOSE = 60  # of 100; titles that are less alike are not suggested


class Movie(TypedDict):
    """A row of the published movies."""

    movie_id: int | str
    title: str
    release_year: int | None
    rating_count: int
    like_count: int
    rating_mean: float | None
    genres: str


class SimilarMovie(Movie):
    """A movie with its place among those most like another one."""

    rank: int
    similarity: float
    collaborative_similarity: float | None
    content_similarity: float | None
    collaborative_weight: float


def similar_movies(
    exports: Path, title: str, n: int
) -> tuple[Movie, list[SimilarMovie]]:
    """Return the movie with this title, and the first `n` like it, best first.

    Parameters
    ----------
    title
        As displayed. Case, accents and punctuation do not matter; a part is enough if
        only one movie has it; a year behind it, "(1995)", tells remakes apart.

    Raises
    ------
    CineSparkError
        If nothing is published, or in a version of an earlier release, without similar
        movies; if the title means no movie or more than one, or if nothing is like it.
    """
    with (
        reading_current(exports) as version,
        version_file(exports, version, "movies.parquet") as file,
    ):
        movies: list[Movie] = pq.read_table(file).to_pylist()
        manifest = read_manifest(exports, version)
        words = manifest.vocabulary
        if SIMILAR not in {one.path for one in manifest.files}:
            raise CineSparkError(
                f"version {version} has no {SIMILAR}, because an earlier release "
                "published it: publish again with `dbt build`"
            )
        movie = find_movie(movies, title, version, words)
        with version_file(exports, version, SIMILAR) as lists:
            wanted = [("movie_id", "==", movie["movie_id"]), ("rank", "<=", n)]
            rows = pq.read_table(lists, filters=wanted).to_pylist()
    if not rows:
        raise CineSparkError(
            f"nothing is known of what is like {named(movie)}: it has "
            f"{count(movie['rating_count'], words.rating)}, none of them a like to "
            "learn from, and title, genres, tags and year say nothing that is said of "
            f"others: choose another {words.item}"
        )
    by_id = {one["movie_id"]: one for one in movies}
    return movie, [
        SimilarMovie(
            rank=row["rank"],
            similarity=row["similarity"],
            collaborative_similarity=row["collaborative_similarity"],
            content_similarity=row["content_similarity"],
            collaborative_weight=row["collaborative_weight"],
            **by_id[row["similar_movie_id"]],
        )
        for row in sorted(rows, key=lambda row: int(row["rank"]))
    ]


def find_movie(
    movies: list[Movie], title: str, version: str, words: Vocabulary
) -> Movie:
    """Return the movie that a title means.

    Raises
    ------
    CineSparkError
        If it means none, or more than one; the message suggests titles that are close.
    """
    wanted = plain(title)
    names = [plain(named(movie)) for movie in movies]
    exact = [
        movie
        for movie, name in zip(movies, names, strict=True)
        if wanted in (name, plain(movie["title"]))
    ]
    parts = [
        movie
        for movie, name in zip(movies, names, strict=True)
        if wanted and wanted in name
    ]
    for found in (exact, parts):
        if len(found) == 1:
            return found[0]
        if found:
            most_rated = sorted(found, key=lambda movie: -movie["rating_count"])
            raise CineSparkError(
                f"{len(found)} {words.items} are called {title!r} in version "
                f"{version}: name one of {in_words(most_rated)}"
            )
    close = process.extract(
        wanted, names, scorer=fuzz.WRatio, limit=SUGGESTIONS, score_cutoff=CLOSE
    )
    remedy = (
        f"did you mean {in_words([movies[row] for *_, row in close])}?"
        if close
        else 'cinespark sql "select title from dim_movies" lists them'
    )
    raise CineSparkError(
        f"no {words.item} is called {title!r} among the {len(movies):,} of version "
        f"{version}: {remedy}"
    )


def in_words(movies: list[Movie]) -> str:
    """Return the names of the first few movies, and how many more there are."""
    words = ", ".join(f'"{named(movie)}"' for movie in movies[:SUGGESTIONS])
    left = len(movies) - SUGGESTIONS
    return f"{words} and {left} more" if left > 0 else words


def named(movie: Movie) -> str:
    """Return a movie's title, with its year if that is known."""
    year = movie["release_year"]
    return f"{movie['title']} ({year})" if year else str(movie["title"])


def plain(text: str) -> str:
    """Return a text without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))
