"""The draws of one round of Bayesian matrix factorization.

Salakhutdinov and Mnih 2008, "Bayesian probabilistic matrix factorization using Markov
chain Monte Carlo"; the side features as in Simm et al. 2017, "Macau"; a noise of each
user's own as in Lakshminarayanan et al. 2011, "Robust Bayesian matrix factorisation".
"""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from cinespark.algorithms.compiled import in_parts
from cinespark.algorithms.folding import PRIOR_RATINGS, who_rated_what
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_equations import draw_rows


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
    starts, columns, residuals
        Stars less their mean as the rows of a CSR matrix.
    implicit
        What a rating of each column says of a row, shape (columns, f).
    features
        Shape (n + 1, f + d); the last row, of zeros, is anyone unknown.
    gram
        XᵀX + λI of the features, shape (f + d, f + d), with the ridge λ of the link.
    vectors
        Shape (n + 1, factors + 1); a bias is the last column.
    centre, link, precision
        Vectors are expected at centre + features · link, with this precision; shapes
        (factors + 1,), (f + d, factors + 1) and (factors + 1, factors + 1).
    """

    starts: Ids
    columns: NDArray[np.int32]
    residuals: Floats
    implicit: Floats
    features: Floats
    gram: Floats
    vectors: Floats
    centre: Floats
    link: Floats
    precision: Floats


def draw_precisions(
    squares: Floats, counts: Ids, shares: Floats, rng: np.random.Generator
) -> tuple[float, Floats]:
    """Draw the precision α of all ratings, and each user's share: α_u = α·share.

    Shares are Gamma with mean 1; the prior weighs as much as PRIOR_RATINGS ratings.

    Parameters
    ----------
    squares, counts
        Of each user, the sum of squared errors, and how many there are.
    """
    alpha = float(rng.gamma(counts.sum() / 2 + 1, 1 / (shares @ squares / 2 + 1)))
    ordinary = PRIOR_RATINGS / 2
    rate = ordinary + alpha * squares / 2
    return alpha, rng.gamma(ordinary + counts / 2, 1 / rate)


def side(
    starred: sparse.csr_array,
    features: Floats,
    params: BayesianParams,
    rng: np.random.Generator,
) -> Side:
    """Return a half of the chain, at its start."""
    count = starred.shape[0]
    implicit = implicit_vectors(starred, params.implicit_features, params.seed)
    known = np.hstack([who_rated_what(starred, implicit), features])
    width = params.factors + 1
    return Side(
        starred.indptr.astype(np.int64, copy=False),
        starred.indices.astype(np.int32, copy=False),
        starred.data,
        implicit,
        np.vstack([known, np.zeros(known.shape[1])]),
        known.T @ known + params.link_ridge * np.eye(known.shape[1]),
        0.1 * rng.standard_normal((count + 1, width)),
        np.zeros(width),
        np.zeros((known.shape[1], width)),
        np.eye(width),
    )


def implicit_vectors(rated: sparse.csr_array, rank: int, seed: int) -> Floats:
    """Return the leading right singular vectors, (columns, rank), of who rated what.

    Of diag(n^−¼)·B, where B has 1 for each rating and n counts a row's. What
    `who_rated_what` makes of them are the left ones, times their values.
    """
    rank = min(rank, min(rated.shape) - 1)
    if rank < 1:
        return np.zeros((rated.shape[1], 0))
    counts = np.diff(rated.indptr)
    scaled = np.repeat(np.maximum(counts, 1) ** -0.25, counts)
    seen = sparse.csr_array((scaled, rated.indices, rated.indptr), rated.shape)
    start = np.random.default_rng(seed).standard_normal(min(rated.shape))
    _, _, right = svds(seen, rank, v0=start, return_singular_vectors="vh")
    return np.ascontiguousarray(right.T)


def draw_side(
    half: Side,
    others: Floats,
    precisions: Floats,
    other_precisions: Floats,
    params: BayesianParams,
    rng: np.random.Generator,
    pool: Executor,
) -> Floats:
    """Draw the hyperparameters of a half, then all its vectors given the others'.

    A rating's precision is that of its row in this half times that in the other.

    Returns
    -------
    ndarray
        The sum of squared errors of each row, as drawn.
    """
    prior = draw_prior(half, params.link_ridge, rng)
    noise = rng.standard_normal(half.vectors.shape)
    # of anyone unknown the mean is kept, without noise
    half.vectors = prior.copy()
    squares = np.empty(len(prior) - 1)

    def draw(first: int, end: int) -> None:
        rows = slice(first, end)
        draw_rows(
            half.starts[first : end + 1],
            half.columns,
            half.residuals,
            others,
            other_precisions,
            precisions[rows],
            prior[rows],
            half.precision,
            noise[rows],
            half.vectors[rows],
            squares[rows],
        )

    in_parts(half.starts, draw, pool)
    return squares


def draw_prior(half: Side, ridge: float, rng: np.random.Generator) -> Floats:
    """Draw the precision Λ, centre and link of a half, and return what they expect.

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
    half.precision = precision
    half.centre = mean + np.linalg.solve(root.T, step) / np.sqrt(count + 2)
    spread_of_link = np.linalg.cholesky(np.linalg.inv(precision))
    noise = rng.standard_normal((count, factors)) @ spread_of_link.T
    more = rng.standard_normal(half.link.shape) @ spread_of_link.T
    target = features.T @ (vectors - half.centre + noise) + np.sqrt(ridge) * more
    half.link = np.linalg.solve(half.gram, target)
    return np.asarray(half.centre + half.features @ half.link)


def draw_wishart(
    scale: Floats, degrees: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw from a Wishart distribution, by Bartlett's decomposition (1933)."""
    size = len(scale)
    lower = np.tril(rng.standard_normal((size, size)), -1)
    lower[np.diag_indices(size)] = np.sqrt(rng.chisquare(degrees - np.arange(size)))
    root = np.linalg.cholesky(scale) @ lower
    return np.asarray(root @ root.T)
