"""Stationary rates of leaky neurons driven by white noise, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import dawsn, erfcx

from heddle._core import DomainError

__all__ = ["siegert"]

Array = NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)


def siegert(
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike = 20.0,
    V_th: ArrayLike = 20.0,
    V_reset: ArrayLike = 10.0,
    t_ref: ArrayLike = 0.0,
) -> Array:
    """Stationary rate of the leaky integrate-and-fire neuron with white noise, Hz.

        τ_m V̇ = −V + μ + √τ_m σ ξ ;   V ≥ V_th: spike, V ← V_reset for t_ref

        1 / r = t_ref + τ_m √π ∫_{y_r}^{y_th} e^{x²} (1 + erf x) dx ,   y = (V − μ) / σ

    Exact in continuous time for a delta-correlated input, thus what `heddle.simulate` must reach
    for `neuron = "lif"` with `noise.tau = 0`. The integrand is erfcx(−x); above zero it is taken as
    2 e^{x²} − erfcx(x) and divided by e^{y_th²}, so that nothing overflows: where the neuron is
    silent for ever the rate is 0.

    mu       mean of the free potential, mV; arguments broadcast against each other
    sigma    noise as in `heddle.Noise`: the free potential has variance σ² / 2; mV, > 0
    tau_m    ms, > 0
    V_th     mV
    V_reset  mV, below V_th
    t_ref    ms, ≥ 0

    Relative error below 1e-11. Raises DomainError, naming the argument. Cost: 96 values of erfcx.
    See Siegert (1951), Phys Rev 81:617; Brunel & Hakim (1999), Neural Comput 11:1621; Fourcaud &
    Brunel (2002), Neural Comput 14:2057.
    """
    mu, sigma, tau_m, V_th, V_reset, t_ref = (
        np.asarray(x, float) for x in np.broadcast_arrays(mu, sigma, tau_m, V_th, V_reset, t_ref)
    )
    for name, values in {"mu": mu, "V_th": V_th, "V_reset": V_reset}.items():
        _require(np.isfinite(values), name, values, "a finite number")
    _require((sigma > 0) & np.isfinite(sigma), "sigma", sigma, "> 0")
    _require((tau_m > 0) & np.isfinite(tau_m), "tau_m", tau_m, "> 0")
    _require((t_ref >= 0) & np.isfinite(t_ref), "t_ref", t_ref, "≥ 0")
    _require(V_reset < V_th, "V_reset", V_reset, "below V_th")
    integral, exponent = _scaled_integral((V_reset - mu) / sigma, (V_th - mu) / sigma)
    damping = np.exp(-exponent)
    return 1e3 * damping / (t_ref * damping + tau_m * np.sqrt(np.pi) * integral)


def _require(good: NDArray[np.bool_], name: str, values: Array, expected: str) -> None:
    if not np.all(good):
        found = np.atleast_1d(values)[~np.atleast_1d(good)][0]
        raise DomainError(f"{name} is {found:g}; expected {expected}")


def _scaled_integral(low: Array, high: Array) -> tuple[Array, Array]:
    """(I, p) with ∫_low^high erfcx(−x) dx = I e^p."""
    a, b = np.maximum(low, 0), np.maximum(high, 0)
    exponent = b**2
    damping = np.exp(-exponent)
    below = _erfcx_integral(np.maximum(-high, 0), np.maximum(-low, 0))
    growing = 2 * (dawsn(b) - np.exp(np.minimum(a**2 - exponent, 0)) * dawsn(a))
    return growing + damping * (below - _erfcx_integral(a, b)), exponent


def _erfcx_integral(low: Array, high: Array) -> Array:
    """∫ erfcx from low to high, both ≥ 0: Gauss–Legendre in asinh x, where erfcx has no tail."""
    start, end = np.arcsinh(low), np.arcsinh(high)
    half = 0.5 * (end - start)[..., None]
    t = 0.5 * (end + start)[..., None] + half * NODES
    return np.sum(half * WEIGHTS * erfcx(np.sinh(t)) * np.cosh(t), axis=-1)
