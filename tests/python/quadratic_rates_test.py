"""Firing-rate equations of quadratic neurons, against the circuits they are derived from.

Comparisons with `heddle.simulate`: nRMSE is the root mean square difference of A(t) and the rate
equations over the time course, over the range of the latter. What a finite circuit leaves of order
1 / √N and 1 / √K was 0.010 to 0.018 over ten seeds, and 0.036 where adaptation is by the mean; the
tolerances lie five standard deviations of these ten above (normal: once in 10⁶ seeds).
"""

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
    FixedIndegree,
    Input,
    Population,
    Projection,
    QuadraticNeuron,
    Synapse,
)

N = 20_000
TAU = 10.0
STEP_TOLERANCE = 0.03
ADAPTATION_TOLERANCE = 0.06


def population(name="E", eta=-3.0, delta=1.0, size=N, **others):
    law = Distribution.lorentzian(eta, delta)
    return Population(name, size, QuadraticNeuron(tau_m=TAU), quenched={"eta": law}, **others)


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


def coupling(K, J, kind="delta", gamma=0.0, rule=None):
    """A projection with K w q = J τ_m, and the half width `gamma` in the same unit."""
    charge = {"delta": TAU, "exponential": 5.0, "alpha": np.e * 5.0}[kind]
    unit = TAU / (K * charge)
    weight = Distribution.lorentzian(J * unit, gamma * unit) if gamma else J * unit
    return Projection("E", "E", rule or FixedIndegree(K), weight, 1.0, Synapse(kind, tau_syn=5.0))


@pytest.mark.parametrize("kind", ["delta", "exponential", "alpha"])
def test_a_population_follows_its_equations_through_a_step_of_current(kind):
    circuit = Circuit([population()], [coupling(500, 8.0, kind)], [step_current()])
    assert distance(circuit) < STEP_TOLERANCE


def test_lorentzian_weights_widen_the_population_as_stated_and_without_that_rates_are_wrong():
    circuit = Circuit(
        [population()], [coupling(300, 8.0, "exponential", gamma=2.0)], [step_current()]
    )
    equations = heddle.quadratic_rates(circuit)
    assert distance(circuit, equations=equations) < STEP_TOLERANCE
    assert distance(circuit, equations=without_widths(equations)) > 2 * STEP_TOLERANCE


def test_a_current_switches_a_bistable_population_as_published():
    """Gast, Schmidt & Knösche (2020), fig. 1: Δ = 2, J = 15 √Δ, η = −8, a current of 5 for 20 τ.

    The nRMSE over eight seeds was 0.021 ± 0.015, most of it the time of the switch; the upper rate
    is right to 0.3 %."""
    circuit = Circuit(
        [population(eta=-8.0, delta=2.0, size=10_000)],
        [coupling(500, 15.0 * np.sqrt(2.0))],
        [step_current(5.0, 100.0, 300.0)],
    )
    equations = heddle.quadratic_rates(circuit)
    low, saddle, high = equations.fixed_points().points
    assert (low.stability, saddle.kind, high.kind) == ("stable", "saddle", "focus")
    expected = binned(equations, duration=400.0, bin=2.0)[0]
    found = heddle.simulate(circuit, duration=400.0, step=0.05, bin=2.0, seed=1).activity[0]
    assert np.sqrt(np.mean((found - expected) ** 2)) < 0.1 * np.ptp(expected)
    assert abs(expected[40:50].mean() - low.state[0]) < 1e-3 * low.state[0]
    assert abs(expected[180:].mean() - high.state[0]) < 1e-3 * high.state[0]
    assert abs(found[180:].mean() - high.state[0]) < 0.02 * high.state[0]


def test_adaptation_by_the_mean_is_near_and_without_it_rates_are_wrong():
    adaptation = [Adaptation("current", tau=50.0, q=1.5)]
    circuit = Circuit(
        [population(eta=-1.0, adaptation=adaptation)], [coupling(500, 8.0)], [step_current()]
    )
    equations = heddle.quadratic_rates(circuit)
    assert any("an approximation, not a limit" in line for line in equations.assumptions)
    assert distance(circuit, equations=equations) < ADAPTATION_TOLERANCE
    assert distance(circuit, equations=without_adaptation(equations)) > 3 * ADAPTATION_TOLERANCE


