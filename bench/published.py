"""NumPy transcription of the published rank-one placement, for comparison.

    u = R diag(Rᵀ v)⁻¹ P⁺ 1 ,   P_ij = 1 / (λ_i^des − λ_j) ,   W = R diag(λ) R⁻¹

Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 2, 10, 12.
"""

import numpy as np


def place(weights: np.ndarray, targets: np.ndarray, v: np.ndarray, eigen=None):
    """Loop output weights u, shape (n,), for the random loop input weights v."""
    values, vectors = np.linalg.eig(weights) if eigen is None else eigen
    cauchy = 1.0 / (targets[:, None] - values[None, :])
    strength = np.linalg.pinv(cauchy) @ np.ones(len(targets))
    return (vectors @ (strength / (vectors.T @ v))).real


def placement_error(weights: np.ndarray, targets: np.ndarray, loop: np.ndarray) -> float:
    """Largest distance of a target to the nearest eigenvalue of the closed network."""
    closed = np.linalg.eigvals(weights + loop)
    return float(np.max(np.min(np.abs(targets[:, None] - closed[None, :]), axis=1)))
