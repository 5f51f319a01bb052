"""Gated recurrent units: their steps, their slopes, the states that they keep."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
from peers import needs

import heddle

DRAW = np.random.default_rng(0)
N, K = 7, 2


def layer(rows, number="_l0"):
    draw = np.random.default_rng(2)
    return {
        f"weight_hh{number}": draw.normal(size=(rows * N, N)),
        f"weight_ih{number}": draw.normal(size=(rows * N, K)),
        f"bias_hh{number}": draw.normal(size=rows * N),
    }


def gated(scale=1.0, n=5, k=2):
    draw = np.random.default_rng(n)
    return heddle.GatedUnits(
        recurrent=scale * draw.normal(size=(3 * n, n)),
        input=draw.normal(size=(3 * n, k)),
        recurrent_bias=0.3 * draw.normal(size=3 * n),
        input_bias=0.3 * draw.normal(size=3 * n),
    )


def plain_gated(units, h, s):
    """One step in the order of the docstring, also of complex numbers."""
    n = units.units
    own, given = units.recurrent @ h + units.recurrent_bias, units.input @ s + units.input_bias
    reset = 1 / (1 + np.exp(-own[:n] - given[:n]))
    update = 1 / (1 + np.exp(-own[n : 2 * n] - given[n : 2 * n]))
    candidate = np.tanh(given[2 * n :] + reset * own[2 * n :])
    return (1 - update) * candidate + update * h


def test_gated_units_step_as_their_equation_says():
    units, h = gated(), np.zeros(5)
    inputs = np.random.default_rng(1).normal(size=(2, 30))
    states = heddle.gated_states(units, h, inputs)
    for t in range(30):
        h = plain_gated(units, h, inputs[:, t])
        np.testing.assert_allclose(states[:, t + 1], h, rtol=1e-12, atol=1e-15)


def test_the_linear_network_of_gated_units_has_their_slopes_in_complex_steps():
    units, draw = gated(2.0), np.random.default_rng(3)
    h, s = draw.uniform(-1, 1, 5), draw.normal(size=2)
    found = heddle.linearised(units, h, s, step=0.05)
    assert (found.network.tau, found.network.response) == (0.05, "linear")
    for j in range(5):
        slope = plain_gated(units, h + 1e-30j * np.eye(5)[j], s).imag / 1e-30
        np.testing.assert_allclose(found.network.weights[:, j], slope, rtol=1e-11, atol=1e-15)
    for j in range(2):
        slope = plain_gated(units, h, s + 1e-30j * np.eye(2)[j]).imag / 1e-30
        np.testing.assert_allclose(found.input[:, j], slope, rtol=1e-11, atol=1e-15)
    step = found.network.weights @ h + found.network.bias + found.input @ s
    np.testing.assert_allclose(step, plain_gated(units, h, s), rtol=1e-12)


def test_one_gated_unit_has_the_fixed_points_that_bisection_finds():
    """h = tanh(ρ(h) w h): with w = 6 two stable states and the origin between them."""
    units = heddle.GatedUnits(recurrent=[[1.0], [0.5], [6.0]])
    found = heddle.gated_fixed_points(units).points
    assert [point.stable for point in found] == [False, True, True]

    def excess(h):
        return np.tanh(6 * h / (1 + np.exp(-h))) - h

    for low, high in ((0.1, 1.0), (-1.0, -0.1)):
        exact = scipy.optimize.brentq(excess, low, high, xtol=1e-15)
        assert min(abs(point.state[0] - exact) for point in found) < 1e-12
    assert abs(found[0].state[0]) < 1e-15
    # ∂h'/∂h at 0 is z + (1 − z) ρ w with z = ρ = 1/2.
    assert found[0].multipliers[0] == pytest.approx(0.5 + 0.25 * 6.0)


def test_every_gated_fixed_point_is_kept_and_stays_the_same_for_any_threads():
    units = gated(3.0, n=8)
    given = np.array([0.4, -1.0])
    found = heddle.gated_fixed_points(units, given, starts=40, threads=1).points
    assert len(found) >= 2
    for point in found:
        assert np.abs(plain_gated(units, point.state, given) - point.state).max() < 1e-13
        jacobian = heddle.linearised(units, point.state, given).network.weights
        largest = np.abs(np.linalg.eigvals(jacobian)).max()
        assert point.spectral_radius == pytest.approx(largest, rel=1e-10)
    again = heddle.gated_fixed_points(units, given, starts=40, threads=3).points
    for one, other in zip(found, again, strict=True):
        np.testing.assert_array_equal(one.state, other.state)


@needs("torch")
@pytest.mark.parametrize("prefix", [None, "gru"])
def test_torch_and_we_run_a_gru_alike(prefix):
    from torch_here import torch

    torch.manual_seed(0)
    gru = torch.nn.GRU(K, 12).double()
    source = (
        gru if prefix is None else torch.nn.ModuleDict({"gru": gru, "cell": torch.nn.GRUCell(2, 3)})
    )
    units = heddle.read_gru(source, prefix=prefix)
    inputs = DRAW.normal(size=(15, K))
    with torch.no_grad():
        expected, _ = gru(torch.tensor(inputs[:, None]))
    states = heddle.gated_states(units, np.zeros(12), inputs.T)
    assert np.abs(states[:, 1:].T - expected[:, 0].numpy()).max() < 1e-14


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (layer(1), "of a plain RNN; from_torch reads it"),
        (layer(4), "holds a LSTM.*expected a torch.nn.GRU"),
        (layer(3) | layer(3, "_l1"), "several layers"),
        ({"foo": np.eye(2)}, "expected the arrays of one of these: torch.nn.GRU"),
        (layer(3) | {"bias_hh_l0": np.zeros(3)}, "recurrent_bias"),
    ],
)
def test_what_is_no_gru_is_refused_by_name(state, message):
    with pytest.raises(ValueError, match=message):
        heddle.read_gru(state)


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (lambda: heddle.GatedUnits(recurrent=np.zeros((4, 2))), "recurrent"),
        (lambda: heddle.GatedUnits(recurrent=np.full((3, 1), np.nan)), "recurrent holds NaN"),
        (lambda: heddle.linearised(gated(), np.zeros(4)), "state"),
        (lambda: heddle.linearised(gated(), np.zeros(5), np.zeros(3)), "input"),
        (lambda: heddle.linearised(3, np.zeros(5)), "layer is a int"),
        (lambda: heddle.gated_states(gated(), np.zeros(5), np.zeros((3, 4))), "inputs"),
        (lambda: heddle.gated_fixed_points(gated(), np.zeros(3)), "input"),
        (lambda: heddle.gated_fixed_points(gated(), starts=0), "starts: found 0"),
        (lambda: heddle.gated_fixed_points(gated(), most_steps=0), "most_steps: found 0"),
    ],
)
def test_gated_units_refuse_what_does_not_fit(work, message):
    with pytest.raises(ValueError, match=message):
        work()
