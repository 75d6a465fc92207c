"""Lists, reasons and similar movies of the whole build, against brute force."""

import numpy as np
import pandas as pd
import pytest


def vectors(frame, entity):
    rows = frame[frame.entity == entity]
    return dict(zip(rows.entity_id, rows.factors.map(np.array), strict=True))


def folded_in(history, movies, half_life):
    """Return a user's vector by the equation in fold_in.py, solved row by row."""
    matrix = np.array(list(movies.values()), float)
    left = 0.1 * matrix.T @ matrix + 0.1 * len(history) * np.eye(matrix.shape[1])
    right = np.zeros(matrix.shape[1])
    for row in history.itertuples():
        newer = (history.rated_at > row.rated_at).sum()
        weight = (max(row.rating - 1, 0) / 4) ** 1.5 * 0.5 ** (newer / half_life)
        vector = movies.get(row.movie_id, np.zeros(len(right))).astype(float)
        left += weight * np.outer(vector, vector)
        right += weight * vector
    return np.linalg.solve(left, right)


def test_lists_are_the_best_movies_by_brute_force(table, ratings, data_dir):
    factors = table("item_factors")
    movies = vectors(factors[factors.subset == "all"], "movie")
    tried = table("blend_validation")
    half_life = tried[tried.is_chosen].fold_in_half_life.item()
    liked = set(ratings[ratings.rating > 1].movie_id)
    catalogue = pd.read_csv(data_dir / "movies.csv").movieId.tolist()
    popularity = table("dim_movies").sort_values(
        ["like_count", "rating_count", "movie_id"], ascending=[False, False, True]
    )
    lists = table("recommendations").sort_values(["user_id", "rank"])
    lists = lists[lists.user_id != 500000]  # who has rated nothing
    known = pd.read_csv(data_dir / "users.csv").userId
    rated = ratings.groupby("user_id").size()
    exhausted = set(rated[rated == len(catalogue)].index)
    everyone = set(known) | set(ratings.user_id)
    assert set(lists.user_id) == everyone - exhausted - {500000}
    for user, rows in lists.groupby("user_id"):
        history = ratings[ratings.user_id == user]
        vector = folded_in(history, movies, half_life)
        unseen = [movie for movie in catalogue if movie not in set(history.movie_id)]
        scores = {
            movie: vector @ movies[movie].astype(float)
            for movie in unseen
            if vector.any() and movie in liked
        }
        best = sorted(scores, key=lambda movie: (-scores[movie], movie))
        popular = [movie for movie in popularity.movie_id if movie in set(unseen)]
        filled = [movie for movie in popular if movie not in scores]
        assert rows.movie_id.tolist() == (best + filled)[:10]
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        sources = ["personal"] * len(best) + ["popularity"] * len(filled)
        assert rows.source.tolist() == sources[:10]


def test_reasons_are_the_ratings_that_add_most_by_brute_force(table, ratings):
    """Each rating's term: what its movie says of the listed one for this user."""
    factors = table("item_factors")
    movies = vectors(factors[factors.subset == "all"], "movie")
    titles = table("dim_movies").set_index("movie_id").title
    tried = table("blend_validation")
    half_life = tried[tried.is_chosen].fold_in_half_life.item()
    matrix = np.array(list(movies.values()), float)
    lists = table("recommendations").query("source == 'personal'")
    assert len(lists) > 500
    for user, rows in lists.groupby("user_id"):
        history = ratings[ratings.user_id == user]
        newer = history.rated_at.map(
            lambda then, of=history: (of.rated_at > then).sum()
        )
        liked = ((history.rating - 1).clip(lower=0) / 4) ** 1.5
        weight = (liked * 0.5 ** (newer / half_life)).to_numpy()
        own = np.array([movies.get(one, 0 * matrix[0]) for one in history.movie_id])
        left = 0.1 * matrix.T @ matrix + own.T @ (weight[:, None] * own)
        left += 0.1 * len(history) * np.eye(len(left))
        for row in rows.itertuples():
            adds = weight * (
                own @ np.linalg.solve(left, movies[row.movie_id].astype(float))
            )
            best = np.argsort(-adds)[:3]
            named = [movie for movie in history.movie_id.iloc[best] if adds.max() > 0]
            named = named[: (adds[best] > 1e-9).sum()]
            assert list(row.reason_movie_ids) == named
            np.testing.assert_allclose(
                row.reason_contributions, adds[best][: len(named)]
            )
            assert sum(adds) == pytest.approx(row.score, abs=1e-6)
            assert row.score_constant == 0
            words = [titles[movie] for movie in named]
            start = ", ".join(words[:-1])
            text = f"{start} and {words[-1]}" if start else words[-1]
            assert row.reason == f"because you rated {text}"


