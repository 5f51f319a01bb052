"""The published cost of a loop under noise, written down plainly, and what Heddle makes of it.

Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 16-23: eigenvectors from a dense
eigendecomposition, every sum in full.
"""

import pickle

import numpy as np
import pytest

import heddle

TAU = 0.01
DURATION = 0.6


def motif(pairs: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    upper = 0.97 + 1j * np.linspace(0.1, 0.8, pairs)
    amplitudes = rng.standard_normal(pairs) + 1j * rng.standard_normal(pairs)
    return np.concatenate([upper, upper.conj()]), np.concatenate([amplitudes, amplitudes.conj()])


def network(n: int) -> heddle.Network:
    return heddle.make_network(heddle.gaussian_weights(n, 0.8, seed=n), 1, seed=n, tau=TAU)


def secular_zeros(eigenvalues: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Zeros of 1 - sum_j d_j / (z - lambda_j): dense eigenvalues, then Newton's method."""
    root = np.sqrt(d)
    zeros = np.linalg.eigvals(np.diag(eigenvalues) + np.outer(root, root))
    for _ in range(5):
        gap = zeros[:, None] - eigenvalues[None, :]
        zeros = zeros - (1 - (d / gap).sum(1)) / (d / gap**2).sum(1)
    return zeros


class Published:
    """Everything about the published cost that does not depend on u."""

    def __init__(self, net, targets, amplitudes, duration):
        self.w = net.readout[0]
        self.weights = np.asarray(net.weights)
        self.time = duration / net.tau
        eigenvalues, self.right = np.linalg.eig(self.weights)
        self.left = np.linalg.inv(self.right)
        p = 1 / (targets[:, None] - eigenvalues[None, :])
        self.d = np.linalg.pinv(p) @ np.ones(len(targets))  # Eqs. 2, 10, 12
        zeros = secular_zeros(eigenvalues, self.d)
        self.cauchy = 1 / (zeros[None, :] - eigenvalues[:, None])
        self.alpha = np.zeros(len(zeros), complex)
        for target, amplitude in zip(targets, amplitudes, strict=True):
            self.alpha[np.argmin(abs(zeros - target))] = amplitude
        rates = zeros - 1
        sums = rates[:, None] + rates[None, :]
        self.kernel = np.expm1(sums * self.time) / sums

    def cost(self, u: np.ndarray) -> float:
        modes = self.right @ ((self.left @ u)[:, None] * self.cauchy)
        c = self.w @ modes
        q = self.alpha / c  # Eq. 16
        inverse = np.linalg.inv(modes)
        activity = q @ ((modes.T @ modes) * self.kernel) @ q  # Eq. 23
        response = c @ ((inverse @ inverse.T) * self.kernel) @ c
        return np.sqrt((activity * response).real / len(u)) / self.time  # Eq. 22


@pytest.mark.parametrize(("n", "pairs"), [(20, 1), (40, 2), (60, 3), (81, 3)])
def test_the_cost_is_the_published_one_to_1e_12(n, pairs):
    net = network(n)
    targets, amplitudes = motif(pairs)
    published = Published(net, targets, amplitudes, DURATION)
    problem = heddle.robust_problem(net, targets, amplitudes, DURATION)
    for seed in range(3):
        u = np.random.default_rng(seed).standard_normal(n)
        assert heddle.robust_loop_cost(problem, u).cost == pytest.approx(
            published.cost(u), rel=1e-12
        )


def test_the_loop_is_the_published_one():
    net = network(60)
    targets, amplitudes = motif(3)
    published = Published(net, targets, amplitudes, DURATION)
    problem = heddle.robust_problem(net, targets, amplitudes, DURATION)
    u = np.random.default_rng(1).standard_normal(60)
    v = (published.left.T @ (published.d / (published.left @ u))).real
    loops = heddle.robust_loop_at(problem, u)
    np.testing.assert_allclose(loops.v[:, 0], v, atol=1e-10 * abs(v).max())
    state = heddle.robust_initial_state(problem, u)
    assert net.readout[0] @ state == pytest.approx(amplitudes.sum().real, rel=1e-10)


def test_the_optimised_loop_costs_less_than_every_random_one_by_the_published_formula():
    net = network(60)
    targets, amplitudes = motif(4)
    published = Published(net, targets, amplitudes, DURATION)
    loop = heddle.robust_loop(net, targets, amplitudes, DURATION, starts=2)
    assert loop.trusted
    assert published.cost(loop.loops.u[:, 0]) == pytest.approx(loop.cost, rel=1e-8)
    rng = np.random.default_rng(0)
    random = [published.cost(rng.standard_normal(60)) for _ in range(200)]
    assert loop.cost < 0.5 * min(random)
    closed = heddle.closed_spectrum(net, loop.loops)
    assert max(abs(closed - target).min() for target in targets) < 1e-9


def test_the_deviation_is_that_of_its_gramians():
    net = network(50)
    targets, amplitudes = motif(3)
    loop = heddle.robust_loop(net, targets, amplitudes, DURATION, starts=1, noise=0.1)
    gramians = heddle.readout_deviation(net, loop.loops, loop.initial_state, DURATION, noise=0.1)
    assert gramians.deviation == loop.checked_deviation
    assert loop.deviation == pytest.approx(gramians.deviation, rel=1e-8)


def test_bad_names_are_answered_with_the_nearest_good_one():
    targets, amplitudes = motif(1)
    with pytest.raises(heddle.DomainError, match="did you mean 'least_gain'"):
        heddle.robust_loop(network(20), targets, amplitudes, DURATION, strengths="least_gains")


def test_a_robust_loop_survives_pickling():
    targets, amplitudes = motif(2)
    loop = heddle.robust_loop(network(30), targets, amplitudes, DURATION, starts=1)
    copy = pickle.loads(pickle.dumps(loop))
    assert copy.cost == loop.cost
    assert np.array_equal(copy.loops.u, loop.loops.u)
    assert repr(copy) == repr(loop)
