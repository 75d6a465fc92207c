"""What a column means, by its name: the list that docs/your-own-data.md shows."""

import re
from collections.abc import Mapping, Sequence

from cinespark.errors import CineSparkError

# how often something was done; such a column is the event where none says what it was
COUNTS = "quantity qty count plays playCount listenCount clickCount viewCount weight"
# the first of each line is what columns.yml calls it; all are compared without case,
# spaces and punctuation
NAMES = {
    "user": (
        "user userId uid customer customerId client clientId member memberId reviewer "
        "reviewerId viewer viewerId visitor visitorId account accountId profileId "
        "person personId"
    ),
    "item": (
        "item itemId iid movie movieId mid film filmId product productId asin "
        "parentAsin isbn book bookId sku article articleId content contentId show "
        "showId track trackId song songId game gameId const tconst letterboxdUri"
    ),
    "rating": (
        "rating ratings userRating yourRating bookRating movieRating overall score "
        "stars star starRating grade rate"
    ),
    "time": (
        "timestamp time ts date datetime ratedAt createdAt updatedAt ratingTimestamp "
        "ratingTime ratingDate dateRated eventTime unixReviewTime reviewDate "
        "taggedAt epoch unixTime tDat"
    ),
    "event": (
        "event eventType eventName action interaction behavior behaviour behaviorType "
        f"{COUNTS}"
    ),
    "title": (
        "title movieTitle itemTitle itemName movieName filmTitle bookTitle "
        "productTitle productName primaryTitle name"
    ),
    "genres": "genres genre categories category class",
    "year": (
        "year releaseYear releaseDate movieYear startYear yearOfPublication published"
    ),
    "tag": "tag label keyword",
    "tag_id": "tagId genomeTagId",
    "relevance": "relevance",
    "imdb": "imdbId imdb",
    "tmdb": "tmdbId tmdb",
    "age": "age",
    "gender": "gender sex",
    "occupation": "occupation job profession",
    "zip": "zip zipCode postcode postalCode",
}

RENAME = "give columns names of their own"
PAIRS = "pairs"  # what `cinespark predict` reads
EVENTS = "events"  # what people have in place of ratings
# the meanings of each landing file, and those without which it says nothing
MEANINGS = {
    "ratings.csv": ("user", "item", "rating", "time", "event"),
    EVENTS: ("user", "item", "event", "time"),
    "movies.csv": ("item", "title", "genres", "year"),
    "tags.csv": ("user", "item", "tag", "time"),
    "links.csv": ("item", "imdb", "tmdb"),
    "users.csv": ("user", "age", "gender", "occupation", "zip"),
    "genome-scores.csv": ("item", "tag_id", "relevance"),
    "genome-tags.csv": ("tag_id", "tag"),
    PAIRS: ("user", "item"),
}
NEEDED = {
    "ratings.csv": ("user", "item", "rating", "time"),
    EVENTS: ("user", "item", "time"),
    "movies.csv": ("item", "title"),
    "tags.csv": ("user", "item", "tag", "time"),
    "links.csv": ("item",),
    "users.csv": ("user",),
    "genome-scores.csv": ("item", "tag_id", "relevance"),
    "genome-tags.csv": ("tag_id", "tag"),
    PAIRS: ("user", "item"),
}

# plain names that say enough in a file of that kind, where no better one is there
PLAIN = {
    "ratings.csv": {"artistid": "item", "artist": "item"},
    "movies.csv": {"id": "item", "artistid": "item", "artist": "item"},
    "links.csv": {"id": "item"},
    "users.csv": {"id": "user"},
    "tags.csv": {"tags": "tag"},
}


def plain(name: str) -> str:
    """Return a name in lower case, without spaces, punctuation and RecBole's type."""
    return re.sub(r"[\W_]+", "", name.rpartition(":")[0] or name).lower()


KNOWN = {
    plain(name): meaning for meaning, names in NAMES.items() for name in names.split()
}


