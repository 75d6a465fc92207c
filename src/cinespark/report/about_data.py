"""What the report shows of the data: the marts in `models/marts/eda`."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.topics import Figure, Frames, Topic
from cinespark.report.words import count, listed

NO_RATINGS = "There are no ratings."
NO_GENRES = "No rated movie has a genre."
BEST = 15  # movies in the chart of the best
USERS = 10  # users in the chart of the most active
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
SMALL_GENRE = 0.01  # genres with a smaller share of the ratings are not called best
SMALL_DECADE = 0.005
FEW_YEARS = 3


def glance(frames: Frames) -> list[Figure]:
    facts = frames["eda_at_a_glance"].iloc[0]
    lines = frames["line_accounts"].sort_values("line_count", ascending=False)
    rows = [
        ("users with ratings", f"{facts.user_count:,}"),
        ("movies", f"{facts.movie_count:,}"),
        ("movies with ratings", f"{facts.rated_movie_count:,}"),
        ("ratings", f"{facts.rating_count:,}"),
        ("tags", f"{facts.tag_count:,}"),
        ("users with a known age or gender", f"{facts.profile_count:,}"),
    ]
    finding = NO_RATINGS
    if facts.rating_count:
        first, last = (
            f"{facts[name]:%-d %B %Y}" for name in ("first_rated_at", "last_rated_at")
        )
        rows += [
            ("mean rating in stars", f"{facts.rating_mean:.2f}"),
            ("pairs without a rating (sparsity)", f"{facts.sparsity:.2%}"),
            ("first rating", first),
            ("last rating", last),
        ]
        finding = (
            f"{count(facts.user_count, 'user')} gave "
            f"{count(facts.rating_count, 'rating')} to {facts.rated_movie_count:,} of "
            f"{count(facts.movie_count, 'movie')} from {first} to {last}; "
            f"{facts.sparsity:.1%} of all pairs of a user and a movie have no rating."
        )
    figures = pd.DataFrame(rows, columns=["fact", "value"])
    return [
        Figure(
            "size",
            "How much there is",
            finding,
            figures,
            {"fact": ("what", ""), "value": ("how much", "")},
        ),
        Figure(
            "lines",
            "What became of the lines of each file",
            lines_finding(lines),
            lines,
            {
                "source_file": ("file", ""),
                "line_count": ("lines", ",.0f"),
                "accepted_count": ("accepted", ",.0f"),
                "superseded_count": ("superseded", ",.0f"),
                "rejected_count": ("rejected", ",.0f"),
            },
        ),
    ]


def lines_finding(lines: pd.DataFrame) -> str:
    """Return how many lines were lost to whom, and which files are empty."""
    total, rejected, superseded = (
        int(lines[f"{name}_count"].sum()) for name in ("line", "rejected", "superseded")
    )
    empty = sorted(lines.loc[lines["line_count"] == 0, "source_file"])
    words = (
        f"Of {count(total, 'line')} {rejected:,} were rejected with a reason and "
        f"{superseded:,} superseded by a later one"
    )
    return words + (f"; no lines in {listed(empty)}." if empty else ".")


def genres(frames: Frames) -> list[Figure]:
    data = frames["eda_popular_genres"].sort_values("popularity_rank")
    columns = {
        "genre": ("genre", ""),
        "rating_count": ("ratings", ",.0f"),
        "rating_share": ("share of all ratings", ".1%"),
        "movie_count": ("rated movies", ",.0f"),
        "rating_mean": ("mean rating (stars)", ".2f"),
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
    """Return which genres are rated best, small ones left out."""
    known = genres[genres["rating_share"] >= SMALL_GENRE]
    top = known.sort_values(["rating_mean", "genre"], ascending=[False, True]).head(3)
    words = [f"{row.genre} ({row.rating_mean:.2f} stars)" for row in top.itertuples()]
    return (
        f"Of the genres with at least {SMALL_GENRE:.0%} of the ratings, "
        f"{listed(words)} {'is' if len(words) == 1 else 'are'} rated best."
    )


def trends(frames: Frames) -> list[Figure]:
    months = frames["eda_rating_trends"].sort_values("rated_month")
    months = months.assign(rated_month=pd.to_datetime(months["rated_month"]))
    months = months.assign(month=months["rated_month"].dt.strftime("%Y-%m"))
    years = by_year(months)
    volume = {
        "rating_count": ("ratings", ",.0f"),
        "user_count": ("users who rated", ",.0f"),
        "rating_mean": ("mean rating (stars)", ".2f"),
    }
    # the axis is of time, the table and the tooltip say the month in words
    monthly = {"month": ("month", "")} | volume
    yearly = {"rated_year": ("year", "d")} | volume
    del yearly["user_count"]  # a user of two months would count twice
    drawn = {"rated_month": ("month", "")}
    means_of = [months.assign(of="each month")]
    if len(years) >= FEW_YEARS:  # a line of them says something
        mid_year = pd.to_datetime(years["rated_year"].astype(str) + "-07-01")
        named = years.assign(month=years["rated_year"].astype(str))
        means_of.append(named.assign(rated_month=mid_year, of="each year"))
    both = pd.concat(means_of)
    means = {
        "month": ("month or year", ""),
        "of": ("mean of", ""),
        "rating_mean": ("mean rating (stars)", ".2f"),
        "rating_count": ("ratings", ",.0f"),
    }
    top_year = years.loc[years["rating_count"].idxmax()]
    return [
        Figure(
            "ratings_by_month",
            "Ratings a month",
            peak(months),
            months,
            monthly,
            charts.bars_by_month(
                months, drawn | monthly, "rated_month", "rating_count"
            ),
        ),
        Figure(
            "ratings_by_year",
            "Ratings a year",
            f"{count(len(years), 'year')} {'has' if len(years) == 1 else 'have'} "
            f"ratings; the most, {top_year.rating_count:,.0f}, are of "
            f"{top_year.rated_year:.0f}.",
            years,
            yearly,
            charts.vertical_bars(years, yearly, "rated_year", "rating_count"),
        ),
        Figure(
            "mean_by_month",
            "Mean rating over time",
            drift_of_means(years),
            both,
            means,
            charts.lines_in_time(
                both, drawn | means, "rated_month", "rating_mean", "of"
            ),
        ),
    ]


def by_year(months: pd.DataFrame) -> pd.DataFrame:
    """Return the months' ratings and their mean by year."""
    stars = months["rating_mean"] * months["rating_count"]
    years = months.assign(stars=stars).groupby("rated_year", as_index=False)
    sums = years[["rating_count", "stars"]].sum()
    return sums.assign(rating_mean=sums.pop("stars") / sums["rating_count"])


