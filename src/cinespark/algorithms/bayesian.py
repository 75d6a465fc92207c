"""Bayesian matrix factorization with side features, by Gibbs sampling.

Salakhutdinov and Mnih 2008, "Bayesian probabilistic matrix factorization using Markov
chain Monte Carlo"; the side features as in Simm et al. 2017, "Macau: scalable Bayesian
factorization with high-dimensional side information"; a noise of each user's own as in
Lakshminarayanan et al. 2011, "Robust Bayesian matrix factorisation".
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds
from threadpoolctl import threadpool_limits

from cinespark.algorithms.ratings import Floats, Ids, Ratings

# samples are folded into a sum of this many times the rank, and then once into 2 × rank
KEPT_RANKS = 4
SAMPLES_A_FOLD = 8
ROWS = 1_000_000  # ratings whose vectors are held at a time
# a user's precision is this sure, in ratings, to be that of all
ORDINARY_RATINGS = 4


@dataclass(frozen=True)
class BayesianParams:
    """Settings of one chain.

    Parameters
    ----------
    factors
        Length of a vector.
    iterations, burn_in
        Rounds of the chain, and how many of them are thrown away first.
    implicit_features
        How many side features come from who rated what.
    link_ridge
        Ridge of the regression of vectors on features.
    seed
        Of every draw; with the same rows it fixes the result.
    """

    factors: int
    iterations: int
    burn_in: int
    implicit_features: int
    link_ridge: float
    seed: int


def bytes_needed(ratings: Ratings, params: BayesianParams) -> float:
    """Return about how much memory a chain takes at most, in bytes."""
    rows = len(ratings.user_ids) + len(ratings.movie_ids)
    width = params.factors + 1  # and a bias
    # both matrices, both ways, in blocks, and what making them takes
    sparse_rows = 150 * len(ratings.stars)
    square = width**2
    products = 8 * 3 * square * max(len(ratings.user_ids), len(ratings.movie_ids))
    samples = 8 * 3 * rows * width * (KEPT_RANKS + SAMPLES_A_FOLD)
    features = ratings.user_features.nbytes + ratings.movie_features.nbytes
    return sparse_rows + products + samples + 3 * features


@dataclass
class Side:
    """Users, or movies: one half of the chain.

    Parameters
    ----------
    seen, residuals
        Blocks of rows of the 0/1 matrix, and of that of stars less their mean.
    features
        Shape (n + 1, d); the last row, of zeros, is anyone unknown.
    vectors
        Shape (n + 1, factors + 1); a bias is the last column.
    link
        Of vectors to features, shape (d, factors + 1).
    """

    seen: list[sparse.csr_array]
    residuals: list[sparse.csr_array]
    features: Floats
    vectors: Floats
    link: Floats


def fit_bayesian(
    ratings: Ratings,
    params: BayesianParams,
    threads: int,
    on_round: Callable[[], None] = lambda: None,
) -> tuple[float, tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the mean μ, biases and vectors with E[r_ui] ≈ μ + b_u + b_i + p_u·q_i.

    Each round draws all movies' vectors and biases given the users', then the users':
    with y = r − μ − b_i, B the rows (q_i, 1) of what u rated and α_u the precision of
    u's ratings, A = Λ + α_u BᵀB and (p_u, b_u) ~ N(A⁻¹(Λ m_u + α_u Bᵀy), A⁻¹), where
    m_u = m + x_u β is what the side features x_u say. The mean over rounds of p·q is a
    matrix of low rank: it is kept as its singular vectors.

    Parameters
    ----------
    threads
        Blocks of rows that are drawn at a time; the result depends on it no more than
        by rounding.
    on_round
        Called after each round.

    Returns
    -------
    tuple
        μ; of users their biases (users + 1,) and vectors (users + 1, 2 × factors); of
        movies the same. The last of each is for anyone unknown.
    """
    rng = np.random.default_rng(params.seed)
    mean = float(ratings.stars.mean())
    residuals = ratings.stars - mean
    seen = ratings.matrix(np.ones(len(residuals), np.float32))
    starred = ratings.matrix(residuals)
    people = side(seen, starred, ratings.user_features, params, threads, rng)
    films = side(
        seen.T.tocsr(), starred.T.tocsr(), ratings.movie_features, params, threads, rng
    )
    alpha, shares = 2.0, np.ones(len(ratings.user_ids))
    alike = np.ones(len(ratings.movie_ids))
    user_bias, movie_bias = np.zeros(len(people.vectors)), np.zeros(len(films.vectors))
    user_sum = np.zeros((len(people.vectors), 0))
    movie_sum = np.zeros((len(films.vectors), 0))
    fresh: list[tuple[Floats, Floats]] = []
    kept = params.iterations - params.burn_in
    # the blocks are what runs at a time, not parts of their many small products
    with ThreadPoolExecutor(threads) as pool, threadpool_limits(1):
        for iteration in range(params.iterations):
            alphas = alpha * shares
            draw_side(films, people.vectors[:-1], alike, alphas, params, rng, pool)
            draw_side(people, films.vectors[:-1], alphas, alike, params, rng, pool)
            errors = residuals - predicted(people, films, ratings)
            alpha, shares = draw_precisions(errors, ratings.users, shares, rng)
            if iteration >= params.burn_in:
                user_bias += people.vectors[:, -1] / kept
                movie_bias += films.vectors[:, -1] / kept
                fresh.append((people.vectors[:, :-1] / kept, films.vectors[:, :-1]))
            is_last = iteration == params.iterations - 1
            if len(fresh) == SAMPLES_A_FOLD or is_last:
                user_sum, movie_sum = low_rank(
                    np.hstack([user_sum, *(users for users, _ in fresh)]),
                    np.hstack([movie_sum, *(movies for _, movies in fresh)]),
                    (2 if is_last else KEPT_RANKS) * params.factors,
                )
                fresh = []
            on_round()
    return mean, (user_bias, user_sum), (movie_bias, movie_sum)


