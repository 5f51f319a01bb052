"""heddle.value_and_gradient, with NumPy in complex numbers as the second opinion."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

import heddle
import heddle.training

N, D, K, M, STEPS, TRIALS = 6, 2, 3, 2, 11, 4
PHI = {
    "linear": lambda x: x,
    "tanh": np.tanh,
    "softplus": lambda x: np.log1p(np.exp(x)),
}


def parameters() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(1)
    return {
        "weights": 0.5 * draw.normal(size=(N, N)),
        "bias": 0.3 * draw.normal(size=N),
        "readout": draw.normal(size=(D, N)),
        "input": draw.normal(size=(N, K)),
        "initial": draw.normal(size=(TRIALS, N)),
        "gains": draw.normal(size=(N, M)),
        "loops[0].u": draw.normal(size=(N, 2)),
        "loops[0].v": draw.normal(size=(N, 2)),
        "loops[1].u": draw.normal(size=(N, 1)),
        "loops[1].v": draw.normal(size=(N, 1)),
    }


def task() -> dict[str, object]:
    draw = np.random.default_rng(2)
    return {
        "h": 0.004,
        "inputs": draw.normal(size=(STEPS, TRIALS, K)),
        "targets": draw.normal(size=(STEPS + 1, TRIALS, D)),
        "weights": draw.uniform(size=(STEPS + 1, TRIALS))
        * draw.integers(0, 2, (STEPS + 1, TRIALS)),
        "gates": draw.uniform(size=(2, STEPS, TRIALS)),
        "start": 0.3 * draw.normal(size=(TRIALS, N)),
        "gain_weights": draw.normal(size=(STEPS + 1, TRIALS, M)),
        "activity": 0.3,
        "velocity": 1e-4,
    }


def found(response: str, given: dict[str, np.ndarray], asked: dict[str, object], **more):
    network = heddle.Network(
        weights=given["weights"],
        tau=0.01,
        response=response,
        bias=given["bias"],
        readout=given["readout"],
    )
    loops = [heddle.Loops(u=given[f"loops[{i}].u"], v=given[f"loops[{i}].v"]) for i in range(2)]
    own = {name: given[name] for name in ("input", "initial", "gains")}
    return heddle.value_and_gradient(network, loops=loops, **own, **asked | more)


def plain(response: str, given: dict[str, np.ndarray], asked: dict[str, object]) -> complex:
    """The docstring's equations, one trial after the other; analytic in every parameter."""
    phi, eta, mask = PHI[response], asked["h"] / 0.01, asked["weights"]
    error = activity = velocity = 0.0
    for i in range(TRIALS):
        x = given["initial"][i] + asked["start"][i]
        for t in range(STEPS + 1):
            r = given["gains"] @ asked["gain_weights"][t, i] * phi(x)
            error += mask[t, i] * np.sum((given["readout"] @ r - asked["targets"][t, i]) ** 2)
            activity += np.sum(r**2) / (N * TRIALS * (STEPS + 1))
            if t == STEPS:
                break
            drive = given["weights"] @ r + given["bias"] + given["input"] @ asked["inputs"][t, i]
            for k, gate in enumerate(asked["gates"]):
                drive = drive + gate[t, i] * given[f"loops[{k}].u"] @ (given[f"loops[{k}].v"].T @ r)
            following = (1 - eta) * x + eta * drive
            velocity += np.sum(((following - x) / asked["h"]) ** 2) / (N * TRIALS * STEPS)
            x = following
    return error / (D * mask.sum()) + asked["activity"] * activity + asked["velocity"] * velocity


def complex_step(response: str, name: str, asked: dict[str, object]) -> np.ndarray:
    """∂ loss / ∂ parameter as Im loss(θ + i h) / h, which loses no digits."""
    slopes = np.empty(parameters()[name].shape)
    for index in np.ndindex(slopes.shape):
        given = parameters()
        given[name] = given[name].astype(complex)
        given[name][index] += 1e-30j
        slopes[index] = plain(response, given, asked).imag / 1e-30
    return slopes


@pytest.mark.parametrize("response", PHI)
def test_value_and_gradient_are_those_of_the_equations_in_complex_numbers(response: str):
    loss, gradient = found(response, parameters(), task())
    assert loss.value == pytest.approx(plain(response, parameters(), task()), rel=1e-13)
    assert set(gradient) == set(parameters())
    for name, slopes in gradient.items():
        expected = complex_step(response, name, task())
        assert slopes.shape == expected.shape, name
        assert np.linalg.norm(slopes - expected) < 1e-12 * np.linalg.norm(expected), name


