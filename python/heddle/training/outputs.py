"""What a network that is trained does in a task, whatever the task asks for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from heddle import _core
from heddle._core import TrainingLoss
from heddle.training.arrays import by_trial, core_arguments
from heddle.training.values import TrainableNetwork, TrainingTask

Array = NDArray[np.float64]


def training_outputs(trainable: TrainableNetwork, task: TrainingTask, *, threads: int = 0) -> Array:
    """Outputs y_t = C r_t at steps 0 to T, shape (T + 1, trials, d); see TrainableNetwork.

    Targets, their weights and penalties of the task are not looked at and may be missing.
    threads: 0: one per core; any number gives the same bits. Raises ShapeError or DomainError
    naming what does not fit, and DomainError naming step, unit and trial of a state that is not
    finite. About 2 n² · T · trials flops.
    """
    outputs, _ = _core.training_outputs(*core_arguments(trainable, task), False, threads)
    return by_trial(outputs, task.trials)


def training_states(trainable: TrainableNetwork, task: TrainingTask, *, threads: int = 0) -> Array:
    """States x_t at steps 0 to T, shape (T + 1, trials, n); see training_outputs."""
    _, states = _core.training_outputs(*core_arguments(trainable, task), True, threads)
    return by_trial(states, task.trials)


def training_loss(
    trainable: TrainableNetwork,
    task: TrainingTask,
    *,
    threads: int = 0,
    workspace: _core.TrainingWorkspace | None = None,
) -> TrainingLoss:
    """The loss of a network in a task and its parts, without a gradient; see TrainingTask.

    threads: 0: one per core; any number gives the same bits. workspace: memory kept from call to
    call. Raises what value_and_gradient raises. About 2 n² · T · trials flops.
    """
    workspace = workspace or _core.TrainingWorkspace()
    return _core.training_loss(*core_arguments(trainable, task), threads, workspace)
