"""What a data set holds, in one line."""

from cinespark.data.landing import Manifest
from cinespark.vocabulary import USUAL, count, vocabulary_of


def summary(manifest: Manifest, shown_dir: str, item_noun: str = "") -> str:
    """Return in one line what the current data set holds.

    Parameters
    ----------
    item_noun
        What the project calls what is rated; items of events that it calls movies, as
        everybody's project does at first, are items here.
    """
    words = vocabulary_of({**manifest.vars, "item_noun": item_noun})
    is_called = words.has_stars or words.item_noun != USUAL.item_noun
    ratings = count(manifest.rows("ratings.csv"), words.rating)
    items = count(manifest.rows("movies.csv"), words.item_noun if is_called else "item")
    users = manifest.rows("users.csv")
    by_users = f" by {count(users, 'user')}" if users else ""
    return (
        f"{manifest.about.dataset}: {ratings} of {items}{by_users} in "
        f"{shown_dir}/{manifest.about.dataset} (current)"
    )
