"""Find a movie by its title, and the movies most like it, in the current version."""

import re
import unicodedata
from pathlib import Path
from typing import TypedDict

import numpy as np
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process

from cinespark.errors import CineSparkError
from cinespark.versions.keys import dictionary_of, keys_of
from cinespark.versions.manifest import read_manifest
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current
from cinespark.vocabulary import Vocabulary, count

SHRINKAGE = 20  # ratings of a movie at which its similarity counts half
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


def similar_movies(
    exports: Path, title: str, n: int
) -> tuple[Movie, list[SimilarMovie]]:
    """Return the movie with this title, and the `n` most like it, best first.

    Similarity is the cosine of the movies' learnt factors, shrunken towards zero for
    movies with few ratings r by r / (r + SHRINKAGE), as in Koren 2008, Factorization
    meets the neighborhood.

    Parameters
    ----------
    title
        As displayed. Case, accents and punctuation do not matter; a part is enough if
        only one movie has it; a year behind it, "(1995)", tells remakes apart.

    Raises
    ------
    CineSparkError
        If nothing is published, if the title means no movie or more than one, or if
        the movie has no factors because nobody liked it.
    """
    with (
        reading_current(exports) as version,
        version_file(exports, version, "movies.parquet") as file,
        version_file(exports, version, "ranker.npz") as path,
        np.load(path) as arrays,
    ):
        movies: list[Movie] = pq.read_table(file).to_pylist()
        known, factors = arrays["movie_ids"], arrays["movie_factors"]
        dictionary = dictionary_of(exports, version)
        words = read_manifest(exports, version).vocabulary
    ids = [one["movie_id"] for one in movies]
    keys = keys_of(ids, "movie", dictionary).tolist()
    by_key: dict[int, Movie] = dict(zip(keys, movies, strict=True))
    movie = find_movie(movies, title, version, words)
    (key,) = keys_of([movie["movie_id"]], "movie", dictionary)
    place = int(np.searchsorted(known, key))
    norms = np.linalg.norm(factors, axis=1)
    if place == len(known) or known[place] != key or norms[place] == 0:
        raise CineSparkError(
            f"nothing is known of what is like {named(movie)}: it has "
            f"{count(movie['rating_count'], words.rating)}, none of them a like to "
            f"learn from: choose another {words.item}"
        )
    ratings = np.array([by_key[one]["rating_count"] for one in known.tolist()])
    cosine = factors @ factors[place] / np.maximum(norms * norms[place], 1e-12)
    similarity = cosine * ratings / (ratings + SHRINKAGE)
    similarity[place] = -np.inf
    order = np.argsort(-similarity, kind="stable")[: min(n, len(known) - 1)]
    return movie, [
        SimilarMovie(
            rank=rank,
            similarity=round(float(similarity[row]), 4),
            **by_key[int(known[row])],
        )
        for rank, row in enumerate(order, 1)
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
