"""How a predictor or a ranker is declared: once; everything else reads the registry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd
from pyspark.sql import DataFrame, SparkSession

from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.ratings import Ratings
from cinespark.errors import CineSparkError

Model = TypeVar("Model", bound="Declared")
# by group, as the YAML of the dbt models gives them: numbers, and lists of numbers
Parameters = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Knob:
    """A parameter that `cinespark tune` may turn.

    Parameters
    ----------
    var
        The var of the project that sets it.
    group, name
        Where the parameters hold its value.
    low, high
        The range to search; whole numbers for a parameter that counts.
    """

    var: str
    group: str
    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Transition:
    """A part of the blend: what comes next, and what its scores weigh.

    Parameters
    ----------
    past, future, ridge
        As TransitionParams has them.
    weight
        Of the part's scores, standardised per user.
    """

    past: float
    future: float
    ridge: float
    weight: float


@dataclass(frozen=True)
class Blend:
    """How the parts of the published ranker are set and weighed.

    Parameters
    ----------
    fold_in_half_life
        Newer ratings at which a rating counts half in a user's vector.
    ease_half_life
        The same for EASE, as a share of the user's ratings.
    ease_ridge
        λ of EASE.
    fold_in_weight, ease_weight, co_occurrence_weight
        Of the parts' scores, each standardised per user.
    transitions
        Those that joined, in the order in which they did.
    """

    fold_in_half_life: float
    ease_half_life: float
    ease_ridge: float
    fold_in_weight: float
    ease_weight: float
    co_occurrence_weight: float
    transitions: tuple[Transition, ...] = ()


@dataclass(frozen=True)
class PredictorInput:
    """What a predictor is fitted on.

    Parameters
    ----------
    parameters
        By group: the stack uses those of its bases, too.
    scale
        Lowest and highest rating; predictions are clipped to it.
    """

    ratings: Ratings
    parameters: Parameters
    scale: tuple[float, float]
    session: SparkSession


@dataclass(frozen=True)
class RankerInput:
    """What a ranker is fitted on.

    Parameters
    ----------
    factors
        Rows of MLlib's model of these preferences: `entity`, `entity_id`, `factors`.
    blend
        Settings that validation chose.
    parameters
        By group.
    rows
        For what learns on Spark: `user_id`, `movie_id` and `rating`, of all users where
        the preferences may be those of a sample.
    content
        Rows of `movie_content`, for rankers that need them.
    """

    preferences: Preferences
    factors: pd.DataFrame
    blend: Blend
    parameters: Parameters
    rows: DataFrame
    content: DataFrame | None = None


@dataclass(frozen=True)
class Declared:
    """What is said of any model.

    Parameters
    ----------
    name
        What the vars `predictor` or `ranker` call it.
    description
        How it predicts or ranks, in one sentence for the docs.
    parameters
        Names of the groups of parameters that are its own: logged in MLflow.
    knobs
        What `cinespark tune` may turn, nothing if empty.
    note
        What a reader of the leaderboard should know; `{group[name]}` stands for a
        parameter.
    is_baseline
        Whether others are compared with it.
    is_judged
        Whether there is anything to judge: a number for each pair, or a list.
    """

    name: str
    description: str
    parameters: tuple[str, ...] = ()
    knobs: tuple[Knob, ...] = ()
    note: str | None = None
    is_baseline: bool = False
    is_judged: bool = True

    @property
    def is_sampled(self) -> bool:
        """Whether it learns from a sample of the users, and folds the others in."""
        return "learning" in self.parameters


@dataclass(frozen=True, kw_only=True)
class Predictor(Declared):
    """A model of ratings that the var `predictor` can name.

    Parameters
    ----------
    uses_demographics
        Whether it learns from what is known of users besides their ratings.
    """

    fit: Callable[[PredictorInput], PredictorModel]
    uses_demographics: bool = False


@dataclass(frozen=True, kw_only=True)
class Ranker(Declared):
    """A model of lists that the var `ranker` can name.

    Parameters
    ----------
    needs_factors
        Whether it is fitted on the item factors that MLlib has learnt before.
    needs_content
        Whether it is fitted on the embeddings of what is said of movies.
    uses_blend
        Whether validation chooses some of its settings.
    """

    fit: Callable[[RankerInput], RankerModel]
    needs_factors: bool = False
    needs_content: bool = False
    uses_blend: bool = False


def declared(registry: Mapping[str, Model], name: str, role: str) -> Model:
    """Return the model of this name.

    Raises
    ------
    CineSparkError
        If no model of the role is called so.
    """
    if name not in registry:
        raise CineSparkError(
            f"there is no {role} {name}: the var `{role}` takes one of "
            f"{', '.join(registry)}"
        )
    return registry[name]
