"""What the report shows of movies: marts in `models/marts/eda`."""

from collections.abc import Iterator

import pandas as pd

from cinespark.report import charts
from cinespark.report.charts import MEAN, RATINGS, SHARE
from cinespark.report.topics import NO_RATINGS, Figure, Frames, Topic
from cinespark.report.wording import count

BEST = 15  # movies in the chart of the best

SMALL_DECADE = 0.005  # decades with a smaller share of the ratings are left out
DECADE_COLUMNS = {
    "decade": ("decade of release", ""),
    "movie_count": ("movies", ",.0f"),
    "rated_movie_count": ("rated movies", ",.0f"),
    "rating_count": RATINGS,
    "rating_mean": MEAN,
}


def decades(frames: Frames) -> list[Figure]:
    """Return the figures on movies by decade, and on older movies where there are any.

    Movies without a year are counted, but in no decade.
    """
    movies = frames["eda_movies_by_decade"]
    undated = movies["release_decade"].isna()
    data = movies[~undated].sort_values("release_decade")
    data = data.astype({"release_decade": int})
    data = data.assign(decade=data["release_decade"].map("{}s".format))
    if data.empty:
        return [Figure("decades", "Movies of each decade", "No movie has a year.")]
    left_out = movies.loc[undated, "movie_count"].sum()
    figures = [movies_of_decades(data, left_out), *means_of_decades(data)]
    older = frames["eda_older_movies"]
    return figures if older.empty else [*figures, means_of_older_movies(older)]


def movies_of_decades(data: pd.DataFrame, left_out: int) -> Figure:
    """Return how many movies each decade has."""
    top = data.loc[data["movie_count"].idxmax()]
    return Figure(
        "decades",
        "Movies of each decade",
        f"Most movies, {top.movie_count:,} of {data['movie_count'].sum():,}, are "
        f"of the {top.decade}; {count(left_out, 'movie')} without a year "
        f"{'is' if left_out == 1 else 'are'} left out.",
        data,
        DECADE_COLUMNS,
        charts.vertical_bars(data, DECADE_COLUMNS, "decade", "movie_count"),
    )


def means_of_decades(data: pd.DataFrame) -> Iterator[Figure]:
    """Yield how each decade's movies are rated, if any is rated."""
    rated = data[data["rating_count"] > 0]
    known = rated[rated["rating_count"] >= SMALL_DECADE * rated["rating_count"].sum()]
    if known.empty:
        return
    best, worst = (
        known.loc[known["rating_mean"].idxmax()],
        known.loc[known["rating_mean"].idxmin()],
    )
    yield Figure(
        "decade_means",
        "Mean rating of the movies of each decade",
        f"Of the decades with at least {SMALL_DECADE:.1%} of the ratings, "
        f"movies of the {best.decade} are rated best ({best.rating_mean:.2f} "
        f"stars), those of the {worst.decade} worst ({worst.rating_mean:.2f}).",
        rated,
        DECADE_COLUMNS,
        charts.dots(rated, DECADE_COLUMNS, "decade", "rating_mean"),
    )


def means_of_older_movies(older: pd.DataFrame) -> Figure:
    """Return how older and newer movies are rated, niche ones and popular ones."""
    older = older.sort_values(["is_niche", "is_older"])
    age = older["is_older"].map({True: "older", False: "newer"})
    fame = older["is_niche"].map({True: "niche", False: "much rated"})
    older = older.assign(group=fame + ", " + age)
    groups = {
        "group": ("movies", ""),
        "rating_mean": MEAN,
        "rating_count": RATINGS,
        "movie_count": ("movies", ",.0f"),
    }
    return Figure(
        "older_movies",
        "Mean rating of older and of niche movies",
        older_movies(older),
        older,
        groups,
        charts.dots(older, groups, "group", "rating_mean"),
    )


def older_movies(older: pd.DataFrame) -> str:
    """Return whether older movies are rated higher, first of all niche ones."""
    groups = older.set_index(["is_niche", "is_older"])["rating_mean"]
    sizes = older.set_index(["is_niche", "is_older"])["rating_count"]
    if not {(True, True), (True, False)} <= set(groups.index):
        return (
            "Niche movies, those outside the most rated tenth, were not rated both at "
            "20 years or older and when newer, so there is nothing to compare."
        )
    old, new = groups[True, True], groups[True, False]
    answer = "Yes" if old - new >= 0.05 else "No" if new - old >= 0.05 else "Hardly"
    words = (
        f"{answer}: niche movies, those outside the most rated tenth, get {old:.2f} "
        f"stars at 20 years or older ({count(sizes[True, True], 'rating')}) and "
        f"{new:.2f} when newer"
    )
    if {(False, True), (False, False)} <= set(groups.index):
        words += (
            f"; of the most rated ones it is {groups[False, True]:.2f} and "
            f"{groups[False, False]:.2f}"
        )
    return f"{words}."


