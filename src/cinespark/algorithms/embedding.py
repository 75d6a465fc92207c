"""Rows of many columns as short vectors: a truncated singular value decomposition."""

import numpy as np
from scipy import sparse

from cinespark.algorithms.ratings import Floats

OVERSAMPLING = 10  # more directions than are kept, and
ROUNDS = 4  # rounds that turn them to the largest singular values
LEAST_KEPT = 0.01  # of a row's squared length, or its vector would be chance
LEAST_VALUE = 1e-9  # of the largest singular value: a smaller one is none


def unit_rows(rows: sparse.csr_array) -> sparse.csr_array:
    """Return rows with length 1, or 0 where a row is empty."""
    lengths = np.sqrt(rows.power(2).sum(axis=1))
    scale = np.divide(1, lengths, out=np.zeros(len(lengths)), where=lengths > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ rows)


def embedded(rows: sparse.csr_array, dimensions: int, seed: int) -> Floats:
    """Return the vector of each row, of length 1: its direction in fewer dimensions.

    Those of the largest singular values of all rows, A V of A ≈ U S Vᵀ, by Halko,
    Martinsson and Tropp 2011, Finding structure with randomness, algorithm 4.4. The
    largest component of each column of V is positive.

    Parameters
    ----------
    rows
        Shape (n, columns), of length 1 or 0.
    seed
        Of the first directions.

    Returns
    -------
    array
        Shape (n, dimensions). A row of which hardly anything is in these dimensions is
        0; so are dimensions that the rows do not have.
    """
    result = np.zeros((rows.shape[0], dimensions))
    size = min(dimensions + OVERSAMPLING, *rows.shape)
    if size == 0:
        return result
    random = np.random.default_rng(seed)
    found = rows @ random.standard_normal((rows.shape[1], size))
    for _ in range(ROUNDS):
        across, _ = np.linalg.qr(rows.T @ np.linalg.qr(found)[0])
        found = rows @ across
    basis, _ = np.linalg.qr(found)
    _, values, directions = np.linalg.svd((rows.T @ basis).T, full_matrices=False)
    kept = directions[:dimensions][values[:dimensions] > LEAST_VALUE * values[0]]
    largest = np.take_along_axis(
        kept, np.abs(kept).argmax(axis=1, keepdims=True), axis=1
    )
    vectors = rows @ (kept * np.sign(largest)).T
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    is_known = lengths**2 >= LEAST_KEPT
    result[:, : len(kept)] = np.divide(
        vectors, lengths, out=np.zeros(vectors.shape), where=is_known
    )
    return result
