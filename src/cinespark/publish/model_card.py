"""The model card of a published version, in Markdown.

After Mitchell et al. 2019, "Model cards for model reporting".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cinespark.names import ALIAS, DATABASE, MODEL

# what Markdown gives a meaning within a line; _ has none inside a word
MARKUP = re.compile(r"[\\`*\[\]<>|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")

PURPOSE = """\
## What it does

For each user of the data it lists the movies the user has not rated that its ranker
puts first, filled up with popular movies: the column `source` says which. Predicted
stars are by its predictor. Both are named below; docs/how-it-learns.md says how they
work."""

FIGURES = """\
## Figures

Errors are on ratings hidden from models of the same parameters, and so is what lists
are worth, at 5, 10 and 20; the published models learnt from all ratings. Intervals are
of 95 %. Shares and counts without a number behind them are of the published lists."""

USE = """\
## How to use it

`manifest.json` names every file with its rows, bytes and SHA-256 sum. In
`recommendations.csv` text that a spreadsheet would run as a formula has a `'` before
it; `recommendations.parquet` holds the true text. In the folder of the project:

```python
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

- The order of lists knows ratings only. A user who was not in the data has no list, a
  movie that nobody likes has no chance.
- {fallback}
  popular movies for want of likes to learn from, not a personal choice.
- The score orders one user's list; it says nothing across users, and it is no number of
  stars.
- The figures are of ratings that users chose to give, long after the fact. Nobody was
  asked whether the lists please, or whom they serve badly."""


def model_card(manifest: Mapping[str, Any]) -> str:
    """Return what a reader should know of a version before using it.

    Parameters
    ----------
    manifest
        As `exports.publish` writes it, but for `files`; what `about` lacks stays out.
    """
    about, number = manifest["about"], manifest["registered_version"]
    metrics = about.get("metrics", {})
    facts = [*about.get("dataset", {}).items(), *about.get("counts", {}).items()]
    sections = [
        f"# Model card of version {manifest['version']}",
        f"Published at {manifest['published_at']}; why: {cell(manifest['reason'])}.",
        table(("trace", "value"), traces(manifest)),
        PURPOSE,
        "## Data",
        table(("what", "value"), facts),
        "## Parameters",
        table(("parameter", "value"), about.get("parameters", {}).items()),
        FIGURES,
        table(
            ("figure", "value", "interval"),
            [(name, *with_interval(metric)) for name, metric in metrics.items()],
        ),
        "## Checks before publishing",
        table(
            ("suite", "rule", "severity", "observed", "expected", "passed"),
            map(outcome, about.get("checks", [])),
        ),
        USE.format(version=manifest["version"]),
        *([REGISTERED.format(number=cell(number))] if number else []),
        LIMITS.format(fallback=fallback(metrics.get("fallback_share"))),
    ]
    return "\n\n".join(sections) + "\n"


def traces(manifest: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return where the version comes from."""
    about = manifest["about"]
    return [
        ("version before", manifest["previous"]),
        ("model version", about.get("model_version")),
        ("MLflow run", about.get("run_id")),
        ("registered model", manifest["registered_version"]),
        ("dbt invocation", about.get("invocation_id")),
        ("git commit", about.get("git_commit")),
        ("SHA-256 of the content", manifest["content_sha256"]),
    ]


def outcome(check: Mapping[str, Any]) -> list[Any]:
    """Return a check's line."""
    names = ("suite", "rule", "severity", "observed", "expected")
    return [*(check[name] for name in names), "yes" if check["success"] else "no"]


def with_interval(metric: Any) -> tuple[Any, str]:
    """Return a metric's value, and its interval where that is known."""
    if not isinstance(metric, Mapping):
        return metric, ""
    return metric["value"], f"{number(metric['low'])} to {number(metric['high'])}"


def fallback(share: Any) -> str:
    """Return the words on popular movies that begin a limit."""
    if share is None:
        return "Rows whose `source` is `popularity` are"
    return f"{with_interval(share)[0]:.1%} of the rows, those of `popularity`, are"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table, or a word where it has no rows."""
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    if not lines:
        return "None are known."
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines])


def cell(value: Any) -> str:
    """Return a value as one line of plain text, whatever Markdown it looks like."""
    if value is None:
        return "none"
    return MARKUP.sub(r"\\\g<0>", " ".join(number(value).split()))


def number(value: Any) -> str:
    """Return a number with four digits that tell, anything else as it is."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4g}"
    return f"{value:,.0f}" if isinstance(value, float) else str(value)
