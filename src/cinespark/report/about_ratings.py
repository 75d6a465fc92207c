"""What the report shows of ratings: marts in `models/marts/eda`."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.columns import mean_in, ratings_in, share_in
from cinespark.report.topics import NO_RATINGS, Figure, Frames, Topic
from cinespark.report.wording import listed
from cinespark.vocabulary import Vocabulary, count, sentence, with_article

FEW_YEARS = 3
DRAWN = {"rated_month": ("month", "")}  # an axis of time


def glance(frames: Frames, words: Vocabulary) -> list[Figure]:
    facts = frames["eda_at_a_glance"].iloc[0]
    lines = with_sent_as_one(frames["line_reconciliation"])
    lines = lines.sort_values("line_count", ascending=False)
    figures = pd.DataFrame(facts_in_words(facts, words), columns=["fact", "value"])
    return [
        Figure(
            "size",
            "How much there is",
            size(facts, words),
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
                **held_in(lines),
            },
        ),
    ]


def held_in(lines: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the column of records that a rule holds back, where there are any."""
    if "held_count" not in lines or not lines["held_count"].any():
        return {}
    return {"held_count": ("held back", ",.0f")}


def with_sent_as_one(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts of files, with those of all segments in one row.

    And with those of all partitions of the stream's topic, TOPIC/PARTITION, in another.
    """
    sent = {
        "segment": lines["source_file"].str.endswith(".jsonl"),
        "partition": lines["source_file"].str.contains("/", regex=False),
    }
    names = {"segment": "what people sent", "partition": "the stream"}
    rows = [
        {
            "source_file": f"{count(int(of_kind.sum()), kind)} of {names[kind]}",
            **lines[of_kind].sum(numeric_only=True),
        }
        for kind, of_kind in sent.items()
        if of_kind.any()
    ]
    if not rows:
        return lines
    files = lines[~sent["segment"] & ~sent["partition"]]
    return pd.concat([files, pd.DataFrame(rows)], ignore_index=True)


def facts_in_words(facts: pd.Series, words: Vocabulary) -> list[tuple[str, str]]:
    """Return the facts of the data at a glance, each with what it is."""
    rows = [
        (f"users with {words.ratings}", f"{facts.user_count:,}"),
        (words.items, f"{facts.movie_count:,}"),
        (f"{words.items} with {words.ratings}", f"{facts.rated_movie_count:,}"),
        (words.ratings, f"{facts.rating_count:,}"),
        ("tags", f"{facts.tag_count:,}"),
        ("users with a known age or gender", f"{facts.profile_count:,}"),
    ]
    if not facts.rating_count:
        return rows
    if words.has_stars:
        rows.append((f"mean rating in {words.stars}", f"{facts.rating_mean:.2f}"))
    return [
        *rows,
        (
            f"pairs without {words.either('a rating', 'an event')} (sparsity)",
            f"{facts.sparsity:.2%}",
        ),
        (f"first {words.rating}", day(facts.first_rated_at)),
        (f"last {words.rating}", day(facts.last_rated_at)),
    ]


def day(time: pd.Timestamp) -> str:
    """Return the day of a time."""
    return f"{time:%-d %B %Y}"


def size(facts: pd.Series, words: Vocabulary) -> str:
    """Return who rated how many movies, or how many had events, and when."""
    if not facts.rating_count:
        return words.fill(NO_RATINGS)
    share, pairs = (
        f"{facts.sparsity:.1%}",
        f"pairs of a user and {with_article(words.item)}",
    )
    rated = words.either(
        f"{share} of all {pairs} have no rating",
        f"what a user did with one {words.item} counts as one event, and {share} of "
        f"all {pairs} have none",
    )
    return (
        f"{count(facts.user_count, 'user')} {words.either('gave', 'left')} "
        f"{count(facts.rating_count, words.rating)} {words.either('to', 'on')} "
        f"{facts.rated_movie_count:,} of {count(facts.movie_count, words.item_noun)} "
        f"from {day(facts.first_rated_at)} to {day(facts.last_rated_at)}; {rated}."
    )


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
    if held_in(lines):
        words += f"; {int(lines['held_count'].sum()):,} wait for a decision"
    return words + (f"; no lines in {listed(empty)}." if empty else ".")


def trends(frames: Frames, words: Vocabulary) -> list[Figure]:
    months = frames["eda_rating_trends"].sort_values("rated_month")
    months = months.assign(rated_month=pd.to_datetime(months["rated_month"]))
    months = months.assign(month=months["rated_month"].dt.strftime("%Y-%m"))
    years = by_year(months)
    volume = {
        "rating_count": ratings_in(words),
        "user_count": (words.either("users who rated", "users with events"), ",.0f"),
        **mean_in(words),
    }
    # the axis is of time, the table and the tooltip say the month in words
    monthly = {"month": ("month", "")} | volume
    yearly = {"rated_year": ("year", "d")} | volume
    del yearly["user_count"]  # a user of two months would count twice
    drawn = DRAWN | monthly
    top_year = years.loc[years["rating_count"].idxmax()]
    name = sentence(words.ratings)
    figures = [
        Figure(
            "ratings_by_month",
            f"{name} a month",
            peak(months, words),
            months,
            monthly,
            charts.bars_by_month(months, drawn, "rated_month", "rating_count"),
        ),
        Figure(
            "ratings_by_year",
            f"{name} a year",
            f"{count(len(years), 'year')} {'has' if len(years) == 1 else 'have'} "
            f"{words.ratings}; the most, {top_year.rating_count:,.0f}, are of "
            f"{top_year.rated_year:.0f}.",
            years,
            yearly,
            charts.vertical_bars(years, yearly, "rated_year", "rating_count"),
        ),
    ]
    return [*figures, means(months, years, words)] if words.has_stars else figures


def means(months: pd.DataFrame, years: pd.DataFrame, words: Vocabulary) -> Figure:
    """Return the mean of each month's ratings, and of each year's if that helps."""
    means_of = [months.assign(of="each month")]
    if len(years) >= FEW_YEARS:  # a line of them says something
        mid_year = pd.to_datetime(years["rated_year"].astype(str) + "-07-01")
        named = years.assign(month=years["rated_year"].astype(str))
        means_of.append(named.assign(rated_month=mid_year, of="each year"))
    both = pd.concat(means_of)
    columns = {
        "month": ("month or year", ""),
        "of": ("mean of", ""),
        **mean_in(words),
        "rating_count": ratings_in(words),
    }
    return Figure(
        "mean_by_month",
        "Mean rating over time",
        drift_of_means(years, words),
        both,
        columns,
        charts.lines_in_time(both, DRAWN | columns, "rated_month", "rating_mean", "of"),
    )


def by_year(months: pd.DataFrame) -> pd.DataFrame:
    """Return how many ratings each year has, and their mean."""
    stars = months["rating_mean"] * months["rating_count"]
    years = months.assign(stars=stars).groupby("rated_year", as_index=False)
    sums = years[["rating_count", "stars"]].sum()
    return sums.assign(rating_mean=sums.pop("stars") / sums["rating_count"])


def peak(months: pd.DataFrame, words: Vocabulary) -> str:
    """Return when the volume of ratings peaked."""
    top = months.sort_values("rating_count").iloc[-1]
    typical = months["rating_count"].median()
    found = (
        f"{sentence(words.rating)} volume peaked in "
        f"{pd.Timestamp(top.rated_month):%B %Y} with "
        f"{count(top.rating_count, words.rating)}"
    )
    if len(months) == 1:
        return f"{found}, the only month with any."
    return f"{found}, {top.rating_count / typical:.1f} times a median month."


def drift_of_means(years: pd.DataFrame, words: Vocabulary) -> str:
    """Return how the yearly mean changed from the first to the last year."""
    first, last = years.iloc[0], years.iloc[-1]
    if len(years) == 1:
        return f"The mean rating of {first.rated_year:.0f} is {first.rating_mean:.2f}."
    change = last.rating_mean - first.rating_mean
    way = "hardly moved" if abs(change) < 0.05 else "rose" if change > 0 else "fell"
    return (
        f"The yearly mean {way}: {first.rating_mean:.2f} {words.stars} in "
        f"{first.rated_year:.0f}, {last.rating_mean:.2f} in {last.rated_year:.0f}."
    )


def distribution(frames: Frames, words: Vocabulary) -> list[Figure]:
    data = frames["eda_rating_distribution"].sort_values("rating")
    columns = {
        "rating": (words.stars, ".1f"),
        "rating_count": ratings_in(words),
        "rating_share": share_in(words),
        "cumulative_share": ("this or fewer", ".1%"),
    }
    most = data[data["rating_count"] == data["rating_count"].max()]
    stars = listed([f"{rating:g}" for rating in most["rating"]])
    high = data.loc[data["rating"] >= 4, "rating_share"].sum()
    return [
        Figure(
            "distribution",
            f"Share of each number of {words.stars}",
            f"{stars} {words.stars} are given most, in "
            f"{most['rating_share'].iloc[0]:.0%} of the ratings"
            f"{' each' if len(most) > 1 else ''}; {high:.0%} have four "
            f"{words.stars} or more.",
            data,
            columns,
            charts.vertical_bars(data, columns, "rating", "rating_share"),
        )
    ]


GLANCE = Topic(
    "glance",
    "The data at a glance",
    "How many users, {items} and {ratings} are there, and what was rejected?",
    ["eda_at_a_glance", "line_reconciliation"],
    NO_RATINGS,
    glance,
)
TRENDS = Topic(
    "trends",
    "{Rating} trends",
    "When were the ratings given, and did their mean change?",
    ["eda_rating_trends"],
    NO_RATINGS,
    trends,
    of_events="When did the events happen?",
)
DISTRIBUTION = Topic(
    "distribution",
    "Rating distribution",
    "Which {stars} do users give?",
    ["eda_rating_distribution"],
    NO_RATINGS,
    distribution,
    is_of_stars=True,
)
