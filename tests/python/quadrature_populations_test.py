"""Populations split by what their neurons differ in."""

from __future__ import annotations

import numpy as np
import pytest

import heddle


def resetting(size: int = 4000) -> heddle.Circuit:
    """Neurons with reset and refractory period, all-to-all inhibition that differs by 40 %, and
    thresholds that differ by 3 mV."""
    rng = np.random.default_rng(5)
    neuron = heddle.EscapeNeuron(
        C_m=250.0, tau_m=20.0, V_T_star=15.0, V_reset=0.0, t_ref=4.0, Delta_V=2.0, I_e=150.0
    )
    weights = -400.0 * (1.0 + 0.4 * rng.standard_normal(size))
    recurrent = heddle.Projection(
        "I", "I", heddle.AllToAll(), 0.0, 1.0, synapse=heddle.Synapse(tau_syn=5.0),
        left=weights[:, None], right=np.ones((size, 1)),
    )  # fmt: skip
    thresholds = {"V_T_star": heddle.Distribution.normal(15.0, 3.0)}
    drive = heddle.CurrentInput([0.0, 400.0], [[0.0, 80.0]])
    return heddle.Circuit(
        [heddle.Population("I", size, neuron, quenched=thresholds)],
        [recurrent],
        [heddle.Input("I", drive)],
    )


def test_parts_can_be_simulated_and_add_up():
    circuit = resetting(2000)
    split = heddle.quadrature_populations(circuit, nodes=3)
    assert sum(part.size for part in split.circuit.populations) == 2000
    assert split.labels == ["I: quenched V_T_star", "I: synapses from 'I'"]
    recording = heddle.simulate(split.circuit, duration=300.0, transient=100.0, bin=100.0)
    total = split.activity(recording.activity)
    assert total.shape == (1, 3)
    np.testing.assert_allclose(total, split.weights @ recording.activity)
    with pytest.raises(heddle.ShapeError, match="of all parts"):
        split.activity(recording.activity[:2])


def test_too_many_parts_are_refused_with_their_number():
    circuit = resetting()
    with pytest.raises(heddle.DomainError, match="900 populations"):
        heddle.quadrature_populations(circuit, nodes=30)
    assert len(heddle.quadrature_populations(circuit, nodes=4).circuit.populations) == 16
