"""Established libraries on a split: `python references.py predict|rank FOLDER`.

Runs in an environment of its own, see requirements-references.txt. FOLDER has
train.parquet and test.parquet (user_id, movie_id, rating, rated_at) and movies.parquet
(movie_id, genres); it gets predict.parquet (model, user_id, movie_id, predicted_rating)
or rank.parquet (model, user_id, rank, movie_id), each with the seconds a model took.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

SEED = 42
LIKE = 4.0
N = 10


def surprise_model(algorithm, train, test):
    from surprise import Dataset, Reader

    scale = train["rating"].min(), train["rating"].max()
    columns = train[["user_id", "movie_id", "rating"]]
    data = Dataset.load_from_df(columns, Reader(rating_scale=scale))
    fitted = algorithm.fit(data.build_full_trainset())
    pairs = zip(test["user_id"], test["movie_id"], strict=True)
    return [fitted.predict(user, movie).est for user, movie in pairs]


def svdpp(train, test, movies):
    from surprise import SVDpp

    return surprise_model(SVDpp(random_state=SEED), train, test)


def knn_baseline(train, test, movies):
    from surprise import KNNBaseline

    options = {"name": "pearson_baseline", "user_based": False}
    return surprise_model(
        KNNBaseline(k=40, sim_options=options, verbose=False), train, test
    )


def myfm(train, test, movies):
    """Return myfm's Gibbs sampler with who rated what and genres as side features."""
    from myfm import MyFMGibbsRegressor, RelationBlock

    users = pd.Index(pd.concat([train["user_id"], test["user_id"]]).unique())
    items = pd.Index(
        pd.concat([train["movie_id"], test["movie_id"], movies["movie_id"]]).unique()
    )
    place = users.get_indexer(train["user_id"]), items.get_indexer(train["movie_id"])
    seen = sparse.csr_matrix(
        (np.ones(len(train)), place), (len(users), len(items)), dtype=float
    )
    genres = movies.set_index("movie_id")["genres"].reindex(items).fillna("")
    genres = sparse.csr_matrix(genres.str.get_dummies("|").to_numpy(float))
    sides = [
        sparse.hstack([sparse.eye(len(users)), unit(seen)]).tocsr(),
        sparse.hstack([sparse.eye(len(items)), unit(seen.T.tocsr()), genres]).tocsr(),
    ]

    def blocks(rows):
        places = (
            users.get_indexer(rows["user_id"]),
            items.get_indexer(rows["movie_id"]),
        )
        return [
            RelationBlock(where, side)
            for where, side in zip(places, sides, strict=True)
        ]

    model = MyFMGibbsRegressor(rank=16, random_seed=SEED)
    model.fit(
        None,
        train["rating"].to_numpy(),
        X_rel=blocks(train),
        n_iter=200,
        n_kept_samples=180,
        grouping=None,
    )
    return model.predict(None, blocks(test))


def unit(matrix):
    """Return rows over the root of how many entries they have."""
    counts = np.maximum(np.diff(matrix.indptr), 1)
    return sparse.diags(counts**-0.5) @ matrix


def likes_of(train, movies):
    likes = train[train["rating"] >= LIKE]
    users, items = pd.Index(train["user_id"].unique()), pd.Index(movies["movie_id"])
    where = users.get_indexer(likes["user_id"]), items.get_indexer(likes["movie_id"])
    shape = len(users), len(items)
    return users, items, sparse.csr_matrix((np.ones(len(likes)), where), shape)


def implicit_als(train, test, movies):
    """Return implicit's ALS at settings that did best on validation rows of ml-100k."""
    from implicit.als import AlternatingLeastSquares

    users, items, likes = likes_of(train, movies)
    model = AlternatingLeastSquares(
        factors=32, regularization=0.1, alpha=4.0, iterations=15, random_state=SEED
    )
    model.fit(likes.astype(np.float32), show_progress=False)
    return best(model.user_factors @ model.item_factors.T, users, items, train, test)


def ease(train, test, movies):
    """Return EASE on likes, λ = 150 (Steck 2019)."""
    users, items, likes = likes_of(train, movies)
    gram = (likes.T @ likes).toarray().astype(np.float32)
    gram[np.diag_indices(len(gram))] += 150
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    weights[np.diag_indices(len(gram))] = 0
    return best(likes @ weights, users, items, train, test)


def best(scores, users, items, train, test):
    """Return each test user's N best movies that the user has not rated."""
    scores = np.asarray(scores)
    seen = users.get_indexer(train["user_id"]), items.get_indexer(train["movie_id"])
    scores[seen] = -np.inf
    asked = np.intersect1d(test["user_id"].unique(), users)
    rows = scores[users.get_indexer(asked)]
    top = np.argsort(-rows, axis=1, kind="stable")[:, :N]
    return pd.DataFrame(
        {
            "user_id": np.repeat(asked, N),
            "rank": np.tile(np.arange(1, N + 1), len(asked)),
            "movie_id": items.to_numpy()[top].ravel(),
        }
    )


MODELS = {
    "predict": {
        "surprise SVD++": svdpp,
        "surprise KNNBaseline": knn_baseline,
        "myfm": myfm,
    },
    "rank": {"implicit ALS": implicit_als, "EASE on likes": ease},
}


def main() -> None:
    warnings.filterwarnings("ignore")  # of the libraries, about each other's versions
    task, folder = sys.argv[1], Path(sys.argv[2])
    train, test, movies = (
        pd.read_parquet(folder / f"{name}.parquet")
        for name in ("train", "test", "movies")
    )
    parts = []
    for name, fit in MODELS[task].items():
        print(f"{name} …", file=sys.stderr, flush=True)
        started = time.perf_counter()
        found = fit(train, test, movies)
        seconds = time.perf_counter() - started
        if task == "predict":
            low, high = train["rating"].min(), train["rating"].max()
            stars = np.clip(found, low, high)
            found = test[["user_id", "movie_id"]].assign(predicted_rating=stars)
        parts.append(found.assign(model=name, seconds=seconds))
    pd.concat(parts).to_parquet(folder / f"{task}.parquet")


if __name__ == "__main__":
    main()