def predicted(people: Side, films: Side, ratings: Ratings) -> Floats:
    """Return b_u + b_i + p_u·q_i of one draw for each rating."""
    stars = people.vectors[ratings.users, -1] + films.vectors[ratings.movies, -1]
    for start in range(0, len(stars), ROWS):
        block = slice(start, start + ROWS)
        users = people.vectors[ratings.users[block], :-1]
        movies = films.vectors[ratings.movies[block], :-1]
        stars[block] += np.einsum("nk,nk->n", users, movies)
    return np.asarray(stars)


def draw_precisions(
    errors: Floats, users: Ids, shares: Floats, rng: np.random.Generator
) -> tuple[float, Floats]:
    """Draw the precision α of all ratings, and each user's share: α_u = α·share.

    Shares are Gamma with mean 1, as if of ORDINARY_RATINGS ratings besides the user's.
    """
    squares = np.bincount(users, errors**2, minlength=len(shares))
    counts = np.bincount(users, minlength=len(shares))
    alpha = float(rng.gamma(len(errors) / 2 + 1, 1 / (shares @ squares / 2 + 1)))
    ordinary = ORDINARY_RATINGS / 2
    rate = ordinary + alpha * squares / 2
    return alpha, rng.gamma(ordinary + counts / 2, 1 / rate)


def side(
    seen: sparse.csr_array,
    starred: sparse.csr_array,
    features: Floats,
    params: BayesianParams,
    threads: int,
    rng: np.random.Generator,
) -> Side:
    """Return a half of the chain, at its start, in blocks of about equal work."""
    count = seen.shape[0]
    implicit = implicit_features(seen, params.implicit_features, params.seed)
    known = np.hstack([implicit, features])
    shares = np.linspace(0, seen.indptr[-1], threads + 1)[1:-1]
    cuts = [0, *np.searchsorted(seen.indptr, shares), count]
    blocks = [slice(start, end) for start, end in pairwise(cuts)]
    return Side(
        [seen[block] for block in blocks],
        [starred[block] for block in blocks],
        np.vstack([known, np.zeros(known.shape[1])]),
        0.1 * rng.standard_normal((count + 1, params.factors + 1)),
        np.zeros((known.shape[1], params.factors + 1)),
    )


def implicit_features(seen: sparse.csr_array, rank: int, seed: int) -> Floats:
    """Return each row's leading left singular vectors, times their values.

    Of diag(n^−¼)·B, where B says who rated what and n counts a row's ratings.
    """
    rank = min(rank, min(seen.shape) - 1)
    if rank < 1:
        return np.zeros((seen.shape[0], 0))
    scale = np.maximum(np.diff(seen.indptr), 1) ** -0.25
    start = np.random.default_rng(seed).standard_normal(min(seen.shape))
    left, values, _ = svds(sparse.diags_array(scale) @ seen, rank, v0=start)
    return np.asarray(left * values)


