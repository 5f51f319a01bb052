"""Losses of networks on trajectories, and their gradients: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle import _core
from heddle._core import DomainError, Loops, Network, ShapeError, TrainingLoss

Array = NDArray[np.float64]
PARTS = ("weights", "loops", "bias", "input", "readout", "initial")
_EMPTY = np.zeros((0, 0))


def value_and_gradient(
    network: Network,
    *,
    h: float,
    initial: ArrayLike,
    steps: int | None = None,
    targets: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    loops: Sequence[Loops] = (),
    gates: Sequence[ArrayLike] | None = None,
    input: ArrayLike | None = None,
    inputs: ArrayLike | None = None,
    activity: float = 0.0,
    velocity: float = 0.0,
    of: Sequence[str] | None = None,
    window: int | None = None,
) -> tuple[TrainingLoss, dict[str, Array]]:
    """A loss on the trajectories of a network, and its gradient in the network's parameters.

    With η = h / τ, every trial goes from x_t to

        x_{t+1} = (1 − η) x_t + η (W φ(x_t) + Σ_l g_l(t) U_l V_lᵀ φ(x_t) + b + B s_t) ,

    has outputs y_t = C φ(x_t) at steps 0 to T, and

        loss = Σ m ‖y − y*‖² / (d Σ m) + activity · mean φ(x)²
               + velocity · mean ((x_{t+1} − x_t) / h)² .

    network   a Network with dense weights, of any response
    h         step, s, in (0, τ]; at τ, x_{t+1} = W φ(x_t) + …
    initial   x_0, shape (n,) for all trials or (trials, n)
    steps     T; not needed with targets or inputs
    targets   y*, shape (T + 1, trials, d)
    weights   m ≥ 0 of the targets, shape (T + 1, trials); all 1 if left out
    loops     U_l, V_l, without thalamic lag and delay; they read the rates φ(x)
    gates     g_l, one array of shape (T, trials) for each loop; all open if left out
    input     B, shape (n, k)
    inputs    s, shape (T, trials, k)
    activity, velocity  weights of the penalties; the latter in s²
    of        what is differentiated: some of "weights", "loops", "loops[0]", "loops[1]", …, "bias",
              "input", "readout", "initial"; what there is if left out
    window    K: gradients are cut at steps K, 2K, …, whose states are taken as data there; the
              full gradient if left out

    Returns (loss, gradient): a TrainingLoss, and arrays by name, each of its parameter's shape; of
    a loop "loops[0].u" and "loops[0].v". Raises ShapeError or DomainError naming the argument
    before anything is computed, and DomainError naming the step where a state or the gradient is
    no longer finite. Exact to rounding: the adjoint of the steps as they are taken. About
    6 n² · T · trials flops, and 8 n · (T + 1) · trials bytes. Werbos (1990), Proc IEEE 78:1550;
    for windows Williams & Peng (1990), Neural Comput 2:490.
    """
    start, given, aims = _initial(initial), _three(inputs, "inputs"), _three(targets, "targets")
    length = _steps(steps, given, aims)
    trials = _trials(start, given, aims)
    task = {
        "h": h,
        "steps": length,
        "trials": trials,
        "inputs": _columns(given),
        "gates": [] if gates is None else list(gates),
        "targets": _columns(aims),
        "weights": _mask(weights, aims),
        "activity": activity,
        "velocity": velocity,
    }
    names, trained = _parts(of, len(loops), input is not None)
    loss, found = _core.value_and_gradient(
        network,
        list(loops),
        _EMPTY if input is None else input,
        start,
        task,
        names,
        trained,
        _window(window),
    )
    return loss, _named(found, trained, np.ndim(initial))


def _three(values: ArrayLike | None, name: str) -> Array | None:
    """An array of shape (steps, trials, channels)."""
    if values is None:
        return None
    array = np.asarray(values, dtype=float)
    if array.ndim != 3:
        raise ShapeError(f"{name}: expected shape (steps, trials, channels), found {array.shape}")
    return array


def _columns(array: Array | None) -> Array:
    """A column for each step and trial, as C++ has it."""
    return _EMPTY if array is None else array.reshape(-1, array.shape[2]).T


def _initial(values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=float)
    if array.ndim not in (1, 2):
        raise ShapeError(f"initial: expected shape (n,) or (trials, n), found {array.shape}")
    return array[:, None] if array.ndim == 1 else array.T


def _steps(steps: int | None, inputs: Array | None, targets: Array | None) -> int:
    if steps is not None:
        return steps
    if targets is not None:
        return targets.shape[0] - 1
    if inputs is not None:
        return inputs.shape[0]
    raise DomainError("steps: found none, expected the number of steps, or targets, or inputs")


def _trials(initial: Array, inputs: Array | None, targets: Array | None) -> int:
    for array in (targets, inputs):
        if array is not None:
            return array.shape[1]
    return initial.shape[1]


def _mask(weights: ArrayLike | None, targets: Array | None) -> ArrayLike:
    if weights is not None:
        return weights
    return _EMPTY if targets is None else np.ones(targets.shape[:2])


def _window(window: int | None) -> int:
    if window is None:
        return 0
    if window < 1:
        raise DomainError(f"window: found {window} steps, expected at least 1")
    return window


def _parts(of: Sequence[str] | None, loops: int, inputs: bool) -> tuple[list[str], list[int]]:
    """What is asked for: names of parts, and indices of loops."""
    if of is None:
        of = [part for part in PARTS if part != "input" or inputs]
    if isinstance(of, str):
        of = [of]
    known = [*PARTS, *(f"loops[{i}]" for i in range(loops))]
    for name in of:
        if name not in known:
            raise DomainError(f"of: found {name!r}, expected some of {', '.join(known)}")
    trained = [i for i in range(loops) if "loops" in of or f"loops[{i}]" in of]
    return list(of), trained


def _named(found: dict[str, Any], trained: list[int], dimension: int) -> dict[str, Array]:
    """The gradient by names, in the shapes that the arguments have."""
    pairs = found.pop("loops")
    for index, (u, v) in zip(trained, pairs, strict=True):
        found[f"loops[{index}].u"], found[f"loops[{index}].v"] = u, v
    if "initial" in found:
        found["initial"] = found["initial"][:, 0] if dimension == 1 else found["initial"].T
    return found
