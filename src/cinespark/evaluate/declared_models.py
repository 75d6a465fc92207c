"""The registries of predictors and rankers as rows, for SQL and for the docs."""

from collections.abc import Iterator, Mapping

from cinespark.score.rules import WITH_RULES
from cinespark.train.declarations import Declared, Parameters
from cinespark.train.predictors import PREDICTORS
from cinespark.train.rankers import RANKERS

DECLARED_SCHEMA = (
    "role string, model string, description string, note string, is_baseline boolean"
)
ABOUT_RULES = "the published ranker, with rules, exploration and diversity"
NEW_USERS = "new_users"
# how lists of users come about whom the published ranker has not learnt from
OF_NEW_USERS = (
    ("fold_in", "the user folded in from the ratings shown, learnt from others'", True),
    ("retraining", "the ranker trained again, with the ratings shown", False),
)
REGISTRIES: Mapping[str, Mapping[str, Declared]] = {
    "predictor": PREDICTORS,
    "ranker": RANKERS,
}


def declared_models(
    parameters: Mapping[str, Parameters],
) -> Iterator[tuple[str, str, str, str | None, bool]]:
    """Yield one row per declared model, in the columns of DECLARED_SCHEMA.

    Last the one of WITH_RULES, and those of OF_NEW_USERS.

    Parameters
    ----------
    parameters
        By role and group: notes quote them.
    """
    for role, registry in REGISTRIES.items():
        for name, model in registry.items():
            note = model.note and model.note.format(**parameters[role])
            yield role, name, model.description, note, model.is_baseline
    yield "ranker", WITH_RULES, ABOUT_RULES, None, False
    for name, description, is_baseline in OF_NEW_USERS:
        yield NEW_USERS, name, description, None, is_baseline


def markdown_table(role: str) -> str:
    """Return the models of a role as a table in Markdown, for the docs."""
    verb = {"predictor": "predicts by", "ranker": "orders by"}[role]
    rows = [
        f"| `{name}` | {model.description} |"
        for name, model in REGISTRIES[role].items()
    ]
    return "\n".join([f"| `{role}` | {verb} |", "|---|---|", *rows])
