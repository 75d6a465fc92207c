"""Draw the pictures of a build for its MLflow run, from tables that are in memory."""

from pathlib import Path

import numpy as np
import pandas as pd

from cinespark.report import about_genres, about_models, about_ratings, charts
from cinespark.report.topics import Figure

STARS = {
    "stars": ("stars", ".1f"),
    "of": ("whose", ""),
    "share": ("share", ".1%"),
}
TAIL = {
    "top": ("share of the movies, most rated first", ".0%"),
    "of": ("of all", ""),
    "share": ("share they hold", ".1%"),
}


def draw(
    leaderboard: pd.DataFrame,
    genres: pd.DataFrame,
    months: pd.DataFrame,
    stars: pd.DataFrame,
    movies: pd.DataFrame,
    lists: pd.DataFrame,
    folder: Path,
) -> list[Path]:
    """Write the main charts as PNG files, without those that have no rows.

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
    figures = about_models.leaderboard({"model_leaderboard": leaderboard})
    for frame, name, topic in (
        (genres, "eda_popular_genres", about_genres.genres),
        (months, "eda_rating_trends", about_ratings.trends),
        (stars, "eda_rating_distribution", about_ratings.distribution),
    ):
        if not frame.empty:
            figures += topic({name: frame})
    if not lists.empty:
        figures += [stars_of_lists(stars, lists), popularity_of_lists(movies, lists)]
    files = []
    for figure in figures:
        assert figure.chart is not None  # each of these has one
        files.append(folder / f"{figure.name}.png")
        files[-1].write_bytes(charts.png(figure.chart, figure.title))
    return files


def stars_of_lists(stars: pd.DataFrame, lists: pd.DataFrame) -> Figure:
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
    chart = charts.curves(both, STARS, "stars", "share", "of")
    title = "Stars given, and stars predicted for what is recommended"
    return Figure("stars", title, "", both, STARS, chart)


def popularity_of_lists(movies: pd.DataFrame, lists: pd.DataFrame) -> Figure:
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
                ("ratings", ranked["rating_count"]),
                ("recommendations", listed),
            )
        ]
    )
    chart = charts.curves(both, TAIL, "top", "share", "of")
    title = "What the most rated movies hold of ratings and of lists"
    return Figure("popularity", title, "", both, TAIL, chart)
