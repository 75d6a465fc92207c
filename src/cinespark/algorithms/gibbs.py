"""The draws of one round of Bayesian matrix factorization.

Salakhutdinov and Mnih 2008, "Bayesian probabilistic matrix factorization using Markov
chain Monte Carlo"; the side features as in Simm et al. 2017, "Macau"; a noise of each
user's own as in Lakshminarayanan et al. 2011, "Robust Bayesian matrix factorisation".
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from cinespark.algorithms.ratings import Floats, Ids

BLOCK_RATINGS = 100_000
MOST_BLOCKS = 32
PRIOR_RATINGS = 4  # strength of the prior of a user's precision, in pseudo-ratings


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


def draw_precisions(
    errors: Floats, users: Ids, shares: Floats, rng: np.random.Generator
) -> tuple[float, Floats]:
    """Draw the precision α of all ratings, and each user's share: α_u = α·share.

    Shares are Gamma with mean 1; the prior weighs as much as PRIOR_RATINGS ratings.
    """
    squares = np.bincount(users, errors**2, minlength=len(shares))
    counts = np.bincount(users, minlength=len(shares))
    alpha = float(rng.gamma(len(errors) / 2 + 1, 1 / (shares @ squares / 2 + 1)))
    ordinary = PRIOR_RATINGS / 2
    rate = ordinary + alpha * squares / 2
    return alpha, rng.gamma(ordinary + counts / 2, 1 / rate)


def side(
    seen: sparse.csr_array,
    starred: sparse.csr_array,
    features: Floats,
    params: BayesianParams,
    rng: np.random.Generator,
) -> Side:
    """Return a half of the chain, at its start, in blocks of about equal work.

    How many depends on the ratings alone, not on the cores, as rounding depends on it.
    """
    count = seen.shape[0]
    implicit = implicit_features(seen, params.implicit_features, params.seed)
    known = np.hstack([implicit, features])
    parts = int(np.clip(seen.nnz // BLOCK_RATINGS, 2, MOST_BLOCKS))
    shares = np.linspace(0, seen.nnz, parts + 1)[1:-1]
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
