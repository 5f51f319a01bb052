"""Which singular values an adapter moved, and which singular vectors are new."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from heddle.adapters.bidiagonal import singular_coordinates
from heddle.adapters.factors import Factors
from heddle.adapters.secular import Secular
from heddle.brief import Brief

Array = NDArray[np.float64]
OVERSAMPLING = 10
PASSES = 6  # of subspace iteration


@dataclass(frozen=True, eq=False, repr=False)
class SingularChange(Brief):
    """The leading singular values of W and of W + ΔW, and how the left vectors y_j of the second
    lie to the left vectors x_i of the first.

    An intruder is a y_j with max_i |cos(y_j, x_i)| below the threshold. In many dimensions a random
    direction passes that test too (its cosines are about 1/√out), and counts saturate where many
    leading values belong to ΔW; the energy of the intruders says more than their number.
    """

    before: Array  # σ_j(W), shape (m,), falling
    after: Array  # σ_j(W + ΔW), shape (m,), falling
    alignment: Array  # max_i |cos(y_j, x_i)| over the x_i that are known, shape (m,)
    alignment_bound: Array  # the most it can be over all x_i; the same if exact
    intruders: tuple[int, ...]  # those j for which the bound is below the threshold
    undecided: tuple[int, ...]  # those for which only `alignment` is: none if exact
    intruder_energy: float  # Σ σ_j(W + ΔW)² over the intruders, of the sum over the m leading ones
    before_error: Array  # residual of each pair: a singular value lies within it
    after_error: Array  # the same for W + ΔW
    exact: bool  # False: by subspace iteration from random vectors


def exact_change(weights: Array, change: Factors, leading: int, threshold: float) -> SingularChange:
    """By all singular values of W, P and Q in its basis, and the closed form for W + ΔW."""
    if not len(change.s):
        s = linalg.svdvals(weights)
    else:
        base = singular_coordinates(weights, change.P, change.Q)
        s = base.s
    rounding = np.full(leading, max(weights.shape) * np.finfo(float).eps * s[0])
    if not len(change.s):
        one = np.ones(leading)
        parts = (s[:leading], one, one, rounding)
    else:
        secular = Secular(base, change.s)
        triplets = [secular.triplet(index) for index in range(leading)]
        nearest = np.array([np.max(np.abs(each.cosines)) for each in triplets])
        error = np.array([each.error for each in triplets]) + rounding
        parts = (np.array([each.value for each in triplets]), nearest, nearest, error)
    return _change(s[:leading], rounding, parts, threshold, exact=True)


def randomised_change(
    weights: Array, change: Factors, leading: int, threshold: float, seed: int
) -> SingularChange:
    """By subspace iteration on W and on W + ΔW, neither decomposed nor, the second, formed."""
    empty = Factors(change.P[:, :0], change.s[:0], change.Q[:, :0])
    before = _leading(weights, empty, leading, seed)
    after = _leading(weights, change, leading, seed)
    cosines = before[0].T @ after[0]
    known = np.max(np.abs(cosines), axis=0)
    rest = np.sqrt(np.maximum(0.0, 1.0 - np.sum(cosines**2, axis=0)))
    parts = (after[1], known, np.maximum(known, rest), after[2])
    return _change(before[1], before[2], parts, threshold, exact=False)


def _leading(
    weights: Array, change: Factors, leading: int, seed: int
) -> tuple[Array, Array, Array]:
    """Left vectors, values and residuals of W + P diag(s) Qᵀ, by products with it alone."""
    p = change.P * change.s

    def forward(block: Array) -> Array:
        return weights @ block + p @ (change.Q.T @ block)

    def backward(block: Array) -> Array:
        return weights.T @ block + change.Q @ (p.T @ block)

    width = min(leading + OVERSAMPLING, min(weights.shape))
    basis = np.random.default_rng(seed).standard_normal((weights.shape[1], width))
    for _ in range(PASSES):
        basis = _basis(backward(_basis(forward(basis))))
    left = _basis(forward(basis))
    u, s, vt = linalg.svd(backward(left).T, full_matrices=False)
    u, v = left @ u[:, :leading], vt[:leading].T
    return u, s[:leading], linalg.norm(forward(v) - u * s[:leading], axis=0)


def _basis(block: Array) -> Array:
    return linalg.qr(block, mode="economic")[0]


def _change(
    before: Array,
    before_error: Array,
    after: tuple[Array, Array, Array, Array],
    threshold: float,
    *,
    exact: bool,
) -> SingularChange:
    values, alignment, bound, error = after
    new = bound < threshold
    squares = values**2
    total = squares.sum()
    return SingularChange(
        before=before,
        after=values,
        alignment=alignment,
        alignment_bound=bound,
        intruders=tuple(int(j) for j in np.flatnonzero(new)),
        undecided=tuple(int(j) for j in np.flatnonzero((alignment < threshold) & ~new)),
        intruder_energy=float(squares[new].sum() / total) if total > 0 else 0.0,
        before_error=before_error,
        after_error=error,
        exact=exact,
    )
