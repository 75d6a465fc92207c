"""Established libraries on one split: `python references.py FOLDER --task predict`.

It knows nothing of the project and runs in an environment of its own, see
requirements-references.txt. FOLDER holds

- train.parquet and test.parquet: user_id, movie_id, rating, rated_at
- movies.parquet: movie_id, genres with | between, release_year or null
- users.parquet: user_id, age, gender, occupation, each or null

and gets seconds.json, {model: seconds to fit and predict}, with

- for `predict`, predictions.parquet: model, user_id, movie_id, predicted_rating of each
  test pair, in the order of the test rows and within the range of the train ratings
- for `rank`, rankings.parquet: model, user_id, rank, movie_id of each test user's top n
  of all movies but those with a train row of the user
"""

import argparse
import contextlib
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import surprise
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender
from implicit.utils import ParameterWarning
from listing import Scorer, by_popularity, incidence, top_lists
from myfm import MyFMGibbsRegressor, RelationBlock
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

RIDGE = 150.0  # λ of EASE


@dataclass(frozen=True)
class Split:
    """Rows to learn from, rows to be judged on, and what is known of both sides."""

    train: pd.DataFrame
    test: pd.DataFrame
    movies: pd.DataFrame
    users: pd.DataFrame

    @property
    def user_ids(self) -> pd.Index:
        return pd.Index(np.union1d(self.train["user_id"], self.test["user_id"]))

    @property
    def movie_ids(self) -> pd.Index:
        return pd.Index(np.union1d(self.train["movie_id"], self.movies["movie_id"]))


def read_split(folder: Path) -> Split:
    names = ("train", "test", "movies", "users")
    return Split(*(pd.read_parquet(folder / f"{name}.parquet") for name in names))


# --task predict


def svd(split: Split, seed: int) -> np.ndarray:
    return by_surprise(surprise.SVD(random_state=seed), split)


def svdpp(split: Split, seed: int) -> np.ndarray:
    return by_surprise(surprise.SVDpp(random_state=seed, cache_ratings=True), split)


def knn_baseline(split: Split, seed: int) -> np.ndarray:
    similarity = {"name": "pearson_baseline", "user_based": False}
    model = surprise.KNNBaseline(k=40, sim_options=similarity, verbose=False)
    return by_surprise(model, split)


def by_surprise(model: surprise.AlgoBase, split: Split) -> np.ndarray:
    ratings = split.train["rating"]
    rows = surprise.Dataset.load_from_df(
        split.train[["user_id", "movie_id", "rating"]],
        surprise.Reader(rating_scale=(ratings.min(), ratings.max())),
    )
    model.fit(rows.build_full_trainset())
    pairs = zip(split.test["user_id"], split.test["movie_id"], strict=True)
    return np.array([model.predict(user, movie).est for user, movie in pairs])


