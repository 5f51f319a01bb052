"""The singular value decomposition of ΔW, from its factors and without forming it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from heddle.adapters.values import AdapterModule

Array = NDArray[np.float64]


class Factors(NamedTuple):
    """ΔW = P diag(s) Qᵀ with orthonormal columns, s > 0 falling; k is the rank of ΔW."""

    P: Array  # (out, k)
    s: Array  # (k,)
    Q: Array  # (in, k)


def canonical(module: AdapterModule) -> Factors:
    """P, s, Q of s B A, whatever the gauge (B G, G⁻¹ A) of its factors: O((out + in) r²).

    With B = Q_B R_B and Aᵀ = Q_A R_A, the decomposition of the small s R_B R_Aᵀ turns Q_B and Q_A.
    Values below max(out, in) ε of the largest are zero.
    """
    left, upper = linalg.qr(module.B.astype(np.float64), mode="economic")
    right, lower = linalg.qr(module.A.T.astype(np.float64), mode="economic")
    u, s, vt = linalg.svd(module.scale * upper @ lower.T, full_matrices=False)
    floor = max(module.shape) * np.finfo(float).eps * s[0]
    k = int(np.sum(s > floor))
    return Factors(left @ u[:, :k], s[:k], right @ vt[:k].T)


def entropy_rank(s: Array) -> float:
    """exp(−Σ p_i ln p_i) with p = s / Σ s; 0 for none."""
    if not len(s):
        return 0.0
    p = s / s.sum()
    return float(np.exp(-np.sum(p * np.log(p))))


def stable_rank(s: Array) -> float:
    """Σ s² / s_1²; 0 for none."""
    return float(np.sum((s / s[0]) ** 2)) if len(s) else 0.0
