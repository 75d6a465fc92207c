"""What the report shows of the models that were judged."""

import pandas as pd

from cinespark.report import charts
from cinespark.report.topics import Figure, Frames, Topic
from cinespark.report.wording import listed
from cinespark.vocabulary import Vocabulary

NOT_JUDGED = (
    "No model was judged: the build ran with evaluate: none, or the data has too few "
    "{ratings} to hide any."
)
NO_PREDICTORS = "There are no {stars} to predict: the lists are learnt from events."

K = 10

KINDS = {  # kinds of segments of users, with their labels
    "activity": "activity",
    "newness": "newness",
    "age": "age",
    "gender": "gender",
}

GIB = 2**30

VALUE = ("metric_value", "metric_value_low", "metric_value_high")


def leaderboard(frames: Frames, words: Vocabulary) -> list[Figure]:
    data = frames["model_leaderboard"]
    figures = []
    for role, name, title in (
        ("predictor", "predictors", f"How far predicted {words.stars} are off (RMSE)"),
        ("ranker", "rankers", "How good the lists are (NDCG@10)"),
    ):
        rows = board(data, role)
        if role == "predictor" and not words.has_stars:
            figures.append(Figure(name, title, words.fill(NO_PREDICTORS)))
        elif not rows.empty:
            columns = board_columns(role, words)
            finding = leader(rows, role, words)
            chart = charts.intervals(
                rows, columns, "model", "metric_value", "is_published"
            )
            figures.append(Figure(name, title, finding, rows, columns, chart))
    return [*figures, *of_new_users(data, words)]


def of_new_users(data: pd.DataFrame, words: Vocabulary) -> list[Figure]:
    """Return what folding in is worth next to retraining, where that was judged."""
    rows = board(data, "new_users")
    if rows.empty:
        return []
    shown = ("model", *VALUE, "judged_count")
    every = board_columns("new_users", words)
    columns = {name: every[name] for name in shown}
    ways = rows.set_index("model")
    folded, gain = ways.loc["fold_in"], ways.loc["retraining"]
    low, high = gain.gain_over_baseline_low, gain.gain_over_baseline_high
    finding = (
        f"Users who are folded in get lists of NDCG@10 {folded.metric_value:.3f}; "
        f"retraining with them would change that by {gain.gain_over_baseline:+.3f} "
        f"({low:+.3f} to {high:+.3f})."
    )
    chart = charts.intervals(rows, columns, "model", "metric_value")
    title = "How good new users' lists are without retraining (NDCG@10)"
    return [Figure("new_users", title, finding, rows, columns, chart)]