def peak(months: pd.DataFrame) -> str:
    """Return when the volume of ratings peaked."""
    top = months.sort_values("rating_count").iloc[-1]
    typical = months["rating_count"].median()
    words = (
        f"Rating volume peaked in {pd.Timestamp(top.rated_month):%B %Y} with "
        f"{count(top.rating_count, 'rating')}"
    )
    if len(months) == 1:
        return f"{words}, the only month with any."
    return f"{words}, {top.rating_count / typical:.1f} times a median month."


def drift_of_means(years: pd.DataFrame) -> str:
    """Return from where to where the yearly mean went."""
    first, last = years.iloc[0], years.iloc[-1]
    if len(years) == 1:
        return f"The mean rating of {first.rated_year:.0f} is {first.rating_mean:.2f}."
    change = last.rating_mean - first.rating_mean
    way = "hardly moved" if abs(change) < 0.05 else "rose" if change > 0 else "fell"
    return (
        f"The yearly mean {way}: {first.rating_mean:.2f} stars in "
        f"{first.rated_year:.0f}, {last.rating_mean:.2f} in {last.rated_year:.0f}."
    )


def distribution(frames: Frames) -> list[Figure]:
    data = frames["eda_rating_distribution"].sort_values("rating")
    columns = {
        "rating": ("stars", ".1f"),
        "rating_count": ("ratings", ",.0f"),
        "rating_share": ("share of all ratings", ".1%"),
        "cumulative_share": ("this or fewer", ".1%"),
    }
    most = data[data["rating_count"] == data["rating_count"].max()]
    stars = listed([f"{rating:g}" for rating in most["rating"]])
    high = data.loc[data["rating"] >= 4, "rating_share"].sum()
    return [
        Figure(
            "distribution",
            "Share of each number of stars",
            f"{stars} stars are given most, in {most['rating_share'].iloc[0]:.0%} of "
            f"the ratings{' each' if len(most) > 1 else ''}; {high:.0%} have four "
            "stars or more.",
            data,
            columns,
            charts.vertical_bars(data, columns, "rating", "rating_share"),
        )
    ]


