"""to_torch: a module that takes the same steps, has the same gradients, and comes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from torch_here import torch
from trainable_examples import RESPONSES, example, ours

import heddle
from heddle.training import TrainableNetwork, TrainingTask


def run(module, task: TrainingTask):
    """Outputs and states of a task, as tensors of the module's type."""

    def tensor(values):
        return None if values is None else torch.tensor(values, dtype=module.weights.dtype)

    return module(
        tensor(task.inputs),
        steps=task.steps,
        start=tensor(task.start),
        gates=None if task.gates is None else [tensor(gate) for gate in task.gates],
        gain_weights=tensor(task.gain_weights),
    )


def numbers(tensors):
    return [tensor.detach().double().numpy() for tensor in tensors]


def loss_of(module, task: TrainingTask):
    """TrainingTask's loss, in torch."""
    outputs, states = run(module, task)
    mask = torch.tensor(task.weights)
    error = (mask[..., None] * (outputs - torch.tensor(task.targets)) ** 2).sum()
    phi = {
        "linear": lambda x: x,
        "rectified": torch.relu,
        "tanh": torch.tanh,
        "softplus": torch.nn.functional.softplus,
    }[module.response]
    rates = (torch.tensor(task.gain_weights) @ module.gains.T) * phi(states)
    speed = ((states[1:] - states[:-1]) / task.h) ** 2
    scale = outputs.shape[-1] * mask.sum()
    return error / scale + task.activity * (rates**2).mean() + task.velocity * speed.mean()


@pytest.mark.parametrize("response", RESPONSES)
def test_in_double_precision_the_module_takes_our_steps_to_rounding(response):
    whole, task = example(response)
    task = replace(task, start=np.random.default_rng(5).normal(size=(3, 20)))
    module = heddle.to_torch(whole, h=task.h, dtype="float64")
    for found, expected in zip(numbers(run(module, task)), ours(whole, task), strict=True):
        assert np.abs(found - expected).max() < 1e-13 * np.abs(expected).max()


@pytest.mark.parametrize("response", RESPONSES)
def test_autograd_gives_the_gradient_of_value_and_gradient_to_ten_digits(response):
    whole, task = example(response)
    task = replace(task, start=np.random.default_rng(5).normal(size=(3, 20)))
    module = heddle.to_torch(whole, h=task.h, dtype="float64")
    found = loss_of(module, task)
    found.backward()
    loss, gradient = heddle.value_and_gradient(whole, task)
    assert found.item() == pytest.approx(loss.value, rel=1e-12)
    names = {f"loops[{i}].{letter}": f"{letter}{i}" for i in range(2) for letter in "uv"}
    assert {names.get(name, name) for name in gradient} == dict(module.named_parameters()).keys()
    for name, expected in gradient.items():
        slopes = getattr(module, names.get(name, name)).grad.numpy()
        assert np.linalg.norm(slopes - expected) < 1e-10 * np.linalg.norm(expected), name


