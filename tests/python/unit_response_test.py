"""Networks whose response is that of a population of spiking neurons."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import heddle

TARGETS = np.array([0.9 + 2.0j, 0.9 - 2.0j, 0.5 + 4.0j, 0.5 - 4.0j])


def unit_of(hazard: str = "softplus", *adaptation: heddle.Adaptation, scale: float = 1.5):
    """Neurons at some tens of Hz, whose thresholds differ by 1.5 mV."""
    neuron = heddle.EscapeNeuron(
        tau_m=10.0, V_T_star=1.0, Delta_V=2.0, lambda_0=40.0, I_e=50.0,
        hazard=hazard, reset=False, t_ref=0.0,
    )  # fmt: skip
    spread = {"V_T_star": heddle.Distribution.normal(1.0, 1.5)}
    population = heddle.Population("A", 400, neuron, adaptation=list(adaptation), quenched=spread)
    return heddle.artificial_unit(heddle.Circuit([population]), scale=scale)


def random_network(response, g: float = 1.2, inhibition: float = 0.0) -> heddle.Network:
    weights = heddle.gaussian_weights(12, g, seed=3) - inhibition / 12
    return heddle.Network(weights, response=response, bias=np.linspace(-0.3, 0.4, 12))


@pytest.mark.parametrize(
    ("hazard", "inhibition"), [("softplus", 15.0), ("sigmoid", 0.0), ("rectified", 15.0)]
)
def test_a_trajectory_is_that_of_the_unit_s_equations_and_of_another_integrator(hazard, inhibition):
    """To 1e-7 after 25 time constants, where the state still moves."""
    unit = unit_of(hazard)
    network = random_network(unit, 2.5, inhibition)
    found = heddle.lyapunov_spectrum(
        network, count=1, start=np.zeros(12), transient=0.05, duration=0.2, step=0.001
    )
    time = found.steps * found.step
    linear = random_network("linear", 2.5, inhibition)
    equations = heddle.network_equations(linear, unit, carrier="membrane")
    solved = equations.solve(duration=1e3 * time, step=0.05)

    def velocity(_, x):
        phi, _ = heddle.unit_response(network.response, x)
        return (-x + network.weights @ phi + network.bias) / network.tau

    assert time > 0.24
    assert network.tau * abs(velocity(time, found.final_state)).max() > 0.05
    np.testing.assert_allclose(solved.states[:, -1], found.final_state, atol=1e-7)
    other = solve_ivp(velocity, (0, time), np.zeros(12), rtol=1e-10, atol=1e-12, method="DOP853")
    np.testing.assert_allclose(found.final_state, other.y[:, -1], atol=1e-7)


def test_loops_designed_for_a_linear_network_hold_around_rest():
    network = heddle.Network(heddle.gaussian_weights(20, 0.8, seed=1), response=unit_of("sigmoid"))
    loops = heddle.place_eigenvalues(network, TARGETS, loops=2).loops
    slopes, *_ = heddle.network_equations(network, loops=loops).slopes(np.zeros(20))
    rates = 1e3 * np.linalg.eigvals(slopes)
    apart = abs((TARGETS[:, None] - 1) / network.tau - rates[None, :]).min(axis=1)
    assert apart.max() * network.tau < 1e-8


@pytest.mark.parametrize("hazard", ["sigmoid", "softplus"])
def test_fixed_points_of_two_units_are_those_of_their_equations(hazard):
    """Units that inhibit each other threefold: the search finds what the boxes prove complete."""
    network = heddle.Network([[0.0, -3.0], [-3.0, 0.0]], response=unit_of(hazard))
    found = heddle.smooth_fixed_points(network)
    proven = heddle.network_equations(network).fixed_points()
    assert proven.complete
    assert len(found.points) == len(proven.points) == 3
    assert found.certified == 3
    for point in found.points:
        apart, other = min(
            (abs(point.state - other.state).max(), index)
            for index, other in enumerate(proven.points)
        )
        assert apart < point.radius + 1e-7
        assert point.stability == proven.points[other].stability


@pytest.mark.parametrize("form", ["input", "rate"])
def test_trajectories_approach_each_other_at_the_certified_rate(form):
    unit = unit_of("sigmoid")
    assert unit.steepest > 1.04
    network = heddle.Network(heddle.gaussian_weights(8, 0.3, seed=1), response=unit)
    found = heddle.contraction(network, form=form)
    assert found.certified
    tanh = heddle.contraction(heddle.Network(network.weights, response="tanh"), form=form)
    rng = np.random.default_rng(2)
    for test in found.tests:
        assert test.certified
        assert test.rate < next(other.rate for other in tanh.tests if other.norm == test.norm)
        for start in (0.1, 3.0):
            x, y = start * rng.standard_normal((2, 8))
            ends = [followed(network, form, one, 0.02) for one in (x, y)]
            before, after = length(test, x - y), length(test, ends[0] - ends[1])
            assert after <= before * np.exp(-0.02 * test.rate) * (1 + 1e-6)


def followed(network: heddle.Network, form: str, x: np.ndarray, time: float) -> np.ndarray:
    def velocity(_, x):
        if form == "input":
            return (network.weights @ heddle.unit_response(network.response, x)[0] - x) / 0.01
        return (heddle.unit_response(network.response, network.weights @ x)[0] - x) / 0.01

    return solve_ivp(velocity, (0, time), x, rtol=1e-9, atol=1e-11).y[:, -1]


def length(test, x: np.ndarray) -> float:
    if test.matrix is not None:
        return float(np.sqrt(x @ test.matrix @ x))
    if test.norm == "l1":
        return float(test.weights @ abs(x))
    return float(np.max(abs(x) / test.weights))


@pytest.mark.parametrize("norms", [["l1"], ["l2"]])
def test_exponential_hazards_are_refused_by_certificates_that_need_a_bound(norms):
    network = random_network(unit_of("exponential"), g=0.2)
    with pytest.raises(heddle.DomainError, match="whose slope has no bound"):
        heddle.contraction(network, norms=norms)
    assert heddle.smooth_fixed_points(network, starts=8).certified >= 1  # bounds near one state


def test_a_network_file_keeps_every_bit_of_a_response(tmp_path):
    unit = unit_of("sigmoid")
    network = random_network(unit)
    heddle.save_network(tmp_path / "net.h5", network)
    loaded = heddle.load_network(tmp_path / "net.h5")
    for name in unit.response()._fields:
        assert getattr(loaded.response, name) == getattr(unit.response(), name)
    assert loaded.response == network.response == unit.response()
    assert pickle.loads(pickle.dumps(network)).response == unit.response()
    assert hash(loaded.response) == hash(unit.response())


def test_a_response_comes_from_units_descriptions_and_numbers():
    unit = unit_of("rectified")
    response = unit.response()
    assert response.potential == unit.potential
    assert response.scale == unit.scale
    assert response.steepest == unit.steepest
    assert "rectified" in repr(response)
    built = heddle.build_network("gaussian:n=6,g=0.5", channels=0, response=unit)
    assert built.response == response
    assert "transfer" in repr(built)
    fields = {name: getattr(response, name) for name in response._fields}
    assert heddle.TransferResponse(**fields) == response
    assert heddle.TransferResponse(**{**fields, "scale": 2.0}) != response
    assert response != "rectified"
    value, slope = heddle.unit_response(response, [0.0, 0.7])
    np.testing.assert_array_equal((value, slope), heddle.unit_response(unit, [0.0, 0.7]))


def test_adaptation_is_refused_or_held():
    unit = unit_of("softplus", heddle.Adaptation("threshold", 100.0, q=0.6))
    with pytest.raises(heddle.DomainError, match="a network has no states for that"):
        random_network(unit)
    held = unit.response(hold_adaptation=True)
    assert held.potential == unit.potential
    assert random_network(held).response == held


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"scale": 0.0}, "response: scale is 0 mV; it must be > 0"),
        ({"variance": -1.0}, "response: variance is -1 mV²; it must be at least 0"),
        ({"hazard": "softpuls"}, "hazard is 'softpuls'; did you mean 'softplus'"),
        ({"lambda_floor": 2.0}, "only rectified hazards have a floor"),
        ({"potential": -1e4}, "the rate there is no number, or does not answer"),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_name(fields, message):
    with pytest.raises(heddle.DomainError) as caught:
        heddle.TransferResponse(**fields)
    assert message in str(caught.value)


def test_what_contradicts_a_response_is_refused_by_name():
    unit = unit_of()
    weights = np.zeros((2, 2))
    with pytest.raises(heddle.DomainError, match="tau_m is 10 ms and tau of the network 50 ms"):
        heddle.Network(weights, tau=0.05, response=unit)
    with pytest.raises(TypeError, match="expected a name, an ArtificialUnit or a TransferResp"):
        heddle.Network(weights, response=3)
    with pytest.raises(heddle.DomainError, match="carrier is 'synapse'"):
        heddle.network_equations(heddle.Network(weights, response=unit), carrier="synapse")
    with pytest.raises(heddle.DomainError, match="found the response transfer, expected linear"):
        heddle.input_form(heddle.Network(weights, response=unit))
    with pytest.raises(heddle.DomainError, match="give the unit as well"):
        heddle.network_equations(heddle.Network(weights))
