"""The arrays of a network that steps, checked, as exports write them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError, Loops, Network, ShapeError
from heddle.training import TrainableNetwork

Array = NDArray[np.float64]
RESPONSES = ("linear", "rectified", "tanh", "softplus")


@dataclass(frozen=True, eq=False)
class NetworkParts:
    """x_{t+1} = (1 − h / τ) x_t + h / τ (W r + Σ g_l U_l V_lᵀ r + b + B s), r = (G a) ∘ φ(x)."""

    h: float
    tau: float
    response: str
    weights: Array  # W, (n, n)
    loops: tuple[tuple[Array, Array], ...]  # U_l, V_l, each (n, k_l)
    bias: Array  # b, (n,)
    readout: Array  # C, (d, n)
    initial: Array  # x_0, (n,) or (trials, n)
    input: Array | None  # B, (n, k)
    gains: Array | None  # G, (n, m)


def parts_of(network: Network | TrainableNetwork, h: float) -> NetworkParts:
    """Raises DomainError or ShapeError naming what no step of this form has."""
    whole = TrainableNetwork(network) if isinstance(network, Network) else network
    if not isinstance(whole, TrainableNetwork):
        raise DomainError(
            f"network is a {type(network).__name__}; give a Network or a TrainableNetwork"
        )
    inner = whole.network
    n = _units(inner)
    if not (is_finite_number(h) and 0 < h <= inner.tau):
        raise DomainError(
            f"h: found {h!r} s, expected a step above 0 and at most tau = {inner.tau} s"
        )
    return NetworkParts(
        h=float(h),
        tau=inner.tau,
        response=inner.response,
        weights=np.array(inner.weights),
        loops=tuple(_loop(loop, n, f"loops[{i}]") for i, loop in enumerate(whole.loops)),
        bias=np.array(inner.bias),
        readout=np.array(inner.readout),
        initial=_initial(whole.initial, n),
        input=_rows(whole.input, n, "input"),
        gains=_rows(whole.gains, n, "gains"),
    )


def is_finite_number(value: object) -> bool:
    return isinstance(value, Real) and math.isfinite(value)


def _units(network: Network) -> int:
    if not isinstance(network.response, str):
        raise DomainError(
            "network.response: found that of a population of spiking neurons, expected one of "
            f"{', '.join(RESPONSES)}"
        )
    if not isinstance(network.weights, np.ndarray):
        raise DomainError(
            f"network.weights: found {type(network.weights).__name__}, expected a dense matrix"
        )
    return len(network.weights)


def _loop(loop: Loops, n: int, name: str) -> tuple[Array, Array]:
    for field in ("thalamic_tau", "delay"):
        if getattr(loop, field) != 0:
            raise DomainError(
                f"{name}.{field}: found {getattr(loop, field)} s, expected 0: loops that answer at "
                "once"
            )
    u, v = np.array(loop.u), np.array(loop.v)
    if u.shape != v.shape or len(u) != n:
        raise ShapeError(f"{name}: found u {u.shape} and v {v.shape}, expected ({n}, k) twice")
    return u, v


def _initial(values: Array | None, n: int) -> Array:
    array = np.zeros(n) if values is None else np.array(values, dtype=float)
    if array.ndim not in (1, 2) or array.shape[-1] != n:
        raise ShapeError(f"initial: found shape {array.shape}, expected ({n},) or (trials, {n})")
    return _finite(array, "initial")


def _rows(values: Array | None, n: int, name: str) -> Array | None:
    if values is None:
        return None
    array = np.array(values, dtype=float)
    if array.ndim != 2 or len(array) != n:
        raise ShapeError(f"{name}: found shape {array.shape}, expected ({n}, columns)")
    return _finite(array, name)


def _finite(array: Array, name: str) -> Array:
    if not np.isfinite(array).all():
        raise DomainError(f"{name} holds NaN or infinity; expected finite numbers")
    return array
