"""Bayesian matrix factorization with side features, by Gibbs sampling.

Salakhutdinov and Mnih 2008, "Bayesian probabilistic matrix factorization using Markov
chain Monte Carlo"; the side features as in Simm et al. 2017, "Macau: scalable Bayesian
factorization with high-dimensional side information"; a noise of each user's own as in
Lakshminarayanan et al. 2011, "Robust Bayesian matrix factorisation".
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cinespark.algorithms.folding import Folding
from cinespark.algorithms.gibbs import (
    BayesianParams,
    Side,
    draw_precisions,
    draw_side,
    side,
)
from cinespark.algorithms.ratings import Floats, Ratings

FOLDING_DRAWS = 8  # of the chain, kept for users whom it has not seen
# samples are folded into a sum of this many times the rank, and then once into 2 × rank
KEPT_RANKS = 4
SAMPLES_A_FOLD = 8
# movies' vectors, centre, link and precision of the users, and α
Draw = tuple[Floats, Floats, Floats, Floats, float]


def bytes_needed(ratings: Ratings, params: BayesianParams) -> float:
    """Return about how much memory a chain takes at most, in bytes."""
    rows = len(ratings.user_ids) + len(ratings.movie_ids)
    width = params.factors + 1  # and a bias
    # the matrix both ways, and what making it takes
    sparse_rows = 80 * len(ratings.stars)
    samples = 8 * 3 * rows * width * (KEPT_RANKS + SAMPLES_A_FOLD)
    features = ratings.user_features.nbytes + ratings.movie_features.nbytes
    return sparse_rows + samples + 3 * features


def fit_bayesian(
    ratings: Ratings,
    params: BayesianParams,
    threads: int,
    on_round: Callable[[], None] = lambda: None,
) -> tuple[float, tuple[Floats, Floats], tuple[Floats, Floats], Folding]:
    """Return the mean μ, biases and vectors with E[r_ui] ≈ μ + b_u + b_i + p_u·q_i.

    Each round draws all movies' vectors and biases given the users', then the users':
    with y = r − μ − b_i, B the rows (q_i, 1) of what u rated and α_u the precision of
    u's ratings, A = Λ + α_u BᵀB and (p_u, b_u) ~ N(A⁻¹(Λ m_u + α_u Bᵀy), A⁻¹), where
    m_u = m + x_u β is what the side features x_u say. The mean over rounds of p·q is a
    matrix of low rank: it is kept as its singular vectors.

    Parameters
    ----------
    threads
        Blocks of rows that are drawn at a time; the result does not depend on it.
    on_round
        Called after each round.

    Returns
    -------
    tuple
        μ; of users their biases (users + 1,) and vectors (users + 1, 2 × factors); of
        movies the same. The last of each is for anyone unknown. And how users are
        folded in whom the chain has not seen.
    """
    user_bias, movie_bias = (
        np.zeros(len(ids) + 1) for ids in (ratings.user_ids, ratings.movie_ids)
    )
    user_sum, movie_sum = user_bias[:, None][:, :0], movie_bias[:, None][:, :0]
    fresh: list[tuple[Floats, Floats]] = []
    kept = params.iterations - params.burn_in
    last = params.iterations - 1
    folded = set(np.linspace(params.burn_in, last, FOLDING_DRAWS, dtype=int).tolist())
    draws: list[Draw] = []
    for round_, (people, films, alpha) in enumerate(chain(ratings, params, threads)):
        if round_ >= params.burn_in:
            user_bias += people.vectors[:, -1] / kept
            movie_bias += films.vectors[:, -1] / kept
            fresh.append((people.vectors[:, :-1] / kept, films.vectors[:, :-1]))
        if round_ in folded:
            movies = films.vectors[:-1].copy()
            draws.append((movies, people.centre, people.link, people.precision, alpha))
        if len(fresh) == SAMPLES_A_FOLD or round_ == last:
            user_sum, movie_sum = low_rank(
                np.hstack([user_sum, *(users for users, _ in fresh)]),
                np.hstack([movie_sum, *(movies for _, movies in fresh)]),
                (2 if round_ == last else KEPT_RANKS) * params.factors,
            )
            fresh = []
        on_round()
    mean = float(ratings.stars.mean())
    folding = folding_of(draws, mean, people.implicit, movie_sum[:-1])
    return mean, (user_bias, user_sum), (movie_bias, movie_sum), folding


def chain(
    ratings: Ratings, params: BayesianParams, threads: int
) -> Iterator[tuple[Side, Side, float]]:
    """Yield users, movies and α of each round; the next one changes both halves.

    α is what the users of the round were drawn with.
    """
    rng = np.random.default_rng(params.seed)
    starred = ratings.matrix(ratings.stars - float(ratings.stars.mean()))
    people = side(starred, ratings.user_features, params, rng)
    films = side(starred.T.tocsr(), ratings.movie_features, params, rng)
    counts = np.diff(people.starts)
    alpha, shares = 2.0, np.ones(len(ratings.user_ids))
    alike = np.ones(len(ratings.movie_ids))
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(params.iterations):
            given, alphas = alpha, alpha * shares
            draw_side(films, people.vectors, alike, alphas, params, rng, pool)
            squares = draw_side(people, films.vectors, alphas, alike, params, rng, pool)
            alpha, shares = draw_precisions(squares, counts, shares, rng)
            yield people, films, given


def folding_of(
    draws: Sequence[Draw], mean: float, implicit: Floats, kept: Floats
) -> Folding:
    """Return what folds in users whom the chain has not seen.

    Parameters
    ----------
    kept
        The vectors of movies that the model keeps, shape (movies, rank).
    """
    movies, centres, links, precisions, alphas = (
        np.array(part) for part in zip(*draws, strict=True)
    )
    # p·q = p·(G q'), where q' is the vector that is kept: so Gᵀ p is the user's
    to_factors = np.array(
        [np.linalg.lstsq(kept, one[:, :-1], rcond=None)[0].T for one in movies]
    )
    return Folding(
        mean,
        implicit,
        movies,
        centres,
        links,
        precisions,
        alphas,
        to_factors,
        has_own_noise=True,
    )


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
