"""Populations split by what their neurons differ in."""

from __future__ import annotations

import numpy as np
import pytest
from population_circuits import resetting

import heddle


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
