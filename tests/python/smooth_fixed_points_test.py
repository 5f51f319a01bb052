"""Smooth fixed points from Python, against 50 digits; slow points; what is refused."""

import mpmath
import numpy as np
import pytest

import heddle
from heddle.commands.smooth_points import print_smooth_points, smooth_points_data


def network(n, g, *, response="tanh", bias=0.0, seed=1):
    weights = heddle.gaussian_weights(n, g, seed=seed)
    return heddle.Network(weights=weights, response=response, bias=np.full(n, bias))


def polished(given, state):
    """The zero next to `state` to 50 digits, by Newton's method in mpmath."""
    with mpmath.workdps(60):
        w = mpmath.matrix(given.weights.tolist())
        b = mpmath.matrix([mpmath.mpf(float(x)) for x in given.bias])
        x = mpmath.matrix([mpmath.mpf(float(value)) for value in state])
        tanh = given.response == "tanh"
        for _ in range(4):
            phi = x.apply(mpmath.tanh if tanh else lambda v: mpmath.log(1 + mpmath.exp(v)))
            slope = x.apply(lambda v: 1 - mpmath.tanh(v) ** 2 if tanh else 1 / (1 + mpmath.exp(-v)))
            f = -x + w * phi + b
            jacobian = w * mpmath.diag(list(slope)) - mpmath.eye(len(state))
            x -= mpmath.lu_solve(jacobian, f)
        assert mpmath.norm(f, mpmath.inf) < mpmath.mpf(10) ** -25
        return x, max(abs(x[i] - mpmath.mpf(float(state[i]))) for i in range(len(state)))


@pytest.mark.parametrize(
    "given", [network(12, 1.8), network(12, 1.6, bias=0.1), network(10, 2.0, response="softplus")]
)
def test_every_certified_ball_holds_a_zero_to_50_digits(given):
    found = heddle.smooth_fixed_points(given, starts=24)
    assert found.certified == len(found.points) > 0
    for point in found.points:
        _, apart = polished(given, point.state)
        assert apart <= point.radius
        assert point.radius < 1e-9 < point.uniqueness_radius


def test_eigenvalues_at_the_50_digit_zero_lie_within_the_stated_error():
    given = network(12, 1.8)
    for point in heddle.smooth_fixed_points(given, starts=16).points:
        exact, _ = polished(given, point.state)
        with mpmath.workdps(40):
            slope = exact.apply(lambda v: 1 - mpmath.tanh(v) ** 2)
            jacobian = mpmath.matrix(given.weights.tolist()) * mpmath.diag(list(slope))
            values = mpmath.eig(jacobian - mpmath.eye(12), left=False, right=False)
            apart = max(min(abs(z - mpmath.mpc(w)) for w in point.eigenvalues) for z in values)
        assert apart <= point.eigenvalue_error
        assert point.unstable == sum(z.real > 0 for z in values)


def test_points_of_an_odd_network_come_in_exact_pairs():
    points = heddle.smooth_fixed_points(network(50, 1.5)).points
    states = {point.state.tobytes() for point in points}
    assert len(states) == len(points) > 3
    assert all((0.0 - point.state).tobytes() in states for point in points)


def test_near_misses_are_never_certified_to_hold_a_zero_that_is_not_there():
    # For |b| beyond the fold of x = 2 tanh x + b, one zero is left, below −2.
    given = heddle.Network(weights=np.array([[2.0]]), response="tanh", bias=np.array([-0.5329]))
    for x in np.linspace(0.2, 2.0, 2001):
        assert not heddle.certify_fixed_point(given, np.array([x])).certified


def test_more_starts_and_threads_never_change_the_bits_of_earlier_ones():
    given = network(30, 1.8)
    one = heddle.smooth_fixed_points(given, starts=8, threads=1)
    two = heddle.smooth_fixed_points(given, starts=8, threads=2)
    assert [p.state.tobytes() for p in one.points] == [p.state.tobytes() for p in two.points]


def test_a_search_says_what_it_found(capsys):
    from heddle.commands.output import stdout

    given = heddle.Network(weights=np.array([[2.0]]), response="tanh", bias=np.array([-0.55]))
    found = heddle.smooth_fixed_points(given)
    data = smooth_points_data(found, given.tau)
    print_smooth_points(stdout(), data)
    printed = " ".join(capsys.readouterr().out.split())
    assert "1 fixed point proven to exist, 1 slow point besides" in printed
    assert "slow point, no fixed point: speed" in printed
    assert len(data["slow_points"]) == 1


def test_rectified_networks_are_sent_to_their_own_search():
    with pytest.raises(heddle.DomainError, match="fixed_points takes rectified networks"):
        heddle.smooth_fixed_points(network(4, 1.0, response="rectified"))
