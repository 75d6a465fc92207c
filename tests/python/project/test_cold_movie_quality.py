"""What the whole build says of simulated cold movies, against pandas."""

import numpy as np
import pandas as pd
import pytest

KEY = ["model", "ranked_among"]


@pytest.fixture(scope="module")
def judged(table):
    return table("simulated_cold_movies")


@pytest.fixture(scope="module")
def quality(table):
    return table("cold_movie_quality").set_index([*KEY, "metric", "segment"])


def test_all_liked_movies_of_the_catalogue_are_judged(table, judged):
    rows = table("int_preferences").query("subset == 'all' and is_like")
    known = set(table("int_movies").movie_id)
    wanted = {
        pair
        for pair in zip(rows.user_id, rows.movie_id, strict=True)
        if pair[1] in known
    }
    for _, mine in judged.groupby("model"):
        assert set(zip(mine.user_id, mine.movie_id, strict=True)) == wanted
    assert judged.model.nunique() == 4


def lists_of(judged):
    """Yield the ranker, what is ranked, and the ranks and number of each list."""
    for (model, user, _), rows in judged.groupby(["model", "user_id", "fold"]):
        for among in ("all", "cold"):
            ranks = sorted(rows[f"{among}_rank"])
            (count,) = set(rows[f"{among}_count"])
            yield model, among, user, ranks, count


def figures_of(ranks, count, k=10):
    """Return the metrics of one list by their definitions."""
    hits = [rank in set(ranks) for rank in range(1, count + 1)]
    gain = sum(1 / np.log2(rank + 1) for rank, hit in enumerate(hits[:k], 1) if hit)
    ideal = sum(1 / np.log2(rank + 1) for rank in range(1, min(k, len(ranks)) + 1))
    pairs = [
        place < other
        for place in range(count)
        for other in range(count)
        if hits[place] and not hits[other]
    ]
    return {
        "NDCG@10": gain / ideal,
        "recall@10": sum(hits[:k]) / len(ranks),
        "hit rate@10": float(any(hits[:k])),
        "AUC": np.mean(pairs) if pairs else np.nan,
    }


def test_the_quality_of_cold_movies_is_the_mean_over_lists(judged, quality):
    figures = []
    for model, among, user, ranks, count in lists_of(judged):
        named = {"model": model, "ranked_among": among, "user": user}
        figures.append(named | figures_of(ranks, count))
    lists = pd.DataFrame(figures)
    means = lists.drop(columns="user").groupby(KEY).mean()
    for model, among in means.index.tolist():
        mine = lists[(lists.model == model) & (lists.ranked_among == among)]
        for metric in means.columns:
            value = means.loc[(model, among), metric]
            found = quality.loc[(model, among, metric, "all")]
            assert found.metric_value == pytest.approx(value), (model, among, metric)
            assert found.metric_value_low <= value <= found.metric_value_high
            assert found.list_count == len(mine)
            assert found.user_count == mine.user.nunique()
            for other in ("random", "genre_popularity", "taste_popularity"):
                gain = value - means.loc[(other, among), metric]
                assert found[f"gain_over_{other}"] == pytest.approx(gain, abs=1e-9)
                assert found[f"gain_over_{other}_low"] <= gain + 1e-9
                assert found[f"gain_over_{other}_high"] >= gain - 1e-9


def test_chance_is_half_and_the_made_up_tastes_are_more(quality):
    for among in ("all", "cold"):
        assert quality.loc[("random", among, "AUC", "all")].metric_value == (
            pytest.approx(0.5, abs=0.05)
        )
        found = quality.loc[("content", among, "AUC", "all")]
        assert found.gain_over_random_low > 0


def test_a_decade_counts_the_movies_of_the_decade(table, judged, quality):
    decade = table("int_cold_movies").set_index("movie_id").decade
    of_movies = decade.reindex(judged.movie_id).to_numpy()
    segments = quality.query("segment_kind == 'decade' and metric == 'recall@10'")
    assert len(segments)
    for row in segments.reset_index().itertuples():
        start = int(row.segment[:-1])
        rows = judged[(judged.model == row.model) & (of_movies == start)]
        is_found = rows[f"{row.ranked_among}_rank"] <= 10
        found = is_found.groupby([rows.user_id, rows.fold]).mean()
        assert row.metric_value == pytest.approx(found.mean())
        assert row.relevant_count == len(rows)
