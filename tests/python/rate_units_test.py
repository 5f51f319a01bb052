"""Rate units and effective transfer functions, as Python has them."""

from __future__ import annotations

import numpy as np
import pytest

import heddle


def adapting(size: int, cv: float) -> heddle.Circuit:
    return heddle.circuits.adapting_population(size, cv=cv, at=1500.0)


def test_an_effective_transfer_is_smoother_than_the_hazard():
    neuron = heddle.EscapeNeuron(hazard="rectified", lambda_0=10.0, Delta_V=2.0)
    mean = np.linspace(-6.0, 6.0, 7)
    sharp, smooth = (heddle.effective_transfer(neuron, mean, v) for v in (0.0, 4.0))
    np.testing.assert_allclose(sharp.rate, 5.0 * np.maximum(mean, 0.0))
    assert np.all(smooth.rate > sharp.rate)
    assert smooth.rate[3] == pytest.approx(5.0 * 2.0 / np.sqrt(2 * np.pi))
    assert heddle.effective_transfer(neuron, 0.0, [[1.0, 4.0]]).gain.shape == (1, 2)


def test_bad_arguments_are_named():
    circuit = adapting(10, 0.0)
    with pytest.raises(heddle.DomainError, match=r"closure is 'ful'.*did you mean 'full'"):
        heddle.rate_units(circuit, closure="ful")
    with pytest.raises(heddle.DomainError, match=r"bin is 0\.7 ms, not a multiple"):
        heddle.rate_units(circuit, bin=0.7)
    above = heddle.EscapeNeuron(V_reset=20.0)
    with pytest.raises(heddle.DomainError, match=r"'A': V_reset is 20 mV, above V_T_star, 15 mV"):
        heddle.rate_units(heddle.Circuit([heddle.Population("A", 10, above)]))
    with pytest.raises(heddle.DomainError, match="variance"):
        heddle.effective_transfer(heddle.EscapeNeuron(), 0.0, -1.0)
