"""What the report shows of models, lists, checks and versions."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from cinespark.report import charts
from cinespark.report.topics import Figure, Frames, Topic
from cinespark.report.wording import count, listed
from cinespark.versions.history import value_of
from cinespark.versions.manifest import Manifest, damaged_files, read_manifest
from cinespark.versions.versions import current_version, versions

NOT_JUDGED = (
    "No model was judged: the build ran with evaluate: none, or the data has too few "
    "ratings to hide any."
)
K = 10
KINDS = {  # segments of users, as the chart calls them
    "activity": "activity",
    "newness": "newness",
    "age": "age",
    "gender": "gender",
}
GIB = 2**30


def leaderboard(frames: Frames) -> list[Figure]:
    data = frames["model_leaderboard"]
    figures = []
    for role, name, title in (
        ("predictor", "predictors", "How far predicted stars are off (RMSE)"),
        ("ranker", "rankers", "How good the lists are (NDCG@10)"),
    ):
        rows = board(data, role)
        if not rows.empty:
            columns = board_columns(role)
            finding = leader(rows, role)
            chart = charts.intervals(rows, columns, "model", "figure", "is_published")
            figures.append(Figure(name, title, finding, rows, columns, chart))
    return figures


def board(leaderboard: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return the models of a role, best first."""
    rows = leaderboard[leaderboard["role"] == role]
    rows = rows.sort_values("figure", ascending=role == "predictor")
    return rows.assign(peak_gib=rows["peak_bytes"] / GIB)


def board_columns(role: str) -> charts.Columns:
    metric = "RMSE (stars)" if role == "predictor" else "NDCG@10"
    return {
        "model": ("model", ""),
        "figure": (f"{metric} (95 % interval)", ".3f"),
        "figure_low": ("from", ".3f"),
        "figure_high": ("to", ".3f"),
        "is_published": ("publishes", ""),
        "fit_seconds": ("seconds to learn", ",.1f"),
        "peak_gib": ("memory to learn (GiB)", ",.2f"),
        "judged_count": (
            "ratings judged" if role == "predictor" else "users judged",
            ",.0f",
        ),
    }


def leader(rows: pd.DataFrame, role: str) -> str:
    """Return which model publishes, how good it is, and whether another is better."""
    baseline = "bias" if role == "predictor" else "popularity"
    metric, unit = ("RMSE", " stars") if role == "predictor" else ("NDCG@10", "")
    published = rows[rows["is_published"]]
    if published.empty:
        first = rows.iloc[0]
        return (
            f"{first.model} is best with {metric} {first.figure:.3f}; none publishes."
        )
    chosen = published.iloc[0]
    words = (
        f"{chosen.model} publishes: {metric} {chosen.figure:.3f}{unit} "
        f"({chosen.figure_low:.3f} to {chosen.figure_high:.3f})"
    )
    if chosen.model != baseline and baseline in set(rows["model"]):
        better = chosen.gain_low > 0
        words += f", {'better than' if better else 'not shown to be better than'} "
        words += f"{baseline} by {chosen.gain:.3f}"
        words += f" ({chosen.gain_low:.3f} to {chosen.gain_high:.3f})"
    ahead = rows.loc[rows["lead_low"] > 0, "model"].tolist()
    if ahead:
        return f"{words}; {listed(ahead)} beat it beyond the interval."
    others = len(rows) - 1
    if not others:
        return f"{words}; no other was judged."
    return f"{words}; none of {count(others, 'other')} is better beyond the interval."


