"""Units made of spiking neurons, against those neurons."""

from __future__ import annotations

import numpy as np
import pytest
from population_circuits import softplus_population

import heddle


def test_one_unit_follows_a_lasting_input_as_its_neurons_do():
    """A bias of 0.3 on a unit of 4,000 neurons: their current is the same in mV. Counts over 3 s
    have a standard error of 0.2 %; the bound is ten of that, and leaves room for the variance that
    is held."""
    circuit = softplus_population(4000, heddle.Adaptation("threshold", 100.0, q=0.3))
    unit = heddle.artificial_unit(circuit)
    network = heddle.Network(np.zeros((1, 1)), tau=0.01, bias=[0.3])
    rate = heddle.network_equations(network, unit).solve(duration=2000.0, step=1.0).rates[0, -1]
    current = 0.3 * unit.scale * 250.0 / 10.0
    driven = heddle.Circuit(
        circuit.populations, [], [heddle.Input("A", heddle.CurrentInput([0.0], [[current]]))]
    )
    truth = heddle.simulate(driven, duration=3000.0, transient=1000.0, step=0.25, seed=3)
    assert rate > 1.1 * unit.rate
    assert rate == pytest.approx(truth.activity.mean(), rel=0.02)


def test_finite_size_noise_is_that_of_the_unit_divided_by_its_feedback():
    """The power at low frequency, from 100 bins of 1 s, of 200 neurons: relative standard error
    14 %. Bounds of 4.5 of that raise a false alarm once in 10⁵; without the division by (1 + β)²
    the prediction would be off by a factor above 2."""
    circuit = softplus_population(200, heddle.Adaptation("threshold", 100.0, q=0.8))
    unit = heddle.artificial_unit(circuit)
    recording = heddle.simulate(
        circuit, duration=100_000.0, transient=500.0, step=0.5, bin=1000.0, seed=2
    )
    response = recording.activity[0] / (unit.scale * unit.gain)
    power = response.var(ddof=1)  # times 1 s
    divided = (1.0 + unit.beta[0]) ** 2
    assert divided > 2.0
    assert power == pytest.approx(unit.noise / divided, rel=0.63)
