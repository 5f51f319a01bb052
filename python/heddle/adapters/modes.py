"""What an adapter does to the eigenvalues of a recurrent map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

Array = NDArray[np.float64]
TIMES = ("continuous", "discrete")


@dataclass(frozen=True, eq=False)
class EigenvalueChange:
    """The eigenvalues λ of a square recurrent W before and of W + ΔW after.

    Each eigenvalue before has one after: the pairing with the least sum of distances.
    """

    before: NDArray[np.complex128]  # shape (n,), by falling real part
    after: NDArray[np.complex128]  # shape (n,), those of `before` in turn
    time: str  # "continuous": τ ẋ = −x + W x; "discrete": x(t + 1) = W x(t)
    margin_before: float  # 1 − max Re λ in continuous time, 1 − max |λ| in discrete time
    margin_after: float  # stable where positive
    henrici_before: float  # √(‖W‖_F² − Σ |λ|²): 0 for a normal matrix
    henrici_after: float

    @property
    def moved(self) -> Array:
        """|λ_after − λ_before|, shape (n,)."""
        return np.abs(self.after - self.before)


def eigenvalue_change(weights: Array, delta: Array, time: str) -> EigenvalueChange:
    """By two complex Schur forms: O(n³)."""
    before, henrici_before = _schur(weights)
    after, henrici_after = _schur(weights + delta)
    before = before[np.lexsort((before.imag, -before.real))]
    apart = cdist(*(np.column_stack([each.real, each.imag]) for each in (before, after)))
    after = after[linear_sum_assignment(apart)[1]]
    measure = np.real if time == "continuous" else np.abs
    return EigenvalueChange(
        before=before,
        after=after,
        time=time,
        margin_before=float(1 - np.max(measure(before))),
        margin_after=float(1 - np.max(measure(after))),
        henrici_before=henrici_before,
        henrici_after=henrici_after,
    )


def _schur(weights: Array) -> tuple[NDArray[np.complex128], float]:
    """Eigenvalues, and the norm of the strictly upper part, which loses no digits near 0."""
    triangle = linalg.schur(weights, output="complex")[0]
    return np.diag(triangle).copy(), float(linalg.norm(np.triu(triangle, 1)))
