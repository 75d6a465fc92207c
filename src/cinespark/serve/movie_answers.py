"""Movies as they are answered: one, its neighbours, those found and those popular."""

import re
from collections.abc import Mapping
from typing import Any

from cinespark.serve.answer_parts import Answer, movie, movie_of, of_version, wrong
from cinespark.serve.opened import Opened

SEARCH = """
    select movies.*
    from titles
    inner join movies on movies.rowid = titles.rowid
    where titles match ?
    order by lower(movies.title) = ? desc, movies.like_count desc, movies.rowid
    limit ?
"""
SIMILAR = """
    select similar.*, title, release_year, genres
    from similar
    inner join movies on movies.movie_id = similar.similar_movie_id
    where similar.movie_id = ? and similar.rank <= ?
    order by similar.rank
"""
POPULAR = """
    select popular.*, title, release_year, genres
    from popular
    inner join movies on movies.movie_id = popular.movie_id
    where genre = ? and age_band = ? and gender = ? and popular.rank <= ?
    order by popular.rank
"""


def one_movie(opened: Opened, text: str) -> Answer:
    """Return what is known of a movie."""
    row = movie_of(opened, text)
    counts = ("rating_count", "like_count", "rating_mean")
    return {
        **of_version(opened),
        "movie": movie(row),
        **{name: row[name] for name in counts},
    }


def similar_to(opened: Opened, text: str, n: int) -> Answer:
    """Return the movies that are most like one."""
    row = movie_of(opened, text)
    names = ("rank", "similarity", "collaborative_similarity", "content_similarity")
    return {
        **of_version(opened),
        "movie": movie(row),
        "similar_movies": [
            {**movie(one, "similar_movie_id"), **{name: one[name] for name in names}}
            for one in opened.ask(SIMILAR, row["movie_id"], n)
        ],
    }


def found_by(opened: Opened, search: str, n: int) -> Answer:
    """Return the movies whose titles have words that begin with those given."""
    words = re.findall(r"\w+", search)
    rows = []
    if words:
        # each word is a text of its own to FTS5, and none of its operators
        match = " ".join(f'"{word}"*' for word in words)
        rows = opened.ask(SEARCH, match, search.strip().lower(), n)
    return {**of_version(opened), "movies": [movie(row) for row in rows]}


def popular_with(opened: Opened, given: Mapping[str, Any]) -> Answer:
    """Return what most people of a segment like.

    Raises
    ------
    Problem
        If there is no such segment.
    """
    segment = given["genre"], given["age"], given["gender"]
    rows = opened.ask(POPULAR, *segment, given["n"])
    columns = ("genre", "age_band", "gender")
    for name, column, value in zip(
        ("genre", "age", "gender"), columns, segment, strict=True
    ):
        if not rows and value != "all":
            there = opened.ask(f"select distinct {column} from popular order by 1")
            values = [row[0] for row in there]
            if value not in values:
                raise wrong(
                    name,
                    f"there is no {name} {value[:60]!r} in version {opened.name}: "
                    f"there are {', '.join(values) or 'none'}",
                )
    return {
        **of_version(opened),
        **dict(zip(("genre", "age", "gender"), segment, strict=True)),
        "movies": [
            {**movie(row), "rank": row["rank"], "like_count": row["like_count"]}
            for row in rows
        ],
    }
