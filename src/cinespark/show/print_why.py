"""Print why a movie is in a user's list, as a table that adds up."""

from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from cinespark.show.landing_lines import RATINGS
from cinespark.show.terminal import Column, filled, text
from cinespark.show.why import Term, Why
from cinespark.vocabulary import Vocabulary, count


def print_why(why: Why) -> None:
    """Print what a row's score is the sum of, and where the ratings came from."""
    row, words = why.row, why.words
    year = f" ({row['release_year']})" if row["release_year"] else ""
    title = (
        f"Why {row['title']}{year} is number {row['rank']} for user {row['user_id']}"
    )
    table = Table(title=text(title, "table.title"), box=box.SIMPLE_HEAD)
    terms = [term for term in why.terms if why.others or term["term"] != "others"]
    columns = [
        Column(
            f"{words.either('rated', 'chosen')} by the user",
            [what(term, why.others, words) for term in terms],
        ),
        Column("on", [day(term["rated_at"]) for term in terms]),
        Column("line", [line_of(term, words) for term in terms], right=True),
        Column("adds", [f"{term['amount']:.6f}" for term in terms], right=True),
    ]
    if words.has_stars:
        stars = [number(term["rating"]) for term in terms]
        columns.insert(1, Column(words.stars, stars, right=True))
    console = Console()
    console.print(filled(table, columns))
    said = [
        row["reason"],
        why.source,
        f"version {why.manifest.version}, SHA-256 {why.manifest.content_sha256}",
    ]
    for one in said:
        if one:
            console.print(text(one), soft_wrap=True)


def what(term: Term, others: int, words: Vocabulary) -> str:
    """Return what a term of the sum is called."""
    if term["term"] == "movie":
        return str(term["title"])
    if term["term"] == "others":
        return f"the other {count(others, words.item_noun)}"
    return term["term"]


def day(rated_at: str | None) -> str:
    """Return the day of a time."""
    return "" if rated_at is None else f"{datetime.fromisoformat(rated_at):%F}"


def line_of(term: Term, words: Vocabulary) -> str:
    """Return the number of a line, and how many more there are of the movie."""
    if term["line"] is None or term["line_count"] is None:
        return ""
    before = term["line_count"] - 1
    more = words.either("superseded", "more")
    where = f"{name_of(term['file'] or '')} {term['line']}".strip()
    return where + (f" ({before} {more})" if before else "")


def name_of(file: str) -> str:
    """Return what a line's file is called; empty for the landing file."""
    if file.endswith(".jsonl"):
        return Path(file).stem
    return "" if file.endswith(RATINGS) else file


def number(value: float | None) -> str:
    """Return a number of stars without needless digits."""
    return "" if value is None else f"{value:g}"