def test_two_populations_at_random_with_inhibition_follow_their_equations():
    K = 400
    pairs = [("E", "E", 6.0), ("E", "I", 8.0), ("I", "E", -6.0), ("I", "I", -2.0)]
    circuit = Circuit(
        [population(eta=-1.0), population("I", eta=-2.0)],
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
            [population(size=size)], [coupling(size, 8.0, rule="all_to_all")], [step_current()]
        )
        return np.mean([distance(circuit, bin=2.0, seed=seed) for seed in range(8)])

    assert mean_distance(250) > 1.6 * mean_distance(4000)


def test_str_and_latex_write_the_equations():
    equations = heddle.quadratic_rates(Circuit([population()], [coupling(500, 8.0)]))
    lines = str(equations).splitlines()
    assert lines[:2] == [
        "τ_E ṙ_E = 1000 D_E / (π τ_E) + 2 r_E v_E",
        "τ_E v̇_E = v_E² + I_E − (0.001 π τ_E r_E)²",
    ]
    assert "I_E = η_E + J_E,E r_E(t − d_E)" in lines
    assert "  J_E,E = 0.08 1/Hz  (median weight E_E)" in lines
    assert equations.latex().startswith("\\begin{aligned}")


def test_the_right_hand_side_vanishes_at_fixed_points_and_takes_the_past_apart():
    equations = heddle.quadratic_rates(Circuit([population(eta=-5.0)], [coupling(500, 15.0)]))
    found = equations.fixed_points()
    assert found.complete
    assert len(found.points) == 3
    for point in found.points:
        assert np.abs(equations.rhs(point.state)).max() < 1e-12
        assert point.residual < 1e-12
        pushed = equations.rhs(point.state, delayed=point.state[:1] + 1.0)
        assert np.allclose(pushed - equations.rhs(point.state), [0.0, 0.15 / TAU])


def test_every_value_is_pickled_and_says_what_it_is():
    circuit = Circuit([population()], [coupling(500, 8.0, "alpha")], [step_current()])
    equations = heddle.quadratic_rates(circuit)
    again = pickle.loads(pickle.dumps(equations))
    assert str(again) == str(equations)
    assert np.array_equal(again.rhs(again.initial), equations.rhs(equations.initial))
    assert repr(equations) == "QuadraticRates(r_E, v_E, x_E, s_E)"
    assert repr(equations.filters[0]) == "RateFilter(alpha of population 0, delay 1 ms)"
    assert repr(equations.currents[0]) == "SharedCurrent(to population 0, 2 steps)"
    assert "/ Hz" in repr(equations.couplings[0])
    assert repr(equations.fixed_points().points[0]).startswith("RateFixedPoint(stable")
    assert "1 fixed point, all there are" in repr(equations.fixed_points())
    assert repr(equations.solve(duration=5.0)).startswith("RateTrajectory(4 states, 51 times")


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda e: heddle.quadratic_rates(Circuit([Population("E", 9, "lif")])), "neurons are lif"),
        (lambda e: e.solve(step=2.0), "step is 2 ms, above the delay of 'r_E', 1 ms"),
        (lambda e: e.solve(initial=[1.0]), "initial has shape (1,); expected (2,)"),
        (lambda e: e.rhs([1.0]), "state has shape (1,); expected (2,)"),
        (lambda e: e.rhs([1.0, 0.0], delayed=[]), "delayed has shape (0,); expected (1,)"),
        (lambda e: e.solve(tolerance=-1.0), "tolerance is -1; it must be > 0"),
        (lambda e: e.fixed_points(starts=0), "starts is 0"),
        (
            lambda e: changed(e, couplings=[heddle.RateCoupling(0, 7, 1.0, 0.0)]),
            "couplings[0]: filter is 7; there are 1",
        ),
    ],
)
def test_bad_input_is_named(call, part):
    equations = heddle.quadratic_rates(Circuit([population()], [coupling(500, 8.0)]))
    with pytest.raises(ValueError) as error:  # noqa: PT011 the parts are compared
        call(equations)
    assert part in str(error.value)
