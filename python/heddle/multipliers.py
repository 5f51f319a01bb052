"""Multipliers for the frequency test of rectified loops, by cutting planes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from heddle import _core
from heddle._core import ThresholdLinear

Array = NDArray[np.float64]


def find_multipliers(
    system: ThresholdLinear, *, planes: int = 60
) -> tuple[_core.FrequencyTest, Array]:
    """The frequency test with multipliers, (m,), that pass it, or nearly do, by cutting planes.

    λ_min(H(ω)) is concave in D: each test's minimum gives a plane above the margin, and a linear
    program (HiGHS) the next D, 0 < D ≤ 1, or that none passes.
    """
    m = system.units
    best, tried, cuts = None, np.ones(m), []
    for _ in range(planes):
        test = _core.frequency_test(system, np.maximum(tried, 1e-6))
        if best is None or test.margin > best[0].margin:
            best = (test, tried)
        if test.certified or test.abscissa >= 0 or not np.isfinite(test.margin):
            break
        cuts.append([*_plane(system, test), -1.0])
        found = linprog(
            np.append(np.zeros(m), -1.0),
            A_ub=-np.array(cuts),
            b_ub=np.zeros(len(cuts)),
            bounds=[(1e-6, 1)] * m + [(None, 2.0)],
        )
        if found.x is None or found.x[-1] <= 0:
            break
        # Half way to the best so far: planes alone leap from corner to corner.
        tried = 0.5 * (found.x[:m] + best[1])
    return best


def _plane(system: ThresholdLinear, test: _core.FrequencyTest) -> Array:
    """a with vᴴ H(ω) v = Σ a_j D_j for every D, v of unit length."""
    v = test.direction
    norm = float(np.vdot(v, v).real)
    if norm == 0:
        return 2.0 * (np.arange(system.units) == 0)
    shift = 1j * test.frequency * system.tau * np.eye(system.states) - system.linear
    seen = v - system.inputs @ np.linalg.solve(shift, system.outputs @ v)
    return 2.0 * (v.conj() * seen).real / norm
