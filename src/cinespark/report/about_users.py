"""What the report shows of users: marts in `models/marts/eda`."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.columns import mean_in, ratings_in, share_in
from cinespark.report.topics import NO_RATINGS, Figure, Frames, Topic
from cinespark.report.wording import listed
from cinespark.vocabulary import Vocabulary, count, sentence

USERS = 10  # users in the chart of the most active

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def activity(frames: Frames, words: Vocabulary) -> list[Figure]:
    deciles = frames["eda_activity_deciles"].sort_values("activity_decile")
    inequality = frames["eda_activity_inequality"].iloc[0]
    users = frames["eda_user_activity"].nsmallest(USERS, "activity_rank")
    users = users.assign(user=users["user_id"].map("user {}".format))
    top, gave = deciles.iloc[0], words.either("gave", "left")
    tenths = {
        "activity_decile": ("tenth of the users, most active first", "d"),
        "user_count": ("users", ",.0f"),
        "rating_count": ratings_in(words),
        "rating_share": share_in(words),
        "cumulative_share": ("with the more active ones", ".1%"),
        "min_rating_count": (f"fewest {words.ratings} of a user", ",.0f"),
        "max_rating_count": (f"most {words.ratings} of a user", ",.0f"),
    }
    names = {
        "user": ("user", ""),
        "rating_count": ratings_in(words),
        "rating_share": share_in(words, ".2%"),
        **mean_in(words),
        "active_days": ("days from first to last", ",.0f"),
    }
    return [
        Figure(
            "activity",
            f"Share of all {words.ratings} by tenths of the users",
            f"The most active tenth {gave} {top.rating_share:.0%} of the "
            f"{words.ratings}; the median user {gave} "
            f"{inequality.median_ratings_per_user:,.0f}, the average is "
            f"{inequality.ratings_per_user:,.0f} (Gini coefficient "
            f"{inequality.gini_coefficient:.2f}).",
            deciles,
            tenths,
            charts.vertical_bars(deciles, tenths, "activity_decile", "rating_share"),
        ),
        Figure(
            "users",
            "The most active users",
            most_active(users, words),
            users,
            names,
            charts.horizontal_bars(users, names, "user", "rating_count"),
        ),
    ]


def most_active(users: pd.DataFrame, words: Vocabulary) -> str:
    """Return who rates most."""
    first = users.iloc[0]
    user = users["user_id"].iloc[0]  # in a row of numbers it would be a float
    found = f"User {user} is the most active, with "
    found += count(first.rating_count, words.rating)
    found += f" ({first.rating_share:.2%} of all)"
    others = [str(user) for user in users["user_id"].iloc[1:3]]
    return found + (f", before {listed(others)}." if others else ".")


def hours(frames: Frames, words: Vocabulary) -> list[Figure]:
    data = frames["eda_activity_by_hour"].sort_values(["rated_weekday", "rated_hour"])
    data = data.assign(
        weekday=data["rated_weekday"].map(lambda day: WEEKDAYS[day - 1]),
        hour=data["rated_hour"].map("{:02d}".format),
    )
    columns = {
        "weekday": ("weekday", ""),
        "hour": ("hour of the day (UTC)", ""),
        "rating_count": ratings_in(words),
        **mean_in(words),
    }
    total = data["rating_count"].sum()
    if not total:
        title = words.either("When users rate", "When events happen")
        return [Figure("hours", title, words.fill(NO_RATINGS))]
    by_day = data.groupby("weekday", sort=False)["rating_count"].sum()
    by_hour = data.groupby("hour")["rating_count"].sum()
    return [
        Figure(
            "hours",
            f"{sentence(words.ratings)} by weekday and hour",
            f"Most {words.ratings} are {words.either('given ', '')}on "
            f"{by_day.idxmax()} ({by_day.max() / total:.0%}) and in the hour from "
            f"{by_hour.idxmax()}:00 UTC ({by_hour.max() / total:.1%}).",
            data,
            columns,
            charts.heatmap(data, columns, "hour", "weekday", "rating_count"),
        )
    ]


ACTIVITY = Topic(
    "activity",
    "User activity",
    "Who rates most, and how unequal is it?",
    ["eda_activity_deciles", "eda_activity_inequality", "eda_user_activity"],
    NO_RATINGS,
    activity,
    of_events="Who is most active, and how unequal is it?",
)
HOURS = Topic(
    "hours",
    "Weekday and hour",
    "When in the week do users rate?",
    ["eda_activity_by_hour"],
    NO_RATINGS,
    hours,
    of_events="When in the week are the events?",
)
