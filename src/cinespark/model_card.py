"""The model card of a published version, in Markdown.

After Mitchell et al. 2019, "Model cards for model reporting".
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def model_card(manifest: Mapping[str, Any]) -> str:
    """Return what a reader should know of a version before using it.

    Parameters
    ----------
    manifest
        As `exports.publish` writes it, but for `files`.
    """
    about = manifest["about"]
    dataset, registered = about["dataset"], manifest["registered_version"]
    return "\n".join(
        [
            f"# Model card of version {manifest['version']}",
            "",
            f"Published {manifest['published_at']}: {cell(manifest['reason'])}.",
            "",
            *table(
                ("trace", "value"),
                [
                    ("model version", about["model_version"]),
                    ("MLflow run", about["run_id"] or "none"),
                    ("registered model", registered or "none"),
                    ("dbt invocation", about["invocation_id"]),
                    ("git commit", about["git_commit"] or "not in a git repository"),
                ],
            ),
            "## What it does",
            "",
            "For each user of the data, the movies the user has not rated that "
            "implicit ALS puts first (Hu, Koren and Volinsky 2008), filled up with "
            "popular movies: the column `source` says which. Predicted stars are by "
            "explicit ALS (Zhou et al. 2008), or where it has no vector by the means "
            "of user and movie.",
            "",
            "## Data",
            "",
            *table(
                ("what", "value"),
                [
                    ("data set", dataset["name"]),
                    ("source", dataset["source"]),
                    ("licence", dataset["licence"]),
                    ("SHA-256", dataset["sha256"]),
                    *about["counts"].items(),
                ],
            ),
            "## Parameters",
            "",
            *table(("parameter", "value"), sorted(about["parameters"].items())),
            "## Figures",
            "",
            "Errors are on ratings hidden at random from models of the same "
            "parameters; the published ones learnt from all ratings. No intervals are "
            "known yet. The other figures are of the lists themselves.",
            "",
            *table(
                ("figure", "value"),
                [(name, f"{value:.4g}") for name, value in about["metrics"].items()],
            ),
            "## Checks before publishing",
            "",
            *table(
                ("suite", "figure", "severity", "observed", "expected", "passed"),
                [
                    (
                        check["suite"],
                        check["column"],
                        check["severity"],
                        "" if check["observed"] is None else f"{check['observed']:.4g}",
                        check["expected"],
                        "yes" if check["success"] else "no",
                    )
                    for check in about["checks"]
                ],
            ),
            "## Limits",
            "",
            "- A user who was not in the data has no list; a movie that nobody likes "
            "is in lists for its popularity only.",
            "- The score orders one user's list; it says nothing across users.",
            "- The figures come from ratings that users chose to give, so they say "
            "little about movies that users would not have picked themselves.",
            "- Nobody was asked whether the lists please, or whom they serve badly.",
            "",
        ]
    )


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return the lines of a table, and an empty one after it."""
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(map(cell, line)) + " |" for line in lines), ""]


def cell(value: Any) -> str:
    """Return a value as text that does not end its cell."""
    return " ".join(str(value).replace("\\", "\\\\").replace("|", "\\|").split())