def board(leaderboard: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return the models of a role, best first."""
    rows = leaderboard[leaderboard["role"] == role]
    rows = rows.sort_values("metric_value", ascending=role == "predictor")
    return rows.assign(peak_gib=rows["peak_bytes"] / GIB)


def board_columns(role: str, words: Vocabulary) -> charts.Columns:
    metric = f"RMSE ({words.stars})" if role == "predictor" else "NDCG@10"
    return {
        "model": ("model", ""),
        "metric_value": (f"{metric} (95 % interval)", ".3f"),
        "metric_value_low": ("from", ".3f"),
        "metric_value_high": ("to", ".3f"),
        "is_published": ("publishes", ""),
        "fit_seconds": ("seconds to learn", ",.1f"),
        "peak_gib": ("memory of Python to learn (GiB)", ",.2f"),
        "judged_count": (
            "ratings judged" if role == "predictor" else "users judged",
            ",.0f",
        ),
    }


def leader(rows: pd.DataFrame, role: str, words: Vocabulary) -> str:
    """Return which model is published, how good it is, and which ones are better."""
    baseline = "bias" if role == "predictor" else "popularity"
    metric, unit = (
        ("RMSE", f" {words.stars}") if role == "predictor" else ("NDCG@10", "")
    )
    published = rows[rows["is_published"]]
    if published.empty:
        first = rows.iloc[0]
        return (
            f"{first.model} is best with {metric} {first.metric_value:.3f}; "
            "none publishes."
        )
    chosen = published.iloc[0]
    found = (
        f"{chosen.model} publishes: {metric} {chosen.metric_value:.3f}{unit} "
        f"({chosen.metric_value_low:.3f} to {chosen.metric_value_high:.3f})"
    )
    if chosen.model != baseline and baseline in set(rows["model"]):
        low, high = chosen.gain_over_baseline_low, chosen.gain_over_baseline_high
        better = low > 0
        found += f", {'better than' if better else 'not shown to be better than'} "
        found += f"{baseline} by {chosen.gain_over_baseline:.3f}"
        found += f" ({low:.3f} to {high:.3f})"
    ahead = rows.loc[rows["gain_over_published_low"] > 0, "model"].tolist()
    if ahead:
        return f"{found}; {listed(ahead)} beat it beyond the interval."
    others = len(rows) - 1
    if not others:
        return f"{found}; no other was judged."
    none = "the only other one is not" if others == 1 else f"none of {others} others is"
    return f"{found}; {none} better beyond the interval."


def who(frames: Frames, words: Vocabulary) -> list[Figure]:
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
            unknown = f"No judged user's {kind} is known: "
            unknown += "users.csv is missing or does not say."
            figures.append(Figure(f"who_{kind}", title, unknown))
            continue
        columns = {
            "segment": (label, ""),
            "ndcg": (f"NDCG@{K} (95 % interval)", ".3f"),
            "ndcg_low": ("from", ".3f"),
            "ndcg_high": ("to", ".3f"),
            "hit_rate": (f"users with a hit in {K}", ".0%"),
            "recall": (f"recall@{K}", ".3f"),
            "popularity": (
                f"mean {words.ratings} of a listed {words.item}",
                ",.0f",
            ),
            "user_count": ("users", ",.0f"),
        }
        chart = charts.intervals(known, columns, "segment", "ndcg")
        finding = unequal(known, float(everyone))
        figures.append(Figure(f"who_{kind}", title, finding, known, columns, chart))
    return figures


def published_ranker(leaderboard: pd.DataFrame, quality: pd.DataFrame) -> str:
    """Return the judged ranker whose lists are published, or else the best one."""
    judged = quality[(quality["segment_kind"] == "all") & (quality["k"] == K)]
    rankers = leaderboard[leaderboard["role"] == "ranker"]
    publish = rankers.loc[rankers["is_published"], "model"]
    published = judged[judged["model"].isin(publish)]
    best = (judged if published.empty else published).nlargest(1, "ndcg")
    return str(best["model"].iloc[0])


def in_order_of_segment(rows: pd.DataFrame) -> pd.DataFrame:
    """Return segments in the order of the numbers in their names, 'under 18' first."""
    number = rows["segment"].str.extract(r"(\d+)", expand=False).astype(float)
    under = rows["segment"].str.startswith("under")
    order = rows.assign(number=number.where(~under, -1))
    return order.sort_values(["number", "segment"]).drop(columns="number")


def unequal(rows: pd.DataFrame, everyone: float) -> str:
    """Return the best and the worst served segment, and whether that may be chance."""
    best, worst = rows.loc[rows["ndcg"].idxmax()], rows.loc[rows["ndcg"].idxmin()]
    if len(rows) == 1:
        return f"All judged users are in one segment, {best.segment}."
    sure = worst.ndcg_high < best.ndcg_low
    return (
        f"Best served is {best.segment} ({best.ndcg:.3f}), worst {worst.segment} "
        f"({worst.ndcg:.3f}; all users {everyone:.3f}); their intervals "
        f"{'do not overlap' if sure else 'overlap, so it may be chance'}."
    )


LEADERBOARD = Topic(
    "leaderboard",
    "Leaderboard of the models",
    "How good is each model on {ratings} it has not seen, and which publishes?",
    ["model_leaderboard"],
    NOT_JUDGED,
    leaderboard,
)
WHO = Topic(
    "who",
    "Who gets good lists",
    "For whom are the published lists good, and for whom not?",
    ["ranking_quality", "model_leaderboard"],
    NOT_JUDGED,
    who,
)