def activity(frames: Frames) -> list[Figure]:
    deciles = frames["eda_activity_deciles"].sort_values("activity_decile")
    inequality = frames["eda_activity_inequality"].iloc[0]
    users = frames["eda_user_activity"].nsmallest(USERS, "activity_rank")
    users = users.assign(user=users["user_id"].map("user {}".format))
    top = deciles.iloc[0]
    tenths = {
        "activity_decile": ("tenth of the users, most active first", "d"),
        "user_count": ("users", ",.0f"),
        "rating_count": ("ratings", ",.0f"),
        "rating_share": ("share of all ratings", ".1%"),
        "cumulative_share": ("with the more active ones", ".1%"),
        "least_ratings": ("fewest ratings of a user", ",.0f"),
        "most_ratings": ("most ratings of a user", ",.0f"),
    }
    names = {
        "user": ("user", ""),
        "rating_count": ("ratings", ",.0f"),
        "rating_share": ("share of all ratings", ".2%"),
        "rating_mean": ("mean rating (stars)", ".2f"),
        "active_days": ("days from first to last", ",.0f"),
    }
    return [
        Figure(
            "activity",
            "Share of all ratings by tenths of the users",
            f"The most active tenth gave {top.rating_share:.0%} of the ratings; a "
            f"median user gave {inequality.median_ratings_per_user:,.0f}, a mean one "
            f"{inequality.ratings_per_user:,.0f} (Gini coefficient "
            f"{inequality.gini_coefficient:.2f}).",
            deciles,
            tenths,
            charts.vertical_bars(deciles, tenths, "activity_decile", "rating_share"),
        ),
        Figure(
            "users",
            "The most active users",
            most_active(users),
            users,
            names,
            charts.horizontal_bars(users, names, "user", "rating_count"),
        ),
    ]


def most_active(users: pd.DataFrame) -> str:
    """Return who rates most."""
    first = users.iloc[0]
    words = f"User {first.user_id:.0f} is the most active, with "
    words += f"{count(first.rating_count, 'rating')} ({first.rating_share:.2%} of all)"
    others = [str(user) for user in users["user_id"].iloc[1:3]]
    return words + (f", before {listed(others)}." if others else ".")


