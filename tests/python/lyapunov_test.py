"""Lyapunov spectra against SciPy's integrator and NumPy's eigenvalues."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import heddle

TAU = 0.01
W = np.array([[0, -1.5, -0.75], [-0.75, 0, -1.5], [-1.5, -0.75, 0]])  # CTLN of the 3-cycle


@pytest.fixture(scope="module")
def ctln():
    network = heddle.Network(
        weights=W, response="rectified", bias=np.ones(3), readout=np.zeros((0, 3)), tau=TAU
    )
    return heddle.rate_form(network)


def both(_, y):
    """The CTLN and its variational equation, time in τ."""
    active = (W @ y[:3] + 1 > 0)[:, None]
    jacobian = -np.eye(3) + active * W
    return np.concatenate(
        [-y[:3] + np.maximum(W @ y[:3] + 1, 0), (jacobian @ y[3:].reshape(3, 3)).ravel()]
    )


def floquet():
    """Period in τ and multipliers of the limit cycle, by shooting at 1e-11."""
    options = {"rtol": 1e-11, "atol": 1e-13, "max_step": 0.02}
    settled = solve_ivp(both, (0, 60), [0.6, 0.2, 0.1, *np.eye(3).ravel()], **options).y[:3, -1]

    def section(_, y):
        return y[0] - settled[0]

    section.direction = np.sign(both(0, np.array([*settled, *np.eye(3).ravel()]))[0])
    path = solve_ivp(both, (0, 30), [*settled, *np.eye(3).ravel()], events=section, **options)
    late = path.t_events[0] > 1e-3
    period = path.t_events[0][late][0]
    return period, np.linalg.eigvals(path.y_events[0][late][0][3:].reshape(3, 3))


def test_on_a_limit_cycle_they_are_the_logarithms_of_the_floquet_multipliers(ctln):
    period, multipliers = floquet()
    expected = np.sort(np.log(np.abs(multipliers)))[::-1] / (TAU * period)
    assert abs(expected[0]) < 1e-3 / TAU  # the flow's own direction
    found = heddle.lyapunov_spectrum(ctln, count=3, duration=30)
    assert found.trusted
    assert np.all(np.abs(found.exponents - expected) < 1e-3 / TAU + 4 * found.standard_errors)
    np.testing.assert_allclose(found.exponents[1:], expected[1:], rtol=5e-3)


def test_at_a_fixed_point_they_are_the_eigenvalues_of_its_jacobian():
    network = heddle.gaussian_network(0, n=30, g=0.8, seed=2)
    smooth = heddle.Network(
        **{
            **{name: getattr(network, name) for name in network._fields},
            "response": "softplus",
            "bias": np.full(30, 0.3),
        }
    )
    found = heddle.lyapunov_spectrum(smooth, count=30, duration=20)
    x = np.asarray(found.final_state)
    jacobian = (network.weights / (1 + np.exp(-x)) - np.eye(30)) / TAU
    expected = np.sort(np.linalg.eigvals(jacobian).real)[::-1]
    np.testing.assert_allclose(found.exponents, expected, atol=0.5)
    assert found.kaplan_yorke == 0


def test_the_result_pickles_and_tells_what_it_is():
    import pickle

    network = heddle.make_network(
        heddle.gaussian_weights(20, 0.5, seed=1), channels=0, response="tanh"
    )
    found = heddle.lyapunov_spectrum(network, count=2, duration=0.5)
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.exponents, found.exponents)
    assert again.kaplan_yorke == found.kaplan_yorke
    assert again.sum_residual is None
    assert "2 exponents" in repr(found)


def test_maps_take_steps_for_seconds():
    tent = heddle.ThresholdMap([[1.99]], [[-3.98]], [[1.0]], bias=[-0.5])
    found = heddle.lyapunov_spectrum(tent, start=[0.3])
    assert found.exponents[0] == pytest.approx(np.log(1.99))
    assert found.time == 10_000


def test_cycles_of_a_map_come_with_their_evidence():
    tent = heddle.plrnn([[0.4]], [[-4.4]], [1.0])
    found = heddle.cycles_of_map(tent, 3)
    assert found.complete
    assert found.statement.startswith("2 cycles of period 3, none missing")
    stable = found.cycles[0]
    assert stable.stable
    path = heddle.iterate(tent, stable.states[:, 0], 3)
    np.testing.assert_allclose(path[:, 3], path[:, 0], rtol=1e-13)
    assert stable.itinerary == [[], [], [0]]
    assert heddle.fixed_points_of_map(tent).cycles[0].states[0, 0] == pytest.approx(1 / 5)


def test_wrong_systems_and_options_are_refused():
    network = heddle.gaussian_network(0, n=5)
    with pytest.raises(heddle.DomainError, match="count"):
        heddle.lyapunov_spectrum(network, count=0)
    with pytest.raises(heddle.ShapeError, match="start"):
        heddle.lyapunov_spectrum(network, start=[1.0])
    with pytest.raises(TypeError):
        heddle.lyapunov_spectrum(5)
