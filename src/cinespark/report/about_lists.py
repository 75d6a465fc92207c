"""What the report shows of the lists that models make."""

from collections.abc import Iterator

import pandas as pd

from cinespark.report import charts
from cinespark.report.about_models import NOT_JUDGED, K, published_ranker
from cinespark.report.columns import without_empty
from cinespark.report.topics import Figure, Frames, Topic
from cinespark.vocabulary import Vocabulary, count


def lists(frames: Frames, words: Vocabulary) -> list[Figure]:
    tail = frames["recommended_long_tail"].sort_values("top_percent")
    genres = frames["recommended_genres"]
    return [popularity_of_lists(tail, words), *genres_of_lists(genres)]


def popularity_of_lists(tail: pd.DataFrame, words: Vocabulary) -> Figure:
    """Return what the most rated movies hold of all lists and of all ratings."""
    title = words.fill("What the {most_rated} {items} hold of {ratings} and of lists")
    if tail["recommendation_share"].isna().all():
        done = words.either("has rated", "has used")
        none = f"There are no lists: every user {done} every {words.item}."
        return Figure("list_popularity", title, none)
    rows = tail.assign(top=tail["top_percent"] / 100)
    both = pd.concat(
        [
            rows.assign(of=words.ratings, share=rows["rating_share"]),
            rows.assign(of="recommendations", share=rows["recommendation_share"]),
        ]
    )
    columns = {
        "top": (f"share of the {words.items}, {words.most_rated} first", ".0%"),
        "of": ("of all", ""),
        "share": ("share they hold", ".1%"),
        "movie_count": (words.items, ",.0f"),
        "recommended_movie_count": ("of them in any list", ",.0f"),
    }
    whole = rows.iloc[-1]
    tenth = rows.loc[rows["top_percent"] == 10].iloc[0]
    coverage = whole.recommended_movie_count / whole.movie_count
    return Figure(
        "list_popularity",
        title,
        f"The {words.most_rated} tenth of the {words.items} holds "
        f"{tenth.recommendation_share:.0%} of the lists and {tenth.rating_share:.0%} "
        f"of the {words.ratings}; {coverage:.0%} of all {words.items} are in someone's "
        "list.",
        both,
        columns,
        charts.curves(both, columns, "top", "share", "of"),
    )


def genres_of_lists(genres: pd.DataFrame) -> Iterator[Figure]:
    """Yield how the genres of the lists differ from those that users like."""
    title = "Genres of the lists against those their users like"
    if genres.empty:
        none = "No user has both likes and a list whose genres could be compared."
        yield Figure("list_genres", title, none)
        return
    rows = genres.sort_values("liked_share", ascending=False)
    columns = {
        "genre": ("genre", ""),
        "liked_share": ("of what users like", ".1%"),
        "listed_share": ("of their lists", ".1%"),
        "mean_absolute_difference": ("mean distance of the two for a user", ".1%"),
    }
    change = (rows["listed_share"] - rows["liked_share"]) * 100
    more, less = rows.loc[change.idxmax()], rows.loc[change.idxmin()]
    yield Figure(
        "list_genres",
        title,
        f"A user's list differs from the genres the user likes in "
        f"{rows['mean_absolute_difference'].sum() / 2:.0%} of its weight; over all "
        f"users {more.genre} gets most above its share ({change.max():+.1f} percentage "
        f"points), {less.genre} most below ({change.min():+.1f}).",
        rows,
        columns,
        charts.pairs_of_dots(
            rows, columns, "genre", ("liked_share", "listed_share"), "share (%)"
        ),
    )


def variety(frames: Frames, words: Vocabulary) -> list[Figure]:
    """Return how varied the lists of each judged ranker are."""
    quality = frames["ranking_quality"]
    rows = quality[(quality["segment_kind"] == "all") & (quality["k"] == K)]
    rows = rows.sort_values("coverage", ascending=False)
    published = published_ranker(frames["model_leaderboard"], quality)
    columns = {
        "model": ("model", ""),
        "coverage": ("share of the catalogue in any list", ".1%"),
        "gini": (f"Gini coefficient of the places of {words.items}", ".3f"),
        "novelty": ("novelty (bits)", ".2f"),
        "popularity": (f"mean {words.ratings} of a listed {words.item}", ",.0f"),
        "diversity": ("diversity of genres in a list", ".2f"),
        "ndcg": (f"NDCG@{K}", ".3f"),
    }
    there = without_empty(columns, rows)  # without genres there is no diversity
    own = rows[rows["model"] == published].iloc[0]
    place = int((rows["coverage"] > own.coverage).sum()) + 1
    return [
        Figure(
            "variety",
            f"Coverage of the catalogue by the first {K} of each ranker",
            f"The first {K} of {published} cover {own.coverage:.0%} of the catalogue, "
            f"number {place} of {count(len(rows), 'judged ranker')}; a "
            f"listed {words.item} has {own.popularity:,.0f} {words.ratings} on "
            "average.",
            rows,
            there,
            charts.horizontal_bars(rows, there, "model", "coverage"),
        )
    ]


LISTS = Topic(
    "lists",
    "What the lists look like",
    "Do the lists hold only what is popular, and the genres their users like?",
    ["recommended_long_tail", "recommended_genres"],
    "There are no lists.",
    lists,
)
VARIETY = Topic(
    "variety",
    "Variety of the rankers",
    "How much of the catalogue does each ranker's lists show?",
    ["ranking_quality", "model_leaderboard"],
    NOT_JUDGED,
    variety,
)
