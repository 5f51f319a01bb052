"""Firing-rate equations of quadratic neurons: text, fixed points, values, and bad input."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from population_circuits import QUADRATIC_TAU, coupling, lorentzian

import heddle
from heddle import (
    Circuit,
    CurrentInput,
    Input,
    Population,
)

N = 20_000


def changed(equations, **others):
    fields = {name: getattr(equations, name) for name in equations._fields}
    return heddle.QuadraticRates(**fields | others)


def step_current(value=4.0, start=40.0, stop=80.0):
    return Input("E", CurrentInput([start, stop], [[value, 0.0]]))


def test_str_and_latex_write_the_equations():
    equations = heddle.quadratic_rates(Circuit([lorentzian()], [coupling(500, 8.0)]))
    lines = str(equations).splitlines()
    assert lines[:2] == [
        "τ_E ṙ_E = 1000 D_E / (π τ_E) + 2 r_E v_E",
        "τ_E v̇_E = v_E² + I_E − (0.001 π τ_E r_E)²",
    ]
    assert "I_E = η_E + J_E,E r_E(t − d_E)" in lines
    assert "  J_E,E = 0.08 1/Hz  (median weight E_E)" in lines
    assert equations.latex().startswith("\\begin{aligned}")


def test_the_right_hand_side_vanishes_at_fixed_points_and_takes_the_past_apart():
    equations = heddle.quadratic_rates(Circuit([lorentzian(eta=-5.0)], [coupling(500, 15.0)]))
    found = equations.fixed_points()
    assert found.complete
    assert len(found.points) == 3
    for point in found.points:
        assert np.abs(equations.rhs(point.state)).max() < 1e-12
        assert point.residual < 1e-12
        pushed = equations.rhs(point.state, delayed=point.state[:1] + 1.0)
        assert np.allclose(pushed - equations.rhs(point.state), [0.0, 0.15 / QUADRATIC_TAU])


def test_every_value_is_pickled_and_says_what_it_is():
    circuit = Circuit([lorentzian()], [coupling(500, 8.0, "alpha")], [step_current()])
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
    equations = heddle.quadratic_rates(Circuit([lorentzian()], [coupling(500, 8.0)]))
    with pytest.raises(ValueError) as error:  # noqa: PT011 the parts are compared
        call(equations)
    assert part in str(error.value)
