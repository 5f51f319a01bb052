"""One population whose neurons differ in their in-weights and adapt."""

from __future__ import annotations

import numpy as np

from heddle._core import (
    Adaptation,
    AllToAll,
    Circuit,
    CurrentInput,
    DomainError,
    EscapeNeuron,
    Input,
    Population,
    Projection,
    Synapse,
)

__all__ = ["adapting_population"]


def adapting_population(
    size: int = 4000, *, cv: float = 1.5, seed: int = 1, at: float = 500.0
) -> Circuit:
    """A recurrent population of neurons that spikes do not reset, with a threshold that adapts.

        λ(V) = 3 Hz log(1 + exp(V − ϑ)) ,   tau_m = 20 ms, tau_syn = 5 ms, delay 1 ms
        ϑ rises by 2/3 mV at a spike and falls with 300 ms

    In-weights are normal over neurons: a mean of 0.3 mV for each Hz of the population's rate, and
    the coefficient of variation `cv`. The mean drive steps from −1 to 3 mV.

    size  neurons
    cv    of the in-weights, ≥ 0
    seed  of the in-weights; their mean and deviation are exact
    at    ms, of the step

    `rate_units` follows it where neither means alone nor differences of input alone do. Raises
    DomainError.
    """
    if size < 2:
        raise DomainError(f"size is {size}; it must be at least 2")
    if not cv >= 0:
        raise DomainError(f"cv is {cv}; it must be 0 or more")
    neuron = EscapeNeuron(
        tau_m=20.0,
        E_L=0.0,
        V_T_star=0.0,
        V_reset=-5.0,
        t_ref=0.0,
        Delta_V=1.0,
        lambda_0=3.0,
        hazard="softplus",
        reset=False,
    )
    drawn = np.random.default_rng(seed).standard_normal((size, 1))
    weights = 1.0 + cv * (drawn - drawn.mean()) / drawn.std()
    # A spike of weight w makes w tau_syn tau_m / C_m of potential and ms.
    per_hz = 0.3 * 1e3 * neuron.C_m / (5.0 * neuron.tau_m)
    recurrent = Projection(
        "E",
        "E",
        AllToAll(),
        0.0,
        1.0,
        synapse=Synapse("exponential", tau_syn=5.0),
        left=per_hz * weights,
        right=np.ones((size, 1)),
    )
    threshold = Adaptation("threshold", tau=300.0, q=2.0 / 3.0)
    per_millivolt = neuron.C_m / neuron.tau_m
    drive = CurrentInput([0.0, at], [[-1.0 * per_millivolt, 3.0 * per_millivolt]])
    return Circuit(
        [Population("E", size, neuron, adaptation=[threshold])], [recurrent], [Input("E", drive)]
    )
