"""The lists of a few users, for the page of a run."""

import pandas as pd

from cinespark.vocabulary import Vocabulary

SAMPLE_USERS = 5


def sample(lists: pd.DataFrame, words: Vocabulary) -> str:
    """Return the lists of a few users in Markdown, spread over all user ids.

    Without a column of years if none is known, and of events without one of stars.
    """
    users = sorted(lists["user_id"].unique())
    step = max(1, len(users) // SAMPLE_USERS)
    none = f"No {words.stars}: learnt from events."
    lines = [] if words.has_stars or not users else [none, ""]
    has_years = bool(lists["release_year"].notna().any())
    for user in users[::step][:SAMPLE_USERS]:
        rows = lists[lists["user_id"] == user].sort_values("rank")
        lines += [f"## User {user}", "", *table_of(rows, words, has_years), ""]
    return "\n".join(lines)


def table_of(rows: pd.DataFrame, words: Vocabulary, has_years: bool) -> list[str]:
    """Return the lines of a table of one list, its rows in order."""
    columns = [
        ("rank", "---:", [str(rank) for rank in rows["rank"]]),
        ("title", "---", [str(one).replace("|", "\\|") for one in rows["title"]]),
    ]
    if has_years:
        years = ["" if pd.isna(one) else f"{one:.0f}" for one in rows["release_year"]]
        columns.append(("year", "---:", years))
    if words.has_stars:
        stars = [f"{one:.1f}" for one in rows["predicted_rating"]]
        columns.append((words.stars, "---:", stars))
    columns.append(("source", "---", rows["source"].tolist()))
    heads, rules, cells = zip(*columns, strict=True)
    return [
        f"| {' | '.join(heads)} |",
        f"|{'|'.join(rules)}|",
        *(f"| {' | '.join(row)} |" for row in zip(*cells, strict=True)),
    ]
