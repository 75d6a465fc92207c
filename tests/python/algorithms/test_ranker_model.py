"""The sum of a ranker's parts."""

import numpy as np
from scipy import sparse

from cinespark.algorithms.standard_scores import standardised


def test_standard_scores_are_over_what_is_not_seen():
    scores = np.array([[9.0, 1.0, 3.0], [2.0, 2.0, 2.0]])
    seen = sparse.csr_array(np.array([[1.0, 0, 0], [0, 0, 0]]))
    found = standardised(scores, seen)
    assert found[0].tolist() == [7.0, -1.0, 1.0]
    assert np.isnan(found[1]).all()  # no opinion
