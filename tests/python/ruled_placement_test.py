"""What `place_eigenvalues` takes from Python beyond targets and a number of loops."""

import numpy as np
import pytest

import heddle

TARGETS = np.array([1.0 + 0.3j, 1.0 - 0.3j, 1.05 + 0.7j, 1.05 - 0.7j])


@pytest.fixture(scope="module")
def network():
    return heddle.make_network(heddle.gaussian_weights(80, g=0.8, seed=2), 2, seed=2)


def test_dales_law_holds_for_units_or_single_weights(network):
    signs = np.where(np.arange(80) < 60, 1, -1)
    mask = np.arange(80) % 2 == 0
    placed = heddle.place_eigenvalues(
        network, TARGETS, loops=2, u_signs=np.ones(80), v_signs=np.column_stack([signs, -signs]),
        v_mask=mask,
    )  # fmt: skip
    assert placed.trusted
    assert placed.feasible
    assert (placed.loops.u >= 0).all()
    assert (placed.loops.v[:, 0] * signs >= 0).all()
    assert (placed.loops.v[:, 1] * signs <= 0).all()
    assert (placed.loops.v[~mask] == 0).all()


def test_optimised_directions_are_weaker_and_better_conditioned(network):
    dealt = heddle.place_eigenvalues(network, TARGETS, loops=2)
    best = heddle.place_eigenvalues(network, TARGETS, loops=2, directions="optimised")
    assert best.evaluations > 1
    assert best.gain < dealt.gain
    assert best.condition.max() < dealt.condition.max()


def test_freezing_the_rest_keeps_it(network):
    placed = heddle.place_eigenvalues(network, TARGETS, freeze="rest")
    before, after = (
        heddle.eigenvalues(network.weights),
        heddle.closed_spectrum(network, placed.loops),
    )
    stayed = [np.abs(after - value).min() < 1e-10 for value in before]
    assert sum(stayed) == 76
    assert placed.drift < 1e-10


def test_a_readout_can_be_the_inputs(network):
    placed = heddle.place_eigenvalues(network, TARGETS, loops=2, v=network.readout.T)
    np.testing.assert_array_equal(placed.loops.v, network.readout.T)
    assert placed.trusted


def test_loops_know_their_lag(network):
    placed = heddle.place_eigenvalues(network, TARGETS, loops=2, thalamic_tau=0.004, delay=0.006)
    assert (placed.loops.thalamic_tau, placed.loops.delay) == (0.004, 0.006)
    assert placed.outliers == 0
    assert "delay 0.006 s" in repr(placed.loops)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"directions": "optimized"}, "directions is 'optimized'.*did you mean 'optimised'"),
        ({"freeze": "all"}, "freeze is 'all'"),
        ({"v_signs": np.full(80, 0.5)}, "v_signs: found 0.5"),
        ({"v_mask": np.ones(79, bool)}, "v_mask"),
        ({"u": np.ones((80, 1)), "v": np.ones((80, 1))}, "u and v are both given"),
        ({"norm_limit": -1.0}, "norm_limit: found -1"),
        ({"loops": 81}, "loops: found 81, expected 1 to 80"),
    ],
)
def test_bad_input_is_named(network, arguments, message):
    with pytest.raises(ValueError, match=message):
        heddle.place_eigenvalues(network, TARGETS, **arguments)


def test_a_defective_network_is_named():
    jordan = heddle.make_network(0.5 * np.eye(5) + np.eye(5, k=1), 0, seed=1)
    with pytest.raises(ValueError, match="W is defective or nearly so"):
        heddle.place_eigenvalues(jordan, TARGETS, directions="optimised", loops=2)
