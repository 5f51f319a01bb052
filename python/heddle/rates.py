"""Rate units: populations of spiking neurons as artificial units whose states are theirs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle import _core
from heddle._core import Circuit, EscapeNeuron, RateUnitRecording

__all__ = ["EffectiveTransfer", "effective_transfer", "quadratic_rate", "rate_units"]


class EffectiveTransfer(NamedTuple):
    """Φ(m, v) and its gain."""

    rate: NDArray[np.float64]  # Hz
    gain: NDArray[np.float64]  # ∂Φ/∂m, Hz/mV


def effective_transfer(
    neuron: EscapeNeuron, mean: ArrayLike, variance: ArrayLike = 0.0
) -> EffectiveTransfer:
    """The effective transfer function of neurons with escape noise that differ in their input.

        Φ(m, v) = ∫ Dz f(m + √v z)

    neuron    an EscapeNeuron; its hazard f as a function of V − V_T_star
    mean      m of V − ϑ over neurons, mV; arguments broadcast against each other
    variance  v of the same, mV², ≥ 0

    Closed for exponential and rectified hazards; else by a rule with a relative error below 1e-9.
    Raises DomainError for a negative variance or numbers that are not finite.
    """
    means, variances = np.broadcast_arrays(np.asarray(mean, float), np.asarray(variance, float))
    rate, gain = _core.effective_transfer(neuron, means.ravel(), variances.ravel())
    return EffectiveTransfer(rate.reshape(means.shape), gain.reshape(means.shape))


def quadratic_rate(
    eta: ArrayLike, delta: ArrayLike, sigma: ArrayLike, *, tau_m: ArrayLike = 10.0
) -> NDArray[np.float64]:
    """Stationary rate of quadratic neurons with Lorentzian excitabilities and noise, Hz.

        tau_m V̇ = V² + η + √tau_m σ ξ ,   η Lorentzian with median eta and half width delta

        π τ r − i v = −c Ai'(d) / Ai(d) ,   c = (σ² / 2)^{1/3} e^{iπ/6} ,   d = (η + i Δ) / c²

    eta    median, dimensionless, with any constant input; arguments broadcast against each other
    delta  half width at half maximum, ≥ 0; > 0 unless sigma is
    sigma  noise as in `heddle.Noise`, ≥ 0
    tau_m  ms

    Exact for many neurons without coupling. π τ r has an error of about 1e-13 |π τ r − i v|, so
    that rates far below that are not told from 0. Raises DomainError, naming the argument.
    Cost: 48 Taylor steps at most.
    """
    return np.vectorize(_core.quadratic_rate, otypes=[float])(eta, delta, sigma, tau_m)


def rate_units(
    circuit: Circuit,
    *,
    duration: float = 1000.0,
    transient: float = 0.0,
    step: float = 0.5,
    bin: float = 1.0,
    closure: str = "full",
) -> RateUnitRecording:
    """One rate unit for each population: heterogeneous connections and adaptation together.

        tau_m ẏ = −y + s ,   m = μ + W·y − Σ m_l ,   A = Φ(m, v)
        v = yᵀ C y − 2 y·c + C_aa + σ_d²

    with W and C mean and covariance of a neuron's in-weights, m_l, c and C_aa mean adaptation, its
    covariance with in-weights and its variance, each with an equation of its own. What is assumed
    is that potential and adaptation are jointly Gaussian over neurons. A fast change of input meets
    the full spread yᵀ C y; after tau_l adaptation has divided it by (1 + b G)².

    Neurons that are refractory or reset are ready only some time after a spike: Φ is the mean of
    their stationary rate, and two states follow how many are not ready.

    circuit    populations of gif neurons, V_reset not above V_T_star; moving thresholds and
               adaptation currents; delta or exponential currents; shared currents; Poisson inputs;
               quenched V_T_star, E_L and I_e
    duration   ms recorded
    transient  ms before; inputs count from its start
    step       ms; delays are rounded to it, and are at least one
    bin        ms; a multiple of the step
    closure    "full"; "heterogeneity": adaptation by its mean only; "mean": no differences at all

    Returns a RateUnitRecording: activity (Hz), mean and variance of V − ϑ, the error of the step
    and what was assumed. Raises DomainError, naming what a rate unit cannot describe and what
    would; NotConverged where the solution leaves the range of numbers. Cost does not depend on the
    number of neurons: some 10 ms for a second, and seconds with a reset where neurons differ.
    """
    return _core.rate_units(
        circuit, duration=duration, transient=transient, step=step, bin=bin, closure=closure
    )
