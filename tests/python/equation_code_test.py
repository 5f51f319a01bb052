"""Rate equations written as code, run here."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import heddle
from heddle.equations import (
    EquationDefinition,
    EquationInput,
    EquationParameter,
    EquationState,
    RateEquations,
    delayed,
    hyperbolic_tangent,
    symbol,
)


def equations(delay: float = 2.0) -> RateEquations:
    """Two units, one a delayed function of the other, and a current that steps at 5.03 ms."""
    a, b = symbol("r_A"), symbol("r_B")
    sent = delayed("f", symbol("d")) if delay else symbol("f")
    return RateEquations(
        states=[
            EquationState("r_A", (symbol("I") - a - 2 * b) / symbol("tau"), initial=0.5),
            EquationState("r_B", (sent - b) / symbol("tau"), initial=0.1),
        ],
        definitions=[EquationDefinition("f", 3 * hyperbolic_tangent(a))],
        parameters=[EquationParameter("tau", 4.0, unit="ms")]
        + ([EquationParameter("d", delay, unit="ms")] if delay else []),
        inputs=[EquationInput("I", [0.0, 5.03], [1.0, 2.0])],
        populations=["A", "B"],
        rates=["r_A", "r_B"],
    )


def module(text: str) -> dict:
    """What a Python module holds."""
    names: dict = {"__name__": "rates"}
    exec(compile(text, "rates.py", "exec"), names)
    return names


def test_the_numpy_module_takes_the_steps_of_solve():
    here = equations()
    there = module(here.code("numpy"))
    _, rates, _, _ = there["solve"](duration=40.0, step=0.1)
    trajectory = here.solve(duration=40.0, step=0.2, tolerance=np.inf)
    np.testing.assert_allclose(rates[::2].T, trajectory.rates, rtol=1e-12, atol=1e-13)


def test_parameters_of_the_numpy_module_are_those_of_the_equations():
    here = equations()
    there = module(heddle.equation_code(here, "numpy"))
    assert there["parameters"] == here.values
    slow = {**there["parameters"], "tau": 8.0}
    _, rates, _, _ = there["solve"](duration=40.0, step=0.1, p=slow)
    trajectory = here.with_values(tau=8.0).solve(duration=40.0, step=0.2, tolerance=np.inf)
    np.testing.assert_allclose(rates[::2].T, trajectory.rates, rtol=1e-12, atol=1e-13)


def test_scipy_solves_what_has_no_delays():
    here = heddle.without_delays(equations(), 4)
    there = module(here.code("numpy"))
    found = solve_ivp(
        there["rhs"], [0.0, 30.0], there["initial"], rtol=1e-9, atol=1e-11, max_step=0.05
    )
    trajectory = here.solve(duration=30.0, step=0.03)
    np.testing.assert_allclose(found.y[:, -1], trajectory.states[:, -1], rtol=1e-4)


@pytest.mark.parametrize("language", ["cpp", "julia", "auto", "xpp", "pyrates"])
def test_files_have_the_name_that_is_asked_for(language):
    files = heddle.equation_files(equations(delay=0.0), language, name="loop")
    assert all("loop" in name for name in files)
    assert next(iter(files.values())) == equations(delay=0.0).code(language, name="loop")


def test_auto_gets_two_files_and_starts_where_it_is_told():
    files = heddle.equation_files(
        equations(delay=0.0), "auto", parameter="tau", state=[0.25, 0.75], time=6.0
    )
    assert list(files) == ["rates.f90", "c.rates"]
    assert "u(2) = 0.75d0" in files["rates.f90"]
    assert "= 2.0d0  ! I" in files["rates.f90"]
    assert "ICP = ['tau']" in files["c.rates"]


@pytest.mark.parametrize(
    ("language", "options", "message"),
    [
        ("auto", {}, "'f' is delayed, and AUTO follows ordinary differential equations only"),
        ("numpi", {}, "did you mean 'numpy'"),
        ("numpy", {"step": 3.0}, "above the delay of 'f'"),
        ("numpy", {"name": "a b"}, "name is 'a b'"),
        ("numpy", {"state": [1.0]}, "state"),
        ("numpy", {"time": np.nan}, "time"),
    ],
)
def test_what_cannot_be_said_is_refused(language, options, message):
    with pytest.raises(heddle.Error, match=message):
        equations().code(language, **options)


def test_chains_come_near_delays():
    here = equations()
    truth = here.solve(duration=30.0).rates
    errors = [
        np.abs(heddle.without_delays(here, stages).solve(duration=30.0).rates - truth).max()
        for stages in (8, 32)
    ]
    assert np.log(errors[0] / errors[1]) / np.log(4.0) == pytest.approx(1.0, abs=0.1)
    with pytest.raises(heddle.DomainError, match="at least 1"):
        heddle.without_delays(here, 0)