def who(frames: Frames) -> list[Figure]:
    quality = frames["ranking_quality"]
    ranker = published_ranker(frames["model_leaderboard"], quality)
    rows = quality[(quality["model"] == ranker) & (quality["k"] == K)]
    everyone = rows.loc[rows["segment_kind"] == "all", "ndcg"].iloc[0]
    figures = []
    for kind, label in KINDS.items():
        title = f"NDCG@{K} by {label}"
        of_kind = in_order_of_segment(rows[rows["segment_kind"] == kind])
        known = of_kind[of_kind["segment"] != "unknown"]
        if known.empty:
            words = f"No judged user's {kind} is known: "
            words += "users.csv is missing or does not say."
            figures.append(Figure(f"who_{kind}", title, words))
            continue
        columns = {
            "segment": (label, ""),
            "ndcg": (f"NDCG@{K} (95 % interval)", ".3f"),
            "ndcg_low": ("from", ".3f"),
            "ndcg_high": ("to", ".3f"),
            "hit_rate": (f"users with a hit in {K}", ".0%"),
            "recall": (f"recall@{K}", ".3f"),
            "popularity": ("mean ratings of a listed movie", ",.0f"),
            "user_count": ("users", ",.0f"),
        }
        chart = charts.intervals(known, columns, "segment", "ndcg")
        finding = unequal(known, float(everyone))
        figures.append(Figure(f"who_{kind}", title, finding, known, columns, chart))
    return figures


def published_ranker(leaderboard: pd.DataFrame, quality: pd.DataFrame) -> str:
    """Return the judged ranker whose lists are published, or else the best one."""
    judged = quality[(quality["segment_kind"] == "all") & (quality["k"] == K)]
    publish = leaderboard.loc[leaderboard["is_published"], "model"]
    published = judged[judged["model"].isin(publish)]
    best = (judged if published.empty else published).nlargest(1, "ndcg")
    return str(best["model"].iloc[0])


def in_order_of_segment(rows: pd.DataFrame) -> pd.DataFrame:
    """Return segments with numbers in the order of these, 'under 18' first."""
    number = rows["segment"].str.extract(r"(\d+)", expand=False).astype(float)
    under = rows["segment"].str.startswith("under")
    order = rows.assign(number=number.where(~under, -1))
    return order.sort_values(["number", "segment"]).drop(columns="number")


def unequal(rows: pd.DataFrame, everyone: float) -> str:
    """Return which segment is served best and which worst, and whether it is sure."""
    best, worst = rows.loc[rows["ndcg"].idxmax()], rows.loc[rows["ndcg"].idxmin()]
    if len(rows) == 1:
        return f"All judged users are in one segment, {best.segment}."
    sure = worst.ndcg_high < best.ndcg_low
    return (
        f"Best served is {best.segment} ({best.ndcg:.3f}), worst {worst.segment} "
        f"({worst.ndcg:.3f}; all users {everyone:.3f}); their intervals "
        f"{'do not overlap' if sure else 'overlap, so it may be chance'}."
    )


def lists(frames: Frames) -> list[Figure]:
    tail = frames["recommended_long_tail"].sort_values("top_percent")
    return [popularity_of_lists(tail), *genres_of_lists(frames["recommended_genres"])]


def popularity_of_lists(tail: pd.DataFrame) -> Figure:
    """Return how much of the lists the most rated movies take."""
    rows = tail.assign(top=tail["top_percent"] / 100)
    both = pd.concat(
        [
            rows.assign(of="ratings", share=rows["rating_share"]),
            rows.assign(of="recommendations", share=rows["slot_share"]),
        ]
    )
    columns = {
        "top": ("share of the movies, most rated first", ".0%"),
        "of": ("of all", ""),
        "share": ("share they hold", ".1%"),
        "movie_count": ("movies", ",.0f"),
        "recommended_movie_count": ("of them in any list", ",.0f"),
    }
    whole = rows.iloc[-1]
    tenth = rows.loc[rows["top_percent"] == 10].iloc[0]
    coverage = whole.recommended_movie_count / whole.movie_count
    return Figure(
        "list_popularity",
        "What the most rated movies hold of ratings and of lists",
        f"The most rated tenth of the movies holds {tenth.slot_share:.0%} of the "
        f"lists and {tenth.rating_share:.0%} of the ratings; {coverage:.0%} of all "
        "movies are in someone's list.",
        both,
        columns,
        charts.curves(both, columns, "top", "share", "of"),
    )


