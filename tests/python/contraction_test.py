"""Contraction certificates: rates against simulated trajectories and against each other."""

import numpy as np
import pytest

import heddle
from heddle.lmi import Sector, checked, contraction_lmi
from heddle.multipliers import find_multipliers

PHI = {
    "tanh": np.tanh,
    "rectified": lambda x: np.maximum(x, 0),
    "softplus": lambda x: np.logaddexp(0, x),
    "linear": lambda x: x,
}


def network(n, g, response, seed=1):
    return heddle.Network(weights=heddle.gaussian_weights(n, g, seed=seed), response=response)


def loops(gain, seed=0, n=14, k=3):
    rng = np.random.default_rng(seed)
    given = heddle.Network(weights=heddle.gaussian_weights(n, 0.6, seed=1))
    parts = heddle.Loops(*(gain * rng.standard_normal((n, k)) for _ in range(2)))
    return heddle.rectified_loops(given, parts, np.ones(k))


def length(test, x):
    if test.matrix is not None:
        return np.sqrt(x @ test.matrix @ x)
    if test.norm == "l1":
        return float(test.weights @ abs(x))
    return float(np.max(abs(x) / test.weights))


@pytest.mark.parametrize("response", ["tanh", "softplus", "rectified", "linear"])
@pytest.mark.parametrize("form", ["input", "rate"])
def test_trajectories_approach_each_other_at_the_certified_rate(response, form):
    given = network(8, 0.3, response)
    found = heddle.contraction(given, form=form)
    assert found.certified
    assert {test.norm for test in found.tests if test.certified} == {"l1", "linf", "l2"}
    w, phi = given.weights, PHI[response]

    def field(x):
        return -x + (w @ phi(x) if form == "input" else phi(w @ x))

    rng, step = np.random.default_rng(3), 1e-3
    x, y = 3 * rng.standard_normal((2, 8))
    before = [length(test, x - y) for test in found.tests]
    for _ in range(2000):
        x = x + step * field(x + 0.5 * step * field(x))
        y = y + step * field(y + 0.5 * step * field(y))
    for test, start in zip(found.tests, before, strict=True):
        bound = np.exp(-test.rate * 2000 * step * given.tau) * start
        assert length(test, x - y) <= bound * (1 + 1e-5)


def test_the_inequality_of_one_unit_reaches_the_closed_form():
    # −1 + w d with d in [0, 1]: the rate is 1 − w.
    found = contraction_lmi(Sector(-np.eye(1), np.array([[0.6]]), np.eye(1)), solves=8)
    assert 0.38 < found.rate <= 0.4


def test_a_linear_network_gets_its_spectral_abscissa():
    given = network(30, 0.8, "linear")
    found = heddle.contraction(given, norms=["l2"])
    exact = (1 - np.linalg.eigvals(given.weights).real.max()) / given.tau
    assert 0.99 * exact < found.rate < exact


def test_a_network_with_two_stable_points_is_never_certified():
    for response in ("tanh", "rectified"):
        weights = np.array([[1.2, -0.3], [-0.3, 1.2]])
        for form in ("input", "rate"):
            found = heddle.contraction(
                heddle.Network(weights=weights, response=response), form=form
            )
            assert not found.certified
            assert not found.possible
            assert "no global contraction is possible" in found.statement


def test_wrong_matrices_are_refused_by_the_check_whoever_proposes_them():
    rng = np.random.default_rng(1)
    sector = Sector(-np.eye(3), 1.2 * np.eye(3), np.eye(3))
    for _ in range(50):
        root = rng.standard_normal((3, 3))
        assert checked(sector, root @ root.T, rng.uniform(0.01, 5, 3)).rate <= 0


def test_frequency_test_and_inequality_agree_on_rectified_loops():
    outcomes = []
    for seed in range(4):
        for gain in (0.15, 0.3, 0.45):
            system = loops(gain, seed)
            tests = heddle.contraction(system).tests
            frequency, inequality = (test.certified for test in tests)
            assert [test.method for test in tests] == ["frequency", "inequality"]
            assert frequency == inequality
            outcomes.append(frequency)
    assert True in outcomes
    assert False in outcomes


def test_the_best_multipliers_pass_where_equal_ones_fail():
    # Two loops in a row of unequal gain: D must weigh them against each other.
    system = heddle.ThresholdLinear(
        linear=-np.eye(2), outputs=np.eye(2), inputs=np.array([[0.0, 4.0], [0.1, 0.0]])
    )
    assert not heddle.frequency_test(system, np.ones(2)).certified
    test, multipliers = find_multipliers(system)
    assert test.certified
    assert heddle.frequency_test(system, multipliers).certified


def test_words_that_mean_nothing_are_named():
    given = network(4, 0.5, "tanh")
    with pytest.raises(heddle.DomainError, match="form is 'x'; expected input or rate"):
        heddle.contraction(given, form="x")
    with pytest.raises(heddle.DomainError, match="norms names 'l3'; expected some of l1"):
        heddle.contraction(given, norms=["l3"])
