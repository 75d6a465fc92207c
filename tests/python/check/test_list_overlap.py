"""How far two lists agree, by hand and by the definitions."""

import random

import pandas as pd
import pytest

from cinespark.check.list_overlap import FIGURES, PLACES, list_overlaps


def lists(**movies):
    """Return lists as a frame: of each user, the movies in order."""
    rows = [
        (user, rank, movie)
        for user, titles in movies.items()
        for rank, movie in enumerate(titles, start=1)
    ]
    return pd.DataFrame(rows, columns=PLACES)


@pytest.mark.parametrize(
    ("old", "new", "overlap", "jaccard", "rank_biased_overlap"),
    [
        ("ab", "ab", 1.0, 1.0, 1.0),
        ("ab", "cd", 0.0, 0.0, 0.0),
        # 0.1 / 0.9 · (0.9 · 1 + 0.81 · 1/2 + 0.729 · 3/3) + 0.729 · 3/3
        ("abc", "acb", 1.0, 1.0, 0.955),
        # 0.1 / 0.9 · (0.9 · 0 + 0.81 · 2/2) + 0.81 · 2/2
        ("ab", "ba", 1.0, 1.0, 0.9),
        # 0.1 / 0.9 · (0.9 · 1 + 0.81 · 1/2) + 0.81 · 1/2
        ("ab", "ac", 0.5, 1 / 3, 0.55),
        # the short list says nothing of depth 2, where it is taken to go on as before
        # 0.1 / 0.9 · (0.9 · 1 + 0.81 · 1/2 + 0.81 · 1 · 1/(1 · 2)) + 0.81 · (0/2 + 1/1)
        ("a", "ab", 1.0, 0.5, 1.0),
        ("ab", "a", 0.5, 0.5, 1.0),
        # 0.1 / 0.9 · (0.9 · 0 + 0.81 · 1/2) + 0.81 · (1/2 + 0/1)
        ("a", "ba", 1.0, 0.5, 0.45),
    ],
)
def test_lists_agree_as_worked_out_by_hand(
    old, new, overlap, jaccard, rank_biased_overlap
):
    (figures,) = list_overlaps(lists(u=old), lists(u=new)).to_numpy()
    assert figures == pytest.approx([overlap, jaccard, rank_biased_overlap])


def test_rank_biased_overlap_is_that_of_its_definition():
    """Each sum of the paper's equation 32, over sets of the first d movies."""
    draw = random.Random(1)

    def drawn():
        return draw.sample("abcdefghijkl", draw.randint(1, 10))

    both = {f"user-{place}": (drawn(), drawn()) for place in range(50)}
    p, expected = 0.9, {}
    for user, pair in both.items():
        short, long = sorted(pair, key=len)
        s, size = len(short), len(long)
        x = [len(set(short[:d]) & set(long[:d])) for d in range(size + 1)]
        seen = sum(x[d] / d * p**d for d in range(1, size + 1))
        beyond = sum(x[s] * (d - s) / (s * d) * p**d for d in range(s + 1, size + 1))
        rest = ((x[size] - x[s]) / size + x[s] / s) * p**size
        expected[user] = (1 - p) / p * (seen + beyond) + rest
    old = lists(**{user: pair[0] for user, pair in both.items()})
    new = lists(**{user: pair[1] for user, pair in both.items()})
    found = list_overlaps(old, new.sample(frac=1, random_state=1))
    assert found["published_rank_biased_overlap"].to_dict() == pytest.approx(expected)


def test_only_users_of_both_versions_are_compared():
    old, new = lists(a="xyz", b="x"), lists(b="x", c="x")
    assert list(list_overlaps(old, new).index) == ["b"]
    nobody = list_overlaps(old.iloc[:0], new)
    assert list(nobody.columns) == FIGURES
    assert nobody.empty


def test_damaged_lists_are_compared_as_far_as_they_go():
    new = pd.DataFrame([(1, 5, 11), (1, 2, 10), (1, 9, 10)], columns=PLACES)
    old = pd.DataFrame([(1, 1, 10), (1, 2, 11)], columns=PLACES)
    (figures,) = list_overlaps(old, new).to_numpy()  # 10 and 11, in this order
    assert figures == pytest.approx([1.0, 1.0, 1.0])
