"""The cortical microcircuit: four layers below one square millimetre, at full size."""

from __future__ import annotations

import math

import numpy as np

from heddle._core import (
    Circuit,
    Distribution,
    DomainError,
    FixedTotal,
    Input,
    LeakyNeuron,
    PoissonInput,
    Population,
    Projection,
    Synapse,
)

__all__ = ["microcircuit"]

NAMES = ("L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I")
SIZES = (20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948)
EXTERNAL_INDEGREES = (1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100)
EXTERNAL_RATE = 8.0  # Hz
# Rates of the full-size circuit, Hz, from which smaller ones compute the input they lack.
RATES = (0.971, 2.868, 4.746, 5.396, 8.142, 9.078, 0.991, 7.523)
# Of a pair: rows are targets, columns are sources (table 5 of the paper).
PROBABILITIES = (
    (0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0),
    (0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0),
    (0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0),
    (0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0),
    (0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0),
    (0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0),
    (0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252),
    (0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443),
)
WEIGHT = 87.8  # pA: a postsynaptic potential of 0.15 mV.
INHIBITION = -4.0
TAU_SYN = 0.5  # ms
SYNAPSE = Synapse(tau_syn=TAU_SYN)


def microcircuit(scale: float = 1.0) -> Circuit:
    """Layers 2/3 to 6, each of excitatory and inhibitory leaky neurons; 77,169 at full size.

        K = ln(1 − p) / ln(1 − 1 / (N_pre N_post)) synapses for each pair of populations,
        87.8 pA ± 10 % (twice that from L4E to L23E, −4 times that from inhibitory neurons),
        delays 1.5 ± 0.75 ms and 0.8 ± 0.4 ms, τ_syn = 0.5 ms, τ_m = 10 ms, t_ref = 2 ms,
        V_th = −50 mV, V_reset = E_L = −65 mV, 1,500 to 2,900 external spike trains of 8 Hz

    scale  of the number of neurons and of the synapses of each; below 1 weights grow by
           1 / √scale, and a constant current replaces the mean input that is then missing

    0.3 billion synapses; fires at 0.87, 2.9, 4.4, 5.9, 7.6, 8.6, 1.1, 7.8 Hz. Raises DomainError.
    Potjans & Diesmann (2014), Cereb Cortex 24:785; scaling as van Albada, Helias & Diesmann (2015),
    PLoS Comput Biol 11:e1004490.
    """
    if not 0.01 <= scale <= 1:
        raise DomainError(f"scale: found {scale}, expected from 0.01 to 1")
    sizes = [round(scale * size) for size in SIZES]
    return Circuit(
        populations=[_population(k, sizes[k], scale) for k in range(len(NAMES))],
        projections=[
            _projection(source, target, sizes, scale)
            for target in range(len(NAMES))
            for source in range(len(NAMES))
            if PROBABILITIES[target][source] > 0
        ],
        inputs=[_drive(k, scale) for k in range(len(NAMES))],
    )


def _synapses(target: int, source: int) -> float:
    """At full size."""
    pairs = SIZES[source] * SIZES[target]
    return math.log1p(-PROBABILITIES[target][source]) / math.log1p(-1 / pairs)


def _mean_weight(target: int, source: int) -> float:
    """pA, at full size."""
    if source % 2 == 1:
        return INHIBITION * WEIGHT
    return WEIGHT * (2.0 if (NAMES[source], NAMES[target]) == ("L4E", "L23E") else 1.0)


def _population(k: int, size: int, scale: float) -> Population:
    neuron = LeakyNeuron(
        C_m=250.0,
        tau_m=10.0,
        E_L=-65.0,
        V_th=-50.0,
        V_reset=-65.0,
        t_ref=2.0,
        I_e=(1 - math.sqrt(scale)) * _mean_current(k),
    )
    start = Distribution(kind="normal", location=-58.0, scale=10.0, high=-50.0)
    return Population(name=NAMES[k], size=size, neuron=neuron, quenched={"V_m": start})


def _mean_current(target: int) -> float:
    """Through all synapses of a neuron, pA, at full size."""
    external = EXTERNAL_INDEGREES[target] * EXTERNAL_RATE * WEIGHT
    recurrent = sum(
        _synapses(target, source) / SIZES[target] * RATES[source] * _mean_weight(target, source)
        for source in range(len(NAMES))
    )
    return 1e-3 * TAU_SYN * (external + recurrent)


def _projection(source: int, target: int, sizes: list[int], scale: float) -> Projection:
    weight = _mean_weight(target, source) / math.sqrt(scale)
    delay = 1.5 if source % 2 == 0 else 0.8
    return Projection(
        source=NAMES[source],
        target=NAMES[target],
        rule=FixedTotal(
            synapses=round(_synapses(target, source) / SIZES[target] * scale * sizes[target])
        ),
        synapse=SYNAPSE,
        weight=Distribution(
            kind="normal",
            location=weight,
            scale=0.1 * abs(weight),
            low=0.0 if weight > 0 else -np.inf,
            high=0.0 if weight < 0 else np.inf,
        ),
        delay=Distribution(kind="normal", location=delay, scale=0.5 * delay, low=0.1),
        autapses=True,
    )


def _drive(k: int, scale: float) -> Input:
    rate = scale * EXTERNAL_INDEGREES[k] * EXTERNAL_RATE
    drive = PoissonInput(rate=rate, weight=WEIGHT / math.sqrt(scale), synapse=SYNAPSE)
    return Input(target=NAMES[k], drive=drive)
