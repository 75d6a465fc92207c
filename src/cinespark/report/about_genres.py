"""What the report shows of genres: marts in `models/marts/eda`."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.columns import mean_in, ratings_in, share_in
from cinespark.report.topics import Figure, Frames, Topic
from cinespark.report.wording import listed
from cinespark.vocabulary import Vocabulary, sentence, with_article

NO_GENRES = "No {item} with {ratings} has a genre."

SMALL_GENRE = 0.01  # genres with a smaller share of the ratings are not called best


def genres(frames: Frames, words: Vocabulary) -> list[Figure]:
    data = frames["eda_popular_genres"].sort_values("popularity_rank")
    columns = {
        "genre": ("genre", ""),
        "rating_count": ratings_in(words),
        "rating_share": share_in(words),
        "movie_count": (
            words.either(f"rated {words.items}", f"{words.items} with events"),
            ",.0f",
        ),
        **mean_in(words),
    }
    most = Figure(
        "genres",
        f"{sentence(words.ratings)} of each genre",
        most_rated_genre(data, words),
        data,
        columns,
        charts.horizontal_bars(data, columns, "genre", "rating_count"),
    )
    if not words.has_stars:
        return [most]
    liked = data.sort_values("rating_mean", ascending=False)
    best = Figure(
        "genre_means",
        "Mean rating of each genre",
        best_genres(data, words),
        liked,
        columns,
        charts.dots(liked, columns, "genre", "rating_mean"),
    )
    return [most, best]


def most_rated_genre(genres: pd.DataFrame, words: Vocabulary) -> str:
    """Return which genre has most ratings."""
    first = genres.sort_values("popularity_rank").iloc[0]
    verb = words.either("is rated most", "has most events")
    return (
        f"{first.genre} {verb}: {first.rating_share:.0%} of all {words.ratings} go to "
        f"{words.items} of that genre; {with_article(words.item)} counts in each of "
        "its genres."
    )


def best_genres(genres: pd.DataFrame, words: Vocabulary) -> str:
    """Return which genres are rated best, not counting small ones."""
    known = genres[genres["rating_share"] >= SMALL_GENRE]
    top = known.sort_values(["rating_mean", "genre"], ascending=[False, True]).head(3)
    best = [
        f"{row.genre} ({row.rating_mean:.2f} {words.stars})" for row in top.itertuples()
    ]
    return (
        f"Of the genres with at least {SMALL_GENRE:.0%} of the ratings, "
        f"{listed(best)} {'is' if len(best) == 1 else 'are'} rated best."
    )


def genre_trends(frames: Frames, words: Vocabulary) -> list[Figure]:
    data = frames["eda_genre_trends"].sort_values(["rated_year", "genre"])
    data = data.assign(year=data["rated_year"].astype(str))
    columns = {
        "genre": ("genre", ""),
        "year": (f"year of {words.either('rating', 'the events')}", ""),
        "rating_share": (f"share of the year's {words.ratings}", ".1%"),
        "rating_count": ratings_in(words),
        **mean_in(words),
    }
    by_size = data.groupby("genre")["rating_count"].sum().sort_values(ascending=False)
    place = data["genre"].map({genre: row for row, genre in enumerate(by_size.index)})
    data = data.assign(place=place).sort_values(["place", "rated_year"])
    return [
        Figure(
            "genre_trends",
            f"Share of each genre in the {words.ratings} of each year",
            gains(data, words),
            data,
            columns,
            charts.heatmap(data, columns, "year", "genre", "rating_share"),
        )
    ]


def gains(trends: pd.DataFrame, words: Vocabulary) -> str:
    """Return which genre gained and which lost most from the first to the last year."""
    first, last = trends["rated_year"].min(), trends["rated_year"].max()
    if first == last:
        return f"All {words.ratings} are of {first}, so there is no trend to see."
    shares = trends.pivot(index="genre", columns="rated_year", values="rating_share")
    change = (shares[last].fillna(0) - shares[first].fillna(0)).sort_values()
    return (
        f"From {first} to {last} {change.index[-1]} gained most "
        f"({change.iloc[-1] * 100:+.1f} percentage points of the year's "
        f"{words.ratings}) and "
        f"{change.index[0]} lost most ({change.iloc[0] * 100:+.1f})."
    )


GENRES = Topic(
    "genres",
    "Popular genres",
    "Which genres are rated most, and which best?",
    ["eda_popular_genres"],
    NO_GENRES,
    genres,
    of_events="Which genres have most {ratings}?",
)
GENRE_TRENDS = Topic(
    "genre_trends",
    "Genre trends",
    "Which genres gained and which lost over the years?",
    ["eda_genre_trends"],
    NO_GENRES,
    genre_trends,
)
