"""Rate equations from Python: formulas, their analysis, and what bad input says."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import heddle
from heddle import Circuit, Distribution, DomainError, Population, Projection, Synapse
from heddle.equations import (
    EquationDefinition,
    EquationInput,
    EquationParameter,
    EquationState,
    RateEquations,
    absolute,
    delayed,
    exponential,
    hyperbolic_tangent,
    logarithm,
    normal_below,
    rectified_mean,
    softplus_mean,
    symbol,
)


def wright(r: float = 1.0) -> RateEquations:
    x = symbol("x")
    return RateEquations(
        states=[EquationState("x", -symbol("r") * delayed("x", 1.0) * (1 + x), initial=0.1)],
        parameters=[EquationParameter("r", r)],
        populations=["x"],
        rates=["x"],
    )


def wilson_cowan(drive: float = 0.0) -> RateEquations:
    r_e, r_i = symbol("r_E"), symbol("r_I")

    def moves(u, r):
        return (100 * softplus_mean(1, symbol(u), 0.0) - r) / 10

    return RateEquations(
        states=[
            EquationState("r_E", moves("u_E", r_e), initial=5.0, unit="Hz"),
            EquationState("r_I", moves("u_I", r_i), initial=5.0, unit="Hz"),
        ],
        definitions=[
            EquationDefinition("u_E", symbol("w") * r_e - 0.12 * r_i + symbol("I_E")),
            EquationDefinition("u_I", 0.15 * r_e - 0.03 * r_i - 3.7),
        ],
        parameters=[EquationParameter("I_E", drive), EquationParameter("w", 0.16)],
        populations=["E", "I"],
        rates=["r_E", "r_I"],
    )


def test_formulas_are_what_python_makes_of_the_same_operators():
    x, y = symbol("x"), symbol("y")
    formula = 2 * x**2 / (1 + y) - exponential(-x) + logarithm(y) * absolute(x - y) + 1 - x
    formula = formula + hyperbolic_tangent(y) * normal_below(x) - rectified_mean(0, x, 0.0)
    equations = RateEquations(states=[EquationState("x", formula), EquationState("y", -y)])
    at = np.array([1.3, 0.7])
    expected = 2 * at[0] ** 2 / (1 + at[1]) - np.exp(-at[0]) + np.log(at[1]) * 0.6 + 1 - at[0]
    expected += np.tanh(at[1]) * 0.9031995154143897 - at[0]
    assert equations.rhs(at)[0] == pytest.approx(expected, rel=1e-12)


def test_equations_print_as_text_latex_and_html_and_survive_a_pickle():
    equations = wright()
    assert str(equations).splitlines()[0] == "ẋ = −r x(t − 1) (x + 1)"
    assert equations.latex().splitlines()[1].startswith(r"\dot{x} &= -r \, x(t - 1)")
    assert "<table>" in equations._repr_html_()
    assert equations._repr_latex_().startswith("$$")
    copy = pickle.loads(pickle.dumps(equations))
    assert str(copy) == str(equations)
    assert np.array_equal(copy.solve(duration=5.0).states, equations.solve(duration=5.0).states)


def test_parameters_change_by_name_and_only_those_that_exist():
    equations = wright().with_values(r=1.4)
    assert equations.values == {"r": 1.4}
    with pytest.raises(DomainError, match="'q' is no parameter"):
        equations.with_values(q=1.0)


def test_oscillations_have_the_amplitude_that_solutions_reach():
    branch = wright(1.7).follow_oscillation("r", 1.6, 1.8, settle=200.0, intervals=20)
    k = int(np.argmin(np.abs(branch.values - 1.7)))
    late = wright(float(branch.values[k])).solve(duration=300.0, step=0.02, tolerance=1e-5)
    assert branch.highest[0, k] == pytest.approx(late.states[0, -500:].max(), rel=2e-3)
    assert max(branch.trivial_error) < 1e-4


def test_a_diagram_has_branches_special_points_and_a_boundary_over_two_parameters():
    calls = []
    diagram = wilson_cowan().bifurcate(
        "I_E", -3.0, 3.0, progress=lambda done, total: calls.append((done, total))
    )
    assert diagram.proven_sections == diagram.sections == 5
    assert calls[-1][0] == calls[-1][1]
    (branch,) = diagram.branches
    assert sorted(special.kind for special in branch.specials) == ["fold", "fold", "hopf"]
    fold = next(special for special in branch.specials if special.kind == "fold")
    curve = wilson_cowan().follow_boundary(
        fold, "I_E", "w", first_range=(-5.0, 5.0), second_range=(0.1, 0.3)
    )
    # On the curve the number of fixed points changes by two.
    k = len(curve.first_values) // 3
    at = wilson_cowan().with_values(w=float(curve.second_values[k]))
    counts = {
        len(at.with_values(I_E=float(curve.first_values[k]) + side).fixed_points().points)
        for side in (-0.01, 0.01)
    }
    assert max(counts) - min(counts) == 2


def test_ctrl_c_and_errors_of_progress_end_a_diagram():
    class StopError(Exception):
        pass

    def stop(done, total):
        raise StopError

    with pytest.raises(StopError):
        wilson_cowan().bifurcate("I_E", -3.0, 3.0, progress=stop)


def test_inputs_are_steps():
    x = symbol("x")
    equations = RateEquations(
        states=[EquationState("x", (symbol("I") - x) / 10.0)],
        inputs=[EquationInput("I", [0.0, 50.0], [1.0, 3.0])],
    )
    found = equations.solve(duration=100.0, step=0.5, tolerance=1e-8)
    middle = 1 - np.exp(-5.0)
    assert found.states[0, 100] == pytest.approx(middle, rel=1e-6)
    assert found.states[0, 200] == pytest.approx(3 + (middle - 3) * np.exp(-5.0), rel=1e-6)
    assert equations.fixed_points(time=60.0, box={"x": (0, 10)}).points[0].state[
        0
    ] == pytest.approx(3.0)


def unit_circuit() -> Circuit:
    return heddle.circuits.adapting_population(2000, cv=1.0)


def test_a_rate_unit_rests_where_its_recording_ends():
    circuit = unit_circuit()
    equations = heddle.rate_unit_equations(circuit)
    (point,) = equations.fixed_points(time=600.0).points
    recording = heddle.rate_units(circuit, duration=4000.0)
    names = [item.name for item in equations.definitions]
    assert point.certified
    assert point.definitions[names.index("A_E")] == pytest.approx(
        recording.activity[0, -1], rel=1e-4
    )
    assert point.definitions[names.index("v_E")] == pytest.approx(
        recording.variance[0, -1], rel=1e-4
    )


def test_levels_say_which_describes_a_circuit_and_reduce_takes_the_first():
    levels = {level.name: level for level in heddle.levels_of(unit_circuit())}
    assert levels["rate-units"].describes
    assert not levels["quadratic"].describes
    assert "gif" in levels["quadratic"].reason
    assert heddle.reduce(unit_circuit()).title == "Rate units"
    with pytest.raises(DomainError, match="level 'quadratic' does not describe the circuit"):
        heddle.reduce(unit_circuit(), "quadratic")


def test_quadratic_neurons_bistable_between_two_folds_of_the_closed_form():
    """G(x) = Δ²/(4 x²) + η + J x/π − x² and G' = 0 at a fold, x = π τ r."""
    circuit = Circuit(
        [Population("E", 5000, "qif", quenched={"eta": Distribution.lorentzian(-4.0, 1.0)})],
        [Projection("E", "E", "all_to_all", synapse=Synapse("delta"), weight=0.003, delay=1.0)],
    )
    equations = heddle.reduce(circuit)
    tau, gain = equations.values["tau_E"], equations.values["J_E_E"]
    branch = equations.follow("eta_E", -12.0, 2.0)
    folds = [special for special in branch.specials if special.kind == "fold"]
    assert len(folds) == 2
    for fold in folds:
        x = np.pi * tau * fold.rates[0] * 1e-3
        j = gain * 1e3 / tau
        slope = -0.5 / x**3 + j / np.pi - 2 * x
        assert slope == pytest.approx(0.0, abs=1e-6)
        assert fold.parameter == pytest.approx(x**2 - 0.25 / x**2 - j * x / np.pi, rel=1e-8)


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: RateEquations(states=[]), "states is empty"),
        (lambda: RateEquations(states=[EquationState("x", symbol("y"))]), "'y' is unknown"),
        (lambda: wright().solve(step=2.0), "above the delay of 'x'"),
        (lambda: wright().fixed_points(box={"z": (0, 1)}), "'z' is neither a state nor"),
        (lambda: wright().follow("r", 2.0, 3.0, state=[0.0]), "outside of the range"),
        (lambda: wright().follow_oscillation("r", 0.5, 2.0, settle=50.0), "settle to no"),
        (lambda: wright().bifurcate("r", 2.0, 1.0), "finite ends that rise"),
        (lambda: heddle.reduce(Circuit([Population("E", 9, "lif")])), "no level has rate"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, part):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the parts are compared
        call()
    assert part in str(error.value)
