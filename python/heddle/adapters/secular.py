"""Singular values and vectors of W + P diag(d) Qᵀ from those of W: the closed form."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from heddle.adapters.bidiagonal import SingularCoordinates

Array = NDArray[np.float64]
HALVINGS = 64  # of an interval no wider than 2 d_1: to the last bit


class Triplet(NamedTuple):
    """A singular value of W + ΔW and where its left vector lies."""

    value: float
    cosines: Array  # (m,): of its left vector with those of W
    error: float  # ‖residual‖ / ‖vector‖: a singular value lies within it


class Secular:
    """The 2k × 2k matrix that is singular at the singular values of W + ΔW.

        T(σ) = Πᵀ (σ − H)⁻¹ Π − K⁻¹,   H = [0 W; Wᵀ 0],   ΔH = Π K Πᵀ

    with Π = diag(P, Q) and K = [0 D; D 0], scaled by √D from both sides. The number of positive
    eigenvalues of T tells how many singular values of W + ΔW lie above σ, so that each of them is
    found by halving, whatever its neighbours do. See Arbenz & Golub (1988).
    """

    def __init__(self, base: SingularCoordinates, d: Array) -> None:
        """base  W, P and Q in the singular basis of W; d that of ΔW."""
        root = np.sqrt(d)
        self.s, self.d = base.s, d
        self.p = base.p * root  # (m, k)
        self.q = base.q * root
        # What of P and Q lies outside of the singular vectors of W, where H is 0.
        self.p_outside = _outside(self.p, d)
        self.q_outside = _outside(self.q, d)

    def matrix(self, sigma: float) -> Array:
        """T(σ), shape (2k, 2k), for σ > 0: O(m k²)."""
        nearness = 1.0 / self._distances(sigma)
        p, q = self.p.T * nearness, self.q.T * nearness
        cross = (p * self.s) @ self.q - np.eye(len(self.d))
        return np.block(
            [
                [sigma * p @ self.p + self.p_outside / sigma, cross],
                [cross.T, sigma * q @ self.q + self.q_outside / sigma],
            ]
        )

    def _distances(self, sigma: float) -> Array:
        """σ² − s_i², moved off zero by a rounding."""
        apart = np.where(sigma == self.s, np.spacing(sigma), sigma - self.s)
        return apart * (sigma + self.s)

    def above(self, sigma: float) -> int:
        """How many singular values of W + ΔW are larger than σ."""
        positive = int(np.sum(linalg.eigvalsh(self.matrix(sigma)) > 0))
        return int(np.sum(self.s > sigma)) + positive - len(self.d)

    def value(self, index: int) -> float:
        """σ_index(W + ΔW), the largest being index 0, within d_1 of that of W."""
        low = max(0.0, self.s[index] - self.d[0])
        high = self.s[index] + self.d[0]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if not low < middle < high:
                break
            low, high = (middle, high) if self.above(middle) > index else (low, middle)
        return (low + high) / 2

    def triplet(self, index: int) -> Triplet:
        """The value and its left vector; that of W where ΔW hardly touches it."""
        sigma = self.value(index)
        moved, kept = self._moved(sigma), self._kept(sigma)
        return moved if moved.error <= kept.error else kept

    def _moved(self, sigma: float) -> Triplet:
        """The vector (σ − H)⁻¹ Π w with T(σ) w = 0."""
        k = len(self.d)
        matrix = self.matrix(sigma)
        values, vectors = linalg.eigh(matrix)
        w = vectors[:, np.argmin(np.abs(values))]
        pw, qw = self.p @ w[:k], self.q @ w[k:]
        distances = self._distances(sigma)
        left, right = (sigma * pw + self.s * qw) / distances, (self.s * pw + sigma * qw) / distances
        left_outside = w[:k] @ self.p_outside @ w[:k] / sigma**2
        right_outside = w[k:] @ self.q_outside @ w[k:] / sigma**2
        squared = left @ left + max(left_outside, 0.0)
        norm = np.sqrt(squared + right @ right + max(right_outside, 0.0))
        rest = linalg.norm(np.tile(np.sqrt(self.d), 2) * (matrix @ w))
        return Triplet(sigma, left / np.sqrt(squared), float(rest / norm))

    def _kept(self, sigma: float) -> Triplet:
        """The vectors of W whose value is nearest."""
        i = int(np.argmin(np.abs(self.s - sigma)))
        root = np.sqrt(self.d)
        rest = np.hypot(linalg.norm(root * self.p[i]), linalg.norm(root * self.q[i])) / np.sqrt(2)
        cosines = np.zeros(len(self.s))
        cosines[i] = 1.0
        return Triplet(sigma, cosines, float(rest + abs(self.s[i] - sigma)))


def _outside(inner: Array, d: Array) -> Array:
    """D − p̃ᵀ p̃, the Gram matrix of what is missing, without the noise below zero."""
    values, vectors = linalg.eigh(np.diag(d) - inner.T @ inner)
    floor = len(inner) * np.finfo(float).eps * d[0]
    return (vectors * np.where(values > floor, values, 0.0)) @ vectors.T
