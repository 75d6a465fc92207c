"""The model card: what a reader should know, in Markdown that holds together."""

import re
from dataclasses import replace

import pytest
from made_versions import ABOUT
from markdown_it import MarkdownIt

from cinespark.publish.model_card import cell, model_card
from cinespark.versions.manifest import About, Dataset, Manifest, Metric
from cinespark.vocabulary import IMPLICIT, Vocabulary

MANIFEST = Manifest(
    version="20260101T000000Z-01234567",
    content_sha256="0123456789abcdef",
    published_at="2026-01-01T00:00:00+00:00",
    previous=None,
    reason="other parameters: recommender.top_n: 2 → 3",
    registered_version="7",
    about=ABOUT,
)


def rows_of(card):
    """Return the cells of all tables as a reader sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(card)
    rows = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("td_open", "th_open"):
            inline = tokens[place + 1].children
            assert {part.type for part in inline} <= {"text", "text_special"}
            rows[-1].append("".join(part.content for part in inline))
    return rows


def test_a_card_has_data_parameters_figures_and_checks():
    rows = rows_of(model_card(MANIFEST))
    for row in (
        ["licence", "none | at all"],
        ["users", "2"],
        ["recommender.top_n", "2"],
        ["catalogue_coverage", "0.5", ""],
        ["rmse_all", "0.9", "0.8765 to 0.9235"],
        ["ratings", "mean_shift", "warning", "0.07", "at most 0.05", "no"],
        ["ratings", "rating_count", "critical", "3", "at least 1", "yes"],
        ["MLflow run", "run-1"],
        ["registered model", "7"],
        ["version before", "none"],
    ):
        assert row in rows
    assert "why: other parameters: recommender.top_n: 2 → 3." in model_card(MANIFEST)


@pytest.mark.parametrize(
    "text",
    [
        "Face|Off",
        "a\nb",
        "**Heat** `rm` _x_ [y](z)",
        "<b>Heat</b> &lt;",
        "\\| ends \\",
        "$x$ ~~y~~",
        "| --- |",
        "",
    ],
)
def test_odd_text_is_shown_as_it_is_and_breaks_no_table(text):
    check = replace(ABOUT.checks[0], rule=text, expected=text)
    odd = replace(
        ABOUT, dataset=Dataset(name=text), parameters={text: text}, checks=(check,)
    )
    rows = rows_of(model_card(replace(MANIFEST, about=odd)))
    seen = " ".join(text.split())
    assert ["name", seen] in rows
    assert [seen, seen] in rows
    assert ["ratings", seen, "warning", "0.07", seen, "no"] in rows


def test_a_name_with_underscores_is_readable_as_it_is():
    assert cell("rmse_all_5") == "rmse_all_5"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456, "0.1235"),
        (19791.0, "19,791"),
        (42, "42"),
        (None, "none"),
        (float("nan"), "nan"),
        (True, "True"),
    ],
)
def test_numbers_have_four_digits_that_tell(value, text):
    assert cell(value) == text


def test_a_card_of_a_build_that_says_nothing_is_a_card():
    card = model_card(replace(MANIFEST, about=About(), registered_version=None))
    assert card.count("None are known.") == 4  # data, parameters, figures, checks
    assert "champion" not in card


def test_the_share_of_popular_movies_is_a_limit():
    about = replace(ABOUT, metrics={"fallback_share": Metric(0.125)})
    assert "12.5% of the rows, those whose `source` is `segment` or" in model_card(
        replace(MANIFEST, about=about)
    )


def test_the_code_on_a_card_is_python():
    blocks = re.findall(r"```python\n(.*?)```", model_card(MANIFEST), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        compile(block, "model_card.md", "exec")
    assert 'load_model("models:/cinespark@champion")' in blocks[1]
    assert 'DataFrame({"user_id": [1], "movie_id": [50]})' in blocks[1]


def test_a_card_is_of_movies_and_stars_where_nothing_else_is_said():
    card = model_card(MANIFEST)
    for words in (
        "it lists the movies the user has not rated that its ranker",
        "stars are by its predictor. Both are named below;",
        "Errors are on ratings hidden from models of the same parameters, and so is",
        "a movie that nobody likes has no chance",
        "no number of\n  stars.",
    ):
        assert words in card


def test_a_card_is_in_the_words_of_its_data():
    dishes = replace(ABOUT, vocabulary=Vocabulary("dish", "point"))
    card = model_card(replace(MANIFEST, about=dishes))
    assert ["dishes", "2"] in rows_of(card)
    assert "it lists the dishes the user has not rated" in card
    assert "points are by its predictor" in card
    assert "a dish that nobody likes" in card
    text = re.sub(r"```.*?```", "", card, flags=re.DOTALL)
    assert not re.search(r"(?<!\w)(movie|star)s?(?!\w)", text)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {"vocabulary": Vocabulary("product", feedback=IMPLICIT)},
            "The data are events",
        ),
        (
            {"parameters": {"recommender.predictor": "none"}},
            "No predictor of stars was",
        ),
    ],
    ids=["events", "no predictor"],
)
def test_a_card_without_predicted_stars_says_so(changes, why):
    about = replace(ABOUT, metrics={}, **changes)
    card = model_card(replace(MANIFEST, about=about, registered_version=None))
    assert why in card
    assert "and `predicted_rating` is empty" in card
    assert "There are no errors (RMSE)" in card
    assert "predictor.npz" not in card
    (block,) = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    compile(block, "model_card.md", "exec")
