"""Circuits as Python values: what goes in comes out, and what cannot be is named."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import heddle
from heddle import (
    Adaptation,
    Bernoulli,
    Circuit,
    CurrentInput,
    Distribution,
    Edges,
    EscapeNeuron,
    FixedIndegree,
    Input,
    LeakyNeuron,
    Noise,
    OrnsteinUhlenbeckInput,
    PoissonInput,
    Population,
    Projection,
    SpikeReadout,
    Synapse,
)


def circuit() -> Circuit:
    """One of everything, small."""
    excitatory = Population(
        "E",
        8,
        EscapeNeuron(hazard="softplus", reset=False),
        noise=Noise(1.5, tau=3),
        adaptation=[Adaptation("threshold", tau=300, q=1), Adaptation("current", q=20)],
        quenched={"V_T_star": Distribution.normal(15, 1, low=10), "q_sfa[0]": 2},
    )
    inhibitory = Population("I", 2, LeakyNeuron(tau_m=10))
    edges = Edges(source=[0, 1], target=[1, 0], weight=[1.0, 2.0])
    return Circuit(
        [excitatory, inhibitory],
        [
            Projection("E", "I", FixedIndegree(4), 25, 1.5),
            Projection("I", "E", Bernoulli(0.5), Distribution.normal(-30, 3, high=0), 1, "alpha"),
            Projection("I", "I", edges, weight=0, delay=1, synapse=Synapse("delta")),
            Projection("E", "E", "all_to_all", 1, 1, left=np.ones((8, 1)), right=np.ones((8, 1))),
        ],
        [
            Input("E", PoissonInput(rate=100, weight=10)),
            Input("E", CurrentInput([0, 100], [[0, 50]])),
            Input("I", OrnsteinUhlenbeckInput(sigma=10, shared=True)),
        ],
        [SpikeReadout("y", "E", np.ones((2, 8)))],
    )


def test_every_field_comes_back_as_it_was_given() -> None:
    made = circuit()
    excitatory, inhibitory = made.populations
    assert made.size == 10
    assert made.index("I") == 1
    assert excitatory.neuron.hazard == "softplus"
    assert excitatory.neuron.reset is False
    assert inhibitory.neuron.tau_m == 10
    assert [a.kind for a in excitatory.adaptation] == ["threshold", "current"]
    assert excitatory.quenched["q_sfa[0]"] == Distribution("constant", 2)
    assert excitatory.quenched["V_T_star"].low == 10
    assert made.projections[0].rule.indegree.location == 4
    assert made.projections[1].synapse.kind == "alpha"
    np.testing.assert_array_equal(made.projections[2].rule.weight, [1, 2])
    np.testing.assert_array_equal(made.projections[2].rule.source, [0, 1])
    assert made.inputs[0].drive.stop == np.inf
    np.testing.assert_array_equal(made.inputs[1].drive.values, [[0, 50]])
    assert made.inputs[2].drive.shared
    assert made.readouts[0].weights.shape == (2, 8)
    assert [port.kind for port in made.ports("E")] == ["alpha", "exponential"]


def test_a_circuit_survives_pickling() -> None:
    made = circuit()
    again = pickle.loads(pickle.dumps(made))
    assert repr(again) == repr(made)
    assert repr(again.populations) == repr(made.populations)
    assert repr(again.projections[1].weight) == repr(made.projections[1].weight)
    np.testing.assert_array_equal(again.projections[2].rule.target, [1, 0])


def test_values_are_read_only() -> None:
    made = circuit()
    with pytest.raises(AttributeError):
        made.populations[0].size = 3
    with pytest.raises(ValueError, match="read-only"):
        made.projections[2].rule.weight[0] = 3


@pytest.mark.parametrize("name", ["lif", "gif", "adex", "qif"])
def test_parameter_tables_name_the_fields_and_their_defaults(name: str) -> None:
    neuron = Population("A", 1, name).neuron
    rows = heddle.neuron_parameters(name)
    numbers = [field for field in neuron._fields if field not in {"hazard", "reset"}]
    assert [row["name"] for row in rows] == numbers
    assert all(getattr(neuron, row["name"]) == row["default"] for row in rows)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LeakyNeuron(V_rest=-70), "LeakyNeuron has no field 'V_rest'.*'V_reset'"),
        (lambda: LeakyNeuron(tau_m="fast"), "LeakyNeuron: tau_m is 'fast'"),
        (lambda: Population("E", 8, "ladex"), "neuron is 'ladex'; did you mean 'adex'"),
        (lambda: Population("E", 8, 3), "Population: neuron is 3 .int.; expected a LeakyNeuron"),
        (lambda: EscapeNeuron(hazard="softpuls"), "did you mean 'softplus'"),
        (lambda: Synapse("alpah"), "Synapse: kind is 'alpah'; did you mean 'alpha'"),
        (lambda: Projection("E", "E", "all", 1, 1), "rule is 'all'; it has all_to_all, one_to_one"),
        (lambda: Projection("E", "E", "one_to_one", "big", 1), "weight is 'big'.*a Distribution"),
        (lambda: Projection("E", "E", "one_to_one", 1), "Projection needs the field 'delay'"),
        (lambda: Edges([0.5], [0]), "Edges: source holds 0.5; expected whole numbers"),
        (lambda: Edges([-1], [0]), "Edges: source holds -1.0; expected whole numbers"),
        (lambda: Adaptation("voltage"), "Adaptation: kind is 'voltage'"),
        (lambda: Population("E", 8, "lif", quenched=["V_th"]), "quenched is .*expected a dict"),
        (lambda: Circuit([Population("E", -8, "lif")]), "population 'E': size is -8; it must be"),
        (lambda: circuit().index("F"), "there is no population 'F'; it has E, I"),
        (lambda: circuit().validate(step=1.25), "delay is 1 ms, below the time step 1.25 ms"),
        (lambda: heddle.neuron_parameters("hh"), "neuron is 'hh'; it has lif, gif, adex, qif"),
    ],
)
def test_what_cannot_be_is_named(make, message: str) -> None:
    with pytest.raises((TypeError, heddle.DomainError), match=message):
        make()
