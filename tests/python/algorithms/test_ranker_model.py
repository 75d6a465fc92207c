"""The sum of a ranker's parts."""

import numpy as np
import pytest
from scipy import sparse

from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.standard_scores import standardised
from cinespark.errors import CineSparkError


def test_standard_scores_are_over_what_is_not_seen():
    scores = np.array([[9.0, 1.0, 3.0], [2.0, 2.0, 2.0]])
    seen = sparse.csr_array(np.array([[1.0, 0, 0], [0, 0, 0]]))
    found = standardised(scores, seen)
    assert found[0].tolist() == [7.0, -1.0, 1.0]
    assert np.isnan(found[1]).all()  # no opinion


def test_a_part_without_a_name_is_told_where_to_give_it_one():
    class Own:
        pass

    model = RankerModel(np.array([1]), np.array([True]), ((1.0, Own()),))
    with pytest.raises(CineSparkError, match=r"part Own .* in PARTS"):
        model.to_arrays()
