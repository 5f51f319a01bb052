"""From the values of this package to the arrays of the core, and back: columns there are trials."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, NetworkParameters, ShapeError, TaskArrays
from heddle.training.values import TrainableNetwork, TrainingTask

Array = NDArray[np.float64]
_EMPTY = np.zeros((0, 0))


def core_arguments(
    trainable: TrainableNetwork, task: TrainingTask
) -> tuple[NetworkParameters, TaskArrays]:
    """Network and task as the functions of the core take them."""
    return network_parameters(trainable), task_arrays(task)


def network_parameters(trainable: TrainableNetwork) -> NetworkParameters:
    """A trainable network as the core has it."""
    return NetworkParameters(
        network=trainable.network,
        loops=list(trainable.loops),
        input=_matrix(trainable.input, "input"),
        initial=_initial(trainable.initial),
        gains=_matrix(trainable.gains, "gains"),
    )


def trainable_network(parameters: NetworkParameters, like: TrainableNetwork) -> TrainableNetwork:
    """The network that the core made of one `like` this: what that left out stays out."""
    initial = parameters.initial.T if np.ndim(like.initial) == 2 else parameters.initial[:, 0]
    return TrainableNetwork(
        network=parameters.network,
        loops=tuple(parameters.loops),
        input=None if like.input is None else parameters.input,
        initial=initial,
        gains=None if like.gains is None else parameters.gains,
    )


def by_trial(columns: Array, trials: int) -> Array:
    """Columns of steps and trials as an array of shape (steps, trials, channels)."""
    return columns.T.reshape(-1, trials, columns.shape[0])


def task_arrays(task: TrainingTask) -> TaskArrays:
    """A task as the core has it."""
    steps, trials = _count(task.steps, "steps"), _count(task.trials, "trials")
    targets = _series(task.targets, "targets", steps + 1, trials)
    start = _matrix(task.start, "start")
    if start.size and start.shape[0] != trials:
        raise ShapeError(f"start: expected a row for each of {trials} trials, found {start.shape}")
    return TaskArrays(
        h=task.h,
        steps=steps,
        trials=trials,
        start=start.T,
        inputs=_columns(_series(task.inputs, "inputs", steps, trials)),
        gates=[] if task.gates is None else list(task.gates),
        gain_weights=_columns(_series(task.gain_weights, "gain_weights", steps + 1, trials)),
        targets=_columns(targets),
        weights=_mask(task.weights, targets),
        activity=task.activity,
        velocity=task.velocity,
    )


def _count(value: int, name: str) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        if value < 1:
            raise DomainError(f"{name}: found {value}, expected at least 1")
        return int(value)
    raise TypeError(f"{name} is {value!r} ({type(value).__name__}), expected an integer")


def _matrix(values: ArrayLike | None, name: str) -> Array:
    if values is None:
        return _EMPTY
    array = np.asarray(values, dtype=float)
    if array.ndim != 2:
        raise ShapeError(f"{name}: expected an array of two dimensions, found {array.shape}")
    return array


def _initial(values: ArrayLike | None) -> Array:
    if values is None:
        return _EMPTY
    array = np.asarray(values, dtype=float)
    if array.ndim not in (1, 2):
        raise ShapeError(f"initial: expected shape (n,) or (trials, n), found {array.shape}")
    return array[:, None] if array.ndim == 1 else array.T


def _series(values: ArrayLike | None, name: str, steps: int, trials: int) -> Array | None:
    if values is None:
        return None
    array = np.asarray(values, dtype=float)
    if array.ndim != 3 or array.shape[:2] != (steps, trials):
        raise ShapeError(
            f"{name}: expected shape (steps, trials, channels) = ({steps}, {trials}, …), "
            f"found {array.shape}"
        )
    return array


def _columns(array: Array | None) -> Array:
    return _EMPTY if array is None else array.reshape(-1, array.shape[2]).T


def _mask(weights: ArrayLike | None, targets: Array | None) -> ArrayLike:
    if weights is not None:
        return weights
    return _EMPTY if targets is None else np.ones(targets.shape[:2])
