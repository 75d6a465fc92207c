"""What the report shows of ratings: marts in `models/marts/eda`."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.charts import MEAN, RATINGS, SHARE
from cinespark.report.topics import NO_RATINGS, Figure, Frames, Topic
from cinespark.report.wording import count, listed

FEW_YEARS = 3


def glance(frames: Frames) -> list[Figure]:
    facts = frames["eda_at_a_glance"].iloc[0]
    lines = frames["line_reconciliation"].sort_values("line_count", ascending=False)
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
    """Return how many lines were rejected or superseded, and which files are empty."""
    total, rejected, superseded = (
        int(lines[f"{name}_count"].sum()) for name in ("line", "rejected", "superseded")
    )
    empty = sorted(lines.loc[lines["line_count"] == 0, "source_file"])
    words = (
        f"Of {count(total, 'line')} {rejected:,} were rejected with a reason and "
        f"{superseded:,} superseded by a later one"
    )
    return words + (f"; no lines in {listed(empty)}." if empty else ".")


def trends(frames: Frames) -> list[Figure]:
    months = frames["eda_rating_trends"].sort_values("rated_month")
    months = months.assign(rated_month=pd.to_datetime(months["rated_month"]))
    months = months.assign(month=months["rated_month"].dt.strftime("%Y-%m"))
    years = by_year(months)
    volume = {
        "rating_count": RATINGS,
        "user_count": ("users who rated", ",.0f"),
        "rating_mean": MEAN,
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
        "rating_mean": MEAN,
        "rating_count": RATINGS,
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
    """Return how many ratings each year has, and their mean."""
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
    """Return how the yearly mean changed from the first to the last year."""
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
        "rating_count": RATINGS,
        "rating_share": SHARE,
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


GLANCE = Topic(
    "glance",
    "The data at a glance",
    "How many users, movies and ratings are there, and what was rejected?",
    ["eda_at_a_glance", "line_reconciliation"],
    NO_RATINGS,
    glance,
)
TRENDS = Topic(
    "trends",
    "Rating trends",
    "When were the ratings given, and did their mean change?",
    ["eda_rating_trends"],
    NO_RATINGS,
    trends,
)
DISTRIBUTION = Topic(
    "distribution",
    "Rating distribution",
    "Which stars do users give?",
    ["eda_rating_distribution"],
    NO_RATINGS,
    distribution,
)
