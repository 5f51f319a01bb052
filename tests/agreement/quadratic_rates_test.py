"""Firing-rate equations of quadratic neurons, against the circuits they are derived from.

Comparisons with `heddle.simulate`: nRMSE is the root mean square difference of A(t) and the rate
equations over the time course, over the range of the latter. What a finite circuit leaves of order
1 / √N and 1 / √K was 0.010 to 0.018 over ten seeds, and 0.036 where adaptation is by the mean; the
tolerances lie five standard deviations of these ten above (normal: once in 10⁶ seeds).
"""

from __future__ import annotations

import numpy as np
import pytest
from population_circuits import coupling, lorentzian

import heddle
from heddle import (
    Adaptation,
    Bernoulli,
    Circuit,
    CurrentInput,
    Input,
    Projection,
    Synapse,
)

N = 20_000
STEP_TOLERANCE = 0.03
ADAPTATION_TOLERANCE = 0.06


def binned(equations, *, duration, step=0.05, bin=1.0):
    """Mean rates over bins, by Simpson's rule over pairs of steps; shape (populations, bins)."""
    rates = equations.solve(duration=duration, step=step).rates
    each = round(bin / step)
    weights = np.tile([2.0, 4.0], each // 2)
    weights = np.append(weights, 1.0)
    weights[0] = 1.0
    starts = np.arange(0, rates.shape[1] - 1, each)
    windows = rates[:, starts[:, None] + np.arange(each + 1)]
    return windows @ weights / weights.sum()


def distance(circuit, *, equations=None, duration=120.0, bin=1.0, seed=1):
    """nRMSE between simulation and equations, from the same start; of the first population."""
    expected = binned(equations or heddle.quadratic_rates(circuit), duration=duration, bin=bin)[0]
    found = heddle.simulate(circuit, duration=duration, step=0.05, bin=bin, seed=seed).activity[0]
    return np.sqrt(np.mean((found - expected) ** 2)) / np.ptp(expected)


def changed(equations, **others):
    fields = {name: getattr(equations, name) for name in equations._fields}
    return heddle.QuadraticRates(**fields | others)


def without_widths(equations):
    """The same equations as if weights did not differ."""
    couplings = [heddle.RateCoupling(c.target, c.filter, c.gain, 0.0) for c in equations.couplings]
    return changed(equations, couplings=couplings)


def without_adaptation(equations):
    return changed(
        equations,
        adaptations=[],
        initial=equations.initial[:-1],
        state_names=equations.state_names[:-1],
        units=equations.units[:-1],
    )


def step_current(value=4.0, start=40.0, stop=80.0):
    return Input("E", CurrentInput([start, stop], [[value, 0.0]]))


@pytest.mark.parametrize("kind", ["delta", "exponential", "alpha"])
def test_a_population_follows_its_equations_through_a_step_of_current(kind):
    circuit = Circuit([lorentzian()], [coupling(500, 8.0, kind)], [step_current()])
    assert distance(circuit) < STEP_TOLERANCE


def test_lorentzian_weights_widen_the_population_as_stated_and_without_that_rates_are_wrong():
    circuit = Circuit(
        [lorentzian()], [coupling(300, 8.0, "exponential", gamma=2.0)], [step_current()]
    )
    equations = heddle.quadratic_rates(circuit)
    assert distance(circuit, equations=equations) < STEP_TOLERANCE
    assert distance(circuit, equations=without_widths(equations)) > 2 * STEP_TOLERANCE


def test_adaptation_by_the_mean_is_near_and_without_it_rates_are_wrong():
    adaptation = [Adaptation("current", tau=50.0, q=1.5)]
    circuit = Circuit(
        [lorentzian(eta=-1.0, adaptation=adaptation)],
        [coupling(500, 8.0)],
        [step_current()],
    )
    equations = heddle.quadratic_rates(circuit)
    assert any("an approximation, not a limit" in line for line in equations.assumptions)
    assert distance(circuit, equations=equations) < ADAPTATION_TOLERANCE
    assert distance(circuit, equations=without_adaptation(equations)) > 3 * ADAPTATION_TOLERANCE


def test_two_populations_at_random_with_inhibition_follow_their_equations():
    K = 400
    pairs = [("E", "E", 6.0), ("E", "I", 8.0), ("I", "E", -6.0), ("I", "I", -2.0)]
    circuit = Circuit(
        [lorentzian(eta=-1.0), lorentzian("I", eta=-2.0)],
        [Projection(a, b, Bernoulli(K / N), J / K, 2.0, Synapse("delta")) for a, b, J in pairs],
        [step_current()],
    )
    assert distance(circuit) < STEP_TOLERANCE


def test_the_error_falls_with_the_number_of_neurons():
    """All to all, so that only 1 / √N is left: from 250 to 4000 neurons by about 4.

    Means over 8 seeds of each, 0.064 ± 0.005 and 0.021 ± 0.003: four standard deviations (once in
    30,000 sets of seeds) from a ratio of 1.6."""

    def mean_distance(size):
        circuit = Circuit(
            [lorentzian(size=size)],
            [coupling(size, 8.0, rule="all_to_all")],
            [step_current()],
        )
        return np.mean([distance(circuit, bin=2.0, seed=seed) for seed in range(8)])

    assert mean_distance(250) > 1.6 * mean_distance(4000)
