"""NDCG, worked out by hand."""

import numpy as np
import pytest

from cinespark.algorithms.metrics import ndcg

INF = np.inf


def test_ndcg_worked_out_by_hand():
    scores = np.array([[0.9, 0.8, 0.7, 0.6], [0.1, 0.2, 0.3, 0.4]])
    seen = np.array([[True, False, False, False], [False] * 4])
    relevant = np.array([[False, False, True, True], [True, False, False, False]])
    # user 0: list 1, 2: hit at rank 2; best: both; user 1: list 3, 2: no hit
    ideal = 1 + 1 / np.log2(3)
    assert ndcg(scores, seen, relevant, 2) == pytest.approx([1 / np.log2(3) / ideal, 0])


def test_a_movie_without_an_opinion_is_no_hit():
    scores = np.array([[-INF, 0.5]])
    assert ndcg(scores, np.zeros((1, 2), bool), np.array([[True, False]]), 2) == [0]
