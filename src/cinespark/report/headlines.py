"""The four questions at the top of the report, answered from the data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from cinespark.report.about_genres import NO_GENRES, best_genres, most_rated_genre
from cinespark.report.about_movies import older_movies
from cinespark.report.about_ratings import peak
from cinespark.report.about_users import most_active
from cinespark.report.marts import Marts
from cinespark.report.topics import NO_RATINGS, NO_STARS, of_another_version
from cinespark.vocabulary import Vocabulary


@dataclass(frozen=True)
class Question:
    """A question, the table that answers it, and what is said where it has no rows."""

    asked: str
    table: str
    nothing: str
    answer: Callable[[pd.DataFrame, Vocabulary], str]
    is_of_stars: bool = False


BEST = Question(
    "Which genres are rated best?", "eda_popular_genres", NO_GENRES, best_genres
)
MOST = Question(
    "Which genres have most {ratings}?",
    "eda_popular_genres",
    NO_GENRES,
    most_rated_genre,
)
ACTIVE = Question(
    "Who are the most active users?",
    "eda_user_activity",
    NO_RATINGS,
    lambda users, words: most_active(users.sort_values("activity_rank"), words),
)
PEAK = Question("When did {rating} volume peak?", "eda_rating_trends", NO_RATINGS, peak)
OLDER = Question(
    "Are older cult {items} rated higher?",
    "eda_older_movies",
    "No rated {item} has a year.",
    older_movies,
    is_of_stars=True,
)


def headlines(marts: Marts, words: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield each question with its answer, or with what is missing for one."""
    for question in (BEST if words.has_stars else MOST, ACTIVE, PEAK, OLDER):
        yield words.fill(question.asked), answer_of(question, marts, words)


def answer_of(question: Question, marts: Marts, words: Vocabulary) -> str:
    """Return the answer to a question, or what is missing for one."""
    if question.is_of_stars and not words.has_stars:
        return words.fill(NO_STARS)
    frame = marts[question.table]
    if frame is None:
        return f"Not built: {question.table} is not there. Run dbt build."
    if frame.empty:
        return words.fill(question.nothing)
    try:
        return question.answer(frame, words)
    except KeyError as error:
        return of_another_version([question.table], error)
