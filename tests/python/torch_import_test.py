"""from_torch: what PyTorch trained is ours, number by number."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from peers import needs
from trainable_examples import ours

import heddle
from heddle.training import TrainingTask

DRAW = np.random.default_rng(0)
N, K, D, T = 7, 2, 3, 15
W, B = 0.4 * DRAW.normal(size=(N, N)), DRAW.normal(size=(N, K))
B1, B2 = 0.3 * DRAW.normal(size=(2, N))
C = DRAW.normal(size=(D, N))
S = DRAW.normal(size=(T, 4, K))


def layer(prefix="", number="_l0", rows=1):
    tile = (rows, 1)
    return {
        f"{prefix}weight_hh{number}": np.tile(W, tile),
        f"{prefix}weight_ih{number}": np.tile(B, tile),
        f"{prefix}bias_hh{number}": np.tile(B1, rows),
        f"{prefix}bias_ih{number}": np.tile(B2, rows),
    }


def task(**fields):
    return replace(TrainingTask(h=0.01, steps=T, trials=4, inputs=S), **fields)


def rates_of(h, phi):
    """What nn.RNN puts out, by its equation."""
    found = []
    for s in S:
        h = phi(h @ W.T + B1 + s @ B.T + B2)
        found.append(h)
    return np.array(found)


@pytest.mark.parametrize(
    ("response", "phi"), [("tanh", np.tanh), ("rectified", lambda x: np.maximum(x, 0))]
)
@pytest.mark.parametrize("number", ["_l0", ""])
def test_what_an_rnn_puts_out_are_our_rates_one_step_later(response, phi, number):
    start = DRAW.uniform(0.1, 0.9, (4, N))
    state = layer("rnn.", number) | {"fc.weight": C, "fc.bias": np.zeros(D)}
    found = heddle.from_torch(
        state, prefix="rnn", response=response, step=0.01, readout="fc", initial=start
    )
    assert found.network.tau == 0.01
    expected = rates_of(start, phi)
    outputs, states = ours(found, task())
    np.testing.assert_allclose(phi(states[0]), start, rtol=1e-14)
    np.testing.assert_allclose(phi(states[1:]), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(outputs[1:], expected @ C.T, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("response", ["linear", "rectified", "tanh", "softplus"])
def test_an_initial_rate_is_reached_by_the_state_that_is_taken_for_it(response):
    phi = {
        "linear": lambda x: x,
        "rectified": lambda x: np.maximum(x, 0),
        "tanh": np.tanh,
        "softplus": lambda x: np.log1p(np.exp(x)),
    }[response]
    rates = np.array([1e-9, 0.3, 0.9])
    whole = heddle.from_torch(
        {"weight_hh": np.eye(3)}, response=response, initial=np.broadcast_to(rates, (2, 3))
    )
    np.testing.assert_allclose(phi(whole.initial), [rates, rates], rtol=1e-13)


@needs("torch")
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_torch_and_we_run_its_module_alike(nonlinearity):
    from torch_here import torch

    torch.manual_seed(1)
    model = torch.nn.ModuleDict(
        {
            "rnn": torch.nn.RNN(K, 30, nonlinearity=nonlinearity),
            "fc": torch.nn.Linear(30, D, bias=False),
        }
    ).double()
    with torch.no_grad():
        rates, _ = model["rnn"](torch.tensor(S))
        outputs = model["fc"](rates).numpy()
    found = heddle.from_torch(model, prefix="rnn", readout="fc")
    assert found.network.response == {"tanh": "tanh", "relu": "rectified"}[nonlinearity]
    assert np.abs(ours(found, task())[0][1:] - outputs).max() < 1e-13


@needs("torch")
def test_an_rnn_goes_through_heddle_and_back_to_torch_with_the_same_outputs():
    from torch_here import torch

    torch.manual_seed(2)
    rnn = torch.nn.RNN(K, 20).double()
    module = heddle.to_torch(heddle.from_torch(rnn, readout=np.eye(20)), h=0.01, dtype="float64")
    with torch.no_grad():
        expected, _ = rnn(torch.tensor(S))
        found, _ = module(torch.tensor(S))
    assert (found[1:] - expected).abs().max() < 1e-13
    cell = heddle.from_torch(torch.nn.RNNCell(K, 5, nonlinearity="relu"))
    assert cell.network.response == "rectified"


def test_fixed_points_of_the_network_are_those_of_the_rnn_with_multipliers_one_plus_lambda():
    """Under zero input, h = tanh(W h + b); the slopes of a step are diag(1 − h²) W."""
    points = heddle.smooth_fixed_points(
        heddle.from_torch(layer() | {"weight_hh_l0": 4 * W}, response="tanh").network
    ).points
    assert len(points) >= 3
    for point in points:
        h = np.tanh(point.state)
        np.testing.assert_allclose(np.tanh(4 * W @ h + B1 + B2), h, atol=1e-13)
        slopes = (1 - h**2)[:, None] * (4 * W)
        expected = np.sort_complex(np.linalg.eigvals(slopes))
        np.testing.assert_allclose(np.sort_complex(1 + point.eigenvalues), expected, atol=1e-10)


@pytest.mark.parametrize("low_rank", [True, False])
def test_a_leaky_cell_steps_as_its_equation_says_with_our_x_for_its_h(low_rank):
    m, n = DRAW.normal(size=(2, N, 2))
    state = {
        "wi": B.T,
        "si": np.array([0.5, 2.0]),
        "wo": C.T,
        "so": np.array([1.0, 3.0, -1.0]),
        "b": np.zeros(N),
        "h0": DRAW.normal(size=N),
    } | ({"m": m, "n": n} if low_rank else {"wrec": W})
    found = heddle.from_torch(state, response="tanh", alpha=0.2, step=0.02)
    assert found.network.tau == pytest.approx(0.1)
    assert len(found.loops) == low_rank
    recurrent, scale = (m @ n.T / N, 1 / N) if low_rank else (W, 1.0)
    h, expected = np.tile(state["h0"], (4, 1)), []
    for s in S:
        given = s @ (state["wi"].T * state["si"]).T
        h = h + 0.2 * (-h + np.tanh(h) @ recurrent.T + given)
        expected.append(np.tanh(h) @ (state["wo"] * state["so"]) * scale)
    outputs, _ = ours(found, task(h=0.02))
    np.testing.assert_allclose(outputs[1:], expected, rtol=1e-11, atol=1e-13)
    if low_rank:
        twice = heddle.from_torch(state, response="tanh", alpha=0.2, scale=2.0 / N)
        np.testing.assert_allclose(twice.loops[0].u, 2 * found.loops[0].u)


@pytest.mark.parametrize(
    ("state", "options", "message"),
    [
        (layer(rows=4), {}, "holds a LSTM.* 4 gates; its cell state is not"),
        (layer(rows=3), {}, "holds a GRU.* 3 gates; read_gru reads it"),
        (layer() | layer(number="_l1"), {}, "RNN of several layers"),
        (layer() | layer(number="_l0_reverse"), {}, "bidirectional"),
        (layer() | {"weight_hr_l0": W}, {}, "projection of an LSTM"),
        (layer(), {}, "response: the mapping does not say"),
        (layer(), {"response": "sigmoid"}, "response: found 'sigmoid', expected one of linear"),
        (layer(), {"response": "tanh", "step": 0.0}, "step: found 0"),
        (layer(), {"response": "tanh", "alpha": 0.1}, r"alpha is given, but a torch.nn.RNN has"),
        (layer("a.") | layer("b."), {"response": "tanh"}, "prefix: the mapping holds several"),
        (layer("a."), {"prefix": "c"}, "prefix: the mapping holds no module 'c'"),
        (layer(), {"response": "tanh", "initial": np.full(N, 1.5)}, "initial: found 1.5"),
        (layer(), {"response": "rectified", "initial": np.full(N, -1)}, "initial: found -1"),
        (layer(), {"response": "softplus"}, "initial: found 0, which is φ"),
        (layer(), {"response": "tanh", "initial": np.zeros(3)}, r"initial: found shape \(3,\)"),
        (layer(), {"response": "tanh", "readout": "fc"}, "readout: the mapping holds no fc.weight"),
        (
            layer("r.") | {"fc.weight": C, "fc.bias": np.ones(D)},
            {"response": "tanh", "readout": "fc"},
            "readout: 'fc' has a bias",
        ),
        (layer() | {"weight_xx_l0": W}, {"response": "tanh"}, "holds 'weight_xx_l0'"),
        ({"wrec": W}, {"response": "tanh"}, "alpha: the mapping does not say"),
        ({"wrec": W}, {"response": "tanh", "alpha": 1.5}, "alpha: found 1.5"),
        ({"wrec": W, "b": np.ones(N)}, {"response": "tanh", "alpha": 0.5}, "holds b, a threshold"),
        ({"wrec": W.astype(str)}, {"response": "tanh", "alpha": 0.5}, "real numbers"),
        (layer() | {"bias_hh_l0": B1[:3]}, {"response": "tanh"}, r"bias_hh: found shape \(3,\)"),
        (layer() | {"weight_ih_l0": B[:3]}, {"response": "tanh"}, r"input: found shape \(3, 2\)"),
        (layer() | {"weight_ih_l0": B * np.inf}, {"response": "tanh"}, "input holds NaN"),
        (layer(), {"response": "tanh", "step": "1 ms"}, "step: found '1 ms', expected a number"),
        ({"wrec": W, "wo": B1}, {"response": "tanh", "alpha": 0.5}, r"wo: found shape \(7,\)"),
        ({"wrec": W, "h0": B}, {"response": "tanh", "alpha": 0.5}, r"h0: found shape \(7, 2\)"),
        (
            {"wrec": W, "wi": B.T, "si": np.ones(3)},
            {"response": "tanh", "alpha": 0.5},
            r"si: found shape \(3,\), expected \(2,\)",
        ),
        ({"weight": W, "bias": B1}, {}, "holds weight, bias; expected the arrays of one of these"),
        ({"foo": W}, {}, "expected the arrays of one of these: RateNetwork"),
    ],
)
def test_what_is_no_rate_network_is_refused_by_name(state, options, message):
    with pytest.raises(ValueError, match=message):
        heddle.from_torch(state, **options)


def test_a_source_that_is_none_is_refused_by_its_type():
    with pytest.raises(heddle.DomainError, match=r"source is a float; give a torch\.nn\.Module"):
        heddle.from_torch(3.0)
    with pytest.raises(heddle.FormatError, match="is no file"):
        heddle.from_torch("nowhere.pt")


def test_without_torch_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        heddle.to_torch(heddle.Network(weights=np.eye(3)))


@needs("torch")
def test_modules_of_other_kinds_are_refused_by_name():
    from torch_here import torch

    with pytest.raises(heddle.FormatError, match="the LSTM holds a LSTM"):
        heddle.from_torch(torch.nn.LSTM(2, 3))
    with pytest.raises(heddle.FormatError, match="projection"):
        heddle.from_torch(torch.nn.LSTM(2, 8, proj_size=1))
    with pytest.raises(heddle.FormatError, match="bidirectional"):
        heddle.from_torch(torch.nn.RNN(2, 3, bidirectional=True))
    with pytest.raises(heddle.DomainError, match="found 'rectified', but the RNN is tanh"):
        heddle.from_torch(torch.nn.RNN(2, 3), response="rectified")
    with pytest.raises(heddle.FormatError, match="tanh units"):
        heddle.read_rnn(torch.nn.RNN(2, 3))
    with pytest.raises(heddle.FormatError, match="weight_hh is a tensor of layout"):
        heddle.from_torch({"weight_hh": torch.eye(3).to_sparse()}, response="tanh")
    assert heddle.read_rnn(torch.nn.RNN(2, 3, nonlinearity="relu")).states == 3


@needs("torch")
@pytest.mark.parametrize("kind", ["bfloat16", "float16", "float32", "float64"])
def test_numbers_of_any_precision_come_as_they_were_from_module_and_file(kind, tmp_path):
    from torch_here import torch

    rnn = torch.nn.RNN(K, 5, bias=False).to(getattr(torch, kind))
    torch.save(rnn.state_dict(), tmp_path / "rnn.pt")
    expected = rnn.weight_hh_l0.detach().double().numpy()
    for source in (rnn, tmp_path / "rnn.pt"):
        found = heddle.from_torch(source, response="tanh")
        np.testing.assert_array_equal(found.network.weights, expected)
