"""A network that uses everything a TrainableNetwork has, and what it does in a task."""

from __future__ import annotations

import numpy as np

import heddle
from heddle.training import TrainableNetwork, TrainingTask

RESPONSES = ("linear", "rectified", "tanh", "softplus")


def ours(whole: TrainableNetwork, task: TrainingTask) -> tuple[np.ndarray, np.ndarray]:
    """Outputs (T + 1, trials, d) and states (T + 1, trials, n)."""
    return heddle.training_outputs(whole, task), heddle.training_states(whole, task)


def example(response: str, *, n: int = 20, trials: int = 3, steps: int = 25, gains: bool = True):
    """A network with two loops, inputs and gains, and a task that uses all of them."""
    draw = np.random.default_rng(n)
    root = np.sqrt(n)
    whole = TrainableNetwork(
        heddle.Network(
            weights=0.5 * draw.normal(size=(n, n)) / root,
            tau=0.02,
            response=response,
            bias=0.2 * draw.normal(size=n),
            readout=draw.normal(size=(2, n)) / root,
        ),
        loops=tuple(
            heddle.Loops(u=draw.normal(size=(n, k)) / root, v=draw.normal(size=(n, k)) / root)
            for k in (1, 2)
        ),
        input=draw.normal(size=(n, 3)),
        initial=draw.normal(size=(trials, n)),
        gains=draw.uniform(0.5, 1.5, (n, 2)) if gains else None,
    )
    task = TrainingTask(
        h=0.005,
        steps=steps,
        trials=trials,
        inputs=draw.normal(size=(steps, trials, 3)),
        gates=tuple(draw.uniform(size=(steps, trials)) for _ in range(2)),
        gain_weights=draw.uniform(size=(steps + 1, trials, 2)) if gains else None,
        targets=draw.normal(size=(steps + 1, trials, 2)),
        weights=draw.uniform(size=(steps + 1, trials)),
        activity=0.3,
        velocity=1e-4,
    )
    return whole, task
