"""Pictures of a build for its MLflow run, by Matplotlib without a screen."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

SIZE = (7, 4)


def picture_of_errors(accuracy: pd.DataFrame) -> Figure:
    """Return bars of the RMSE, a group a segment, a bar a model.

    Parameters
    ----------
    accuracy
        Rows of the table `rating_accuracy`; only all, warm and cold ones are drawn.
    """
    accuracy = accuracy[accuracy["segment"].isin(["all", "warm", "cold"])]
    figure = Figure(SIZE, layout="constrained")
    axes = figure.subplots()
    wide = accuracy.pivot(index="segment", columns="model", values="rmse")
    wide.plot.bar(ax=axes, rot=0, legend=False)
    for bars in axes.containers:
        axes.bar_label(bars, fmt="%.3f")  # type: ignore[arg-type]
    axes.set_title("How far predicted stars are off, on hidden ratings")
    axes.set_xlabel("segment")
    axes.set_ylabel("root mean squared error in stars")
    axes.margins(y=0.15)
    figure.legend(title="model", loc="outside right upper")
    return figure


def picture_of_stars(stars: pd.DataFrame, lists: pd.DataFrame) -> Figure:
    """Return the shares of given stars and of those predicted for the lists.

    Parameters
    ----------
    stars
        `rating`, `rating_count`, one row a number of stars.
    lists
        `predicted_rating` of each row of the lists.
    """
    figure = Figure(SIZE, layout="constrained")
    axes = figure.subplots()
    given = np.unique(stars["rating"])  # a prediction counts for the nearest of them
    step = np.diff(given).min() if len(given) > 1 else 1.0
    edges = [given[0] - step / 2, *(given[1:] + given[:-1]) / 2, given[-1] + step / 2]
    for values, weights, label in (
        (stars["rating"], stars["rating_count"], "given by users"),
        (lists["predicted_rating"], None, "predicted for the lists"),
    ):
        total = len(values) if weights is None else weights.sum()
        share = pd.Series(1.0, values.index) if weights is None else weights
        axes.hist(values, edges, weights=share / total, alpha=0.6, label=label)
    axes.set_title("Stars given, and stars predicted for what is recommended")
    axes.set_xlabel("stars")
    axes.set_ylabel("share")
    axes.legend()
    return figure


def picture_of_popularity(movies: pd.DataFrame, lists: pd.DataFrame) -> Figure:
    """Return how ratings and recommendations spread from popular to rare movies.

    Parameters
    ----------
    movies
        `movie_id`, `rating_count`: the catalogue.
    lists
        `movie_id` of each row of the lists.
    """
    figure = Figure(SIZE, layout="constrained")
    axes = figure.subplots()
    ranked = movies.sort_values("rating_count", ascending=False, ignore_index=True)
    share = (ranked.index.to_numpy() + 1) / len(ranked)
    listed = ranked["movie_id"].map(lists["movie_id"].value_counts()).fillna(0)
    for counts, label in (
        (ranked["rating_count"], "ratings"),
        (listed, "recommendations"),
    ):
        axes.plot(share, counts.cumsum() / counts.sum(), label=label)
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="all movies alike")
    axes.set_title("What share goes to the most rated movies")
    axes.set_xlabel("share of the movies, most rated first")
    axes.set_ylabel("share of what there is")
    axes.legend(loc="lower right")
    return figure
