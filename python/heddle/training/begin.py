"""Networks to begin training with, as a task needs them."""

from __future__ import annotations

import numpy as np

from heddle._core import DomainError, Loops, Network, ShapeError
from heddle.training.values import TrainableNetwork, TrainingTask


def trainable_for(
    network: Network, task: TrainingTask, *, rank: int = 0, seed: int = 0
) -> TrainableNetwork:
    """What a task needs beside the network, so that training can begin.

        B_ij ~ N(0, 1) ,   V_ij ~ N(0, 1/n) ,   U = 0 ,   G = 1 ,   x_0 = 0 ,

    with an input for each of the task's, a loop for each of its gates (without gates one that is
    always open), and a column of gains for each of its gain weights. Loops begin as adapters do
    (Hu et al. 2022): the network is what it was until they are trained.

    network  with a readout for each target
    task     a TrainingTask: any batch of what is to be trained
    rank     of each loop; 0: none
    seed     of input weights and loops

    Raises ShapeError for another number of readouts, DomainError for a rank above n or a task with
    gates whose loops would have rank 0.
    """
    n = network.bias.size
    _require_readouts(network, task)
    if not 0 <= rank <= n:
        raise DomainError(f"rank: found {rank}, expected 0 to {n}, the number of units")
    count = 1 if task.gates is None else len(task.gates)
    if task.gates is not None and rank == 0:
        raise DomainError(f"rank: found 0, but the task opens {count} loops; give at least 1")
    draw = np.random.default_rng(seed)
    inputs = 0 if task.inputs is None else np.shape(task.inputs)[2]
    columns = 0 if task.gain_weights is None else np.shape(task.gain_weights)[2]
    loops = [
        Loops(u=np.zeros((n, rank)), v=draw.normal(size=(n, rank)) / np.sqrt(n))
        for _ in range(count if rank else 0)
    ]
    return TrainableNetwork(
        network=network,
        loops=tuple(loops),
        input=draw.normal(size=(n, inputs)) if inputs else None,
        initial=np.zeros(n),
        gains=np.ones((n, columns)) if columns else None,
    )


def _require_readouts(network: Network, task: TrainingTask) -> None:
    if task.targets is None:
        return
    found, expected = network.readout.shape[0], np.shape(task.targets)[2]
    if found != expected:
        raise ShapeError(
            f"network.readout: expected {expected} rows, one for each output of the task, "
            f"found {found}"
        )
