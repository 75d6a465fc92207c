"""Draw the pictures of a build for its MLflow run, from tables that are in memory."""

from pathlib import Path

import numpy as np
import pandas as pd

from cinespark.report import about_genres, about_models, about_ratings, charts
from cinespark.report.topics import Figure
from cinespark.vocabulary import Vocabulary


def draw(
    leaderboard: pd.DataFrame,
    genres: pd.DataFrame,
    months: pd.DataFrame,
    stars: pd.DataFrame,
    movies: pd.DataFrame,
    lists: pd.DataFrame,
    words: Vocabulary,
    folder: Path,
) -> list[Path]:
    """Write the main charts as PNG files, without those that have no rows.

    There are none of stars where all there is are events.

    Parameters
    ----------
    leaderboard, genres, months, stars
        The tables `model_leaderboard`, `eda_popular_genres`, `eda_rating_trends` and
        `eda_rating_distribution`.
    movies
        The catalogue: `movie_id`, `rating_count`.
    lists
        The rows of the lists: `movie_id`, `predicted_rating`.
    """
    figures = about_models.leaderboard({"model_leaderboard": leaderboard}, words)
    topics = [
        (genres, "eda_popular_genres", about_genres.genres),
        (months, "eda_rating_trends", about_ratings.trends),
    ]
    if words.has_stars:
        topics.append((stars, "eda_rating_distribution", about_ratings.distribution))
    for frame, name, topic in topics:
        if not frame.empty:
            figures += topic({name: frame}, words)
    if not lists.empty:
        if words.has_stars and lists["predicted_rating"].notna().any():
            figures.append(stars_of_lists(stars, lists, words))
        figures.append(popularity_of_lists(movies, lists, words))
    files = []
    for figure in figures:
        if figure.chart is not None:
            files.append(folder / f"{figure.name}.png")
            files[-1].write_bytes(charts.png(figure.chart, figure.title))
    return files


def stars_of_lists(
    stars: pd.DataFrame, lists: pd.DataFrame, words: Vocabulary
) -> Figure:
    """Return the shares of stars that users gave and that are predicted in the lists.

    A prediction counts as the nearest number of stars that anyone gave.
    """
    given = np.sort(stars["rating"].to_numpy(float))
    edges = (given[1:] + given[:-1]) / 2
    nearest = np.searchsorted(edges, lists["predicted_rating"].to_numpy(float))
    predicted = np.bincount(nearest, minlength=len(given)) / len(lists)
    shares = stars.set_index("rating")["rating_share"].loc[given].to_numpy()
    both = pd.concat(
        [
            pd.DataFrame({"stars": given, "of": of, "share": share})
            for of, share in (
                ("given by users", shares),
                ("predicted for the lists", predicted),
            )
        ]
    )
    columns = {
        "stars": (words.stars, ".1f"),
        "of": ("whose", ""),
        "share": ("share", ".1%"),
    }
    chart = charts.curves(both, columns, "stars", "share", "of")
    title = "{Stars} given, and {stars} predicted for what is recommended"
    return Figure("stars", words.fill(title), "", both, columns, chart)


def popularity_of_lists(
    movies: pd.DataFrame, lists: pd.DataFrame, words: Vocabulary
) -> Figure:
    """Return what the most rated movies hold of all ratings and recommendations."""
    ranked = movies.sort_values("rating_count", ascending=False, ignore_index=True)
    listed = ranked["movie_id"].map(lists["movie_id"].value_counts()).fillna(0)
    top = np.linspace(0, 1, 51)
    upto = np.ceil(top * len(ranked)).astype(int)
    both = pd.concat(
        [
            pd.DataFrame(
                {
                    "top": top,
                    "of": of,
                    "share": np.append(0, counts.cumsum())[upto] / counts.sum(),
                }
            )
            for of, counts in (
                (words.ratings, ranked["rating_count"]),
                ("recommendations", listed),
            )
        ]
    )
    columns = {
        "top": (f"share of the {words.items}, {words.most_rated} first", ".0%"),
        "of": ("of all", ""),
        "share": ("share they hold", ".1%"),
    }
    chart = charts.curves(both, columns, "top", "share", "of")
    title = words.fill("What the {most_rated} {items} hold of {ratings} and of lists")
    return Figure("popularity", title, "", both, columns, chart)
