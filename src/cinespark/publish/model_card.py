"""The model card of a published version, in Markdown.

After Mitchell et al. 2019, "Model cards for model reporting".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from cinespark.names import ALIAS, DATABASE, MODEL
from cinespark.versions.manifest import About, CheckOutcome, Manifest, Metric
from cinespark.vocabulary import with_article

# what Markdown gives a meaning within a line; _ has none inside a word
MARKUP = re.compile(r"[\\`*\[\]<>|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")

PURPOSE = """\
## What it does

For each user of the data it lists the {items} the user has not {rated} that its ranker
puts first, filled up with popular {items}: the column `source` says which.
{stars}
docs/how-it-learns.md says how they work."""

PREDICTED = "Predicted {stars} are by its predictor. Both are named below;"
FROM_EVENTS = (
    "The data are events, such as clicks or purchases, without {stars}: none are "
    "predicted, and `predicted_rating` is empty. The ranker is named below;"
)
NOT_PREDICTED = (
    "No predictor of {stars} was chosen, and `predicted_rating` is empty. The ranker "
    "is named below;"
)

FIGURES = """\
## Figures

{errors} lists are worth, at
5, 10 and 20. The published models learnt from all {ratings}, or, where they can fold
users in and there are more than `learning.ratings`, from those of a sample of the
users. Intervals are of 95 %. Shares and counts without a number behind them are of the
published lists."""

ERRORS = (
    "Errors are on {ratings} hidden from models of the same parameters, and so is what"
)
NO_ERRORS = (
    "There are no errors (RMSE), as no {stars} are predicted. On {ratings} hidden from "
    "models of the same parameters it was judged what"
)

USE = """\
## How to use it

`manifest.json` names every file with its rows, bytes and SHA-256 sum. In
`recommendations.csv` text that a spreadsheet would run as a formula has a `'` before
it; `recommendations.parquet` holds the true text. In the folder of the project:

```python
"""

LISTS = """\
import pyarrow.parquet as pq

lists = pq.read_table("var/exports/{version}/recommendations.parquet")
```"""

LISTS_AND_STARS = """\
import numpy as np
import pyarrow.parquet as pq
from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel

folder = "var/exports/{version}"
lists = pq.read_table(f"{{folder}}/recommendations.parquet")
with np.load(f"{{folder}}/predictor.npz", allow_pickle=False) as file:
    predictor = PredictorModel.from_arrays(file)
stars, is_cold = predict_ratings(predictor, np.array([1]), np.array([50]))
```"""

REGISTERED = f"""\
In MLflow it is version {{number}} of the model `{MODEL}`, and `{ALIAS}` as long as it
is current:

```python
import mlflow
import pandas as pd

mlflow.set_tracking_uri("sqlite:///var/{DATABASE}")
model = mlflow.pyfunc.load_model("models:/{MODEL}@{ALIAS}")
stars = model.predict(pd.DataFrame({{{{"user_id": [1], "movie_id": [50]}}}}))
```"""

LIMITS = """\
## Limits

- The order of personal rows knows {ratings} only, and which came after which. A user
  who was not in the data has no list, {item} that nobody likes has no chance.
- {fallback}
  popular {items} for want of likes to learn from, not a personal choice: `segment` with
  people of the user's gender, age and occupation.
- The score orders one user's list; it says nothing across users, and it is no number of
  {stars}.
- {chosen} Nobody was
  asked whether the lists please, or whom they serve badly."""

CHOSEN = "The figures are of ratings that users chose to give, long after the fact."
SEEN = "The figures are of what users did with what they happened to see."


def model_card(manifest: Manifest) -> str:
    """Return what a reader should know of a version before using it.

    Parameters
    ----------
    manifest
        The version's, with or without its files; what it does not know is left out.
    """
    about = manifest.about or About()
    number = manifest.registered_version
    dataset = {k: v for k, v in asdict(about.dataset).items() if v is not None}
    use = LISTS_AND_STARS if about.predicts_stars else LISTS
    sections = [
        f"# Model card of version {manifest.version}",
        f"Published at {manifest.published_at}; why: {cell(manifest.reason)}.",
        table(("trace", "value"), traces(manifest, about)),
        purpose(about),
        "## Data",
        table(("what", "value"), [*dataset.items(), *counts_of(about)]),
        "## Parameters",
        table(("parameter", "value"), about.parameters.items()),
        figures(about),
        table(
            ("figure", "value", "interval"),
            [
                (name, metric.value, interval(metric))
                for name, metric in about.metrics.items()
            ],
        ),
        "## Checks before publishing",
        table(
            ("suite", "rule", "severity", "observed", "expected", "passed"),
            map(outcome, about.checks),
        ),
        USE + use.format(version=manifest.version),
        *([REGISTERED.format(number=cell(number))] if number else []),
        limits(about),
    ]
    return "\n\n".join(sections) + "\n"


def purpose(about: About) -> str:
    """Return what a version is for, and whether it predicts stars."""
    words = about.vocabulary
    none = words.either(NOT_PREDICTED, FROM_EVENTS)
    return PURPOSE.format(
        items=words.items,
        rated=words.either("rated", "used"),
        stars=words.fill(PREDICTED if about.predicts_stars else none),
    )


def counts_of(about: About) -> list[tuple[str, int]]:
    """Return how many users, movies and so on there are, by what they are called."""
    return [
        (about.vocabulary.called(name), number) for name, number in about.counts.items()
    ]


def figures(about: About) -> str:
    """Return what the figures of a version are of."""
    words = about.vocabulary
    errors = ERRORS if about.predicts_stars else NO_ERRORS
    return FIGURES.format(errors=words.fill(errors), ratings=words.ratings)


def limits(about: About) -> str:
    """Return what a version cannot do."""
    words = about.vocabulary
    return LIMITS.format(
        ratings=words.ratings,
        item=with_article(words.item),
        items=words.items,
        stars=words.stars,
        fallback=fallback(about.metrics.get("fallback_share")),
        chosen=words.either(CHOSEN, SEEN),
    )


def traces(manifest: Manifest, about: About) -> list[tuple[str, str | None]]:
    """Return where the version comes from."""
    return [
        ("version before", manifest.previous),
        ("model version", about.model_version),
        ("MLflow run", about.run_id),
        ("registered model", manifest.registered_version),
        ("dbt invocation", about.invocation_id),
        ("git commit", about.git_commit),
        ("SHA-256 of the content", manifest.content_sha256),
    ]


def outcome(check: CheckOutcome) -> Sequence[object]:
    """Return a check's row of the table."""
    return (
        check.suite,
        check.rule,
        check.severity,
        check.observed,
        check.expected,
        "yes" if check.success else "no",
    )


def interval(metric: Metric) -> str:
    """Return a metric's interval in words, empty where it is not known."""
    if metric.low is None:
        return ""
    return f"{number(metric.low)} to {number(metric.high)}"


def fallback(share: Metric | None) -> str:
    """Return the start of the limit on lists filled up with popular movies."""
    if share is None:
        return "Rows whose `source` is `segment` or `popularity` are"
    return (
        f"{share.value:.1%} of the rows, those whose `source` is `segment` or "
        "`popularity`, are"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown, or a sentence where it has no rows."""
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    if not lines:
        return "None are known."
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines])


def cell(value: object) -> str:
    """Return a value as one line that Markdown shows as it is."""
    if value is None:
        return "none"
    return MARKUP.sub(r"\\\g<0>", " ".join(number(value).split()))


def number(value: object) -> str:
    """Return a number with four significant digits, anything else as it is."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4g}"
    return f"{value:,.0f}" if isinstance(value, float) else str(value)
