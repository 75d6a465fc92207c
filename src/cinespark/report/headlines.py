"""The four questions at the top of the report, answered from the data."""

from collections.abc import Iterator

import pandas as pd

from cinespark.report.about_genres import NO_GENRES, best_genres
from cinespark.report.about_movies import older_movies
from cinespark.report.about_ratings import peak
from cinespark.report.about_users import most_active
from cinespark.report.marts import Marts
from cinespark.report.topics import NO_RATINGS, of_another_version

QUESTIONS = [
    (
        "Which genres are rated best?",
        "eda_popular_genres",
        NO_GENRES,
        best_genres,
    ),
    (
        "Who are the most active users?",
        "eda_user_activity",
        NO_RATINGS,
        lambda users: most_active(users.sort_values("activity_rank")),
    ),
    (
        "When did rating volume peak?",
        "eda_rating_trends",
        NO_RATINGS,
        peak,
    ),
    (
        "Are older cult movies rated higher?",
        "eda_older_movies",
        "No rated movie has a year.",
        older_movies,
    ),
]


def headlines(marts: Marts) -> Iterator[tuple[str, str]]:
    """Yield each question with its answer, or with what is missing for one."""
    for question, name, nothing, answer in QUESTIONS:
        frame: pd.DataFrame | None = marts[name]
        if frame is None:
            yield question, f"Not built: {name} is not there. Run dbt build."
            continue
        try:
            yield question, nothing if frame.empty else answer(frame)
        except KeyError as error:
            yield question, of_another_version([name], error)
