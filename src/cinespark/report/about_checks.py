"""What the report shows of the checks that guard publishing."""

import pandas as pd

from cinespark.report.topics import Figure, Frames, Topic
from cinespark.report.wording import listed
from cinespark.vocabulary import Vocabulary, count, reworded

HISTORIES = [
    *("rating_check_history", "recommendation_check_history"),
    "window_check_history",  # of builds that look at what came by the stream
]


def checks(frames: Frames, words: Vocabulary) -> list[Figure]:
    rows = last_checks(
        pd.concat([frames[name] for name in HISTORIES if name in frames])
    )
    rows = rows.assign(
        result=rows["success"].map({True: "passed", False: "FAILED"}),
        column=rows["column"].str.replace("_", " "),
        meaning=rows["meaning"].map(lambda meaning: reworded(meaning, words)),
    )
    failed = rows[~rows["success"]]
    columns = {
        "suite": ("checks of the", ""),
        "column": ("metric", ""),
        "observed": ("observed", ",.6g"),
        "expected": ("expected", ""),
        "severity": ("severity", ""),
        "result": ("result", ""),
        "meaning": ("what it means", ""),
    }
    found = f"{len(rows) - len(failed)} of {count(len(rows), 'check')} passed"
    if not failed.empty:
        which = [
            f"{row.column} of the {row.suite} ({row.severity})"
            for row in failed.itertuples()
        ]
        found += f"; {listed(which)} did not"
    when = rows["checked_at"].max()
    found = f"{found}, in the build of {when:%-d %B %Y, %H:%M} UTC."
    order = rows.sort_values(["success", "suite", "severity"], kind="stable")
    return [Figure("checks", "Checks of this build", found, order, columns)]


def last_checks(results: pd.DataFrame) -> pd.DataFrame:
    """Return each suite's last results, but none from before the last build."""
    last = results.groupby("suite")["checked_at"].transform("max")
    rows = results[results["checked_at"] == last]
    of_ratings = rows.loc[rows["suite"] == "ratings", "checked_at"].max()
    return rows if pd.isna(of_ratings) else rows[rows["checked_at"] >= of_ratings]


CHECKS = Topic(
    "checks",
    "Quality checks",
    "Did the data and the lists pass what guards publishing?",
    HISTORIES[:1],
    "No checks have been made.",
    checks,
    uses=HISTORIES[1:],  # a build that the first gate stopped has none
)
