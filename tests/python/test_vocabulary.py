"""The words of a data set: nouns as English counts them, and what events are called."""

import pytest

from cinespark.vocabulary import (
    IMPLICIT,
    USUAL,
    Vocabulary,
    count,
    plural,
    reworded,
    singular,
    vocabulary_of,
)


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("movie", "movies"),
        ("dish", "dishes"),
        ("story", "stories"),
        ("toy", "toys"),
        ("survey", "surveys"),
        ("bus", "buses"),
        ("box", "boxes"),
        ("match", "matches"),
        ("waltz", "waltzes"),
        ("article", "articles"),
        ("board game", "board games"),
        ("short story", "short stories"),
        ("TV show", "TV shows"),
        ("café", "cafés"),
        ("y", "ys"),
        ("person|people", "people"),
        ("series|series", "series"),
        ("series", "series"),
        ("TV Series", "TV Series"),
        ("anime", "anime"),
        ("miniseries|miniseries", "miniseries"),
    ],
)
def test_the_plural_is_that_of_english_or_of_the_pair(noun, many):
    assert plural(noun) == many


def test_a_number_is_told_with_its_noun():
    assert count(1, "rating") == "1 rating"
    assert count(2000, "rating") == "2,000 ratings"
    assert count(0, "story") == "0 stories"
    assert [count(n, "person|people") for n in (1, 2)] == ["1 person", "2 people"]
    assert singular("person|people") == "person"


def test_movies_and_stars_are_the_usual_words():
    words = [USUAL.item, USUAL.items, USUAL.star, USUAL.stars]
    assert words == ["movie", "movies", "star", "stars"]
    assert (USUAL.rating, USUAL.ratings) == ("rating", "ratings")
    assert USUAL.has_stars


def test_without_stars_a_rating_is_an_event():
    events = Vocabulary("product", feedback=IMPLICIT)
    assert not events.has_stars
    assert (events.rating, events.ratings) == ("event", "events")
    assert events.fill("the {most_rated} {items} by {ratings}, no {stars}") == (
        "the most chosen products by events, no stars"
    )
    assert events.either("gave", "left") == "left"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({}, USUAL),
        ({"item_noun": None, "rating_noun": "", "feedback": "explicit"}, USUAL),
        (
            {"item_noun": " short \n story ", "rating_noun": 5},
            Vocabulary("short story"),
        ),
        ({"item_noun": "person | people"}, Vocabulary("person|people")),
        ({"item_noun": "person|"}, Vocabulary("person")),
        ({"item_noun": "|people"}, USUAL),
        ({"rating_noun": "point"}, Vocabulary(rating_noun="point")),
        ({"feedback": "implicit"}, Vocabulary(feedback=IMPLICIT)),
        ({"feedback": "other"}, USUAL),
    ],
)
def test_what_is_not_said_is_as_usual(found, words):
    assert vocabulary_of(found) == words


@pytest.mark.parametrize(
    ("text", "dishes", "events"),
    [
        (
            "movies accepted from movies.csv",
            "dishes accepted from movies.csv",
            "products accepted from movies.csv",
        ),
        (
            "share of the ratings whose movie is not in movies.csv",
            "share of the ratings whose dish is not in movies.csv",
            "share of the events whose product is not in movies.csv",
        ),
        ("mean rating, in stars", "mean rating, in points", "mean rating, in stars"),
        *(
            (name, name, name)
            for name in (
                "`select * from eda_best_movies`",
                "kept_movie_share and movie_id",
                "--movie and one-star",
                "starts, starring, moviegoers",
                "python_models/ratings/x",
            )
        ),
    ],
)
def test_a_text_of_movies_is_reworded_but_for_names(text, dishes, events):
    assert reworded(text, USUAL) == text
    assert reworded(text, Vocabulary("dish", "point")) == dishes
    assert reworded(text, Vocabulary("product", feedback=IMPLICIT)) == events
