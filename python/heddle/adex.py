"""The mean field of adaptive exponential neurons, from transfer functions measured here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from heddle import _core
from heddle._core import (
    AdexTransfer,
    Circuit,
    DomainError,
    ExponentialNeuron,
    PoissonInput,
    RateEquations,
)
from heddle.simulation import simulate

__all__ = ["adex_mean_field", "fit_adex_transfer"]


def fit_adex_transfer(
    neuron: ExponentialNeuron,
    excitatory: PoissonInput,
    inhibitory: PoissonInput,
    *,
    potentials: tuple[float, float] = (-15.0, 1.0),
    levels: int = 12,
    inhibition: Sequence[float] = (0.25, 1.0, 2.0, 4.0, 8.0, 16.0),
    currents: Sequence[float] = (-10.0, 0.0, 10.0),
    neurons: int = 40,
    duration: float = 4000.0,
    transient: float = 1000.0,
    step: float = 0.1,
    seed: int = 0,
    threads: int = 1,
) -> AdexTransfer:
    """Measures the transfer function of a neuron and fits its effective threshold.

        F = Φ((μ_V − V_eff) / σ_V) / T_V
        V_eff = P · (1, x, y, z, x², y², z², x y, x z, y z)
        x = (μ_V + 60 mV) / 10 mV ,   y = (σ_V − 4 mV) / 6 mV ,   z = T_V g_L / C_m − 1 / 2

    Neurons under independent Poisson conductances are simulated on a grid of mean potentials,
    inhibition, and currents beside (which stand for adaptation off its stationary value). P is
    fitted first to the thresholds that rates imply, then to rates with weights 1 / (1 Hz + rate).

    neuron      an ExponentialNeuron; it adapts as it does in its circuit
    excitatory  PoissonInput with an exponential conductance; its rate is not used
    inhibitory  the same
    potentials  lowest and highest mean potential aimed at, mV from V_th
    levels      how many of them
    inhibition  mean inhibitory conductances, in units of g_L
    currents    in units of g_L mV
    neurons     at each point
    duration    ms measured; `transient` ms before should exceed tau_w
    step        ms, of the simulation
    seed        of the input

    Returns an AdexTransfer: `coefficients` (10,), mV, and the error of the rates, Hz. Raises
    DomainError where fewer than 20 points fire. Cost: points · neurons · (duration + transient) of
    simulated time, some seconds by default. See Zerlaut, Chemla, Chavane & Destexhe (2018), J
    Comput Neurosci 44:45.
    """
    experiment = _core.adex_experiment(
        neuron,
        excitatory,
        inhibitory,
        *potentials,
        levels,
        list(inhibition),
        list(currents),
        neurons,
    )
    recording = simulate(
        experiment.circuit,
        duration=duration,
        transient=transient,
        step=step,
        bin=duration,
        seed=seed,
        threads=threads,
        runaway_rate=0.0,
    )
    return _core.fit_adex_transfer(experiment, recording.activity[:, 0])


def adex_mean_field(
    circuit: Circuit,
    thresholds: Mapping[str, AdexTransfer | ArrayLike],
    *,
    order: int = 2,
    T: float = 20.0,
) -> RateEquations:
    """The master-equation mean field of adaptive exponential neurons with conductance synapses.

        T ν̇_m = F_m − ν_m + ½ Σ c_lk ∂²F_m/∂ν_l∂ν_k
        T ċ = J c + c Jᵀ + A + (F − ν)(F − ν)ᵀ ,   J = ∂F/∂ν − 1 , A_mm = F_m (1/T − F_m) / N_m
        τ_w Ẇ = −W + b τ_w ν + a (μ_V − E_w)

    with F as `fit_adex_transfer` says, at the mean potential, its standard deviation and its
    correlation time under independent Poisson input. To first order there is no c. What that leaves
    out is in the equations' `assumptions`: rates of networks of 10,000 neurons with 5 %
    connections come out 14 to 21 % (regular spiking) and 7 % (fast spiking) too high.

    circuit     populations of adex neurons, exponential conductances, Poisson input from the start
                to the end to each, shared currents
    thresholds  of each population by name: an AdexTransfer, or ten numbers in mV
    order       1: rates; 2: and covariances, valid for small changes and rates below 1 / T
    T           time over which activity is a Markov process, ms

    Returns RateEquations; they start where the first order comes to from silence. Raises
    DomainError, ShapeError. See El Boustani & Destexhe (2009), Neural Comput 21:46; di Volo,
    Romagnoni, Capone & Destexhe (2019), Neural Comput 31:653.
    """
    names = [population.name for population in circuit.populations]
    missing = [name for name in names if name not in thresholds]
    if missing:
        raise DomainError(f"thresholds has none for population {missing[0]!r}; fit_adex_transfer")
    ordered = [
        np.asarray(found.coefficients if isinstance(found, AdexTransfer) else found, float)
        for found in (thresholds[name] for name in names)
    ]
    return _core.adex_mean_field(circuit, ordered, order, T)
