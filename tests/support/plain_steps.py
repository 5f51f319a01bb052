"""The steps of a TrainableNetwork as its docstring has them, one product after the other."""

from __future__ import annotations

import numpy as np

import heddle
from heddle.training import TrainableNetwork, TrainingTask

PHI = {
    "linear": lambda x: x,
    "rectified": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(x, 0),
}


def plain_steps(whole: TrainableNetwork, task: TrainingTask) -> tuple[np.ndarray, np.ndarray]:
    """Outputs (T + 1, trials, d) and states (T + 1, trials, n)."""
    net, eta = whole.network, task.h / whole.network.tau
    n = len(net.bias)
    start = np.zeros(n) if whole.initial is None else whole.initial
    x = np.array(np.broadcast_to(start, (task.trials, n)))
    x = x if task.start is None else x + task.start
    states, outputs = [], []
    for t in range(task.steps + 1):
        gain = 1.0 if whole.gains is None else task.gain_weights[t] @ whole.gains.T
        rates = gain * PHI[net.response](x)
        states.append(x)
        outputs.append(rates @ net.readout.T)
        if t == task.steps:
            break
        sent = rates @ net.weights.T + net.bias
        for k, loop in enumerate(whole.loops):
            gate = 1.0 if task.gates is None else task.gates[k][t][:, None]
            sent = sent + gate * (rates @ loop.v) @ loop.u.T
        if whole.input is not None:
            sent = sent + task.inputs[t] @ whole.input.T
        x = (1 - eta) * x + eta * sent
    return np.array(outputs), np.array(states)


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