def test_in_single_precision_a_second_of_a_stable_network_agrees_to_a_millionth():
    """200 units with g = 0.8, a gated loop and inputs, 1,000 steps: 100 τ. Chaotic networks, whose
    trajectories part from any rounding, are not held to this."""
    draw = np.random.default_rng(2)
    n, steps, trials = 200, 1000, 4
    u, v = draw.normal(size=(2, n, 2)) / np.sqrt(n)
    whole = TrainableNetwork(
        heddle.Network(
            weights=heddle.gaussian_weights(n, 0.8, seed=3),
            tau=0.01,
            response="tanh",
            readout=draw.normal(size=(2, n)) / np.sqrt(n),
        ),
        loops=(heddle.Loops(u=u, v=v),),
        input=draw.normal(size=(n, 1)),
        initial=draw.normal(size=(trials, n)),
    )
    time = np.arange(steps)[:, None]
    task = TrainingTask(
        h=0.001,
        steps=steps,
        trials=trials,
        inputs=0.3 * np.sin(0.02 * time + np.arange(trials))[..., None],
        gates=((time // 250 % 2) * np.ones(trials),),
    )
    outputs, _ = numbers(run(heddle.to_torch(whole, h=task.h, dtype="float32"), task))
    expected, _ = ours(whole, task)
    assert np.sqrt(np.mean((outputs - expected) ** 2)) < 3e-7 * np.abs(expected).max()
    assert np.abs(outputs - expected).max() < 1e-6 * np.abs(expected).max()


def test_the_module_runs_on_the_device_that_it_is_moved_to():
    """On PyTorch's device without numbers, which any tensor made elsewhere would stop."""
    whole, task = example("tanh")
    module = heddle.to_torch(whole, h=task.h).to("meta")
    outputs, states = module(
        torch.empty(25, 3, 3, device="meta"),
        gates=[torch.empty(25, 3, device="meta")] * 2,
        gain_weights=torch.empty(26, 3, 2, device="meta"),
    )
    assert (outputs.device.type, outputs.shape, states.shape) == ("meta", (26, 3, 2), (26, 3, 20))


def test_the_module_trains_on_and_what_was_trained_comes_back():
    whole, task = example("tanh")
    module = heddle.to_torch(whole, h=task.h, dtype="float64")
    losses = []
    for _ in range(20):
        loss = loss_of(module, task)
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, list(module.parameters()))
        with torch.no_grad():
            for parameter, slope in zip(module.parameters(), slopes, strict=True):
                parameter -= 0.1 * slope
    assert losses[-1] < 0.9 * losses[0]
    back = heddle.from_torch(module)
    outputs, states = numbers(run(module, task))
    for found, expected in zip(ours(back, task), (outputs, states), strict=True):
        assert np.abs(found - expected).max() < 1e-13 * np.abs(expected).max()
    assert not np.array_equal(back.loops[1].u, whole.loops[1].u)


@pytest.mark.parametrize("file", [None, "network.pt", "network.safetensors"])
def test_a_network_comes_back_bit_for_bit_from_the_module_and_from_its_file(file, tmp_path):
    whole, task = example("softplus")
    module = heddle.to_torch(whole, h=task.h, dtype="float64")
    source = module
    if file is not None:
        source = tmp_path / file
    if file == "network.pt":
        torch.save(module.state_dict(), source)
    elif file is not None:
        pytest.importorskip("safetensors.torch").save_file(module.state_dict(), source)
    back = heddle.from_torch(source)
    assert (back.network.tau, back.network.response) == (0.02, "softplus")
    for name in ("weights", "bias", "readout"):
        np.testing.assert_array_equal(getattr(back.network, name), getattr(whole.network, name))
    for name in ("input", "initial", "gains"):
        np.testing.assert_array_equal(getattr(back, name), getattr(whole, name))
    for found, given in zip(back.loops, whole.loops, strict=True):
        np.testing.assert_array_equal(found.u, given.u)
        np.testing.assert_array_equal(found.v, given.v)


def test_a_state_dict_restores_step_and_response_too():
    whole, task = example("tanh")
    other = replace(whole, network=replace_network(whole.network, tau=0.5, response="linear"))
    module = heddle.to_torch(other, h=0.5, dtype="float64")
    module.load_state_dict(heddle.to_torch(whole, h=task.h, dtype="float64").state_dict())
    assert (module.h, module.tau, module.response) == (task.h, 0.02, "tanh")
    outputs, _ = numbers(run(module, task))
    assert np.abs(outputs - ours(whole, task)[0]).max() < 1e-13


def replace_network(network, **fields):
    return heddle.Network(**{name: getattr(network, name) for name in network._fields} | fields)


def test_a_plain_network_starts_at_zero_and_steps_by_its_time_constant():
    network = heddle.Network(weights=np.eye(3), tau=0.1, bias=[1.0, 2.0, 3.0], readout=np.eye(3))
    module = heddle.to_torch(network, dtype=torch.float64)
    outputs, states = numbers(module(steps=2))
    np.testing.assert_array_equal(outputs[:, 0], [[0, 0, 0], [1, 2, 3], [2, 4, 6]])
    np.testing.assert_array_equal(states, outputs)
    assert sum(p.requires_grad for p in module.parameters()) == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"h": 0.03}, "h: found 0.03 s, expected a step above 0 and at most tau = 0.02 s"),
        ({"h": np.nan}, "h: found nan"),
        ({"h": "1 ms"}, "h: found '1 ms' s, expected a step above 0"),
        (
            {"network": {"response": heddle.TransferResponse()}},
            "network.response: found that of a population",
        ),
        ({"dtype": "float16"}, "dtype: found 'float16'"),
        ({"network": 3}, "network is a int"),
        ({"network": {"input": np.zeros((4, 1))}}, "input: found shape"),
        ({"network": {"initial": np.full(20, np.inf)}}, "initial holds NaN"),
        ({"network": {"gains": np.zeros(20)}}, "gains: found shape"),
        (
            {"network": {"loops": (heddle.Loops(u=np.eye(20), v=np.eye(20), delay=0.1),)}},
            r"loops\[0\].delay: found 0.1 s, expected 0",
        ),
        ({"network": {"weights": heddle.sparse_weights(20, 0.5, 0.5)}}, "network.weights"),
    ],
)
def test_what_no_module_can_be_made_of_is_refused_by_name(change, message):
    whole, _ = example("tanh")
    fields = change.pop("network", {})
    if not isinstance(fields, dict):
        whole = fields
    elif {"weights", "response"} & set(fields):
        whole = heddle.Network(**{"weights": np.eye(3)} | fields)
    else:
        whole = replace(whole, **fields)
    with pytest.raises(ValueError, match=message):
        heddle.to_torch(whole, **{"h": 0.005} | change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": None}, "inputs: found none, but the network has input weights"),
        ({"gain_weights": None}, "gain_weights: found none, but the network has gains"),
        ({"inputs": (25, 3, 4)}, r"inputs: found shape \(25, 3, 4\), expected \(25, 3, 3\)"),
        ({"steps": 7}, r"inputs: found shape \(25, 3, 3\), expected \(7, 3, 3\)"),
        ({"steps": 0}, "steps: found 0"),
        ({"gates": [(25, 3)]}, "gates: found 1, expected 2"),
        ({"gates": [(25, 3), (24, 3)]}, r"gates\[1\]: found shape \(24, 3\)"),
        ({"gain_weights": (25, 3, 2)}, r"gain_weights: found shape .* expected \(26, 3, 2\)"),
        ({"start": (20,)}, r"start: found shape \(20,\), expected \(3, 20\)"),
        ({"inputs": (25, 2, 3), "gates": None}, r"gain_weights: found shape"),
    ],
)
def test_a_run_that_does_not_fit_is_refused_by_name(change, message):
    whole, _ = example("tanh")
    module = heddle.to_torch(whole, h=0.005)
    given = {"inputs": (25, 3, 3), "gain_weights": (26, 3, 2), "gates": [(25, 3), (25, 3)]}

    def tensors(shape):
        if isinstance(shape, list):
            return [torch.zeros(each) for each in shape]
        return torch.zeros(shape) if isinstance(shape, tuple) else shape

    with pytest.raises(ValueError, match=message):
        module(**{name: tensors(shape) for name, shape in (given | change).items()})


def test_arrays_for_what_the_network_has_not_are_refused():
    module = heddle.to_torch(heddle.Network(weights=np.eye(3)))
    with pytest.raises(heddle.DomainError, match="steps: found none"):
        module()
    with pytest.raises(heddle.DomainError, match="inputs: found some, but the network has no"):
        module(torch.zeros(4, 1, 1))
    with pytest.raises(heddle.ShapeError, match="gates: found 1, expected 0"):
        module(steps=4, gates=[torch.zeros(4, 1)])
