"""What `levels_of` says is what the levels do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import heddle
from heddle import (
    AllToAll,
    Circuit,
    Distribution,
    EscapeNeuron,
    LeakyNeuron,
    Noise,
    Population,
    Projection,
    QuadraticNeuron,
    Synapse,
)
from heddle.circuits import adapting_population, adex_network, brunel, ei_gif

LEVELS: dict[str, Callable[[Circuit], object]] = {
    "mesoscopic": lambda circuit: heddle.mesoscopic(circuit, duration=20.0, step=0.1),
    "densities": lambda circuit: heddle.fokker_planck(circuit, duration=0.2, transient=0.0),
    "quadratic": heddle.quadratic_rates,
    "noisy-quadratic": heddle.quadratic_equations,
    "rate-units": heddle.rate_unit_equations,
    "distributions": heddle.stationary_distributions,
    "stationary": heddle.stationary_rates,
    "ages": heddle.age_structured_rates,
    "linear": lambda circuit: heddle.linear_response(circuit, np.array([10.0])),
}


def two_colours(law: object) -> Circuit:
    """Noise of two correlation times, for one theory too many."""
    projections = [
        Projection(name, "A", AllToAll(), 1.0, 1.0, synapse=Synapse("exponential", tau_syn=tau))
        for name, tau in (("A", 3.0), ("B", 6.0))
    ]
    return Circuit([Population(name, 50, law) for name in "AB"], projections)


def quadratic(**more: object) -> Circuit:
    eta = Distribution(kind="lorentzian", location=-1.0, scale=1.0)
    return Circuit([Population("A", 100, QuadraticNeuron(), quenched={"eta": eta}, **more)])


CIRCUITS = {
    "escape": ei_gif(100, p=1),
    "random": ei_gif(100, p=0.2),
    "units": adapting_population(50),
    "plain units": Circuit([Population("A", 50, EscapeNeuron(reset=False, t_ref=0.0))]),
    "dead time": Circuit([Population("A", 50, EscapeNeuron(reset=False, t_ref=2.0))]),
    "leaky": brunel(500),
    "adex": adex_network(100),
    "quadratic": quadratic(),
    "noisy quadratic": quadratic(noise=Noise(sigma=1.0)),
    "two colours, escape": two_colours(EscapeNeuron()),
    "two colours, leaky": two_colours(LeakyNeuron(I_e=300.0)),
}


def refusal_of(level: str, circuit: Circuit) -> str:
    try:
        LEVELS[level](circuit)
    except heddle.DomainError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", CIRCUITS)
def test_a_level_describes_just_the_circuits_that_it_does_not_refuse(name: str) -> None:
    circuit = CIRCUITS[name]
    asked = [level for level in heddle.levels_of(circuit) if level.name in LEVELS]
    assert len(asked) == len(LEVELS)
    for level in asked:
        refusal = refusal_of(level.name, circuit)
        assert level.describes == (refusal == ""), f"{level.name}: {level.reason}{refusal}"
        assert level.describes == (level.reason == "")


def test_every_level_has_papers_behind_it() -> None:
    for level in heddle.levels_of(CIRCUITS["escape"]):
        assert len(heddle.citation(level.name).papers) > 0, level.name
