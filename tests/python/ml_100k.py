"""MovieLens 100K as rows of int_preferences, and a blend of it, without Spark."""

import numpy as np
import pandas as pd
import pytest

from cinespark.algorithms.co_occurrence import CoOccurrenceParams, co_occurrence
from cinespark.algorithms.ease import fit_ease
from cinespark.algorithms.preferences import history_of, preferences_from
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    RankerModel,
)
from cinespark.algorithms.transitions import (
    TransitionParams,
    Transitions,
    fit_transitions,
)
from cinespark.data.bring import bring
from cinespark.errors import CineSparkError


def rated_rows(folder):
    """Return its ratings as rows of `int_preferences`, with `rated_at`."""
    try:
        bring("ml-100k", folder, str, base_url="http://127.0.0.1:9")
    except CineSparkError as error:
        if "pip could not download" not in str(error):
            raise
        pytest.skip(f"pip reaches no package index here ({error})")
    rows = pd.read_csv(folder / "current" / "ratings.csv")
    rows.columns = ["user_id", "movie_id", "rating", "rated_at"]
    by_user = rows.groupby("user_id")
    return rows.assign(
        preference=((rows["rating"] - 1) / 4) ** 1.5,
        is_like=rows["rating"] >= 4,
        newer_count=by_user["rated_at"].rank(method="min", ascending=False) - 1,
        rating_count=by_user["rating"].transform("size"),
    )


def fitted_blend(rated):
    """Return a blend of all parts, with vectors of a singular value decomposition."""
    learnt = preferences_from(rated, np.unique(rated["movie_id"]))
    likes = learnt.matrix(learnt.values)
    _, strength, vectors = np.linalg.svd(likes.toarray(), full_matrices=False)
    vectors = (np.sqrt(strength[:32, None]) * vectors[:32]).T.copy()
    covered = 1200  # of 1,682, so that some movies have one part only
    params = CoOccurrenceParams(8.0, 0.5, 0.7, 10.0, covered)
    lately = TransitionParams(0.75, 0.5, 100.0)
    parts = (
        (1.0, FoldedIn(vectors, vectors.T @ vectors, 20.0, 0.1, 0.1)),
        (2.0, AskedEase(fit_ease(likes[:, :covered], 200.0, 2), 0.3, 0.1)),
        (0.5, CoOccurrence(co_occurrence(learnt, params, 2))),
        (1.0, Transitions(fit_transitions(learnt, 900, lately, 2), lately.past)),
    )
    return RankerModel(learnt.catalogue, learnt.like_counts > 0, parts)


def histories_of(rated, catalogue):
    """Return the histories of all users."""
    columns = ("movie_id", "rating", "preference", "newer_count")
    names = ("movie_ids", "ratings", "preferences", "newer_counts")
    block = rated.groupby("user_id").agg(
        **{name: (one, list) for name, one in zip(names, columns, strict=True)}
    )
    return history_of(block.reset_index(), catalogue)