def decades(frames: Frames) -> list[Figure]:
    data = frames["eda_movies_by_decade"].dropna(subset="release_decade")
    data = data.sort_values("release_decade").astype({"release_decade": int})
    undated = frames["eda_movies_by_decade"]["release_decade"].isna()
    left_out = frames["eda_movies_by_decade"].loc[undated, "movie_count"].sum()
    data = data.assign(decade=data["release_decade"].map("{}s".format))
    rated = data[data["rating_count"] > 0]
    columns = {
        "decade": ("decade of release", ""),
        "movie_count": ("movies", ",.0f"),
        "rated_movie_count": ("rated movies", ",.0f"),
        "rating_count": ("ratings", ",.0f"),
        "rating_mean": ("mean rating (stars)", ".2f"),
    }
    if data.empty:
        return [Figure("decades", "Movies of each decade", "No movie has a year.")]
    top = data.loc[data["movie_count"].idxmax()]
    known = rated[rated["rating_count"] >= SMALL_DECADE * rated["rating_count"].sum()]
    figures = [
        Figure(
            "decades",
            "Movies of each decade",
            f"Most movies, {top.movie_count:,} of {data['movie_count'].sum():,}, are "
            f"of the {top.decade}; {count(left_out, 'movie')} without a year "
            f"{'is' if left_out == 1 else 'are'} left out.",
            data,
            columns,
            charts.vertical_bars(data, columns, "decade", "movie_count"),
        )
    ]
    if not known.empty:
        best, worst = (
            known.loc[known["rating_mean"].idxmax()],
            known.loc[known["rating_mean"].idxmin()],
        )
        figures.append(
            Figure(
                "decade_means",
                "Mean rating of the movies of each decade",
                f"Of the decades with at least {SMALL_DECADE:.1%} of the ratings, "
                f"movies of the {best.decade} are rated best ({best.rating_mean:.2f} "
                f"stars), those of the {worst.decade} worst ({worst.rating_mean:.2f}).",
                rated,
                columns,
                charts.dots(rated, columns, "decade", "rating_mean"),
            )
        )
    older = frames["eda_older_movies"]
    if not older.empty:
        older = older.sort_values(["is_niche", "is_older"])
        age = older["is_older"].map({True: "older", False: "newer"})
        fame = older["is_niche"].map({True: "niche", False: "much rated"})
        older = older.assign(group=fame + ", " + age)
        groups = {
            "group": ("movies", ""),
            "rating_mean": ("mean rating (stars)", ".2f"),
            "rating_count": ("ratings", ",.0f"),
            "movie_count": ("movies", ",.0f"),
        }
        figures.append(
            Figure(
                "older_movies",
                "Mean rating of older and of niche movies",
                older_movies(older),
                older,
                groups,
                charts.dots(older, groups, "group", "rating_mean"),
            )
        )
    return figures


def older_movies(older: pd.DataFrame) -> str:
    """Return whether older movies are rated higher, niche ones above all."""
    groups = older.set_index(["is_niche", "is_older"])["rating_mean"]
    sizes = older.set_index(["is_niche", "is_older"])["rating_count"]
    if not {(True, True), (True, False)} <= set(groups.index):
        return (
            "Niche movies, those outside the most rated tenth, have no ratings at "
            "20 years or older to compare with those of newer ones."
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
    return f"{words}; but who picks an old movie has often chosen it for its fame."


def genre_trends(frames: Frames) -> list[Figure]:
    data = frames["eda_genre_trends"].sort_values(["rated_year", "genre"])
    data = data.assign(year=data["rated_year"].astype(str))
    columns = {
        "genre": ("genre", ""),
        "year": ("year of rating", ""),
        "rating_share": ("share of the year's ratings", ".1%"),
        "rating_count": ("ratings", ",.0f"),
        "rating_mean": ("mean rating (stars)", ".2f"),
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
    """Return which genre won and which lost most from the first year to the last."""
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
        "best_rank": ("rank by shrunken mean", "d"),
        "raw_rank": ("rank by raw mean", "d"),
        "rating_count": ("ratings", ",.0f"),
        "rating_mean": ("raw mean (stars)", ".2f"),
        "shrunken_mean": ("shrunken mean (stars)", ".2f"),
    }
    which = "the best by raw mean", "the best by shrunken mean"
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
        "shrunken_mean": ("shrunken mean (stars)", ".2f"),
    }
    first = best.iloc[0]
    raw, shrunken = (cloud.loc[cloud["of"] == name, "rating_count"] for name in which)
    size = count(len(raw), "movie")
    return [
        Figure(
            "best_movies",
            "The best movies, by shrunken mean",
            f"{first.movie} is rated best: {first.shrunken_mean:.2f} stars after "
            f"shrinking the mean of its {count(first.rating_count, 'rating')}; by raw "
            f"mean it is number {first.raw_rank:,}.",
            best,
            columns,
            charts.pairs_of_dots(
                best, columns, "movie", ("rating_mean", "shrunken_mean"), "mean (stars)"
            ),
        ),
        Figure(
            "shrinkage",
            "Why the mean is shrunken",
            f"The best {size} by raw mean have {raw.median():,.0f} ratings in the "
            f"median, the best by shrunken mean {shrunken.median():,.0f}: a high mean "
            "of few ratings is luck more often than quality.",
            cloud,
            of_cloud,
            charts.cloud(cloud, of_cloud, "rating_count", "rating_mean", "of"),
        ),
    ]