def draw_side(
    half: Side,
    others: Floats,
    precisions: Floats,
    other_precisions: Floats,
    params: BayesianParams,
    rng: np.random.Generator,
    pool: ThreadPoolExecutor,
) -> None:
    """Draw the hyperparameters of a half, then all its vectors given the others'.

    A rating's precision is that of its row in this half times that in the other.
    """
    width = others.shape[1]
    prior, precision = draw_prior(half, params.link_ridge, rng)
    upper = np.triu_indices(width)
    square = np.zeros((width, width), int)
    square[upper] = np.arange(len(upper[0]))
    square = np.maximum(square, square.T)
    with_one = np.column_stack([others[:, :-1], np.ones(len(others))])
    weighted = other_precisions[:, None] * with_one
    # what their biases explain is not this half's to explain
    explained = others[:, -1:] * weighted
    # of q qᵀ each entry once; reading them is what takes the time, so they are short
    products = (weighted[:, upper[0]] * with_one[:, upper[1]]).astype(np.float32)
    noise = rng.standard_normal((len(half.vectors), width))

    def draw(start: int, seen: sparse.csr_array, residuals: sparse.csr_array) -> Floats:
        rows = slice(start, start + seen.shape[0])
        alphas = precisions[rows, None]
        seen_products = (seen @ products).astype(np.float64)[:, square]
        a = precision + alphas[..., None] * seen_products
        b = prior[rows] @ precision
        b += alphas * (residuals @ weighted - seen @ explained)
        # A⁻¹(b + L z) has covariance A⁻¹ L Lᵀ A⁻¹ = A⁻¹
        b += np.einsum("nij,nj->ni", np.linalg.cholesky(a), noise[rows])
        return np.asarray(np.linalg.solve(a, b[..., None])[..., 0])

    starts = np.cumsum([0, *(block.shape[0] for block in half.seen)])[:-1]
    drawn = pool.map(draw, starts, half.seen, half.residuals)
    # of anyone unknown the mean is kept, without noise
    half.vectors = np.vstack([*drawn, prior[-1:]])


def draw_prior(
    half: Side, ridge: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw what the vectors are expected to be, and the precision Λ around it.

    (m, Λ) from a Normal-Wishart with W₀ = I, as many degrees of freedom as factors and
    β₀ = 2; β, the link to the features, from a ridge regression with noise.
    """
    features, vectors = half.features[:-1], half.vectors[:-1]
    count, factors = vectors.shape
    rest = vectors - features @ half.link
    centre = rest.mean(axis=0)
    spread = (rest - centre).T @ (rest - centre)
    shrunk = 2 * count / (2 + count) * np.outer(centre, centre)
    scale = np.linalg.inv(np.eye(factors) + spread + shrunk)
    precision = draw_wishart((scale + scale.T) / 2, factors + count, rng)
    root = np.linalg.cholesky(precision)
    step = rng.standard_normal(factors)
    mean = count * centre / (count + 2)
    mean = mean + np.linalg.solve(root.T, step) / np.sqrt(count + 2)
    spread_of_link = np.linalg.cholesky(np.linalg.inv(precision))
    noise = rng.standard_normal((count, factors)) @ spread_of_link.T
    more = rng.standard_normal(half.link.shape) @ spread_of_link.T
    gram = features.T @ features + ridge * np.eye(features.shape[1])
    target = features.T @ (vectors - mean + noise) + np.sqrt(ridge) * more
    half.link = np.linalg.solve(gram, target)
    return mean + half.features @ half.link, precision


def draw_wishart(
    scale: Floats, degrees: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw from a Wishart distribution, by Bartlett's decomposition (1933)."""
    size = len(scale)
    lower = np.tril(rng.standard_normal((size, size)), -1)
    lower[np.diag_indices(size)] = np.sqrt(rng.chisquare(degrees - np.arange(size)))
    root = np.linalg.cholesky(scale) @ lower
    return np.asarray(root @ root.T)


def low_rank(left: Floats, right: Floats, rank: int) -> tuple[Floats, Floats]:
    """Return two narrower matrices whose product is nearest to left rightᵀ."""
    if left.shape[1] <= rank:
        return left, right
    left_basis, left_rest = np.linalg.qr(left)
    right_basis, right_rest = np.linalg.qr(right)
    # of two users or movies there are no more than two factors
    u, s, vt = np.linalg.svd(left_rest @ right_rest.T, full_matrices=False)
    root = np.sqrt(s[:rank])
    return left_basis @ (u[:, :rank] * root), right_basis @ (vt[:rank].T * root)
