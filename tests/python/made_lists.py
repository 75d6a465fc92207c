"""Lists with reasons, by the functions that a build calls, without Spark."""

import pandas as pd

from cinespark.algorithms.list_reasons import explaining
from cinespark.score.top_n import explained_rows, finding


def made_lists(model, history, by_segment, n):
    """Return the rows of lists without rules."""
    made_of, lists, is_new = finding(model, by_segment, None, n)(history, None)
    explained = explaining(model)(history, made_of, lists, is_new)
    return pd.concat(explained_rows(explained, history, is_new), ignore_index=True)