def genres_of_lists(genres: pd.DataFrame) -> Iterator[Figure]:
    """Yield how the genres of the lists differ from those their users like."""
    title = "Genres of the lists against those their users like"
    if genres.empty:
        words = "No user has both likes and a list with genres to compare."
        yield Figure("list_genres", title, words)
        return
    rows = genres.sort_values("liked_share", ascending=False)
    columns = {
        "genre": ("genre", ""),
        "liked_share": ("of what users like", ".1%"),
        "listed_share": ("of their lists", ".1%"),
        "mean_difference": ("mean distance of the two for a user", ".1%"),
    }
    change = (rows["listed_share"] - rows["liked_share"]) * 100
    more, less = rows.loc[change.idxmax()], rows.loc[change.idxmin()]
    yield Figure(
        "list_genres",
        title,
        f"A user's list differs from the genres the user likes in "
        f"{rows['mean_difference'].sum() / 2:.0%} of its weight; over all users "
        f"{more.genre} gets most above its share ({change.max():+.1f} percentage "
        f"points), {less.genre} most below ({change.min():+.1f}).",
        rows,
        columns,
        charts.pairs_of_dots(
            rows, columns, "genre", ("liked_share", "listed_share"), "share (%)"
        ),
    )


def variety(frames: Frames) -> list[Figure]:
    """Return what the lists of each judged ranker look like."""
    quality = frames["ranking_quality"]
    rows = quality[(quality["segment_kind"] == "all") & (quality["k"] == K)]
    rows = rows.sort_values("coverage", ascending=False)
    published = published_ranker(frames["model_leaderboard"], quality)
    columns = {
        "model": ("model", ""),
        "coverage": ("share of the catalogue in any list", ".1%"),
        "gini": ("Gini coefficient of the movies' places", ".3f"),
        "novelty": ("novelty (bits)", ".2f"),
        "popularity": ("mean ratings of a listed movie", ",.0f"),
        "diversity": ("diversity of genres in a list", ".2f"),
        "ndcg": (f"NDCG@{K}", ".3f"),
    }
    own = rows[rows["model"] == published].iloc[0]
    place = int((rows["coverage"] > own.coverage).sum()) + 1
    return [
        Figure(
            "variety",
            f"Coverage of the catalogue by the first {K} of each ranker",
            f"The first {K} of {published} cover {own.coverage:.0%} of the catalogue, "
            f"number {place} of {count(len(rows), 'ranker')} that were judged; a "
            f"listed movie has {own.popularity:,.0f} ratings in the mean.",
            rows,
            columns,
            charts.horizontal_bars(rows, columns, "model", "coverage"),
        )
    ]


def checks(frames: Frames) -> list[Figure]:
    rows = last_checks(frames["data_quality_results"])
    rows = rows.assign(
        result=rows["success"].map({True: "passed", False: "FAILED"}),
        column=rows["column"].str.replace("_", " "),
    )
    failed = rows[~rows["success"]]
    columns = {
        "suite": ("checks of the", ""),
        "column": ("figure", ""),
        "observed": ("observed", ",.6g"),
        "expected": ("expected", ""),
        "severity": ("severity", ""),
        "result": ("result", ""),
        "meaning": ("what it means", ""),
    }
    words = f"{len(rows) - len(failed)} of {count(len(rows), 'check')} passed"
    if not failed.empty:
        which = [
            f"{row.column} of the {row.suite} ({row.severity})"
            for row in failed.itertuples()
        ]
        words += f"; {listed(which)} did not"
    when = rows["checked_at"].max()
    words = f"{words}, in the build of {when:%-d %B %Y, %H:%M} UTC."
    order = rows.sort_values(["success", "suite", "severity"], kind="stable")
    return [Figure("checks", "Checks of this build", words, order, columns)]


def last_checks(results: pd.DataFrame) -> pd.DataFrame:
    """Return each suite's last results, none of a build before the last."""
    last = results.groupby("suite")["checked_at"].transform("max")
    rows = results[results["checked_at"] == last]
    of_ratings = rows.loc[rows["suite"] == "ratings", "checked_at"].max()
    return rows if pd.isna(of_ratings) else rows[rows["checked_at"] >= of_ratings]


