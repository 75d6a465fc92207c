"""What the report shows of movies: marts in `models/marts/eda`."""

from collections.abc import Iterator

import pandas as pd

from cinespark.report import charts
from cinespark.report.charts import Columns
from cinespark.report.columns import mean_in, ratings_in, share_in
from cinespark.report.topics import NO_RATINGS, Figure, Frames, Topic
from cinespark.vocabulary import Vocabulary, count, sentence

BEST = 15  # movies in the chart of the best

SMALL_DECADE = 0.005  # decades with a smaller share of the ratings are left out


def decades(frames: Frames, words: Vocabulary) -> list[Figure]:
    """Return the figures on movies by decade, and on older movies where there are any.

    Movies without a year are counted, but in no decade.
    """
    movies = frames["eda_movies_by_decade"]
    undated = movies["release_decade"].isna()
    data = movies[~undated].sort_values("release_decade")
    data = data.astype({"release_decade": int})
    data = data.assign(decade=data["release_decade"].map("{}s".format))
    if data.empty:
        title = f"{sentence(words.items)} of each decade"
        return [Figure("decades", title, f"No {words.item} has a year.")]
    left_out = movies.loc[undated, "movie_count"].sum()
    figures = [movies_of_decades(data, left_out, words)]
    if not words.has_stars:
        return figures
    figures += means_of_decades(data, words)
    older = frames["eda_older_movies"]
    return figures if older.empty else [*figures, means_of_older_movies(older, words)]


def decade_columns(words: Vocabulary) -> Columns:
    return {
        "decade": ("decade of release", ""),
        "movie_count": (words.items, ",.0f"),
        "rated_movie_count": (
            words.either(f"rated {words.items}", f"{words.items} with events"),
            ",.0f",
        ),
        "rating_count": ratings_in(words),
        **mean_in(words),
    }


def movies_of_decades(data: pd.DataFrame, left_out: int, words: Vocabulary) -> Figure:
    """Return how many movies each decade has."""
    top = data.loc[data["movie_count"].idxmax()]
    columns = decade_columns(words)
    return Figure(
        "decades",
        f"{sentence(words.items)} of each decade",
        f"Most {words.items}, {top.movie_count:,} of {data['movie_count'].sum():,}, "
        f"are of the {top.decade}; {count(left_out, words.item_noun)} without a year "
        f"{'is' if left_out == 1 else 'are'} left out.",
        data,
        columns,
        charts.vertical_bars(data, columns, "decade", "movie_count"),
    )


def means_of_decades(data: pd.DataFrame, words: Vocabulary) -> Iterator[Figure]:
    """Yield how each decade's movies are rated, if any is rated."""
    rated = data[data["rating_count"] > 0]
    known = rated[rated["rating_count"] >= SMALL_DECADE * rated["rating_count"].sum()]
    if known.empty:
        return
    best, worst = (
        known.loc[known["rating_mean"].idxmax()],
        known.loc[known["rating_mean"].idxmin()],
    )
    columns = decade_columns(words)
    yield Figure(
        "decade_means",
        f"Mean rating of the {words.items} of each decade",
        f"Of the decades with at least {SMALL_DECADE:.1%} of the ratings, "
        f"{words.items} of the {best.decade} are rated best ({best.rating_mean:.2f} "
        f"{words.stars}), those of the {worst.decade} worst ({worst.rating_mean:.2f}).",
        rated,
        columns,
        charts.dots(rated, columns, "decade", "rating_mean"),
    )


def means_of_older_movies(older: pd.DataFrame, words: Vocabulary) -> Figure:
    """Return how older and newer movies are rated, niche ones and popular ones."""
    older = older.sort_values(["is_niche", "is_older"])
    age = older["is_older"].map({True: "older", False: "newer"})
    fame = older["is_niche"].map({True: "niche", False: "much rated"})
    older = older.assign(group=fame + ", " + age)
    groups = {
        "group": (words.items, ""),
        **mean_in(words),
        "rating_count": ratings_in(words),
        "movie_count": (words.items, ",.0f"),
    }
    return Figure(
        "older_movies",
        f"Mean rating of older and of niche {words.items}",
        older_movies(older, words),
        older,
        groups,
        charts.dots(older, groups, "group", "rating_mean"),
    )


def older_movies(older: pd.DataFrame, words: Vocabulary) -> str:
    """Return whether older movies are rated higher, first of all niche ones."""
    groups = older.set_index(["is_niche", "is_older"])["rating_mean"]
    sizes = older.set_index(["is_niche", "is_older"])["rating_count"]
    if not {(True, True), (True, False)} <= set(groups.index):
        return (
            f"Niche {words.items}, those outside the most rated tenth, were not rated "
            "both at 20 years or older and when newer, so there is nothing to compare."
        )
    old, new = groups[True, True], groups[True, False]
    answer = "Yes" if old - new >= 0.05 else "No" if new - old >= 0.05 else "Hardly"
    found = (
        f"{answer}: niche {words.items}, those outside the most rated tenth, get "
        f"{old:.2f} {words.stars} at 20 years or older "
        f"({count(sizes[True, True], words.rating)}) and {new:.2f} when newer"
    )
    if {(False, True), (False, False)} <= set(groups.index):
        found += (
            f"; of the most rated ones it is {groups[False, True]:.2f} and "
            f"{groups[False, False]:.2f}"
        )
    return f"{found}."