def test_the_loss_is_the_weighted_sum_of_its_parts():
    loss, _ = found("tanh", parameters(), task())
    assert loss.value == pytest.approx(
        loss.output_error + 0.3 * loss.activity + 1e-4 * loss.velocity, rel=1e-14
    )
    assert min(loss.output_error, loss.activity, loss.velocity) > 0


def test_one_step_down_the_gradient_of_the_loops_alone_lowers_the_loss():
    given = parameters()
    loss, gradient = found("tanh", given, task(), of="loops")
    assert sorted(gradient) == [name for name in sorted(given) if name.startswith("loops")]
    for name, slopes in gradient.items():
        given[name] = given[name] - 0.05 * slopes
    assert found("tanh", given, task())[0].value < loss.value


def test_only_what_is_named_is_differentiated():
    _, every = found("tanh", parameters(), task())
    _, some = found("tanh", parameters(), task(), of=["bias", "loops[1]", "gains"])
    assert set(some) == {"bias", "loops[1].u", "loops[1].v", "gains"}
    for name, slopes in some.items():
        np.testing.assert_array_equal(slopes, every[name])


def test_a_window_of_all_steps_is_the_full_gradient_and_a_shorter_one_is_not():
    _, full = found("tanh", parameters(), task())
    _, whole = found("tanh", parameters(), task(), window=STEPS)
    _, cut = found("tanh", parameters(), task(), window=3)
    np.testing.assert_array_equal(whole["weights"], full["weights"])
    assert np.linalg.norm(cut["weights"] - full["weights"]) > 1e-3 * np.linalg.norm(full["weights"])