def known_meanings(names: Sequence[str], file: str) -> dict[str, list[int]]:
    """Return the places of the columns that may have each meaning of a landing file."""
    wanted, extra = MEANINGS[file], PLAIN.get(file, {})
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        meaning = KNOWN.get(plain(name))
        if meaning in wanted:
            found.setdefault(meaning, []).append(place)
    found = _without_counts(found, names)
    for place, name in enumerate(names):
        meaning = extra.get(plain(name))
        if meaning is not None and meaning not in found:
            found[meaning] = [place]
    return found


def _without_counts(
    found: dict[str, list[int]], names: Sequence[str]
) -> dict[str, list[int]]:
    """Return the same, without counts where a column says what an event was."""
    counts = {plain(one) for one in COUNTS.split()}
    events = found.get("event", [])
    kinds = [place for place in events if plain(names[place]) not in counts]
    return found | {"event": kinds} if kinds else found


def places(
    names: Sequence[str], file: str, where: str, said: Mapping[str, str]
) -> dict[str, int]:
    """Return the place of each meaning's column in a header.

    Parameters
    ----------
    names
        The header.
    file
        The landing file that the columns are for, or `pairs`.
    where
        The file that was brought, for errors.
    said
        Meanings with the names that columns.yml gives them.

    Raises
    ------
    CineSparkError
        If a name that was said is not there, or two columns may be meant.
    """
    found = known_meanings(names, file)
    chosen = {}
    for meaning in MEANINGS[file]:
        if meaning in said:
            chosen[meaning] = _said(said[meaning], meaning, names, where)
        elif len(found.get(meaning, ())) == 1:
            chosen[meaning] = found[meaning][0]
        elif meaning == "year" and meaning in found:
            ranks = [plain(name) for name in NAMES["year"].split()]
            chosen[meaning] = min(
                found[meaning], key=lambda place: ranks.index(plain(names[place]))
            )
        elif meaning == "event" and "rating" in chosen:
            continue  # of no use beside ratings, so nobody is asked
        elif meaning in found:
            there = [names[place] for place in found[meaning]]
            both = " and ".join(there)
            line = f"columns: {{{meaning}: {there[0]}}}"
            way = f"say which in {suggestion(file, line)}"
            if len(set(there)) < len(there):
                way = f"{RENAME}, or leave one out"
            elif file == PAIRS:
                way = "leave one out"
            raise CineSparkError(
                f"{where}: the columns {both} may both be the {meaning}: {way}"
            )
    return chosen


def _said(name: str, meaning: str, names: Sequence[str], where: str) -> int:
    there = [place for place, one in enumerate(names) if one == name]
    there = there or [
        place for place, one in enumerate(names) if plain(one) == plain(name)
    ]
    if len(there) > 1:
        raise CineSparkError(
            f"{where}: columns.yml says that {meaning} is the column {name!r}, which "
            f"the header has more than once: {RENAME}"
        )
    if not there:
        raise CineSparkError(
            f"{where}: columns.yml says that {meaning} is the column {name!r}, but the "
            f"header has {', '.join(names)}: name one of these"
        )
    return there[0]


def suggestion(file: str, line: str) -> str:
    """Return what to write into columns.yml for a file."""
    name = "ratings" if file == EVENTS else file.removesuffix(".csv")
    return f"columns.yml beside the data: `{name}: {{{line}}}`"


def require_needed(
    found: Mapping[str, int], names: Sequence[str], file: str, where: str
) -> None:
    """Raise if a meaning without which the file says nothing has no column."""
    missing = [one for one in NEEDED[file] if one not in found]
    if not missing:
        return
    one = missing[0]
    line = f"columns: {{{', '.join(f'{each}: NAME' for each in missing)}}}"
    if one == "time":
        raise CineSparkError(
            f"{where} has no column of times (its header has {', '.join(names)}): name "
            f"it, or say that there is none, in {suggestion(file, 'time: none')}"
        )
    way = "rename it" if file == PAIRS else f"name it in {suggestion(file, line)}"
    raise CineSparkError(
        f"{where} has no column of the {one} (its header has {', '.join(names)}), such "
        f"as {', '.join(NAMES[one].split()[:4])}: {way}"
    )