def best_movies(frames: Frames, words: Vocabulary) -> list[Figure]:
    movies = frames["eda_best_movies"]
    raw, bayesian = f"raw mean ({words.stars})", f"Bayesian average ({words.stars})"
    best = movies.nsmallest(BEST, "best_rank")
    year = best["release_year"].map(
        lambda year: "" if pd.isna(year) else f" ({year:g})"
    )
    best = best.assign(movie=best["title"] + year)
    best = best.assign(movie=unique_names(best["movie"], best["movie_id"]))
    columns = {
        "movie": (words.item, ""),
        "best_rank": ("rank by Bayesian average", "d"),
        "raw_rank": ("rank by raw mean", "d"),
        "rating_count": ratings_in(words),
        "rating_mean": (raw, ".2f"),
        "bayesian_average": (bayesian, ".2f"),
    }
    means = ("rating_mean", "bayesian_average")
    first = best.iloc[0]
    return [
        Figure(
            "best_movies",
            f"The best {words.items}, by Bayesian average",
            f"{first.movie} is rated best: {first.bayesian_average:.2f} {words.stars} "
            "after shrinking the mean of its "
            f"{count(first.rating_count, words.rating)}; by raw mean it is number "
            f"{first.raw_rank:,}.",
            best,
            columns,
            charts.pairs_of_dots(
                best, columns, "movie", means, f"mean ({words.stars})"
            ),
        ),
        shrinkage(movies, words),
    ]


def shrinkage(movies: pd.DataFrame, words: Vocabulary) -> Figure:
    """Return how many ratings the best movies by either mean have."""
    which = "the best by raw mean", "the best by Bayesian average"
    cloud = pd.concat(
        [
            movies[movies["raw_rank"] <= 100].assign(of=which[0]),
            movies[movies["best_rank"] <= 100].assign(of=which[1]),
        ]
    )
    columns = {
        "title": (words.item, ""),
        "of": ("one of", ""),
        "rating_count": ("ratings (logarithmic)", ",.0f"),
        "rating_mean": (f"raw mean ({words.stars})", ".2f"),
        "bayesian_average": (f"Bayesian average ({words.stars})", ".2f"),
    }
    raw, bayesian = (cloud.loc[cloud["of"] == name, "rating_count"] for name in which)
    both = int((movies[["raw_rank", "best_rank"]] <= 100).all(axis=1).sum())
    return Figure(
        "shrinkage",
        "Why a Bayesian average",
        f"The {count(len(raw), words.item_noun)} best by raw mean have "
        f"{count(raw.median(), words.rating)} in the median, those best by Bayesian "
        f"average {bayesian.median():,.0f}; {both:,} are among both.",
        cloud,
        columns,
        charts.cloud(cloud, columns, "rating_count", "rating_mean", "of"),
    )


def unique_names(names: pd.Series, ids: pd.Series) -> pd.Series:
    """Return names that are unique, by the id where two are the same."""
    return names.where(~names.duplicated(keep=False), names + " #" + ids.astype(str))


def long_tail(frames: Frames, words: Vocabulary) -> list[Figure]:
    data = frames["eda_long_tail"].sort_values("top_percent")
    data = data.assign(top=data["top_percent"] / 100, of=words.ratings)
    columns = {
        "top": (f"share of the {words.items}, {words.most_rated} first", ".0%"),
        "rating_share": share_in(words),
        "movie_count": (words.items, ",.0f"),
        "rating_count": ratings_in(words),
        "min_rating_count": (f"fewest {words.ratings} of one", ",.0f"),
    }
    tenth = data.loc[data["top_percent"] == 10].iloc[0]
    if not data["rating_count"].max():
        return [Figure("long_tail", "The long tail", words.fill(NO_RATINGS))]
    return [
        Figure(
            "long_tail",
            words.fill("Share of all {ratings} that the {most_rated} {items} hold"),
            f"The {words.most_rated} tenth of the {words.items} "
            f"({tenth.movie_count:,}) holds {tenth.rating_share:.0%} of all "
            f"{words.ratings}, each with {tenth.min_rating_count:,} or more.",
            data,
            columns,
            charts.curves(data, columns, "top", "rating_share", "of"),
        )
    ]


DECADES = Topic(
    "decades",
    "{Items} by decade",
    "From which decades are the {items}, and are older ones rated higher by those "
    "who still pick them?",
    ["eda_movies_by_decade", "eda_older_movies"],
    "There are no {items}.",
    decades,
    of_events="From which decades are the {items}?",
)
BEST_MOVIES = Topic(
    "best_movies",
    "Best {items}",
    "Which {items} are rated best, when few ratings count for little?",
    ["eda_best_movies"],
    NO_RATINGS,
    best_movies,
    is_of_stars=True,
)
LONG_TAIL = Topic(
    "long_tail",
    "The long tail",
    "How much of all {ratings} do the {most_rated} {items} hold?",
    ["eda_long_tail"],
    "There are no {items}.",
    long_tail,
)