def myfm(split: Split, seed: int) -> np.ndarray:
    """Fit myfm's Gibbs sampler as in its "SVD++ flip" example, with side features.

    Beside the ids, a user is the movies they rated and a movie the users who rated it,
    in the train rows, each over the root of how many they are (Rendle et al. 2019, "On
    the Difficulty of Evaluating Baselines"). All features are one group, as is myfm's
    default: a variance for each kind, as in the example, did worse on validation rows.
    """
    user_ids = split.user_ids
    movie_ids = pd.Index(np.union1d(split.movie_ids, split.test["movie_id"]))
    rated = incidence(split.train, user_ids, movie_ids)
    users = split.users.drop_duplicates("user_id").set_index("user_id")
    users = users.reindex(user_ids)
    movies = split.movies.drop_duplicates("movie_id").set_index("movie_id")
    movies = movies.reindex(movie_ids)
    sides = [
        [
            sparse.identity(len(user_ids)),
            over_root_of_count(rated),
            one_hot(users["age"].astype("Float64") // 10),
            one_hot(users["gender"]),
            one_hot(users["occupation"]),
        ],
        [
            sparse.identity(len(movie_ids)),
            over_root_of_count(rated.T.tocsr()),
            sparse.csr_matrix(movies["genres"].str.get_dummies("|").to_numpy(float)),
            one_hot(movies["release_year"]),
        ],
    ]
    features = [sparse.hstack(side, format="csr") for side in sides]

    def blocks(rows: pd.DataFrame) -> list[RelationBlock]:
        places = (
            user_ids.get_indexer(rows["user_id"]),
            movie_ids.get_indexer(rows["movie_id"]),
        )
        return [
            RelationBlock(place, side)
            for place, side in zip(places, features, strict=True)
        ]

    model = MyFMGibbsRegressor(rank=16, random_seed=seed)
    with contextlib.redirect_stderr(io.StringIO()):  # where it draws a progress bar
        model.fit(
            None,
            split.train["rating"].to_numpy(),
            X_rel=blocks(split.train),
            n_iter=200,
            n_kept_samples=180,
        )
    return model.predict(None, blocks(split.test))


def over_root_of_count(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    counts = np.maximum(np.diff(matrix.indptr), 1)
    return sparse.diags_array(counts**-0.5) @ matrix


def one_hot(values: pd.Series) -> sparse.csr_matrix:
    """Return a column a value; a row without a value is of zeros."""
    return sparse.csr_matrix(pd.get_dummies(values).to_numpy(float))


# --task rank


def als(likes: sparse.csr_matrix, seed: int) -> Scorer:
    """Fit implicit's ALS at the best of some 130 settings.

    Judged by the mean NDCG@10 on ml-100k and ml-latest-small, with each user's last
    fifth of the train rows hidden. Regularization decides: 0.05 loses a sixth of it.
    """
    with threadpool_limits(1, "blas"):  # it has threads of its own, and warns of others
        model = AlternatingLeastSquares(
            factors=128,
            regularization=14.0,
            alpha=2.0,
            iterations=15,
            random_state=seed,
        )
        model.fit(likes, show_progress=False)
    return lambda rows: model.user_factors[rows] @ model.item_factors.T


def bm25(likes: sparse.csr_matrix, seed: int) -> Scorer:
    """Fit implicit's BM25 at the best of some 50 settings, judged as those of `als`."""
    model = BM25Recommender(K=400, K1=0.5, B=0.25)
    with warnings.catch_warnings(action="ignore", category=ParameterWarning):
        model.fit(likes, show_progress=False)  # the warning is of its own weighting
    return lambda rows: (likes[rows] @ model.similarity).toarray()


def ease(likes: sparse.csr_matrix, seed: int) -> Scorer:
    """Solve EASE (Steck 2019): each like from the user's others, by least squares.

    With X the likes and P = (XᵀX + λI)⁻¹, the weights are B = I - P / diag(P) and the
    scores XB = X - XP / diag(P). Where users are fewer than movies, with
    K = XXᵀ + λI, the same are XP = K⁻¹X and P = (I - XᵀK⁻¹X) / λ (Woodbury).
    """
    users, movies = likes.shape
    if users < movies:
        gram = (likes @ likes.T).toarray()
        gram[np.diag_indices(users)] += RIDGE
        explained = linalg.solve(gram, likes.toarray(), assume_a="pos")
        on_diagonal = (1 - likes.multiply(explained).sum(axis=0)) / RIDGE
    else:
        gram = (likes.T @ likes).toarray()
        gram[np.diag_indices(movies)] += RIDGE
        inverse = linalg.inv(gram, overwrite_a=True)
        explained, on_diagonal = likes @ inverse, np.diag(inverse)
    on_diagonal = np.asarray(on_diagonal).ravel()
    return lambda rows: likes[rows].toarray() - explained[rows] / on_diagonal


def ranked(
    fit: Callable[[sparse.csr_matrix, int], Scorer],
    split: Split,
    like: float,
    n: int,
    seed: int,
) -> pd.DataFrame:
    """Return the top n of each test user; movies of one score go by their likes.

    The second rule decides for users without a like, to whom all movies score zero.
    """
    liked = split.train[split.train["rating"] >= like]
    user_ids, movie_ids = split.user_ids, by_popularity(liked, split.movie_ids)
    score = fit(incidence(liked, user_ids, movie_ids).astype(np.float32), seed)
    rated = incidence(split.train, user_ids, movie_ids)
    asked = np.sort(split.test["user_id"].unique())
    return top_lists(score, rated, user_ids, movie_ids, asked, n)


PREDICTORS = {
    "surprise SVD": svd,
    "surprise SVD++": svdpp,
    "surprise KNNBaseline": knn_baseline,
    "myfm": myfm,
}
RANKERS = {"implicit ALS": als, "implicit BM25": bm25, "EASE": ease}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--task", choices=("predict", "rank"), default="predict")
    parser.add_argument("--like", type=float, default=4.0, help="stars of a like")
    parser.add_argument("--n", type=int, default=20, help="movies a user")
    parser.add_argument("--seed", type=int, default=42)
    asked = parser.parse_args()
    split = read_split(asked.folder)
    low, high = split.train["rating"].min(), split.train["rating"].max()
    parts, seconds = [], {}
    for name in PREDICTORS if asked.task == "predict" else RANKERS:
        started = time.perf_counter()
        if asked.task == "predict":
            stars = np.clip(PREDICTORS[name](split, asked.seed), low, high)
            part = split.test[["user_id", "movie_id"]].assign(predicted_rating=stars)
        else:
            part = ranked(RANKERS[name], split, asked.like, asked.n, asked.seed)
        seconds[name] = round(time.perf_counter() - started, 2)
        print(f"{name}: {seconds[name]} s", file=sys.stderr, flush=True)
        part.insert(0, "model", name)
        parts.append(part)
    found = pd.concat(parts, ignore_index=True)
    file = {"predict": "predictions", "rank": "rankings"}[asked.task]
    found.to_parquet(asked.folder / f"{file}.parquet", index=False)
    (asked.folder / "seconds.json").write_text(json.dumps(seconds, indent=2) + "\n")


if __name__ == "__main__":
    main()
