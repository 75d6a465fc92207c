"""A block of people gets the lists that each of them gets alone."""

from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from made_service import SILENT, USERS, made_rules, publish_service, ratings

from cinespark.algorithms.preference_scale import Person, histories_of_people
from cinespark.algorithms.preferences import history_of
from cinespark.serve.histories import histories, published_ratings
from cinespark.serve.lists import Wanted, best_of, lists_of
from cinespark.serve.opened import open_version
from cinespark.versions.keys import UNKNOWN


def rules(catalogue):
    more = {"new": range(100, 109), "exploration_share": 0.5, "diversity": 0.4}
    return made_rules(catalogue, **more)


@pytest.mark.parametrize("made_by", [None, rules])
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(["War"], 1972, None, [104])])
def test_lists_of_a_block_are_those_of_its_people(exports, made_by, wanted):
    version, _ = publish_service(exports, rules=made_by)
    with closing(open_version(exports, version)) as opened:
        people = [published_ratings(opened, key) for key in range(1, SILENT + 1)]
        people += [
            Person(UNKNOWN, one.movies, one.stars, one.times) for one in people[::3]
        ]
        block = lists_of(opened, histories(opened, people), 12, wanted)
        for person, places in zip(people, block, strict=True):
            alone = best_of(opened, histories(opened, [person]), 12, wanted)
            for one, other in zip(places, alone, strict=True):
                mine, theirs = dict(vars(one)), dict(vars(other))
                for name in ("score", "reason_contributions", "rule_adjustment"):
                    assert mine.pop(name) == pytest.approx(theirs.pop(name), abs=1e-9)
                for name in ("other_contributions", "score_constant"):
                    value = theirs.pop(name)
                    same = None if value is None else pytest.approx(value, abs=1e-9)
                    assert mine.pop(name) == same
                assert mine == theirs


def test_histories_of_people_are_those_that_a_build_makes(exports):
    """As pandas counts what is newer, of users in an order of no meaning."""
    frame = ratings().sample(frac=1, random_state=2)
    catalogue = np.random.default_rng(4).permutation(np.arange(100, 128))
    version, _ = publish_service(exports)
    with closing(open_version(exports, version)) as opened:
        scale = opened.ranker.scale
    keys = [*range(USERS, 0, -1), SILENT]
    people, rows = [], []
    for key in keys:
        mine = frame[frame["user_id"] == key]
        movies, stars = mine["movie_id"].to_numpy(), mine["rating"].to_numpy()
        times = mine["rated_at"].to_numpy()
        people.append(Person(key, movies, stars, times))
        by_movie = mine.sort_values("movie_id")
        newer = [int((times > one).sum()) for one in by_movie["rated_at"]]
        rows.append(
            {
                "user_id": key,
                "movie_ids": by_movie["movie_id"].to_numpy(),
                "ratings": by_movie["rating"].to_numpy(),
                "preferences": scale.values(by_movie["rating"].to_numpy()),
                "newer_counts": np.array(newer),
            }
        )
    found = histories_of_people(people, catalogue, scale)
    expected = history_of(pd.DataFrame(rows), catalogue)
    for name, value in vars(expected).items():
        np.testing.assert_array_equal(getattr(found, name), value, err_msg=name)


def test_nobody_and_an_empty_catalogue_have_no_lists(exports):
    version, _ = publish_service(exports)
    with closing(open_version(exports, version)) as opened:
        scale = opened.ranker.scale
        assert lists_of(opened, histories(opened, []), 5, Wanted()) == []
    nothing = histories_of_people([], np.zeros(0, np.int64), scale)
    assert len(nothing.user_ids) == 0
    one = Person(3, np.array([5]), np.array([4.0]), np.array([1]))
    assert len(histories_of_people([one], np.zeros(0, np.int64), scale).movies) == 0
