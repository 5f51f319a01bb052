"""Networks and tasks between Python, an array a time series, and C++, a column a step and trial."""

from __future__ import annotations

from typing import Any

import numpy as np

from heddle import _core
from heddle._core import Network, ShapeError
from heddle.training.values import Array, TrainableNetwork, TrainingTask


def network_parameters(trainable: TrainableNetwork | Network) -> _core.NetworkParameters:
    """A trainable network as C++ takes it. Raises ShapeError for arrays of other dimensions."""
    if isinstance(trainable, Network):
        trainable = TrainableNetwork(trainable)
    n = trainable.network.bias.size
    initial = np.zeros(n) if trainable.initial is None else np.asarray(trainable.initial, float)
    if initial.ndim not in (1, 2):
        raise ShapeError(f"initial: expected shape (n,) or (trials, n), found {initial.shape}")
    return _core.NetworkParameters(
        network=trainable.network,
        loops=list(trainable.loops),
        input=trainable.input,
        initial=initial[:, None] if initial.ndim == 1 else initial.T,
    )


def trainable_network(
    parameters: _core.NetworkParameters, like: TrainableNetwork
) -> TrainableNetwork:
    """The trainable network that C++ made of one `like` this: what that left out stays out."""
    initial = parameters.initial[:, 0] if np.ndim(like.initial) < 2 else parameters.initial.T
    return TrainableNetwork(
        network=parameters.network,
        loops=tuple(parameters.loops),
        input=None if like.input is None else parameters.input,
        initial=None if like.initial is None and not initial.any() else initial,
    )


def task_arrays(task: TrainingTask) -> _core.TaskArrays:
    """A task as C++ takes it. Raises ShapeError for arrays of other dimensions."""
    weights = task.weights
    if weights is None and task.targets is not None:
        weights = np.ones((task.steps + 1, task.trials))
    given: dict[str, Any] = {
        "inputs": _columns(task.inputs, "inputs"),
        "gates": None if task.gates is None else list(task.gates),
        "targets": _columns(task.targets, "targets"),
        "weights": weights,
    }
    return _core.TaskArrays(
        h=task.h,
        steps=task.steps,
        trials=task.trials,
        activity=task.activity,
        velocity=task.velocity,
        **given,
    )


def _columns(values: Array | None, name: str) -> Array | None:
    if values is None:
        return None
    array = np.asarray(values, dtype=float)
    if array.ndim != 3:
        raise ShapeError(f"{name}: expected shape (steps, trials, channels), found {array.shape}")
    return array.reshape(-1, array.shape[2]).T
