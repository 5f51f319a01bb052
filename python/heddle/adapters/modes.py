"""What an adapter does to the eigenvalues of a recurrent map, and which of its loops did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from heddle._core import (
    DomainError,
    EigenSystem,
    Loops,
    LoopShares,
    ModeMeeting,
    ModePaths,
    Network,
    bulk_of,
    eigen_system,
    eigenvalues,
    follow_modes,
    loop_gain,
    loop_shares,
)
from heddle.adapters.factors import Factors
from heddle.brief import Brief
from heddle.progress import Progress

Array = NDArray[np.float64]
Modes = NDArray[np.complex128]
TIMES = ("continuous", "discrete")
OUTSIDE = 1.05  # radii of the bulk's disc


@dataclass(frozen=True, eq=False, repr=False)
class EigenvalueChange(Brief):
    """The eigenvalues λ of a square recurrent W before and of W + ΔW after.

    The loops are g_k s_k p_k q_kᵀ, ΔW = Σ s_k p_k q_kᵀ, by falling s_k. Each eigenvalue before has
    the one after to which it goes as all g rise from 0 to 1 together. Where W has no basis of
    eigenvectors, pairs are those with the least sum of distances instead, and `paired` says so.
    """

    before: Modes  # shape (n,), from right to left
    after: Modes  # shape (n,), those of `before` in turn
    time: str  # "continuous": τ ẋ = −x + W x; "discrete": x(t + 1) = W x(t)
    margin_before: float  # 1 − max Re λ in continuous time, 1 − max |λ| in discrete time
    margin_after: float  # stable where positive
    henrici_before: float  # √(‖W‖_F² − Σ |λ|²): 0 for a normal matrix
    henrici_after: float
    paired: str  # "paths", or "distance"
    first: Modes | None  # ∂λ_i/∂g_k at W, shape (n, k); over s_k, ∂λ_i/∂s_k. None for "distance"
    last: Modes | None  # the same at W + ΔW; 0 for modes in `lost`
    meetings: Sequence[ModeMeeting]  # modes that became equal on the way: their pairing is one of
    # two that are as good, and so are their shares
    lost: Sequence[int]  # modes that could not be followed, paired by distance
    reason: str  # why not all were followed; empty if they were
    placed: Sequence[int]  # modes that ΔW put more than 5 % outside the disc of the bulk of W
    efficiency: float  # ‖ΔW‖_F of the least loops that would place those, by the gain law for iid
    # weights, over that of ΔW; 0 if there are none
    shares: LoopShares | None  # which loop moved which mode; None unless it was asked for

    @property
    def moved(self) -> Array:
        """|λ_after − λ_before|, shape (n,)."""
        return np.abs(self.after - self.before)


def margin(values: Modes, time: str) -> float:
    """1 − max Re λ in continuous time, 1 − max |λ| in discrete time."""
    return float(1 - np.max(values.real if time == "continuous" else np.abs(values)))


def eigenvalue_change(
    weights: Array,
    change: Factors,
    time: str,
    *,
    shares: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> EigenvalueChange:
    """By paths of eigenvalues and two complex Schur forms: O(n³), and O(n² k²) for the paths.

    shares  of how many modes, those that moved most, to find the shares of the loops
    """
    loops = Loops(change.P * change.s, change.Q)
    system, paths, reason = _paths(weights, loops)
    closed = weights + loops.u @ loops.v.T
    before, after = (paths.before, paths.after) if paths else _by_distance(weights, closed)
    placed = _placed(weights, before, after)
    return EigenvalueChange(
        before=before,
        after=after,
        time=time,
        margin_before=margin(before, time),
        margin_after=margin(after, time),
        henrici_before=_henrici(weights),
        henrici_after=_henrici(closed),
        paired="paths" if paths else "distance",
        first=paths.first if paths else None,
        last=paths.last if paths else None,
        meetings=paths.meetings if paths else [],
        lost=paths.lost if paths else [],
        reason=paths.reason if paths else reason,
        placed=placed,
        efficiency=_efficiency(weights, change, after[placed]),
        shares=_shares(system, loops, np.abs(after - before), shares, seed, progress),
    )


def _paths(weights: Array, loops: Loops) -> tuple[EigenSystem | None, ModePaths | None, str]:
    try:
        system = eigen_system(Network(weights))
    except DomainError as error:  # no basis of eigenvectors
        return None, None, str(error)
    return system, follow_modes(system, loops), ""


def _shares(
    system: EigenSystem | None,
    loops: Loops,
    moved: Array,
    count: int,
    seed: int,
    progress: Progress | None,
) -> LoopShares | None:
    if system is None or count < 1 or loops.u.shape[1] == 0:
        return None
    most = np.sort(np.argsort(-moved, kind="stable")[:count])
    return loop_shares(system, loops, most.tolist(), seed=seed, progress=progress)


def _placed(weights: Array, before: Modes, after: Modes) -> list[int]:
    """Modes that are outside the bulk because they moved; both of a pair."""
    bulk = bulk_of(weights)
    outside = np.abs(after - bulk.centre) > OUTSIDE * bulk.radius
    moved = np.abs(after - before) > (OUTSIDE - 1) * bulk.radius
    values = after[outside & moved]
    paired = np.isin(after, [*values, *values.conj()])
    return np.flatnonzero(paired).tolist()


def _efficiency(weights: Array, change: Factors, targets: Modes) -> float:
    bulk = bulk_of(weights)
    if not len(targets) or not len(change.s) or bulk.radius == 0:
        return 0.0
    return loop_gain(targets, len(change.s), bulk) / float(np.linalg.norm(change.s))


def _by_distance(weights: Array, closed: Array) -> tuple[Modes, Modes]:
    before, after = eigenvalues(weights), eigenvalues(closed)
    apart = cdist(*(np.column_stack([each.real, each.imag]) for each in (before, after)))
    return before, after[linear_sum_assignment(apart)[1]]


def _henrici(weights: Array) -> float:
    """The norm of the strictly upper part of the Schur form, which loses no digits near 0."""
    triangle = linalg.schur(weights, output="complex")[0]
    return float(linalg.norm(np.triu(triangle, 1)))
