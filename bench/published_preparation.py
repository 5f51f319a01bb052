"""NumPy transcription of the published optimisation of preparatory loops, for comparison.

    J' = J + U V ,   γ = (λ' − 1) / τ ,   J' = R diag(λ') L
    ℓ = tr R (L Lᴴ ∘ F) Rᴴ / (n τ) + α Σ max(Re γ, 0)² + β τ wᵀ R (L Lᴴ ∘ G) Rᴴ w
    F_ij = −1 / (γ_i + γ̄_j) ,   G_ij = γ_i γ̄_j F_ij

30 steps of Adam from random loops, then L-BFGS. The published code differentiates automatically;
here the gradient is in closed form, from the same eigenvectors, which is quicker.
Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, the preparatory network.
"""

import time
from dataclasses import dataclass, field

import numpy as np
from scipy.linalg import expm
from scipy.optimize import brentq, minimize

TAU = 0.01
ALPHA = 1e5


def published_problem(n: int, rank: int, seed: int = 2):
    """J, V (raw), U (raw), w in the order in which the published notebook draws them."""
    random = np.random.RandomState(seed)
    weights = random.randn(n, n) / np.sqrt(n)
    v = random.randn(rank, n) / np.sqrt(n)
    u = random.randn(n, rank) / np.sqrt(n)
    return weights, u, v.T, random.randn(n) / np.sqrt(n)


def batch_problem(n: int, net: int):
    """J, w of one of the networks over which the published scans of rank and β average."""
    random = np.random.RandomState(1000 + 100 * net + n)
    return random.randn(n, n) / np.sqrt(n), random.randn(n) / np.sqrt(n)


def decay_time(closed, fraction: float, units: int | None = None) -> float:
    """t / τ at which ‖e^{(J' − I) t}‖_F² = fraction² · units, J' stable; by steps, then Brent.

    `units` is n. The published scan of β divides by 500 where n is 200.
    """
    n = len(closed)
    a = closed - np.eye(n)
    goal = fraction**2 * (units or n)
    step, state, whole = expm(a), np.eye(n), 0
    while np.linalg.norm(after := step @ state) ** 2 > goal:
        state, whole = after, whole + 1
    return whole + brentq(
        lambda t: np.log(np.linalg.norm(expm(t * a) @ state) ** 2 / goal), 0, 1, xtol=1e-5
    )


def loss_and_gradient(weights, u, v, w, beta):
    """ℓ and ∂ℓ/∂U, ∂ℓ/∂V, from one eigendecomposition."""
    n = len(weights)
    values, right = np.linalg.eig(weights + u @ v.T)
    left = np.linalg.inv(right)
    rates = (values - 1) / TAU
    f = -1 / (rates[:, None] + rates.conj()[None, :])
    states = right @ ((left @ left.conj().T) * f)  # X R⁻ᴴ
    unstable = np.maximum(rates.real, 0)
    p = (weights + u @ v.T - np.eye(n)).T @ w / TAU
    # X and the adjoint Gramian Y of A = (J' − I) / τ.
    x = (states @ right.conj().T).real
    source = np.eye(n) / (n * TAU) + beta * TAU * np.outer(p, p)
    y = (left.conj().T @ ((right.conj().T @ source @ right) * f.conj()) @ left).real
    loss = np.trace(x) / (n * TAU) + ALPHA * np.sum(unstable**2) + beta * TAU * p @ x @ p
    slope = 2 * y @ x + 2 * beta * TAU * np.outer(w, x @ p)
    slope += 2 * ALPHA * ((left.T * unstable) @ right.T).real
    return loss, slope @ v / TAU, slope.T @ u / TAU


@dataclass
class Descent:
    """ℓ over raw vectors, whose norms do not count, and when it fell to what."""

    weights: np.ndarray
    w: np.ndarray
    beta: float
    began: float = field(default_factory=time.perf_counter)
    losses: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def cost(self, u, v):
        return loss_and_gradient(self.weights, u, v, self.w, self.beta)

    def __call__(self, raw: np.ndarray):
        raw = raw.reshape(2, len(self.weights), -1)
        norms = np.linalg.norm(raw, axis=1, keepdims=True)
        unit = raw / norms
        loss, *slopes = self.cost(*unit)
        slopes = np.array(slopes)
        slopes = (slopes - unit * np.sum(unit * slopes, axis=1, keepdims=True)) / norms
        self.losses.append(loss)
        self.seconds.append(time.perf_counter() - self.began)
        return loss, slopes.ravel()


def adam(evaluate, raw: np.ndarray, steps: int = 30, rate: float = 0.01) -> np.ndarray:
    mean = np.zeros_like(raw)
    square = np.zeros_like(raw)
    for step in range(1, steps + 1):
        slope = evaluate(raw)[1]
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        raw = raw - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-7)
    return raw


def optimise(weights, u, v, w, beta, most_iterations: int = 200) -> Descent:
    descent = Descent(weights, w, beta)
    raw = adam(descent, np.array([u, v]).ravel())
    minimize(
        descent,
        raw,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": most_iterations, "ftol": 1e-9, "gtol": 1e-6, "maxcor": 10},
    )
    return descent
