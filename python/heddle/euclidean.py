"""Contraction in the norm √(xᵀ P x): which tests there are, and what each one says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle._core import Network, ThresholdLinear
from heddle.lmi import Sector, contraction_lmi
from heddle.multipliers import find_multipliers
from heddle.progress import Progress

Array = NDArray[np.float64]
MOST_LMI = 60  # states and units together, halved: beyond, the inequality takes minutes
MOST_PLANES = 24  # units up to which cutting planes look for multipliers
MOST_FREQUENCY = 500  # states


@dataclass(frozen=True)
class ContractionTest:
    """What one norm proves: |x(t) − y(t)| ≤ e^{−rate t} |x(0) − y(0)| for any two trajectories.

    norm l1: Σ η_i |x_i|; linf: max |x_i| / η_i; l2: √(xᵀ P x).
    """

    norm: str
    method: str  # "Perron", "frequency", "inequality", "Lyapunov" or "singular value"
    rate: float  # 1/s; what is proven, or a bound on growth if below 0; −inf if nothing is known
    certified: bool  # rate > 0, or for the frequency test: contraction at some rate
    statement: str
    margin: float = float("nan")  # of the frequency test or the inequality
    frequency: float = float("nan")  # where the margin is smallest, rad/s
    weights: Array | None = None  # η, (n,)
    matrix: Array | None = None  # P, (n, n)
    multipliers: Array | None = None  # (m,)


def euclidean(
    network: Network | ThresholdLinear,
    sector: Sector,
    tau: float,
    lmi: bool,
    progress: Progress | None,
) -> list[ContractionTest]:
    n, m = sector.u.shape
    tests = []
    if isinstance(network, ThresholdLinear) and 0 < m <= MOST_PLANES and n <= MOST_FREQUENCY:
        tests.append(_frequency(network))
    small = n + m <= 2 * MOST_LMI if m else n <= MOST_FREQUENCY
    if m == 0 and small:
        tests.append(_inequality(sector, tau, "Lyapunov", progress))
    elif lmi and small:
        tests.append(_inequality(sector, tau, "inequality", progress))
    return tests or [_plain(sector, tau)]


def _frequency(system: ThresholdLinear) -> ContractionTest:
    found = find_multipliers(system)
    test, multipliers = found
    if test.certified:
        words = (
            f"the frequency test holds at every frequency, with margin {test.margin:.3g} at "
            f"{test.frequency:.4g} rad/s: any two trajectories approach each other"
        )
    elif test.abscissa >= 0:
        words = f"the linear part is unstable by itself, {test.abscissa / system.tau:.4g} 1/s"
    else:
        words = (
            f"the frequency test fails by {-test.margin:.3g} at {test.frequency:.4g} rad/s, "
            "with the best multipliers found"
        )
    return ContractionTest(
        "l2",
        "frequency",
        0.0 if test.certified else float("-inf"),
        test.certified,
        words,
        margin=test.margin,
        frequency=test.frequency,
        multipliers=multipliers,
    )


def _inequality(
    sector: Sector, tau: float, method: str, progress: Progress | None
) -> ContractionTest:
    found = contraction_lmi(sector, progress=progress)
    rate = float(found.rate / tau)
    name = "a matrix inequality" if method == "inequality" else "a Lyapunov equation"
    words = (
        f"any two trajectories approach each other at {rate:.4g} 1/s or faster in an ellipsoidal "
        f"norm, by {name}, checked by Cholesky factors"
        if rate > 0
        else f"{name} found no ellipsoidal norm that proves contraction"
    )
    return ContractionTest(
        "l2",
        method,
        rate,
        rate > 0,
        words,
        margin=float(found.margin),
        matrix=found.p,
        multipliers=found.multipliers,
    )


def _plain(sector: Sector, tau: float) -> ContractionTest:
    """P = 1: the logarithmic norm of A and the singular values of U and V."""
    symmetric = (sector.a + sector.a.T) / 2
    growth = float(np.linalg.eigvalsh(symmetric)[-1])
    if sector.u.shape[1]:
        growth += float(np.linalg.norm(sector.u, 2) * np.linalg.norm(sector.v, 2))
    rate = -(growth + 1e-12 * (1 + abs(growth))) / tau
    words = (
        f"any two trajectories approach each other at {rate:.4g} 1/s or faster in the plain 2-norm"
        if rate > 0
        else f"the plain 2-norm proves no contraction: growth of up to {-rate:.4g} 1/s is possible"
    )
    return ContractionTest("l2", "singular value", rate, rate > 0, words)