MODEL_TOPICS = [
    Topic(
        "leaderboard",
        "Leaderboard of the models",
        "How good is each model on ratings it has not seen, and which publishes?",
        ["model_leaderboard"],
        NOT_JUDGED,
        leaderboard,
    ),
    Topic(
        "who",
        "Who gets good lists",
        "For whom are the published lists good, and for whom not?",
        ["ranking_quality", "model_leaderboard"],
        NOT_JUDGED,
        who,
    ),
    Topic(
        "lists",
        "What the lists look like",
        "Do the lists hold only what is popular, and the genres their users like?",
        ["recommended_long_tail", "recommended_genres"],
        "There are no lists.",
        lists,
    ),
    Topic(
        "variety",
        "Variety of the rankers",
        "How much of the catalogue does each ranker's lists show?",
        ["ranking_quality", "model_leaderboard"],
        NOT_JUDGED,
        variety,
    ),
    Topic(
        "checks",
        "Quality checks",
        "Did the data and the lists pass what guards publishing?",
        ["data_quality_results"],
        "No checks have been made.",
        checks,
    ),
]


def changes(exports: Path) -> list[Figure]:
    """Return what changed from the version published before to the current one."""
    title = "The published version against the one before"
    version = current_version(exports)
    if version is None:
        return [Figure("changes", title, "Nothing is published yet.")]
    if damaged := damaged_files(exports, version, by_sum=False):
        words = f"{version} is damaged, so nothing is compared: {listed(damaged)}."
        return [Figure("changes", title, words)]
    now = read_manifest(exports, version)
    previous = now.get("previous")
    when = f"{version} was published {str(now.get('published_at'))[:10]}"
    if previous is None or previous not in versions(exports):
        none = "is the first one" if previous is None else f"{previous} is gone"
        words = f"{when}; there is none before to compare with: {none}."
        return [Figure("changes", title, words)]
    if damaged := damaged_files(exports, previous, by_sum=False):
        words = f"{when}; {previous}, the one before, is damaged: {listed(damaged)}."
        return [Figure("changes", title, words)]
    before = read_manifest(exports, previous)
    rows = pd.DataFrame(compared(before, now), columns=["figure", "before", "now"])
    columns = {"figure": ("figure", ""), "before": (previous, ""), "now": (version, "")}
    reason = now.get("reason") or "no reason is noted"
    words = f"{when}, after {previous}: {reason}."
    return [
        Figure("changes", title, words, rows, columns),
        kept_movies(exports, previous, version),
    ]


def compared(before: Manifest, now: Manifest) -> Iterator[tuple[str, str, str]]:
    """Yield each count and metric of two versions, as it is written."""
    about = [version.get("about", {}) for version in (before, now)]
    names = [one.get("dataset", {}).get("name", "") for one in about]
    yield "data set", *names
    for group, form in (("counts", ",.0f"), ("metrics", ".4g")):
        sides = [one.get(group, {}) for one in about]
        for name in dict.fromkeys([*sides[1], *sides[0]]):
            values = [side.get(name) for side in sides]
            cells = [
                "" if value is None else format(value_of(value), form)
                for value in values
            ]
            yield name.replace("_", " "), *cells


def kept_movies(exports: Path, previous: str, version: str) -> Figure:
    """Return how many movies of each user's list are new since the version before."""
    old, new = (
        pq.read_table(
            exports / name / "recommendations.parquet", columns=["user_id", "movie_id"]
        ).to_pandas()
        for name in (previous, version)
    )
    users = set(old["user_id"].unique()) & set(new["user_id"].unique())
    shared = new[new["user_id"].isin(users)]
    kept = shared.merge(old, on=["user_id", "movie_id"], how="left", indicator=True)
    fresh = (kept["_merge"] == "left_only").groupby(kept["user_id"]).sum()
    title = "How many movies of a list are new"
    if fresh.empty:
        words = "The two versions have no user in common."
        return Figure("list_changes", title, words)
    sizes = fresh.value_counts().reindex(range(int(fresh.max()) + 1), fill_value=0)
    rows = pd.DataFrame({"new_movies": sizes.index, "users": sizes.to_numpy()})
    columns = {
        "new_movies": ("new movies in a user's list", "d"),
        "users": ("users", ",.0f"),
    }
    same = int((fresh == 0).sum())
    chart = charts.vertical_bars(rows, columns, "new_movies", "users")
    finding = (
        f"Of {count(len(fresh), 'user')} in both versions {same:,} "
        f"{'has' if same == 1 else 'have'} the same movies as before; in the mean "
        f"{fresh.mean():.1f} of a list are new."
    )
    return Figure("list_changes", title, finding, rows, columns, chart)