def unique_names(names: pd.Series, ids: pd.Series) -> pd.Series:
    """Return names of rows; where two have the same, each with its id."""
    return names.where(~names.duplicated(keep=False), names + " #" + ids.astype(str))


def long_tail(frames: Frames) -> list[Figure]:
    data = frames["eda_long_tail"].sort_values("top_percent")
    data = data.assign(top=data["top_percent"] / 100, of="ratings")
    columns = {
        "top": ("share of the movies, most rated first", ".0%"),
        "rating_share": ("share of all ratings", ".1%"),
        "movie_count": ("movies", ",.0f"),
        "rating_count": ("ratings", ",.0f"),
        "least_ratings": ("fewest ratings of one", ",.0f"),
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
            f"{tenth.least_ratings:,} or more.",
            data,
            columns,
            charts.curves(data, columns, "top", "rating_share", "of"),
        )
    ]


def hours(frames: Frames) -> list[Figure]:
    data = frames["eda_activity_by_hour"].sort_values(["rated_weekday", "rated_hour"])
    data = data.assign(
        weekday=data["rated_weekday"].map(lambda day: WEEKDAYS[day - 1]),
        hour=data["rated_hour"].map("{:02d}".format),
    )
    columns = {
        "weekday": ("weekday", ""),
        "hour": ("hour of the day (UTC)", ""),
        "rating_count": ("ratings", ",.0f"),
        "rating_mean": ("mean rating (stars)", ".2f"),
    }
    total = data["rating_count"].sum()
    if not total:
        return [Figure("hours", "When users rate", NO_RATINGS)]
    by_day = data.groupby("weekday", sort=False)["rating_count"].sum()
    by_hour = data.groupby("hour")["rating_count"].sum()
    return [
        Figure(
            "hours",
            "Ratings by weekday and hour",
            f"Most ratings are given on {by_day.idxmax()} ({by_day.max() / total:.0%}) "
            f"and in the hour from {by_hour.idxmax()}:00 UTC "
            f"({by_hour.max() / total:.1%}).",
            data,
            columns,
            charts.heatmap(data, columns, "hour", "weekday", "rating_count"),
        )
    ]


TOPICS = [
    Topic(
        "glance",
        "The data at a glance",
        "How many users, movies and ratings are there, and what was rejected?",
        ["eda_at_a_glance", "line_accounts"],
        NO_RATINGS,
        glance,
    ),
    Topic(
        "genres",
        "Popular genres",
        "Which genres are rated most, and which best?",
        ["eda_popular_genres"],
        NO_GENRES,
        genres,
    ),
    Topic(
        "trends",
        "Rating trends",
        "When were the ratings given, and did their mean change?",
        ["eda_rating_trends"],
        NO_RATINGS,
        trends,
    ),
    Topic(
        "distribution",
        "Rating distribution",
        "Which stars do users give?",
        ["eda_rating_distribution"],
        NO_RATINGS,
        distribution,
    ),
    Topic(
        "activity",
        "User activity",
        "Who rates most, and how unequal is it?",
        ["eda_activity_deciles", "eda_activity_inequality", "eda_user_activity"],
        NO_RATINGS,
        activity,
    ),
    Topic(
        "decades",
        "Movies by decade",
        "From which decades are the movies, and are older ones rated higher?",
        ["eda_movies_by_decade", "eda_older_movies"],
        "There are no movies.",
        decades,
    ),
    Topic(
        "genre_trends",
        "Genre trends",
        "Which genres gained and which lost over the years?",
        ["eda_genre_trends"],
        NO_GENRES,
        genre_trends,
    ),
    Topic(
        "best_movies",
        "Best movies",
        "Which movies are rated best, when few ratings count for little?",
        ["eda_best_movies"],
        NO_RATINGS,
        best_movies,
    ),
    Topic(
        "long_tail",
        "The long tail",
        "How much of all ratings do the most rated movies hold?",
        ["eda_long_tail"],
        "There are no movies.",
        long_tail,
    ),
    Topic(
        "hours",
        "Weekday and hour",
        "When in the week do users rate?",
        ["eda_activity_by_hour"],
        NO_RATINGS,
        hours,
    ),
]
