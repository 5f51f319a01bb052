"""State-space layers as linear networks."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from trainable_examples import ours

import heddle
from heddle.training import TrainingTask


def follow(whole, inputs):
    steps = len(inputs)
    return ours(whole, TrainingTask(h=whole.network.tau, steps=steps, inputs=inputs[:, None]))[0][
        :, 0
    ]


def test_a_held_input_gives_the_exact_solution_of_the_layer():
    draw = np.random.default_rng(4)
    a = draw.normal(size=(4, 4)) - 2 * np.eye(4)
    b, c = draw.normal(size=(4, 2)), draw.normal(size=(3, 4))
    inputs = draw.normal(size=(6, 2))
    found = follow(heddle.state_space(a, b, c, step=0.3), inputs)
    x = np.zeros(4)
    for t, s in enumerate(inputs):
        rest = -np.linalg.solve(a, b @ s)
        x = rest + scipy.linalg.expm(0.3 * a) @ (x - rest)
        np.testing.assert_allclose(found[t + 1], c @ x, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("method", ["zoh", "bilinear"])
def test_a_diagonal_layer_is_the_dense_one_with_that_diagonal(method):
    draw = np.random.default_rng(5)
    a = np.array([-1.0, -0.2, 0.0, -30.0])
    b, c, inputs = draw.normal(size=(4, 1)), draw.normal(size=(2, 4)), draw.normal(size=(20, 1))
    one = follow(heddle.state_space(a, b, c, step=0.1, method=method), inputs)
    other = follow(heddle.state_space(np.diag(a), b, c, step=0.1, method=method), inputs)
    np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("method", ["zoh", "bilinear"])
def test_complex_modes_give_twice_the_real_part_and_their_conjugate_multipliers(method):
    draw = np.random.default_rng(6)
    a = -0.5 + 1j * np.pi * np.arange(1, 4)
    b = draw.normal(size=(3, 2)) + 1j * draw.normal(size=(3, 2))
    c = draw.normal(size=(1, 3)) + 1j * draw.normal(size=(1, 3))
    inputs, step = draw.normal(size=(10, 2)), 0.2
    whole = heddle.state_space(a, b, c, step=step, method=method)
    z = step * a
    factor = np.exp(z) if method == "zoh" else (1 + z / 2) / (1 - z / 2)
    gain = (np.exp(z) - 1) / a if method == "zoh" else step / (1 - z / 2)
    x, expected = np.zeros(3, complex), [np.zeros(1)]
    for s in inputs:
        x = factor * x + gain * (b @ s)
        expected.append(2 * (c @ x).real)
    np.testing.assert_allclose(follow(whole, inputs), expected, rtol=1e-11, atol=1e-13)
    found = np.sort_complex(np.linalg.eigvals(whole.network.weights))
    np.testing.assert_allclose(found, np.sort_complex(np.concatenate([factor, factor.conj()])))


def test_bilinear_steps_converge_to_the_exact_ones_with_order_two():
    a, b, c = np.array([[-1.0, 3.0], [-3.0, -0.5]]), np.ones((2, 1)), np.eye(2)

    def end(steps, method):
        return follow(
            heddle.state_space(a, b, c, step=1 / steps, method=method), np.ones((steps, 1))
        )[-1]

    counts = np.array([20, 40, 80, 160])
    errors = [np.abs(end(n, "bilinear") - end(n, "zoh")).max() for n in counts]
    slope = np.polyfit(np.log(1 / counts), np.log(errors), 1)[0]
    assert slope == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"A": np.zeros((2, 3))}, "A: found shape"),
        ({"A": np.eye(2) * 1j}, "A: found a complex matrix"),
        ({"B": np.zeros((3, 1))}, r"B: found shape \(3, 1\), expected \(2, k\)"),
        ({"B": np.zeros((2, 1)) * 1j}, "B: found complex numbers"),
        ({"C": np.zeros((1, 3))}, r"C: found shape \(1, 3\), expected \(d, 2\)"),
        ({"C": np.full((1, 2), np.nan)}, "C holds NaN"),
        ({"step": 0}, "step: found 0"),
        ({"method": "euler"}, "method: found 'euler', expected one of zoh, bilinear"),
        ({"A": np.array([20.0, 1.0]), "method": "bilinear"}, "1 − Δ A / 2 is singular"),
        ({"A": np.diag([20.0, 1.0]), "method": "bilinear"}, "1 − Δ A / 2 is singular"),
    ],
)
def test_a_layer_that_is_none_is_refused_by_name(change, message):
    given = {"A": -np.eye(2), "B": np.ones((2, 1)), "C": np.ones((1, 2)), "step": 0.1} | change
    with pytest.raises(ValueError, match=message):
        heddle.state_space(given.pop("A"), given.pop("B"), given.pop("C"), **given)
