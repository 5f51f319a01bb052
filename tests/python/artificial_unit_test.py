"""Units made of spiking neurons, as the units of a designed network."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from population_circuits import softplus_population

import heddle

TARGETS = np.array([0.9 + 2.0j, 0.9 - 2.0j, 0.5 + 4.0j, 0.5 - 4.0j])


def rates_at_rest(equations: heddle.RateEquations) -> np.ndarray:
    """Eigenvalues of the linearisation at x = 0, 1/s."""
    a, *_, delay = equations.slopes(np.zeros(len(equations.states)))
    assert delay.size == 0
    return 1e3 * np.linalg.eigvals(a)


def farthest(wanted: np.ndarray, found: np.ndarray) -> float:
    return float(np.abs(wanted[:, None] - found[None, :]).min(axis=1).max())


def test_a_loop_design_keeps_its_eigenvalues_on_units_made_of_spikes():
    network = heddle.gaussian_network(0, n=20, g=0.8, seed=1, tau=0.01)
    placement = heddle.place_eigenvalues(network, TARGETS, loops=2)
    equations = heddle.network_equations(
        network,
        heddle.artificial_unit(softplus_population()),
        loops=placement.loops,
        carrier="membrane",
    )
    assert farthest((TARGETS - 1) / network.tau, rates_at_rest(equations)) * network.tau < 1e-8


def test_targets_that_are_compensated_hold_with_adaptation_and_a_membrane():
    """Without compensation the same targets are missed by far more."""
    network = heddle.gaussian_network(0, n=20, g=0.8, seed=1, tau=0.05)
    unit = heddle.artificial_unit(
        softplus_population(400, heddle.Adaptation("threshold", 100.0, q=0.6))
    )
    wanted = (TARGETS - 1) / network.tau
    needed = heddle.compensated_targets(unit, TARGETS, network.tau)
    off = {}
    for name, targets in {"compensated": needed, "not": TARGETS}.items():
        loops = heddle.place_eigenvalues(network, targets, loops=2).loops
        found = rates_at_rest(heddle.network_equations(network, unit, loops=loops))
        off[name] = farthest(wanted, found) * network.tau
    assert off["compensated"] < 1e-8
    assert off["not"] > 0.1


def test_arguments_come_as_python_has_them():
    unit = heddle.artificial_unit(softplus_population())
    value, slope = heddle.unit_response(unit, [0.0, 0.5])
    assert value[0] == pytest.approx(0.0, abs=1e-9)
    assert slope[0] == pytest.approx(1.0)
    assert slope[1] <= unit.steepest
    again = pickle.loads(pickle.dumps(unit))
    assert (again.rate, again.neuron.Delta_V) == (unit.rate, unit.neuron.Delta_V)
    network = heddle.gaussian_network(0, n=3, g=0.5, seed=0)
    loops = heddle.Loops(np.ones((3, 1)), np.ones((3, 1)))
    equations = heddle.network_equations(network, unit, loops=[loops, loops])
    assert {"gate_1", "gate_2", "b_3"} <= set(equations.values)
    assert "gate" in str(equations)
    with pytest.raises(heddle.DomainError, match=r"carrier is 'membran'.*did you mean 'membrane'"):
        heddle.network_equations(network, unit, carrier="membran")
    recurrent = heddle.Projection("A", "A", heddle.AllToAll(), 1.0, 1.0)
    circuit = heddle.Circuit(softplus_population().populations, [recurrent])
    with pytest.raises(heddle.DomainError, match="leave them to the network's weights"):
        heddle.artificial_unit(circuit)


def test_all_fixed_points_of_a_network_of_units_are_proven():
    """Two sigmoid units that inhibit each other threefold: one of them wins."""
    neuron = heddle.EscapeNeuron(
        tau_m=10.0, V_T_star=1.0, Delta_V=2.0, lambda_0=100.0, I_e=25.0,
        hazard="sigmoid", reset=False, t_ref=0.0,
    )  # fmt: skip
    unit = heddle.artificial_unit(heddle.Circuit([heddle.Population("A", 400, neuron)]))
    network = heddle.Network([[0.0, -3.0], [-3.0, 0.0]], tau=0.01)
    equations = heddle.network_equations(network, unit, carrier="membrane")
    found = equations.fixed_points()
    assert found.complete
    assert [point.stability for point in found.points] == ["stable", "unstable", "stable"]
    winner = found.points[2].state
    value = heddle.unit_response(unit, winner)[0]
    np.testing.assert_allclose(winner, [-3.0 * value[1], -3.0 * value[0]], atol=1e-7)


def test_slopes_are_those_of_the_right_hand_side():
    unit = heddle.artificial_unit(
        softplus_population(400, heddle.Adaptation("threshold", 100.0, q=0.6))
    )
    network = heddle.Network([[0.5, -1.0], [2.0, 0.0]], tau=0.05)
    equations = heddle.network_equations(network, unit)
    state = np.linspace(-0.5, 0.7, 6)
    a, b, c, delay = equations.slopes(state)
    h = 1e-6
    differences = [
        (equations.rhs(state + h * e) - equations.rhs(state - h * e)) / (2 * h) for e in np.eye(6)
    ]
    np.testing.assert_allclose(a, np.array(differences).T, atol=1e-8)
    assert (b.shape, c.shape, delay.shape) == ((6, 0), (0, 6), (0,))
