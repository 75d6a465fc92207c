"""Simulated cold movies: what is learnt from, and ranks by brute force."""

import numpy as np
import pandas as pd
import pytest

from cinespark.evaluate.cold_movies import (
    COLUMNS,
    ColdSimulation,
    simulated_cold_movies,
)
from cinespark.train.content import ContentParams

USERS, MOVIES, FOLDS = 12, 20, 2
WEIGHTS = {"title": 0.5, "genre": 1.0, "tag": 1.0, "year": 0.5}
GIVEN = ColdSimulation(ContentParams(WEIGHTS, 6, 1), 1.0, 10**6, 100, 3)
RANKERS = {"random", "genre_popularity", "taste_popularity", "content"}
SCHEMA = (
    "subset string, user_id int, movie_id int, rating double, is_like boolean, "
    "preference double, newer_count bigint, rating_count bigint"
)


@pytest.fixture(scope="module")
def films():
    """Return movies of two genres and decades, every other one of each fold."""
    number = np.arange(MOVIES)
    return pd.DataFrame(
        {
            "movie_id": number + 1,
            "genres": [["Action"] if one % 4 < 2 else ["Drama"] for one in number],
            "decade": [1980 if one % 3 else 1990 for one in number],
            "fold": number % FOLDS,
        }
    )


@pytest.fixture(scope="module")
def tags():
    """Return what is said of some movies by those who have seen them."""
    return {movie: [f"tag:{movie % 3}", "tag:seen"] for movie in range(1, MOVIES, 2)}


@pytest.fixture(scope="module")
def ratings():
    rng = np.random.default_rng(6)
    user, movie = np.nonzero(rng.random((USERS, MOVIES)) < 0.5)
    of_taste = (movie % 4 < 2) == (user % 3 == 0)  # drama is liked more
    rating = np.where(of_taste, 5.0, 2.0) - (rng.random(len(user)) < 0.2)
    return pd.DataFrame({"user_id": user + 1, "movie_id": movie + 1, "rating": rating})


@pytest.fixture
def judged(spark, films):
    """Return a function from ratings and tags to what is simulated, as a frame."""

    def simulate(rows, tags, given=GIVEN):
        rows = rows.assign(
            subset="all",
            is_like=rows["rating"] >= 4,
            preference=(rows["rating"] - 1) / 4,
            newer_count=0,
            rating_count=1,
        )
        columns = [field.split()[0] for field in SCHEMA.split(", ")]
        table = spark.createDataFrame(rows[columns], SCHEMA)
        movies = spark.createDataFrame(
            films, "movie_id int, genres array<string>, decade int, fold int"
        )
        terms = [
            (
                movie,
                [f"genre:{genre}" for genre in genres]
                + [f"year:{decade}"]
                + tags.get(movie, []),
            )
            for movie, genres, decade, _ in films.itertuples(index=False)
        ]
        said = spark.createDataFrame(terms, "movie_id int, terms array<string>")
        found = simulated_cold_movies(table, movies, said, given).toPandas()
        key = ["model", "user_id", "movie_id"]
        return found.sort_values(key, ignore_index=True)

    return simulate


def test_every_liked_movie_is_ranked_once_by_each_ranker(judged, ratings, tags, films):
    found = judged(ratings, tags)
    assert list(found.columns) == COLUMNS
    likes = ratings[ratings["rating"] >= 4]
    wanted = set(zip(likes["user_id"], likes["movie_id"], strict=True))
    for model in RANKERS:
        mine = found[found["model"] == model]
        assert set(zip(mine["user_id"], mine["movie_id"], strict=True)) == wanted
        assert len(mine) == len(wanted)
    assert len(found) == len(RANKERS) * len(wanted)
    fold_of = films.set_index("movie_id")["fold"]
    assert (found["fold"] == fold_of[found["movie_id"]].to_numpy()).all()
    assert set(found["cold_count"]) == {MOVIES // FOLDS}
    rated = ratings.assign(fold=fold_of[ratings["movie_id"]].to_numpy())
    for row in found.itertuples():
        shown = rated[(rated["user_id"] == row.user_id) & (rated["fold"] != row.fold)]
        assert row.all_count == MOVIES - len(shown)


def test_nothing_of_hidden_movies_reaches_learning(judged, ratings, tags, films):
    hidden = films.loc[films["fold"] == 0, "movie_id"]
    is_hidden = ratings["movie_id"].isin(hidden)
    changed = ratings.copy()
    # likes stay likes, and what is not liked is liked even less
    changed.loc[is_hidden, "rating"] = np.where(
        ratings.loc[is_hidden, "rating"] >= 4, 4.0, 1.0
    )
    stranger = pd.DataFrame({"user_id": 99, "movie_id": hidden, "rating": 5.0})
    more = pd.concat([changed, stranger])
    once = judged(ratings, tags)
    again = judged(more, {movie: ["tag:2", "tag:loved"] for movie in hidden})
    again = again[again["user_id"] != 99]
    fold = once["fold"] == 0
    assert once[fold].equals(again[again["fold"] == 0].set_index(once[fold].index))
    # the same changes are learnt from where the movies are shown
    columns = ["all_rank", "cold_rank"]
    assert (
        once.loc[~fold, columns].to_numpy()
        != again.loc[again["fold"] == 1, columns].to_numpy()
    ).any()


def test_tastes_that_anyone_can_tell_apart_are_told_apart(judged, ratings, tags):
    ranks = judged(ratings, tags).groupby("model")["cold_rank"].mean()
    assert ranks["content"] < ranks["genre_popularity"]
    assert ranks["taste_popularity"] < ranks["genre_popularity"]
    assert ranks["content"] < ranks["random"]


def test_popularity_by_genre_is_what_pandas_counts(judged, ratings, films):
    found = judged(ratings, {})
    mine = found[found["model"] == "genre_popularity"]
    likes = ratings[ratings["rating"] >= 4]
    genre = films.set_index("movie_id")["genres"].str[0]
    for fold, rows in mine.groupby("fold"):
        shown = films.loc[films["fold"] != fold, "movie_id"]
        rated = shown[shown.isin(ratings["movie_id"])]
        counts = likes.groupby("movie_id").size().reindex(rated, fill_value=0)
        by_genre = counts.groupby(genre[rated].to_numpy())
        expected = (by_genre.sum() + 10 * counts.mean()) / (by_genre.size() + 10)
        better = expected.idxmax()
        assert expected.nunique() == 2
        cold = films.loc[films["fold"] == fold, "movie_id"]
        ahead = (genre[cold] == better).sum()
        is_better = genre[rows["movie_id"]].to_numpy() == better
        assert ((rows["cold_rank"] <= ahead) == is_better).all()


def test_at_most_so_many_users_are_asked(judged, ratings, tags):
    few = ColdSimulation(GIVEN.content, GIVEN.ridge, GIVEN.ratings, 3, GIVEN.seed)
    found, every = judged(ratings, tags, few), judged(ratings, tags)
    assert found["user_id"].nunique() == 3
    asked = every[every["user_id"].isin(found["user_id"])]
    assert found.equals(asked.reset_index(drop=True))  # and the others learnt from


def test_where_nobody_likes_anything_there_is_nothing_to_judge(judged, ratings, tags):
    assert judged(ratings.assign(rating=1.0), tags).empty


def test_events_that_count_against_a_movie_are_no_error(judged, ratings, tags):
    rows = ratings.assign(rating=np.where(ratings["rating"] == 1, -3.0, 5.0))
    assert set(judged(rows, tags)["model"]) == RANKERS
