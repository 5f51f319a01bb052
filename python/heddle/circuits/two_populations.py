"""One excitatory and one inhibitory population, with three kinds of neuron."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heddle._core import (
    AllToAll,
    Circuit,
    Distribution,
    DomainError,
    EscapeNeuron,
    ExponentialNeuron,
    FixedIndegree,
    Input,
    LeakyNeuron,
    PoissonInput,
    Population,
    Projection,
    Synapse,
)

__all__ = ["adex_network", "brunel", "ei_gif"]

EXCITATORY_SHARE = 0.8


def ei_gif(size: int = 1000, *, p: float = 0.2, delay: float = 1.0) -> Circuit:
    """An excitatory-inhibitory circuit of neurons with escape noise, 800 and 200.

        τ_m = 20 ms, t_ref = 4 ms, V_reset = 0, V_T* = 15 mV, Delta_V = 2.5 mV, λ_0 = 10 Hz,
        mean input 24 mV (300 pA), exponential synapses of 3 and 6 ms, PSP areas / τ_m of
        0.3 mV (25 pA) and −1.5 mV (−62.5 pA) at p = 0.2, in proportion to 1 / p

    size   neurons, four fifths of them excitatory
    p      share of a population that connects to each neuron (a fixed in-degree); 1: all to all
    delay  ms

    Fires at 17 Hz and oscillates at 20 Hz. Raises DomainError. Schwalger, Deger & Gerstner (2017),
    PLoS Comput Biol 13:e1005507, figure 5.
    """
    sizes = _sizes(size, p)
    neuron = EscapeNeuron(
        C_m=250.0,
        tau_m=20.0,
        E_L=0.0,
        V_T_star=15.0,
        V_reset=0.0,
        t_ref=4.0,
        Delta_V=2.5,
        lambda_0=10.0,
        I_e=300.0,
    )
    per_synapse = (0.2 / p) * (1000 / size)
    kinds = {
        "E": {"synapse": Synapse(tau_syn=3.0), "weight": 25.0 * per_synapse},
        "I": {"synapse": Synapse(tau_syn=6.0), "weight": -62.5 * per_synapse},
    }
    return Circuit(
        populations=[Population(name=name, size=n, neuron=neuron) for name, n in sizes.items()],
        projections=_projections(sizes, p, delay, kinds),
    )


def brunel(
    size: int = 10_000,
    *,
    p: float = 0.1,
    J: float = 0.1,
    g: float = 5.0,
    eta: float = 2.0,
    delay: float = 1.5,
) -> Circuit:
    """Leaky neurons with delta synapses and external Poisson spikes: the sparse random network.

        τ_m = 20 ms, V_th = 20 mV, V_reset = 10 mV, t_ref = 2 ms, V ← V + J or − g J at a spike,
        external rate η C_E ν_thr with ν_thr = V_th / (J C_E τ_m), C_E excitatory synapses each

    size   neurons, four fifths of them excitatory
    p      share of each population that connects to a neuron: C_E = 800 and C_I = 200 of 10,000
    J      mV
    g      strength of inhibition: above 4, it dominates
    eta    external rate over the rate that reaches the threshold in the mean
    delay  ms

    Raises DomainError. Brunel (2000), J Comput Neurosci 8:183, figure 8C.
    """
    sizes = _sizes(size, p)
    neuron = LeakyNeuron(
        C_m=250.0, tau_m=20.0, E_L=0.0, V_th=20.0, V_reset=10.0, t_ref=2.0, I_e=0.0
    )
    delta = Synapse(kind="delta")
    kinds = {
        "E": {"synapse": delta, "weight": J},
        "I": {"synapse": delta, "weight": -g * J},
    }
    drive = PoissonInput(rate=1e3 * eta * 20.0 / (J * 20.0), weight=J, synapse=delta)
    return Circuit(
        populations=[
            Population(name=name, size=n, neuron=neuron, quenched=_spread(0.0, 20.0))
            for name, n in sizes.items()
        ],
        projections=_projections(sizes, p, delay, kinds),
        inputs=[Input(target=name, drive=drive) for name in sizes],
    )


def adex_network(
    size: int = 10_000, *, p: float = 0.02, rate: float = 2500.0, delay: float = 1.5
) -> Circuit:
    """Adaptive exponential neurons, sparsely connected: asynchronous and irregular at a few Hz.

        C_m = 200 pF, g_L = 10 nS, E_L = −65 mV, V_th = −50 mV, Delta_T = 2 mV, V_reset = −65 mV,
        t_ref = 5 ms; excitatory neurons adapt, a = 4 nS, b = 20 pA, tau_w = 500 ms, inhibitory
        ones, Delta_T = 0.5 mV, do not; exponential synapses of 5 ms, 30 and −150 pA

    size   neurons, four fifths of them excitatory
    p      share of each population that connects to a neuron: 160 and 40 of 10,000
    rate   of the Poisson input to each neuron, Hz
    delay  ms

    Neurons as in di Volo, Romagnoni, Capone & Destexhe (2019), Neural Comput 31:653, with current
    synapses. Raises DomainError.
    """
    sizes = _sizes(size, p)
    common = {"C_m": 200.0, "g_L": 10.0, "E_L": -65.0, "E_w": -65.0, "V_th": -50.0, "t_ref": 5.0}
    common |= {"V_peak": -30.0, "V_reset": -65.0, "I_e": 0.0, "tau_w": 500.0}
    neurons = {
        "E": ExponentialNeuron(**common, Delta_T=2.0, a=4.0, b=20.0),
        "I": ExponentialNeuron(**common, Delta_T=0.5, a=0.0, b=0.0),
    }
    synapse = Synapse(tau_syn=5.0)
    kinds = {
        "E": {"synapse": synapse, "weight": 30.0},
        "I": {"synapse": synapse, "weight": -150.0},
    }
    drive = PoissonInput(rate=rate, weight=30.0, synapse=synapse)
    return Circuit(
        populations=[
            Population(name=name, size=n, neuron=neurons[name], quenched=_spread(-70.0, -50.0))
            for name, n in sizes.items()
        ],
        projections=_projections(sizes, p, delay, kinds),
        inputs=[Input(target=name, drive=drive) for name in sizes],
    )


def _sizes(size: int, p: float) -> dict[str, int]:
    if size < 10:
        raise DomainError(f"size: found {size}, expected 10 neurons or more")
    if not 0 < p <= 1:
        raise DomainError(f"p: found {p}, expected above 0 and at most 1")
    excitatory = round(EXCITATORY_SHARE * size)
    return {"E": excitatory, "I": size - excitatory}


def _spread(low: float, high: float) -> Mapping[str, Distribution]:
    """Initial potentials that start no volley."""
    return {"V_m": Distribution(kind="uniform", low=low, high=high)}


def _projections(
    sizes: Mapping[str, int], p: float, delay: float, kinds: Mapping[str, Mapping[str, Any]]
) -> list[Projection]:
    """Every population onto every population; `kinds` says with what, by the source."""
    return [
        Projection(
            source=source,
            target=target,
            rule=AllToAll() if p == 1 else FixedIndegree(indegree=round(p * sizes[source])),
            delay=delay,
            autapses=p == 1,
            **kinds[source],
        )
        for source in sizes
        for target in sizes
    ]