def cosine(one, other):
    known = one is not None and other is not None and one.any() and other.any()
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other) if known else 0


def test_similar_movies_are_the_best_of_all_pairs_by_brute_force(
    table, ratings, data_dir
):
    factors = table("item_factors")
    learnt = vectors(factors[factors.subset == "all"], "movie")
    content = table("movie_content").set_index("movie_id").embedding
    said = content.dropna().map(lambda one: np.array(one, float)).to_dict()
    counts = ratings.groupby("movie_id").size()
    catalogue = pd.read_csv(data_dir / "movies.csv").movieId.tolist()
    similar = table("similar_movies").sort_values(["movie_id", "rank"])
    assert set(similar.movie_id) <= set(catalogue)
    for movie in catalogue[:25]:
        found = {}
        for other in set(catalogue) - {movie}:
            fewer = min(counts.get(movie, 0), counts.get(other, 0))
            score = 0.5 * cosine(said.get(movie), said.get(other)) + (
                0.5 * fewer / (fewer + 20)
            ) * cosine(learnt.get(movie), learnt.get(other))
            if score > 1e-6:
                found[other] = score
        rows = similar[similar.movie_id == movie]
        assert rows["rank"].tolist() == list(range(1, min(20, len(found)) + 1))
        best = sorted(found.values(), reverse=True)[:20]
        np.testing.assert_allclose(rows.similarity, best, atol=2e-6)
        listed = [found[other] for other in rows.similar_movie_id]
        np.testing.assert_allclose(rows.similarity, listed, atol=2e-6)


def test_a_user_without_ratings_gets_what_is_popular_with_people_like_her(table):
    users = table("dim_users").set_index("user_id")
    likes = table("fct_ratings").query("is_like")[["user_id", "movie_id"]]
    shares = likes.movie_id.value_counts() / len(likes)
    scores = np.log(shares)
    for attribute in ("gender", "age_band", "occupation"):
        value = users.loc[500000, attribute]
        alike = users.index[users[attribute] == value]
        of_them = likes[likes.user_id.isin(alike)].movie_id
        here = of_them.value_counts().reindex(shares.index, fill_value=0)
        scores += np.log((here + 30) / (len(of_them) * shares + 30))
    lists = table("recommendations").query("user_id == 500000").sort_values("rank")
    assert set(lists.source) == {"segment"}
    assert lists.score.is_monotonic_decreasing
    best = scores.sort_values(ascending=False)
    np.testing.assert_allclose(lists.score, best.head(len(lists)))
    np.testing.assert_allclose(lists.score, scores[lists.movie_id])
    assert set(lists.reason) == {"popular with people like you"}
    assert lists.reason_movie_ids.map(len).sum() == 0


def test_predicted_ratings_are_means_biases_and_dot_products_of_the_predictor(table):
    rows = table("predictor")
    (mean,) = rows[rows.entity == "global"].bias
    users, movies = vectors(rows, "user"), vectors(rows, "movie")
    bias = rows.set_index(["entity", "entity_id"]).bias
    lists = table("recommendations")
    assert len(lists) > 500
    for row in lists.itertuples():
        dot = users[row.user_id].astype(float) @ movies[row.movie_id].astype(float)
        biases = bias["user", row.user_id] + bias["movie", row.movie_id]
        expected = np.clip(mean + biases + dot, 0.5, 5)
        assert row.predicted_rating == pytest.approx(expected, abs=1e-5)