def best_movies(frames: Frames) -> list[Figure]:
    movies = frames["eda_best_movies"]
    best = movies.nsmallest(BEST, "best_rank")
    year = best["release_year"].map(
        lambda year: "" if pd.isna(year) else f" ({year:g})"
    )
    best = best.assign(movie=best["title"] + year)
    best = best.assign(movie=unique_names(best["movie"], best["movie_id"]))
    columns = {
        "movie": ("movie", ""),
        "best_rank": ("rank by Bayesian average", "d"),
        "raw_rank": ("rank by raw mean", "d"),
        "rating_count": RATINGS,
        "rating_mean": ("raw mean (stars)", ".2f"),
        "bayesian_average": ("Bayesian average (stars)", ".2f"),
    }
    which = "the best by raw mean", "the best by Bayesian average"
    cloud = pd.concat(
        [
            movies[movies["raw_rank"] <= 100].assign(of=which[0]),
            movies[movies["best_rank"] <= 100].assign(of=which[1]),
        ]
    )
    of_cloud = {
        "title": ("movie", ""),
        "of": ("one of", ""),
        "rating_count": ("ratings (logarithmic)", ",.0f"),
        "rating_mean": ("raw mean (stars)", ".2f"),
        "bayesian_average": ("Bayesian average (stars)", ".2f"),
    }
    means = ("rating_mean", "bayesian_average")
    first = best.iloc[0]
    raw, bayesian = (cloud.loc[cloud["of"] == name, "rating_count"] for name in which)
    both = int((movies[["raw_rank", "best_rank"]] <= 100).all(axis=1).sum())
    return [
        Figure(
            "best_movies",
            "The best movies, by Bayesian average",
            f"{first.movie} is rated best: {first.bayesian_average:.2f} stars after "
            f"shrinking the mean of its {count(first.rating_count, 'rating')}; by raw "
            f"mean it is number {first.raw_rank:,}.",
            best,
            columns,
            charts.pairs_of_dots(best, columns, "movie", means, "mean (stars)"),
        ),
        Figure(
            "shrinkage",
            "Why a Bayesian average",
            f"The {count(len(raw), 'movie')} best by raw mean have "
            f"{count(raw.median(), 'rating')} in the median, those best by Bayesian "
            f"average {bayesian.median():,.0f}; {both:,} are among both.",
            cloud,
            of_cloud,
            charts.cloud(cloud, of_cloud, "rating_count", "rating_mean", "of"),
        ),
    ]


def unique_names(names: pd.Series, ids: pd.Series) -> pd.Series:
    """Return names that are unique, by the id where two are the same."""
    return names.where(~names.duplicated(keep=False), names + " #" + ids.astype(str))


def long_tail(frames: Frames) -> list[Figure]:
    data = frames["eda_long_tail"].sort_values("top_percent")
    data = data.assign(top=data["top_percent"] / 100, of="ratings")
    columns = {
        "top": ("share of the movies, most rated first", ".0%"),
        "rating_share": SHARE,
        "movie_count": ("movies", ",.0f"),
        "rating_count": RATINGS,
        "min_rating_count": ("fewest ratings of one", ",.0f"),
    }
    tenth = data.loc[data["top_percent"] == 10].iloc[0]
    if not data["rating_count"].max():
        return [Figure("long_tail", "The long tail", NO_RATINGS)]
    return [
        Figure(
            "long_tail",
            "Share of all ratings that the most rated movies hold",
            f"The most rated tenth of the movies ({tenth.movie_count:,}) holds "
            f"{tenth.rating_share:.0%} of all ratings, each with "
            f"{tenth.min_rating_count:,} or more.",
            data,
            columns,
            charts.curves(data, columns, "top", "rating_share", "of"),
        )
    ]


DECADES = Topic(
    "decades",
    "Movies by decade",
    "From which decades are the movies, and are older ones rated higher by those "
    "who still pick them?",
    ["eda_movies_by_decade", "eda_older_movies"],
    "There are no movies.",
    decades,
)
BEST_MOVIES = Topic(
    "best_movies",
    "Best movies",
    "Which movies are rated best, when few ratings count for little?",
    ["eda_best_movies"],
    NO_RATINGS,
    best_movies,
)
LONG_TAIL = Topic(
    "long_tail",
    "The long tail",
    "How much of all ratings do the most rated movies hold?",
    ["eda_long_tail"],
    "There are no movies.",
    long_tail,
)
