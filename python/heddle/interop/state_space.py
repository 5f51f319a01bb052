"""State-space layers as linear networks that go in steps."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, Network, ShapeError
from heddle.training import TrainableNetwork

__all__ = ["state_space"]

METHODS = ("zoh", "bilinear")


def state_space(
    A: ArrayLike,
    B: ArrayLike,
    C: ArrayLike,
    *,
    step: float,
    method: str = "zoh",
) -> TrainableNetwork:
    """The linear network that a state-space layer is, ẋ = A x + B s, y = C x, in steps of Δ.

        x' = Ā x + B̄ s ,   y = C x     with
        "zoh"       Ā = e^{Δ A} ,   B̄ = ∫₀^Δ e^{t A} dt B :   s is constant over a step
        "bilinear"  Ā = (1 − Δ A / 2)⁻¹ (1 + Δ A / 2) ,   B̄ = (1 − Δ A / 2)⁻¹ Δ B

    A       (n, n), real; or its diagonal, (n,), real or complex. A complex diagonal has one mode of
            each conjugate pair, as S4D has: y = 2 Re C x, and the network two units for each,
            Re x and −Im x
    B       (n, k), C (d, n), complex with A
    step    Δ, in the unit of 1 / A; the network's τ, so that TrainingTask has h = Δ
    method  "zoh" (zero-order hold) or "bilinear" (Tustin)

    Eigenvalues of the network's weights are multipliers of one step: e^{Δ λ} and
    (1 + Δ λ / 2) / (1 − Δ λ / 2). Layers that update before they put out, as most do, have our
    y_{t+1} where they have theirs at t. A feedthrough D s is not part of it. Raises ShapeError or
    DomainError naming the argument. Cost: about 30 (n + k)³ flops for dense A, O(n²) for diagonals
    (of the dense result). Gu, Gupta, Goel & Ré (2022), NeurIPS 35, for diagonal layers; Van Loan
    (1978) for the integral.
    """
    a, b, c = _checked(np.asarray(A), np.asarray(B), np.asarray(C))
    if not (step > 0 and np.isfinite(step)):
        raise DomainError(f"step: found {step}, expected a finite number above 0")
    if method not in METHODS:
        raise DomainError(f"method: found {method!r}, expected one of {', '.join(METHODS)}")
    steps = (_diagonal if a.ndim == 1 else _dense)(a, b, step, method)
    if np.iscomplexobj(a):
        weights, given, readout = _real(*steps, c)
    else:
        weights, given, readout = (np.diag(steps[0]) if a.ndim == 1 else steps[0]), steps[1], c
    return TrainableNetwork(
        Network(weights=weights, tau=step, readout=readout), input=given if given.size else None
    )


Array = NDArray[np.float64]


def _checked(a: Array, b: Array, c: Array) -> tuple[Array, Array, Array]:
    if a.ndim not in (1, 2) or a.shape[0] != a.shape[-1] or a.size == 0:
        raise ShapeError(f"A: found shape {a.shape}, expected (n, n), or (n,) for a diagonal")
    if a.ndim == 2 and np.iscomplexobj(a):
        raise DomainError("A: found a complex matrix, expected a real one, or a complex diagonal")
    n = len(a)
    if b.ndim != 2 or len(b) != n:
        raise ShapeError(f"B: found shape {b.shape}, expected ({n}, k)")
    if c.ndim != 2 or c.shape[1] != n:
        raise ShapeError(f"C: found shape {c.shape}, expected (d, {n})")
    kind = complex if np.iscomplexobj(a) else float
    for name, array in (("A", a), ("B", b), ("C", c)):
        if np.iscomplexobj(array) and kind is float:
            raise DomainError(f"{name}: found complex numbers, expected real ones, as A is real")
        if not np.isfinite(array).all():
            raise DomainError(f"{name} holds NaN or infinity; expected finite numbers")
    return a.astype(kind), b.astype(kind), c.astype(kind)


def _diagonal(a: Array, b: Array, step: float, method: str) -> tuple[Array, Array]:
    z = step * a
    if method == "bilinear":
        _require_regular(1 - z / 2, step)
        return (1 + z / 2) / (1 - z / 2), (step / (1 - z / 2))[:, None] * b
    gain = np.ones_like(z)  # (e^z − 1) / z
    np.divide(np.expm1(z), z, out=gain, where=z != 0)
    return np.exp(z), (step * gain)[:, None] * b


def _dense(a: Array, b: Array, step: float, method: str) -> tuple[Array, Array]:
    n, k = b.shape
    if method == "bilinear":
        left = np.eye(n) - step / 2 * a
        _require_regular(np.linalg.svd(left, compute_uv=False), step)
        both = np.linalg.solve(left, np.hstack([np.eye(n) + step / 2 * a, step * b]))
        return both[:, :n], both[:, n:]
    block = np.zeros((n + k, n + k))
    block[:n] = step * np.hstack([a, b])
    whole = scipy.linalg.expm(block)
    return whole[:n, :n], whole[:n, n:]


def _require_regular(values: Array, step: float) -> None:
    size = np.abs(values)
    if size.min() <= np.finfo(float).eps * max(1.0, size.max()):
        raise DomainError(
            f"step: found {step}, for which 1 − Δ A / 2 is singular; choose another step, or 'zoh'"
        )


def _real(a: Array, b: Array, c: Array) -> tuple[Array, Array, Array]:
    """2 Re of the complex modes, in the coordinates Re x and −Im x."""
    n = len(a)
    weights = np.zeros((2 * n, 2 * n))
    rows = np.arange(n)
    weights[rows, rows] = weights[n + rows, n + rows] = a.real
    weights[rows, n + rows], weights[n + rows, rows] = a.imag, -a.imag
    return weights, np.vstack([b.real, -b.imag]), 2 * np.hstack([c.real, c.imag])
