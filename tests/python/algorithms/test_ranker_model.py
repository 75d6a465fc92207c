"""The sum of a ranker's parts."""

import numpy as np
import pytest
from learning import preferences
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


@pytest.mark.parametrize("users", range(1, 10))
def test_standard_scores_of_any_number_of_users_are_those_of_each(users):
    rng = np.random.default_rng(users)
    scores, is_seen = rng.normal(3, 2, (users, 11)), rng.random((users, 11)) < 0.4
    is_seen[0], scores[-1, ~is_seen[-1]] = False, 0.5  # the last one's are the same
    given = scores.copy()
    found = standardised(scores, sparse.csr_array(is_seen))
    for row, seen, standard in zip(given, is_seen, found, strict=True):
        expected = (row - row[~seen].mean()) / (row[~seen].std() or np.nan)
        np.testing.assert_allclose(standard, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(scores, given)


def test_a_sum_of_parts_is_of_standard_scores_and_of_what_is_liked():
    class Given:
        """A part with scores of its own."""

        def __init__(self, *rows):
            self.rows = np.array(rows, float)

        def scores(self, history):
            return self.rows.copy()

    history = preferences([(0, 0, 1, 0), (1, 0, 1, 0)], [10, 20, 30, 40], 2)
    one = Given([9, 1, 3, 2], [5, 1, 3, 2])
    other = Given([7, 0, 4, 2], [np.nan] * 4)
    is_liked = np.array([True, True, True, False])
    ranker = RankerModel(history.catalogue, is_liked, ((2.0, one), (0.5, other)))
    found = ranker.scored(history)
    root = np.sqrt(1.5)  # 1, 3, 2 and 0, 4, 2 are -1, 1, 0 times this
    np.testing.assert_allclose(found.scores[0, 1:], [-2.5 * root, 2.5 * root, -np.inf])
    assert (found.scores[1] == -np.inf).all()  # one part has no opinion
    made = found.factors[0, 0] * one.rows[0] + found.factors[1, 0] * other.rows[0]
    np.testing.assert_allclose(
        (made + found.constants[0])[1:3], found.scores[0, 1:3], rtol=1e-12
    )


def test_a_part_without_a_name_is_told_where_to_give_it_one():
    class Own:
        pass

    model = RankerModel(np.array([1]), np.array([True]), ((1.0, Own()),))
    with pytest.raises(CineSparkError, match=r"part Own .* in PARTS"):
        model.to_arrays()
