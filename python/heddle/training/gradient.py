"""Losses of networks on trajectories, and their gradients: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle import _core
from heddle._core import DomainError, Loops, Network, TrainingLoss
from heddle.training.arrays import core_arguments
from heddle.training.values import TrainableNetwork, TrainingTask

Array = NDArray[np.float64]
PARTS = ("weights", "loops", "bias", "input", "readout", "initial", "gains")


def value_and_gradient(
    network: Network | TrainableNetwork,
    task: TrainingTask | None = None,
    *,
    h: float | None = None,
    initial: ArrayLike | None = None,
    start: ArrayLike | None = None,
    steps: int | None = None,
    targets: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    loops: Sequence[Loops] = (),
    gates: Sequence[ArrayLike] | None = None,
    input: ArrayLike | None = None,
    inputs: ArrayLike | None = None,
    gains: ArrayLike | None = None,
    gain_weights: ArrayLike | None = None,
    activity: float = 0.0,
    velocity: float = 0.0,
    of: Sequence[str] | None = None,
    window: int | None = None,
    threads: int = 0,
    workspace: _core.TrainingWorkspace | None = None,
) -> tuple[TrainingLoss, dict[str, Array]]:
    """A loss on the trajectories of a network, and its gradient in the network's parameters.

    With η = h / τ and rates r_t = (G a_t) ∘ φ(x_t), every trial goes from x_t to

        x_{t+1} = (1 − η) x_t + η (W r_t + Σ_l g_l(t) U_l V_lᵀ r_t + b + B s_t) ,

    has outputs y_t = C r_t at steps 0 to T, and

        loss = Σ m ‖y − y*‖² / (d Σ m) + activity · mean r²
               + velocity · mean ((x_{t+1} − x_t) / h)² .

    network   a Network with dense weights, of any response, and what follows to `velocity`; or a
              TrainableNetwork with its TrainingTask, and none of that
    task      a TrainingTask, if network is a TrainableNetwork
    h         step, s, in (0, τ]; at τ, x_{t+1} = W r_t + …
    initial   x_0, shape (n,) for all trials or (trials, n); 0 if left out
    start     added to x_0, shape (trials, n)
    steps     T; not needed with targets or inputs
    targets   y*, shape (T + 1, trials, d)
    weights   m ≥ 0 of the targets, shape (T + 1, trials); all 1 if left out
    loops     U_l, V_l, without thalamic lag and delay; they read the rates r
    gates     g_l, one array of shape (T, trials) for each loop; all open if left out
    input     B, shape (n, k)
    inputs    s, shape (T, trials, k)
    gains     G, shape (n, m); G a = 1 if left out
    gain_weights  a, shape (T + 1, trials, m)
    activity, velocity  weights of the penalties; the latter in s²
    of        what is differentiated: some of "weights", "loops", "loops[0]", "loops[1]", …, "bias",
              "input", "readout", "initial", "gains"; what there is if left out
    window    K: gradients are cut at steps K, 2K, …, whose states are taken as data there; the
              full gradient if left out
    threads   0: one per core; any number gives the same bits. Blocks of 32 trials or more share
              them, so fewer than 64 trials take one
    workspace memory that is kept from call to call, a heddle.TrainingWorkspace

    Returns (loss, gradient): a TrainingLoss, and arrays by name, each of its parameter's shape; of
    a loop "loops[0].u" and "loops[0].v". Raises ShapeError or DomainError naming the argument
    before anything is computed, and DomainError naming the step where a state or the gradient is
    no longer finite. Exact to rounding: the adjoint of the steps as they are taken. About
    6 n² · T · trials flops, and 8 n · (T + 1) · trials bytes. Werbos (1990), Proc IEEE 78:1550;
    for windows Williams & Peng (1990), Neural Comput 2:490.
    """
    asked = {
        "h": h, "initial": initial, "start": start, "steps": steps, "targets": targets,
        "weights": weights, "loops": loops, "gates": gates, "input": input, "inputs": inputs,
        "gains": gains, "gain_weights": gain_weights, "activity": activity, "velocity": velocity,
    }  # fmt: skip
    trainable, task = _values(network, task, asked)
    names, trained = _parts(of, trainable)
    loss, found = _core.value_and_gradient(
        *core_arguments(trainable, task),
        names,
        trained,
        _window(window),
        threads,
        workspace or _core.TrainingWorkspace(),
    )
    return loss, _named(found, trained, trainable)


def _values(
    network: Network | TrainableNetwork, task: TrainingTask | None, asked: dict[str, Any]
) -> tuple[TrainableNetwork, TrainingTask]:
    """The two values, as they were given or of the keywords."""
    if isinstance(network, TrainableNetwork):
        for name, value in asked.items():
            if bool(value) if name in ("loops", "activity", "velocity") else value is not None:
                raise TypeError(
                    f"{name}: found beside a TrainableNetwork; network and task have it"
                )
        if not isinstance(task, TrainingTask):
            raise TypeError(f"task is {task!r}, expected a TrainingTask with a TrainableNetwork")
        return network, task
    if task is not None:
        raise TypeError("task: found beside a Network, expected a TrainableNetwork, or keywords")
    if asked["h"] is None:
        raise DomainError("h: found none, expected a step in s, above 0 and at most tau")
    own = ("input", "initial", "gains")
    trainable = TrainableNetwork(
        network, loops=tuple(asked.pop("loops")), **{name: asked.pop(name) for name in own}
    )
    asked["steps"] = _steps(asked)
    return trainable, TrainingTask(trials=_trials(asked, trainable.initial), **asked)


def _steps(asked: dict[str, Any]) -> int:
    if asked["steps"] is not None:
        return asked["steps"]
    for name, states in (("targets", 1), ("gain_weights", 1), ("inputs", 0)):
        if asked[name] is not None and np.ndim(asked[name]) > 0:
            return len(asked[name]) - states
    raise DomainError("steps: found none, expected the number of steps, or targets, or inputs")


def _trials(asked: dict[str, Any], initial: ArrayLike | None) -> int:
    for name in ("targets", "inputs", "gain_weights"):
        if np.ndim(asked[name]) == 3:
            return np.shape(asked[name])[1]
    for rows in (asked["start"], initial):
        if np.ndim(rows) == 2:
            return len(rows)
    return 1


def _window(window: int | None) -> int:
    if window is None:
        return 0
    if window < 1:
        raise DomainError(f"window: found {window} steps, expected at least 1")
    return window


def _parts(of: Sequence[str] | None, trainable: TrainableNetwork) -> tuple[list[str], list[int]]:
    """What is asked for: names of parts, and indices of loops."""
    absent = [name for name in ("input", "gains") if getattr(trainable, name) is None]
    there = [part for part in PARTS if part not in absent]
    loops = len(trainable.loops)
    if of is None:
        of = there
    if isinstance(of, str):
        of = [of]
    known = [*there, *(f"loops[{i}]" for i in range(loops))]
    for name in of:
        if name not in known:
            raise DomainError(f"of: found {name!r}, expected some of {', '.join(known)}")
    trained = [i for i in range(loops) if "loops" in of or f"loops[{i}]" in of]
    return list(of), trained


def _named(
    found: dict[str, Any], trained: list[int], trainable: TrainableNetwork
) -> dict[str, Array]:
    """The gradient by names, in the shapes that the arguments have."""
    pairs = found.pop("loops")
    for index, (u, v) in zip(trained, pairs, strict=True):
        found[f"loops[{index}].u"], found[f"loops[{index}].v"] = u, v
    if "initial" in found:
        each = np.ndim(trainable.initial) == 2
        found["initial"] = found["initial"].T if each else found["initial"][:, 0]
    return found
