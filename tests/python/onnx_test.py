"""export_onnx: onnxruntime takes the steps of the network."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from trainable_examples import RESPONSES, example, ours

import heddle
from heddle.training import TrainingTask

onnx = pytest.importorskip("onnx", reason="the package onnx is not installed here")
runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed here")

TOLERANCE = {"float32": 2e-6, "float64": 1e-13}  # relative to the largest number


def session(path):
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def near(found, expected, dtype):
    assert found.dtype == dtype
    assert found.shape == expected.shape
    return np.abs(found - expected).max() < TOLERANCE[dtype] * np.abs(expected).max()


def given(whole, task, dtype):
    arrays = {
        "x0": np.broadcast_to(whole.initial, (task.trials, len(whole.network.bias))),
        "inputs": task.inputs,
        "gates": np.stack(task.gates, axis=-1),
        "gain_weights": task.gain_weights,
    }
    return {name: np.asarray(array, dtype) for name, array in arrays.items()}


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("response", RESPONSES)
def test_a_run_has_our_states_and_outputs(response, dtype, tmp_path):
    whole, task = example(response)
    path = tmp_path / "network.onnx"
    heddle.export_onnx(whole, path, h=task.h, gated=True, dtype=dtype)
    outputs, states = session(path).run(["outputs", "states"], given(whole, task, dtype))
    expected = ours(whole, task)
    assert near(outputs, expected[0], dtype)
    assert near(states, expected[1], dtype)


@pytest.mark.parametrize("response", RESPONSES)
def test_a_step_taken_again_and_again_is_the_run(response, tmp_path):
    whole, task = example(response)
    path = tmp_path / "network.onnx"
    heddle.export_onnx(whole, path, h=task.h, gated=True, kind="step", dtype="float64")
    arrays, step = given(whole, task, "float64"), session(path)
    outputs, states = ours(whole, task)
    x = arrays.pop("x0")
    for t in range(task.steps):
        assert near(x, states[t], "float64")
        now = {name: array[t] for name, array in arrays.items()}
        x, y = step.run(["x_next", "outputs"], {"x": x} | now)
        assert near(y, outputs[t], "float64")


def test_one_model_runs_any_number_of_trials_and_steps(tmp_path):
    whole, task = example("tanh", gains=False)
    whole, path = replace(whole, input=None), tmp_path / "network.onnx"
    heddle.export_onnx(whole, path, h=task.h, dtype="float64")
    run = session(path)
    for trials, steps in ((1, 3), (5, 40)):
        x0 = np.random.default_rng(trials).normal(size=(trials, 20))
        found = run.run(["outputs"], {"x0": x0, "steps": np.array([steps])})[0]
        asked = TrainingTask(h=task.h, steps=steps, trials=trials)
        assert near(found, ours(replace(whole, initial=x0), asked)[0], "float64")


def test_the_model_says_what_it_is_and_has_no_outputs_without_a_readout(tmp_path):
    path = tmp_path / "network.onnx"
    heddle.export_onnx(heddle.Network(weights=np.eye(3), tau=0.02, response="tanh"), path, h=0.01)
    model = onnx.load(path)
    said = {entry.key: entry.value for entry in model.metadata_props}
    assert said == {"h": "0.01", "tau": "0.02", "response": "tanh"}
    assert [output.name for output in model.graph.output] == ["states"]
    assert [entry.name for entry in model.graph.input] == ["x0", "steps"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "loop"}, "kind: found 'loop', expected one of run, step"),
        ({"dtype": "float16"}, "dtype: found 'float16', expected one of float32, float64"),
        ({"h": 1.0}, "h: found 1.0 s"),
        ({"gated": True}, "gated: found True, but the network has no loops"),
        ({"network": "W"}, "network is a str"),
        ({"path": "nowhere/network.onnx"}, "there is no folder"),
    ],
)
def test_what_no_model_can_be_made_of_is_refused_by_name(change, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = {"network": heddle.Network(weights=np.eye(3)), "path": "network.onnx"} | change
    with pytest.raises(ValueError, match=message):
        heddle.export_onnx(arguments.pop("network"), arguments.pop("path"), **arguments)
    assert not list(tmp_path.iterdir())


def test_without_onnx_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match="pip install onnx"):
        heddle.export_onnx(heddle.Network(weights=np.eye(3)), "network.onnx")
