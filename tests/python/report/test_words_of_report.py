"""The report in the words of the data, and of events, which have no stars."""

import json
import re

import pytest
from made_marts import made_marts
from made_versions import ABOUT, content

from cinespark.publish.publish import publish
from cinespark.report.build import ALL_TOPICS, sections_of, vocabulary_of_marts
from cinespark.report.headlines import headlines
from cinespark.vocabulary import IMPLICIT, USUAL, Vocabulary

DISHES = Vocabulary("dish", "point")
EVENTS = Vocabulary("product", feedback=IMPLICIT)
NO_STARS = "There are no stars: all there is are events."


def drawn(words, tmp_path, **changes):
    """Return the sections of the report on made-up data in these words, by name."""
    publish(content(), tmp_path, ABOUT)
    publish(content(factor=2.0), tmp_path, ABOUT)
    marts = made_marts(words) | changes
    return {one.topic.name: one for one in sections_of(marts, tmp_path)}


def text_of(sections):
    """Return all that readers see of sections, charts too, one thing on a line."""
    lines = []
    for section in sections.values():
        lines += [section.topic.title, section.topic.question, section.missing or ""]
        for figure in section.figures:
            lines += [figure.title, figure.finding, *figure.labels]
            lines += [cell for row in figure.cells for cell in row]
            if figure.chart is not None:
                lines += titles(figure.chart.to_dict())
    return "\n".join(lines)


def titles(spec):
    """Yield the titles of axes, legends and tooltips in the spec of a chart."""
    if isinstance(spec, dict):
        if isinstance(spec.get("title"), str):
            yield spec["title"]
        for value in spec.values():
            yield from titles(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from titles(value)


def of(word, text):
    """Return the lines that hold a word or its plural."""
    whole = re.compile(rf"\b{word}s?\b", re.IGNORECASE)
    return [line for line in text.splitlines() if whole.search(line)]


def test_every_section_is_drawn_of_what_is_made_up(tmp_path):
    sections = drawn(USUAL, tmp_path)
    assert len(sections) == len(ALL_TOPICS) + 1
    assert [one.topic.name for one in sections.values() if one.missing] == []
    text = text_of(sections)
    assert of("movie", text)
    assert of("star", text)
    assert "{" not in text


def test_of_dishes_and_points_nothing_says_movie_or_star(tmp_path):
    sections = drawn(DISHES, tmp_path)
    text = text_of(sections)
    assert of("movie", text) == of("star", text) == []
    assert sections["best_movies"].topic.title == "Best dishes"
    assert sections["decades"].topic.title == "Dishes by decade"
    glance = sections["glance"].figures[0]
    assert glance.finding == (
        "2 users gave 3 ratings to 2 of 2 dishes from 1 January 2025 to 1 January "
        "2026; 25.0% of all pairs of a user and a dish have no rating."
    )
    assert ["mean rating in points", "4.00"] in glance.cells
    questions = dict(headlines(made_marts(DISHES), DISHES))
    answers = "\n".join([*questions, *questions.values()])
    assert of("movie", answers) == of("star", answers) == []
    assert "Yes: niche dishes" in questions["Are older cult dishes rated higher?"]


def test_of_events_there_are_neither_stars_nor_ratings(tmp_path):
    board = made_marts()["model_leaderboard"]
    sections = drawn(EVENTS, tmp_path, model_leaderboard=board[board.role == "ranker"])
    for name in ("distribution", "best_movies"):
        assert sections[name].missing == NO_STARS
        assert sections[name].figures == []
    text = text_of(sections)
    assert set(of("star", text)) == {
        NO_STARS,
        "Which stars do users give?",
        "How far predicted stars are off (RMSE)",
        "There are no stars to predict: the lists are learnt from events.",
    }
    assert set(of("rat(ing|ed)", text)) == {
        "Rating distribution",  # the titles of what is left out, and a suite of checks
        "Which products are rated best, when few ratings count for little?",
        "ratings",
        "ratings.csv",
    }
    assert of("movie", text) == []
    figures = {one.name for section in sections.values() for one in section.figures}
    assert not figures & {"genre_means", "mean_by_month", "decade_means", "shrinkage"}
    assert {"genres", "ratings_by_month", "decades", "rankers", "hours"} <= figures


def test_events_at_a_glance_say_what_one_is(tmp_path):
    glance = drawn(EVENTS, tmp_path)["glance"].figures[0]
    assert glance.finding == (
        "2 users left 3 events on 2 of 2 products from 1 January 2025 to 1 January "
        "2026; what a user did with one product counts as one event, and 25.0% of all "
        "pairs of a user and a product have none."
    )
    assert "mean" not in " ".join(cell for row in glance.cells for cell in row)


def test_the_headlines_of_events_ask_nothing_of_stars(tmp_path):
    found = dict(headlines(made_marts(EVENTS), EVENTS))
    assert found["Which genres have most events?"].startswith("Soup has most events")
    assert found["When did event volume peak?"].startswith("Event volume peaked")
    assert found["Are older cult products rated higher?"] == NO_STARS


def test_without_years_and_genres_sentences_stand_in_for_figures(tmp_path):
    marts = made_marts(DISHES)
    decades = marts["eda_movies_by_decade"].assign(release_decade=None)
    empty = ("eda_popular_genres", "eda_genre_trends", "recommended_genres")
    quality = marts["ranking_quality"].assign(diversity=None)
    sections = drawn(
        DISHES,
        tmp_path,
        eda_movies_by_decade=decades,
        ranking_quality=quality,
        **{name: marts[name].head(0) for name in empty},
    )
    for name in ("genres", "genre_trends"):
        assert sections[name].missing == "No dish with ratings has a genre."
    (figure,) = sections["decades"].figures
    assert (figure.finding, figure.chart) == ("No dish has a year.", None)
    _, genres = sections["lists"].figures
    assert genres.chart is None
    (variety,) = sections["variety"].figures
    assert "diversity" not in variety.columns


@pytest.mark.parametrize(
    "columns", [[], ["item_noun", "rating_noun", "feedback"]], ids=["older", "today"]
)
def test_the_words_are_those_at_a_glance_and_usual_in_older_tables(columns):
    marts = made_marts(DISHES)
    glance = marts["eda_at_a_glance"]
    kept = glance[["user_count", *columns]]
    expected = DISHES if columns else USUAL
    assert vocabulary_of_marts({"eda_at_a_glance": kept}) == expected
    assert vocabulary_of_marts({"eda_at_a_glance": None}) == USUAL
    assert vocabulary_of_marts({"eda_at_a_glance": kept.head(0)}) == USUAL


def test_counts_of_versions_have_their_names(tmp_path):
    changes = drawn(DISHES, tmp_path)["changes"].figures[0]
    assert json.loads(changes.data["metric"].to_json(orient="values"))[:4] == [
        *("data set", "users", "dishes", "ratings")
    ]
