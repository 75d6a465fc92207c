"""What the report shows of genres: marts in `models/marts/eda`."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.charts import MEAN, RATINGS, SHARE
from cinespark.report.topics import Figure, Frames, Topic
from cinespark.report.wording import listed

NO_GENRES = "No rated movie has a genre."

SMALL_GENRE = 0.01  # genres with a smaller share of the ratings are not called best


def genres(frames: Frames) -> list[Figure]:
    data = frames["eda_popular_genres"].sort_values("popularity_rank")
    columns = {
        "genre": ("genre", ""),
        "rating_count": RATINGS,
        "rating_share": SHARE,
        "movie_count": ("rated movies", ",.0f"),
        "rating_mean": MEAN,
    }
    first = data.iloc[0]
    liked = data.sort_values("rating_mean", ascending=False)
    return [
        Figure(
            "genres",
            "Ratings of each genre",
            f"{first.genre} is rated most: {first.rating_share:.0%} of all ratings go "
            "to movies of that genre; a movie counts in each of its genres.",
            data,
            columns,
            charts.horizontal_bars(data, columns, "genre", "rating_count"),
        ),
        Figure(
            "genre_means",
            "Mean rating of each genre",
            best_genres(data),
            liked,
            columns,
            charts.dots(liked, columns, "genre", "rating_mean"),
        ),
    ]


def best_genres(genres: pd.DataFrame) -> str:
    """Return which genres are rated best, not counting small ones."""
    known = genres[genres["rating_share"] >= SMALL_GENRE]
    top = known.sort_values(["rating_mean", "genre"], ascending=[False, True]).head(3)
    words = [f"{row.genre} ({row.rating_mean:.2f} stars)" for row in top.itertuples()]
    return (
        f"Of the genres with at least {SMALL_GENRE:.0%} of the ratings, "
        f"{listed(words)} {'is' if len(words) == 1 else 'are'} rated best."
    )


def genre_trends(frames: Frames) -> list[Figure]:
    data = frames["eda_genre_trends"].sort_values(["rated_year", "genre"])
    data = data.assign(year=data["rated_year"].astype(str))
    columns = {
        "genre": ("genre", ""),
        "year": ("year of rating", ""),
        "rating_share": ("share of the year's ratings", ".1%"),
        "rating_count": RATINGS,
        "rating_mean": MEAN,
    }
    by_size = data.groupby("genre")["rating_count"].sum().sort_values(ascending=False)
    place = data["genre"].map({genre: row for row, genre in enumerate(by_size.index)})
    data = data.assign(place=place).sort_values(["place", "rated_year"])
    return [
        Figure(
            "genre_trends",
            "Share of each genre in the ratings of each year",
            gains(data),
            data,
            columns,
            charts.heatmap(data, columns, "year", "genre", "rating_share"),
        )
    ]


def gains(trends: pd.DataFrame) -> str:
    """Return which genre gained and which lost most from the first to the last year."""
    first, last = trends["rated_year"].min(), trends["rated_year"].max()
    if first == last:
        return f"All ratings are of {first}, so there is no trend to see."
    shares = trends.pivot(index="genre", columns="rated_year", values="rating_share")
    change = (shares[last].fillna(0) - shares[first].fillna(0)).sort_values()
    return (
        f"From {first} to {last} {change.index[-1]} gained most "
        f"({change.iloc[-1] * 100:+.1f} percentage points of the year's ratings) and "
        f"{change.index[0]} lost most ({change.iloc[0] * 100:+.1f})."
    )


GENRES = Topic(
    "genres",
    "Popular genres",
    "Which genres are rated most, and which best?",
    ["eda_popular_genres"],
    NO_GENRES,
    genres,
)
GENRE_TRENDS = Topic(
    "genre_trends",
    "Genre trends",
    "Which genres gained and which lost over the years?",
    ["eda_genre_trends"],
    NO_GENRES,
    genre_trends,
)
