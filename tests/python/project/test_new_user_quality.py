"""What the whole build says of simulated new users, against pandas."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def judged(table):
    return table("simulated_new_users").query("not is_retrained")


def test_popularity_of_the_other_folds_is_what_pandas_counts(table, judged):
    rows = table("int_new_user_ratings")
    found = judged.query("model == 'popularity' and not uses_demographics")
    found = found.set_index(["shown_ratings", "user_id"]).ndcg
    likers = set()
    for fold, here in rows.groupby("fold"):
        others = rows[rows.fold != fold]
        likes = others[others.is_like].groupby("movie_id").size()
        order = sorted(likes.index, key=lambda movie: (-likes[movie], movie))
        for user, mine in here.groupby("user_id"):
            wanted = set(mine.movie_id[mine.is_target & mine.is_like])
            if not wanted:
                continue
            likers.add(user)
            before = set(mine.movie_id[~mine.is_target])
            listed = [movie for movie in order if movie not in before][:10]
            gain = sum(1 / np.log2(n + 2) for n, m in enumerate(listed) if m in wanted)
            best = sum(1 / np.log2(n + 2) for n in range(min(10, len(wanted))))
            for shown in ("0", "5", "all"):
                assert found[shown, user] == pytest.approx(gain / best), user
    assert set(found.index.get_level_values("user_id")) == likers
    assert len(likers) > 40


def test_who_is_shown_nothing_gets_what_people_like_them_like(judged):
    lists = judged.query("role == 'ranker' and shown_ratings == '0'")
    figures = lists.pivot(
        index="user_id", columns=["model", "uses_demographics"], values="ndcg"
    )
    for uses in (False, True):
        assert figures["folded_in_als", uses].equals(figures["popularity", uses])
    assert (figures["popularity", True] != figures["popularity", False]).any()


def test_every_model_is_judged_on_the_same_ratings(table, judged):
    rows = table("int_new_user_ratings")
    targets = rows[rows.is_target].groupby("user_id").size()
    errors = judged[judged.role == "predictor"]
    models = errors.groupby(["model", "uses_demographics", "shown_ratings"])
    assert set(models.groups) == {
        (model, uses, shown)
        for model, uses in (("bias", 0), ("bayesian_mf", 0), ("bayesian_mf", 1))
        for shown in ("0", "1", "3", "5", "10", "all")
    }
    for _, mine in models:
        assert (
            mine.set_index("user_id")
            .rating_count.sort_index()
            .equals(targets.astype(mine.rating_count.dtype).rename("rating_count"))
        )


def test_the_quality_of_new_users_is_the_mean_over_them(table, judged):
    quality = table("new_user_quality").query("segment == 'all'")
    key = ["role", "model", "uses_demographics", "shown_ratings"]
    rows = quality.set_index(key)
    for one, mine in judged.groupby(key):
        row = rows.loc[one]
        value = mine.ndcg.mean()
        if one[0] == "predictor":
            value = np.sqrt(mine.squared_error.sum() / mine.rating_count.sum())
        assert row.metric_value == pytest.approx(value)
        assert row.metric_value_low <= row.metric_value <= row.metric_value_high
        baseline = "bias" if one[0] == "predictor" else "popularity"
        gain = value - rows.metric_value[one[0], baseline, False, one[3]]
        if one[0] == "predictor":
            gain = -gain
        assert row.gain_over_baseline == pytest.approx(gain, abs=1e-12)
        assert pd.isna(row.gain_of_demographics) == (not one[2])
    assert len(rows) == judged.groupby(key).ngroups
