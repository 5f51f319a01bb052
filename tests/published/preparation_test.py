"""The published optimal preparatory loops (Logiaco, Abbott & Escola 2021, figure S6), and faster.

Networks are drawn as the published notebook draws them: NumPy's legacy generator, seed 2, then
J, V, U, w.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

import heddle

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
from published_preparation import (
    Descent,
    adam,
    batch_problem,
    decay_time,
    loss_and_gradient,
    published_problem,
)


def network_of(weights, w) -> heddle.Network:
    return heddle.Network(weights=weights, readout=w[None, :], tau=0.01, bias=np.zeros(len(w)))


def unit(columns):
    return columns / np.linalg.norm(columns, axis=0)


def test_the_transcription_gives_the_published_loss_of_the_random_start():
    weights, u, v, w = published_problem(500, 50)
    loss = loss_and_gradient(weights, unit(u), unit(v), w, 0.01)[0]
    assert loss == pytest.approx(847949.969712, abs=1e-4)


def test_where_the_network_is_stable_loss_and_gradient_are_the_transcriptions():
    weights, u, v, w = published_problem(80, 8)
    weights, u, v = 0.7 * weights, 0.3 * unit(u), 0.3 * unit(v)
    for beta in (0.0, 0.01, 1.0):
        loss, gradient_u, gradient_v = loss_and_gradient(weights, u, v, w, beta)
        cost = heddle.preparation_cost(network_of(weights, w), heddle.Loops(u, v), beta=beta)
        assert cost.value == pytest.approx(loss, rel=1e-9)
        np.testing.assert_allclose(cost.gradient_u, gradient_u, rtol=0, atol=1e-9)
        np.testing.assert_allclose(cost.gradient_v, gradient_v, rtol=0, atol=1e-9)


def test_where_it_is_not_the_cost_is_infinite_and_not_negative():
    weights, u, v, w = published_problem(100, 10)
    cost = heddle.preparation_cost(network_of(weights, w), heddle.Loops(unit(u), unit(v)))
    assert not cost.stable
    assert cost.value == np.inf


# The published optimisation stops at 0.63368476 and 0.64046323, these minima are where it would
# end. Its printed decay times, 10.886 and 5.267 τ, are those of β = 0.1.
@pytest.mark.parametrize(
    ("beta", "loss", "published"), [(0, 0.63318, 0.63368), (0.01, 0.63979, 0.64046)]
)
def test_the_published_network_ends_below_the_published_loss(beta, loss, published):
    weights, _, _, w = published_problem(500, 50)
    optimum = heddle.optimise_preparation(network_of(weights, w), 50, beta=beta)
    assert optimum.trusted
    assert optimum.start_loss < 0.78
    assert optimum.loss == pytest.approx(loss, abs=1e-4)
    assert optimum.loss < published
    assert optimum.evaluations < 59  # The published one takes 30 + 59.
    if beta == 0:
        assert optimum.start_loss == pytest.approx(0.764, abs=5e-4)
    else:
        assert optimum.time_to_1_percent == pytest.approx(8.10, abs=0.02)
        assert optimum.time_to_5_percent == pytest.approx(5.03, abs=0.02)


class OurCost(Descent):
    """The published descent with `preparation_cost` wherever that is finite."""

    stable = 0

    def cost(self, u, v):
        cost = heddle.preparation_cost(
            network_of(self.weights, self.w), heddle.Loops(u, v), beta=self.beta
        )
        if not cost.stable:
            return super().cost(u, v)  # The published penalty is what leads out of here.
        self.stable += 1
        return cost.value, cost.gradient_u, cost.gradient_v


def test_our_cost_and_gradient_inside_adam_end_at_the_published_loss():  # H8
    weights, u, v, w = published_problem(500, 50)
    descent = OurCost(weights, w, 0.01)
    descent(adam(descent, np.array([u, v]).ravel()))
    assert len(descent.losses) == 31
    assert descent.stable >= 25
    assert descent.losses[0] == pytest.approx(847949.969712, abs=1e-4)
    assert descent.losses[-1] == pytest.approx(1.92232364, abs=1e-6)


def optimum_and_closed(weights, w, rank, beta, **options):
    optimum = heddle.optimise_preparation(network_of(weights, w), rank, beta=beta, **options)
    return optimum, weights + optimum.loops.u @ optimum.loops.v.T


# H10. The notebook's variable β was left at 0.1 when its decay times were computed: 10.886 τ and
# 5.267 τ, printed beside β = 0.01, where they are 8.10 τ and 5.03 τ (above).
def test_the_decay_times_printed_for_a_beta_of_0_01_are_those_of_0_1():
    weights, _, _, w = published_problem(500, 50)
    optimum, _ = optimum_and_closed(weights, w, 50, 0.1, tolerance=5e-2)
    assert optimum.time_to_1_percent == pytest.approx(10.886, abs=0.15)
    assert optimum.time_to_5_percent == pytest.approx(5.267, abs=0.05)


# H11-H13. Read off figure S6, ± 0.1 τ, means over 5 networks of 100 units: decay to 1 % and, for
# 500 units, to 5 %, and the loss. Ours differ from each other by a standard deviation of 1.7 τ at
# 0.03 n loops, 0.15 τ at 0.07 n and less above.
PUBLISHED = {
    0.03: (15.2, 9.3, 0.95, 1.7),
    0.07: (10.3, 6.1, 0.74, 0.5),
    0.1: (8.15, 5.05, 0.645, 0.3),
    0.2: (5.5, 3.55, 0.50, 0.2),
    0.3: (4.4, 2.85, 0.43, 0.2),
    0.4: (3.75, 2.5, 0.385, 0.2),
    0.5: (3.4, 2.2, 0.35, 0.2),
}


@pytest.mark.parametrize("fraction", PUBLISHED)
def test_decay_times_and_losses_follow_the_published_curves(fraction):
    n, found = 100, []
    for net in range(5):
        weights, w = batch_problem(n, net)
        optimum = heddle.optimise_preparation(network_of(weights, w), round(fraction * n))
        assert optimum.trusted
        found.append((optimum.time_to_1_percent, optimum.time_to_5_percent, optimum.loss))
    one, five, loss, spread = PUBLISHED[fraction]
    mean = np.mean(found, axis=0)
    assert mean[0] == pytest.approx(one, abs=spread)
    assert mean[1] == pytest.approx(five, abs=spread)
    assert mean[2] == pytest.approx(loss, abs=0.02)


def test_decay_times_are_those_of_matrix_exponentials_and_brents_method():
    weights, w = batch_problem(100, 0)
    optimum, closed = optimum_and_closed(weights, w, 10, 0.01)
    assert decay_time(closed, 0.01) == pytest.approx(optimum.time_to_1_percent, abs=1e-4)
    assert decay_time(closed, 0.05) == pytest.approx(optimum.time_to_5_percent, abs=1e-4)


# H14, the scan of β, read off figure S6, ± 0.1 τ. Its networks have 200 units, as its code has and
# its title (500) has not, and its norms are divided by a leftover 500: what it calls 1 % is 1.58 %.
# We find its numbers only with that defect put back.
BETA_SCAN = {0: (7.3, 4.2), 0.03: (7.3, 4.25), 0.1: (8.0, 4.35), 0.3: (11.8, 4.8)}
TRUE_TIMES = {0: (8.10, 5.04), 0.03: (8.21, 5.11), 0.1: (9.7, 5.36), 0.3: (16.0, 5.81)}


@pytest.mark.parametrize("beta", BETA_SCAN)
def test_the_published_scan_of_beta_is_biased_by_its_normalisation(beta):
    weights, w = batch_problem(200, 0)
    optimum, closed = optimum_and_closed(weights, w, 20, beta, tolerance=1e-2)
    published = [decay_time(closed, fraction, units=500) for fraction in (0.01, 0.05)]
    true = [optimum.time_to_1_percent, optimum.time_to_5_percent]
    np.testing.assert_allclose(published, BETA_SCAN[beta], rtol=0, atol=0.3)
    np.testing.assert_allclose(true, TRUE_TIMES[beta], rtol=0.08)
    assert true[0] > published[0] + 0.7
    assert true[1] > published[1] + 0.7


def test_too_few_loops_are_refused_with_how_many_would_do():
    random = np.random.RandomState(3)
    network = network_of(1.8 * random.randn(60, 60) / np.sqrt(60), random.randn(60))
    unstable = np.sum(heddle.eigenvalues(network.weights).real >= 1)
    with pytest.raises(heddle.DomainError, match=f"a rank of {unstable} or more would work"):
        heddle.optimise_preparation(network, unstable - 1)
    found = heddle.optimise_preparation(network, unstable + 4, u_norm=2.0)
    assert found.slowest < 1


def test_an_optimum_prepares_a_library_faster_than_the_shifted_modes():
    weights, _, _, _ = published_problem(100, 10)
    network = heddle.make_network(0.85 * weights, 2, seed=1)
    t = np.linspace(0, 1, 61)
    motif = heddle.Motif("a", np.column_stack([np.sin(6 * t), np.cos(5 * t)]), t[1])
    library = heddle.design([motif], network=network, pairs=4, threads=1)
    rank = library.preparation.loops.u.shape[1]
    optimum = heddle.optimise_preparation(network, rank)
    fields = {name: getattr(library, name) for name in library._fields}
    fields["preparation"] = heddle.preparation_from(optimum, library.preparation.duration)
    assert heddle.transitions(heddle.Library(**fields)).q < heddle.transitions(library).q
