"""Populations and circuits that tests of several folders use."""

from __future__ import annotations

import numpy as np

import heddle
from heddle import (
    Adaptation,
    Circuit,
    Distribution,
    EscapeNeuron,
    ExponentialNeuron,
    FixedIndegree,
    LeakyNeuron,
    Noise,
    Population,
    Projection,
    QuadraticNeuron,
    Synapse,
)

QUADRATIC_TAU = 10.0
AUGUSTIN = {
    **{"C_m": 200.0, "g_L": 10.0, "E_L": -65.0, "V_th": -50.0, "Delta_T": 1.5, "V_peak": -40.0},
    **{"V_reset": -70.0, "t_ref": 0.0, "tau_w": 200.0, "E_w": -80.0, "a": 4.0, "b": 40.0},
}
AUGUSTIN_NEURON = ExponentialNeuron(**AUGUSTIN)


def noisy_leaky(w_excitation: float, w_inhibition: float) -> Circuit:
    """800 and 200 leaky neurons below threshold on average, with noise of their own."""
    law = LeakyNeuron(C_m=250.0, tau_m=20.0, E_L=0.0, V_th=20.0, V_reset=10.0, t_ref=2.0, I_e=212.5)
    sizes, weights = {"E": 800, "I": 200}, {"E": w_excitation, "I": w_inhibition}
    return Circuit(
        [Population(name, n, law, noise=Noise(sigma=5.0)) for name, n in sizes.items()],
        [
            Projection(
                source,
                target,
                FixedIndegree(n // 8 if source == "E" else n // 4),
                synapse=Synapse("delta"),
                weight=weights[source],
                delay=2.0,
            )
            for source, n in sizes.items()
            for target in sizes
        ],
    )


def lorentzian(name="E", eta=-3.0, delta=1.0, size=20_000, **others):
    law = Distribution.lorentzian(eta, delta)
    return Population(
        name, size, QuadraticNeuron(tau_m=QUADRATIC_TAU), quenched={"eta": law}, **others
    )


def coupling(K, J, kind="delta", gamma=0.0, rule=None):
    """A projection with K w q = J τ_m, and the half width `gamma` in the same unit."""
    charge = {"delta": QUADRATIC_TAU, "exponential": 5.0, "alpha": np.e * 5.0}[kind]
    unit = QUADRATIC_TAU / (K * charge)
    weight = Distribution.lorentzian(J * unit, gamma * unit) if gamma else J * unit
    return Projection("E", "E", rule or FixedIndegree(K), weight, 1.0, Synapse(kind, tau_syn=5.0))


def resetting(size: int = 4000, *, reset: bool = True) -> Circuit:
    """Neurons with reset and refractory period, all-to-all inhibition that differs by 40 %, and
    thresholds that differ by 3 mV."""
    rng = np.random.default_rng(5)
    neuron = EscapeNeuron(
        C_m=250.0, tau_m=20.0, V_T_star=15.0, V_reset=0.0, t_ref=4.0, Delta_V=2.0, I_e=150.0,
        reset=reset,
    )  # fmt: skip
    weights = -400.0 * (1.0 + 0.4 * rng.standard_normal(size))
    recurrent = Projection(
        "I", "I", heddle.AllToAll(), 0.0, 1.0, synapse=Synapse(tau_syn=5.0),
        left=weights[:, None], right=np.ones((size, 1)),
    )  # fmt: skip
    thresholds = {"V_T_star": Distribution.normal(15.0, 3.0)}
    drive = heddle.CurrentInput([0.0, 400.0], [[0.0, 80.0]])
    return Circuit(
        [Population("I", size, neuron, quenched=thresholds)],
        [recurrent],
        [heddle.Input("I", drive)],
    )


def inhibitory(rule, weight, size: int = 4000) -> Circuit:
    """J = −0.25 mV on average, μ = 9 mV, f = 100 Hz / (1 + e^{−(h − 5 mV)})."""
    neuron = EscapeNeuron(
        tau_m=20.0, E_L=9.0, V_T_star=5.0, t_ref=0.0, Delta_V=1.0, lambda_0=100.0,
        hazard="sigmoid", reset=False,
    )  # fmt: skip
    recurrent = Projection("I", "I", rule, weight, 1.0, synapse=Synapse("delta"))
    return Circuit([Population("I", size, neuron)], [recurrent])


def augustin_network(levels, dwell, noise, size=4000):
    """The default network of Augustin et al. (2017): K = 100, J = 0.05 mV, 3 ms."""
    current = heddle.CurrentInput(
        times=dwell * np.arange(len(levels)), values=200.0 * np.array([levels])
    )
    recurrent = Projection(
        *("E", "E", FixedIndegree(100)),
        synapse=Synapse(tau_syn=3.0),
        weight=0.05 * 200.0 / 3.0,
        delay=0.1,
    )
    own = Noise(sigma=np.sqrt(20.0) * noise)
    population = Population("E", size, AUGUSTIN_NEURON, noise=own)
    return Circuit([population], [recurrent], [heddle.Input("E", current)])


def softplus_population(size: int = 400, *adaptation: Adaptation, tau_m: float = 10.0):
    """Softplus neurons at about 50 Hz, whose thresholds differ by 1.5 mV."""
    neuron = EscapeNeuron(
        tau_m=tau_m, V_T_star=1.0, Delta_V=2.0, lambda_0=40.0, I_e=250.0 / tau_m * 2.0,
        hazard="softplus", reset=False, t_ref=0.0,
    )  # fmt: skip
    spread = {"V_T_star": Distribution.normal(1.0, 1.5)}
    return Circuit([Population("A", size, neuron, adaptation=list(adaptation), quenched=spread)])
