"""The words for what is rated and for what it gets, if it gets any stars.

A noun is a singular in English, or a pair of singular and plural: 'person|people'.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

EXPLICIT, IMPLICIT = "explicit", "implicit"
# an s would not be heard after these
HISSING = re.compile(r"(s|x|z|ch|sh)$", re.IGNORECASE)
UNCHANGING = re.compile(r"\b(series|species|anime|manga|news)$", re.IGNORECASE)
# a y after a consonant; in "toy" and "survey" it stays
CHANGING = re.compile(r"(?<=[^\W_aeiou])y$", re.IGNORECASE)

# the usual nouns in a text, but not in names of files, tables and columns
USUAL_NOUN = re.compile(r"(?<![\w`./-])(?<!mean )(movie|star|rating)(s?)(?![-_]|\.?\w)")


@dataclass(frozen=True)
class Vocabulary:
    """What a data set calls what it holds, by the vars of these names.

    Parameters
    ----------
    item_noun
        What is listed for users: 'movie'.
    rating_noun
        The unit of a rating: 'star'.
    feedback
        EXPLICIT, or IMPLICIT where there are events and no stars.
    """

    item_noun: str = "movie"
    rating_noun: str = "star"
    feedback: str = EXPLICIT

    @property
    def has_stars(self) -> bool:
        return self.feedback != IMPLICIT

    @property
    def item(self) -> str:
        return singular(self.item_noun)

    @property
    def items(self) -> str:
        return plural(self.item_noun)

    @property
    def star(self) -> str:
        return singular(self.rating_noun)

    @property
    def stars(self) -> str:
        return plural(self.rating_noun)

    @property
    def rating(self) -> str:
        """What a user gives an item: a rating, or an event where there are no stars."""
        return self.either("rating", "event")

    @property
    def ratings(self) -> str:
        return plural(self.rating)

    @property
    def most_rated(self) -> str:
        return self.either("most rated", "most chosen")

    def called(self, count: str) -> str:
        """Return what a count of a manifest, such as 'movies', is called."""
        return {"movies": self.items, "ratings": self.ratings}.get(count, count)

    def either(self, of_stars: str, of_events: str) -> str:
        """Return the first text where there are stars, else the second."""
        return of_stars if self.has_stars else of_events

    def fill(self, template: str) -> str:
        """Return a text with these words for `{items}`, `{stars}` and so on."""
        names = ("item", "items", "star", "stars", "rating", "ratings", "most_rated")
        words = {name: getattr(self, name) for name in names}
        # "{Rating}" begins a title or a sentence
        words |= {name.capitalize(): sentence(word) for name, word in words.items()}
        return template.format_map(words)


USUAL = Vocabulary()


def without_stars(words: Vocabulary) -> str:
    """Return why a list has no stars, where none are predicted."""
    return f"no {words.stars}: " + words.either("no predictor", "learnt from events")


def reworded(text: str, words: Vocabulary) -> str:
    """Return a text about movies and stars in other words.

    Names such as `movies.csv` and `dim_movies` stay.
    """
    nouns = {"movie": words.item_noun, "star": words.rating_noun}

    def noun(found: re.Match[str]) -> str:
        one = nouns.get(found[1], words.rating)
        return plural(one) if found[2] else singular(one)

    return USUAL_NOUN.sub(noun, text)


def vocabulary_of(found: Mapping[str, object]) -> Vocabulary:
    """Return the vocabulary that vars, a manifest or a row of a table give.

    What is missing or empty is as usual: older versions do not say it, and no word
    stops a build.
    """
    given = {name: noun_of(found.get(name)) for name in ("item_noun", "rating_noun")}
    is_implicit = found.get("feedback") == IMPLICIT
    return Vocabulary(
        given["item_noun"] or USUAL.item_noun,
        given["rating_noun"] or USUAL.rating_noun,
        IMPLICIT if is_implicit else EXPLICIT,
    )


def noun_of(found: object) -> str:
    """Return a noun without spaces around its parts, empty if it is none."""
    if not isinstance(found, str):
        return ""
    one, _, many = (" ".join(part.split()) for part in found.partition("|"))
    return f"{one}|{many}" if one and many else one


def sentence(text: str) -> str:
    """Return a text with a capital at its start, and the rest as it is."""
    return text[:1].upper() + text[1:]


def singular(noun: str) -> str:
    """Return the singular of a noun or of a pair."""
    return noun.partition("|")[0]


def plural(noun: str) -> str:
    """Return the plural of a noun as English makes it regularly, or that of a pair.

    Few nouns are known that have the same plural, such as series.
    """
    one, _, many = noun.partition("|")
    if many:
        return many
    if UNCHANGING.search(one):
        return one
    if HISSING.search(one):
        return f"{one}es"
    return CHANGING.sub("ie", one) + "s"


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article, as its first letter suggests."""
    one = singular(noun)
    return f"{'an' if one[:1].lower() in tuple('aeiou') else 'a'} {one}"


def count(number: float, noun: str) -> str:
    """Return a number with its noun: '1 rating', '2,000 ratings'."""
    return f"{number:,.0f} {singular(noun) if number == 1 else plural(noun)}"