def test_one_initial_state_and_no_more_than_a_network_is_enough():
    network = heddle.Network(weights=np.zeros((3, 3)), tau=0.01)
    loss, gradient = heddle.value_and_gradient(
        network, h=0.005, steps=2, initial=[1.0, 2.0, 3.0], activity=1.0, of=["initial"]
    )
    # x halves with each step: mean φ² = 14 / 3 · (1 + 1/4 + 1/16) / 3.
    assert loss.value == pytest.approx(14 / 3 * 21 / 16 / 3)
    np.testing.assert_allclose(gradient["initial"], 2 * 21 / 16 / 9 * np.array([1.0, 2.0, 3.0]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": np.zeros((12, 4))}, r"targets: expected shape \(steps, trials, channels\)"),
        ({"inputs": np.zeros((11, 4))}, "inputs: expected shape"),
        ({"inputs": np.zeros((11, 3, 3))}, "inputs"),
        ({"steps": 7}, r"targets: expected shape .* = \(8, 4, …\), found \(12, 4, 2\)"),
        ({"start": np.zeros((3, 6))}, "start: expected a row for each of 4 trials"),
        ({"gain_weights": None}, "gain_weights"),
        ({"gain_weights": np.zeros((12, 4, 3))}, "gain_weights"),
        ({"gain_weights": np.zeros((11, 4, 2))}, "gain_weights: expected shape"),
        ({"gates": [np.ones((11, 4))]}, "gates"),
        ({"weights": np.full((12, 4), -1.0)}, "weights: found -1"),
        ({"h": 0.02}, "h: found 0.02 s, expected a step above 0 and at most tau = 0.01 s"),
        ({"window": 0}, "window: found 0 steps"),
        ({"of": ["wieghts"]}, "of: found 'wieghts', expected some of weights, loops, bias"),
        ({"of": ["loops[2]"]}, r"of: found 'loops\[2\]'"),
        ({"activity": -2.0}, "activity: found -2"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(change: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        found("tanh", parameters(), task(), **change)


def test_a_task_that_asks_for_nothing_or_has_no_length_is_refused():
    network = heddle.Network(weights=np.zeros((3, 3)), tau=0.01)
    with pytest.raises(heddle.DomainError, match="steps: found none"):
        heddle.value_and_gradient(network, h=0.005, initial=np.zeros(3), activity=1.0)
    with pytest.raises(heddle.DomainError, match="targets: found none, and no weight on activity"):
        heddle.value_and_gradient(network, h=0.005, initial=np.zeros(3), steps=2)
    with pytest.raises(heddle.ShapeError, match=re.escape("initial: expected shape (n,)")):
        heddle.value_and_gradient(network, h=0.005, initial=np.zeros((1, 1, 3)), steps=2)
    with pytest.raises(TypeError, match=r"steps is 2\.5"):
        heddle.value_and_gradient(network, h=0.005, initial=np.zeros(3), steps=2.5, activity=1.0)


def values() -> tuple[heddle.training.TrainableNetwork, heddle.training.TrainingTask]:
    given, asked = parameters(), task()
    network = heddle.Network(
        weights=given["weights"],
        tau=0.01,
        response="tanh",
        bias=given["bias"],
        readout=given["readout"],
    )
    loops = tuple(
        heddle.Loops(u=given[f"loops[{i}].u"], v=given[f"loops[{i}].v"]) for i in range(2)
    )
    own = {name: given[name] for name in ("input", "initial", "gains")}
    trainable = heddle.training.TrainableNetwork(network, loops, **own)
    return trainable, heddle.training.TrainingTask(steps=STEPS, trials=TRIALS, **asked)


def test_values_and_keywords_say_the_same():
    loss, gradient = heddle.value_and_gradient(*values(), of=["gains", "loops"], window=4)
    expected, slopes = found("tanh", parameters(), task(), of=["gains", "loops"], window=4)
    assert loss.value == expected.value
    for name in slopes:
        np.testing.assert_array_equal(gradient[name], slopes[name])
    assert heddle.training.training_loss(*values()).value == loss.value
    with pytest.raises(TypeError, match="activity: found beside a TrainableNetwork"):
        heddle.value_and_gradient(*values(), activity=1.0)
    with pytest.raises(TypeError, match="task is None, expected a TrainingTask"):
        heddle.value_and_gradient(values()[0])


def test_a_workspace_that_is_kept_changes_no_bit():
    workspace = heddle._core.TrainingWorkspace()
    first, slopes = heddle.value_and_gradient(*values())
    heddle.value_and_gradient(*values(), window=2, workspace=workspace)
    loss, gradient = heddle.value_and_gradient(*values(), workspace=workspace)
    assert loss.value == first.value
    for name in slopes:
        np.testing.assert_array_equal(gradient[name], slopes[name])


def test_outputs_and_states_are_those_of_the_equations_and_ask_for_no_targets():
    trainable, asked = values()
    free = dataclasses.replace(asked, targets=None, weights=None, activity=0.0, velocity=0.0)
    outputs = heddle.training.training_outputs(trainable, free)
    states = heddle.training.training_states(trainable, free)
    assert outputs.shape == (STEPS + 1, TRIALS, D)
    assert states.shape == (STEPS + 1, TRIALS, N)
    np.testing.assert_array_equal(states[0], trainable.initial + asked.start)
    gains = asked.gain_weights @ trainable.gains.T
    rates = gains * np.tanh(states)
    np.testing.assert_allclose(outputs, rates @ trainable.network.readout.T, atol=1e-14)
    drive = rates[:-1] @ trainable.network.weights.T + trainable.network.bias
    drive += asked.inputs @ trainable.input.T
    for loops, gates in zip(trainable.loops, asked.gates, strict=True):
        drive += gates[..., None] * (rates[:-1] @ loops.v @ loops.u.T)
    np.testing.assert_allclose(states[1:], 0.6 * states[:-1] + 0.4 * drive, atol=1e-14)


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"steps": 2.5}, TypeError, r"steps is 2\.5 \(float\), expected an integer"),
        ({"trials": 0}, heddle.DomainError, "trials: found 0, expected at least 1"),
        ({"trials": 5}, heddle.ShapeError, r"targets: expected shape .* = \(12, 5, …\)"),
        ({"inputs": np.zeros((12, 4, 3))}, heddle.ShapeError, r"inputs: .* \(11, 4, …\)"),
        ({"start": np.zeros(6)}, heddle.ShapeError, "start: expected an array of two dimensions"),
    ],
)
def test_a_task_whose_arrays_do_not_fit_is_refused(change, kind, message):
    trainable, asked = values()
    with pytest.raises(kind, match=message):
        heddle.training.training_outputs(trainable, dataclasses.replace(asked, **change))


def test_a_network_that_explodes_names_the_step():
    network = heddle.Network(weights=100 * np.eye(3), tau=0.01)
    with pytest.raises(heddle.DomainError, match=r"is not finite at step 1\d\d of 900"):
        heddle.value_and_gradient(network, h=0.01, initial=np.ones(3), steps=900, activity=1.0)
