"""The lists of a few users, for the page of a run."""

import pandas as pd

from cinespark.vocabulary import Vocabulary, sentence, without_stars

SAMPLE_USERS = 5


def sample(lists: pd.DataFrame, words: Vocabulary) -> str:
    """Return the lists of a few users in Markdown, spread over all user ids.

    Without a column of years if none is known, or of stars if none are predicted.
    """
    users = sorted(lists["user_id"].unique())
    step = max(1, len(users) // SAMPLE_USERS)
    has_years = bool(lists["release_year"].notna().any())
    has_stars = bool(lists["predicted_rating"].notna().any())
    stars = words.stars if has_stars else None
    lines = [] if has_stars or not users else [f"{sentence(without_stars(words))}.", ""]
    for user in users[::step][:SAMPLE_USERS]:
        rows = lists[lists["user_id"] == user].sort_values("rank")
        lines += [f"## User {user}", "", *table_of(rows, stars, has_years), ""]
    return "\n".join(lines)


def table_of(rows: pd.DataFrame, stars: str | None, has_years: bool) -> list[str]:
    """Return the lines of a table of one list, its rows in order."""
    columns = [
        ("rank", "---:", [str(rank) for rank in rows["rank"]]),
        ("title", "---", [str(one).replace("|", "\\|") for one in rows["title"]]),
    ]
    if has_years:
        years = ["" if pd.isna(one) else f"{one:.0f}" for one in rows["release_year"]]
        columns.append(("year", "---:", years))
    if stars is not None:
        predicted = [f"{one:.1f}" for one in rows["predicted_rating"]]
        columns.append((stars, "---:", predicted))
    columns.append(("source", "---", rows["source"].tolist()))
    heads, rules, cells = zip(*columns, strict=True)
    return [
        f"| {' | '.join(heads)} |",
        f"|{'|'.join(rules)}|",
        *(f"| {' | '.join(row)} |" for row in zip(*cells, strict=True)),
    ]
