"""The serving file of a version: what is in it, and how it is opened for reading."""

import sqlite3
from pathlib import Path

SERVING = "serving.sqlite"
ALL = "all"  # of a genre, an age band or a gender: any

# ids have no type of their own: they are numbers or texts, as the data set has them
RECOMMENDATIONS = """
    create table recommendations (
        user_id not null,
        rank integer not null,
        movie_id not null,
        score real not null,
        predicted_rating real,
        reason text,
        reason_movie_ids text,
        reason_contributions text,
        other_contributions real,
        score_constant real,
        rule_adjustment real,
        rule_lines text,
        source text,
        primary key (user_id, rank)
    ) without rowid
"""
SCHEMA = (
    RECOMMENDATIONS,
    "create table made (model_version text, generated_at text)",
    """
    create table users (
        user_id not null primary key,
        user_key integer not null
    ) without rowid
    """,
    """
    create table movies (
        movie_id not null unique,
        title text,
        release_year integer,
        genres text,
        rating_count integer,
        like_count integer,
        rating_mean real,
        movie_key integer not null
    )
    """,
    """
    create virtual table titles using fts5 (
        title,
        content = 'movies',
        tokenize = 'unicode61 remove_diacritics 2',
        prefix = '2 3'
    )
    """,
    """
    create table similar (
        movie_id not null,
        rank integer not null,
        similar_movie_id not null,
        similarity real not null,
        collaborative_similarity real,
        content_similarity real,
        collaborative_weight real,
        primary key (movie_id, rank)
    ) without rowid
    """,
    """
    create table popular (
        genre text not null,
        age_band text not null,
        gender text not null,
        rank integer not null,
        movie_id not null,
        like_count integer not null,
        primary key (genre, age_band, gender, rank)
    ) without rowid
    """,
)
COLUMNS = {
    "recommendations": (
        "user_id",
        "rank",
        "movie_id",
        "score",
        "predicted_rating",
        "reason",
        "reason_movie_ids",
        "reason_contributions",
        "other_contributions",
        "score_constant",
        "rule_adjustment",
        "rule_lines",
        "source",
    ),
    "made": ("model_version", "generated_at"),
    "users": ("user_id", "user_key"),
    "movies": (
        "movie_id",
        "title",
        "release_year",
        "genres",
        "rating_count",
        "like_count",
        "rating_mean",
        "movie_key",
    ),
    "similar": (
        "movie_id",
        "rank",
        "similar_movie_id",
        "similarity",
        "collaborative_similarity",
        "content_similarity",
        "collaborative_weight",
    ),
    "popular": ("genre", "age_band", "gender", "rank", "movie_id", "like_count"),
}


def open_serving(folder: Path) -> sqlite3.Connection:
    """Open the serving file of a version's folder for reading, by any thread.

    Nothing may change it: SQLite takes no lock, and looks for no journal.

    Raises
    ------
    sqlite3.Error
        If it is missing, or no database.
    """
    address = f"{(folder / SERVING).absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)
