"""Stationary rates of circuits: results and bad input."""

import pickle

import numpy as np
import pytest

import heddle


def test_a_result_is_a_value_that_says_what_it_is():
    found = heddle.stationary_rates(heddle.circuits.brunel(1000))
    assert repr(found) == (
        "StationaryRates(1 solution, 1 stable, from 32 starts; others may exist)"
    )
    assert "Hz, stable)" in repr(found.branches[0])
    assert found.names == ["E", "I"]
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.branches[0].rates, found.branches[0].rates)
    assert again.assumptions == found.assumptions


def test_the_theory_is_named_and_other_neurons_are_refused():
    with pytest.raises(heddle.DomainError, match="theory is 'shift'; did you mean 'shifted'"):
        heddle.stationary_rates(heddle.circuits.brunel(1000), theory="shift")
    with pytest.raises(heddle.DomainError, match="`mesoscopic` has escape noise"):
        heddle.stationary_rates(heddle.circuits.ei_gif())
    with pytest.raises(RuntimeError, match="none of 1 starts led to rates"):
        heddle.stationary_rates(heddle.circuits.brunel(1000), starts=1, most_steps=1)
