"""Rates of leaky neurons driven by noise, and how they follow it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle import _core
from heddle._core import DomainError

__all__ = ["siegert", "siegert_slopes", "siegert_susceptibility"]

Array = NDArray[np.float64]


def siegert(
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike = 20.0,
    V_th: ArrayLike = 20.0,
    V_reset: ArrayLike = 10.0,
    t_ref: ArrayLike = 0.0,
    tau_s: ArrayLike = 0.0,
    order: str = "shifted",
) -> Array:
    """Stationary rate of the leaky integrate-and-fire neuron with noise, Hz.

        τ_m V̇ = −V + μ + √τ_m σ ξ ;   V ≥ V_th: spike, V ← V_reset for t_ref

        1 / r = t_ref + τ_m √π ∫_{y_r}^{y_th} e^{x²} (1 + erf x) dx ,   y = (V − μ) / σ

    Exact in continuous time for a delta-correlated input, thus what `heddle.simulate` must reach
    for `neuron = "lif"` with `noise.tau = 0`. Nothing overflows: where the neuron is silent for
    ever the rate is 0, and for σ → 0 it is that of the charging membrane. Noise with a correlation
    time τ_s moves both potentials, to first order in √(τ_s / τ_m):

        V_th, V_reset ← V_th, V_reset + (α / 2) √(τ_s / τ_m) σ ,   α = √2 |ζ(1/2)| = 2.0653

    mu       mean of the free potential, mV; arguments broadcast against each other
    sigma    noise as in `heddle.Noise`: with tau_s = 0 the free potential has variance σ² / 2; mV,
             > 0
    tau_m    ms, > 0
    V_th     mV
    V_reset  mV, below V_th
    t_ref    ms, ≥ 0
    tau_s    correlation time of the noise, as `heddle.Noise.tau`; ms, ≥ 0
    order    "shifted" as above; "taylor": the rate itself expanded to first order in the shift,
             which differs in the second and may become negative

    Relative error below 1e-12, given y to working precision; in coloured noise the theory itself
    is off by the order of τ_s / τ_m. Raises DomainError, naming the argument. Cost: at most 32
    values of erf and 64 of a short continued fraction. See Siegert (1951), Phys Rev 81:617; Brunel
    & Hakim (1999), Neural Comput 11:1621; Brunel & Sergi (1998), J Theor Biol 195:87; Fourcaud &
    Brunel (2002), Neural Comput 14:2057.
    """
    arguments = (mu, sigma, tau_m, V_th, V_reset, t_ref, tau_s)
    return _rates(order, arguments)[0]


def siegert_slopes(
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike = 20.0,
    V_th: ArrayLike = 20.0,
    V_reset: ArrayLike = 10.0,
    t_ref: ArrayLike = 0.0,
    tau_s: ArrayLike = 0.0,
    order: str = "shifted",
) -> tuple[Array, Array]:
    """(∂r/∂μ, ∂r/∂σ) of `siegert`, Hz / mV, with f(x) = e^{x²} (1 + erf x):

        ∂r/∂μ = (r² τ_m √π / σ) [f(y_th) − f(y_r)]
        ∂r/∂σ = (r² τ_m √π / σ) [y_th f(y_th) − y_r f(y_r)]

    in white noise; in coloured noise the shift of the potentials changes with σ, too. Arguments,
    errors and cost are those of `siegert`; relative error below 1e-11.
    """
    arguments = (mu, sigma, tau_m, V_th, V_reset, t_ref, tau_s)
    return _rates(order, arguments)[1:]


def siegert_susceptibility(
    f: ArrayLike,
    mu: ArrayLike,
    sigma: ArrayLike,
    *,
    tau_m: ArrayLike = 20.0,
    V_th: ArrayLike = 20.0,
    V_reset: ArrayLike = 10.0,
    t_ref: ArrayLike = 0.0,
    tau_s: ArrayLike = 0.0,
) -> NDArray[np.complex128]:
    """Response of the rate to a modulation of μ, χ(f) in Hz / mV.

        μ + ε cos 2πf t   →   r + Re(χ(f) ε e^{2πi f t})

        χ = (√2 / σ) r / (1 + s) · [Ψ'(x_th) − Ψ'(x_r)] / [Ψ(x_th) − e^{−2πi f t_ref} Ψ(x_r)] ,
        s = 2πi f τ_m ,   x = √2 (V − μ) / σ ,   Ψ(x) = e^{x²/4} D_{−s}(−x)

    with Whittaker's parabolic cylinder function D. χ(0) = ∂r/∂μ; χ → (√2 r / σ) / √s for f → ∞.
    Exact in white noise. With tau_s both potentials are shifted as in `siegert`, right to first
    order in √(tau_s / tau_m) well below 1 / (2π tau_s); the filter 1 / (1 + 2πi f tau_s) of a
    synapse through which the modulation comes is not included.

    f        frequencies, Hz, at most 1e9, any shape
    others   as in `siegert`

    Returns an array of the broadcast shape of the others followed by the shape of f. Relative error
    below 1e-10; rates below 1e-290 Hz count as 0. Raises DomainError, naming the argument. Cost: a
    few thousand complex operations each, at high f growing as √f. See Lindner & Schimansky-Geier
    (2001), Phys Rev Lett 86:2934; Schuecker, Diesmann & Helias (2015), Phys Rev E 92:052119.
    """
    flat, shape = _flat((mu, sigma, tau_m, V_th, V_reset, t_ref, tau_s))
    frequencies = np.asarray(f, float)
    found = _core.siegert_susceptibility(*flat, frequencies.ravel())
    return found.reshape(shape + frequencies.shape)[()]


def _rates(order: str, arguments: tuple[ArrayLike, ...]) -> tuple[Array, Any, Any]:
    laws = {"shifted": _core.shifted_siegert_rates, "taylor": _core.taylor_siegert_rates}
    if order not in laws:
        raise DomainError(f"order is {order!r}; expected 'shifted' or 'taylor'")
    if all(isinstance(argument, (float, int)) for argument in arguments):
        return tuple(np.float64(found) for found in laws[order](*map(float, arguments)))
    flat, shape = _flat(arguments)
    return tuple(found.reshape(shape)[()] for found in laws[order](*flat))


def _flat(arguments: tuple[ArrayLike, ...]) -> tuple[list[Array], tuple[int, ...]]:
    """Arrays of one length, or of length 1, and the shape that they broadcast to."""
    arrays = [np.asarray(argument, float) for argument in arguments]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    flat = [
        array.ravel() if array.size == 1 else np.broadcast_to(array, shape).ravel()
        for array in arrays
    ]
    return flat, shape
