"""How long a run of a RateNetwork is and how many trials it has, from what it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from heddle._core import DomainError, ShapeError


class Given(NamedTuple):
    """The arguments of a run; tensors of which only the shape is looked at."""

    inputs: Any
    start: Any
    gates: Sequence[Any] | None
    gain_weights: Any


def run_sizes(network: Any, steps: int | None, given: Given) -> tuple[int, int]:
    """(T, trials). Raises ShapeError or DomainError for what fits neither network nor the rest."""
    _require_partners(network, given)
    series = {"inputs": given.inputs, "gain_weights": given.gain_weights}
    series |= {f"gates[{i}]": gate for i, gate in enumerate(given.gates or ())}
    series = {name: array for name, array in series.items() if array is not None}
    length = _length(steps, series)
    trials = _trials(network, given, series)
    for name, array in series.items():
        _require(name, array, _expected(name, network, length, trials))
    if given.start is not None:
        _require("start", given.start, (trials, len(network.bias)))
    if network.initial.ndim == 2:
        _require("initial", network.initial, (trials, len(network.bias)))
    return length, trials


def _require_partners(network: Any, given: Given) -> None:
    """Inputs need input weights, gain weights need gains, gates need loops, and each the other."""
    for name, array, partner, owner in (
        ("inputs", given.inputs, "input weights", network.input),
        ("gain_weights", given.gain_weights, "gains", network.gains),
    ):
        if array is not None and owner is None:
            raise DomainError(f"{name}: found some, but the network has no {partner}")
        if array is None and owner is not None:
            raise DomainError(f"{name}: found none, but the network has {partner}")
    if given.gates is not None and len(given.gates) != network.loops:
        raise ShapeError(
            f"gates: found {len(given.gates)}, expected {network.loops}, one for each loop"
        )


def _length(steps: int | None, series: dict[str, Any]) -> int:
    if steps is None:
        if not series:
            raise DomainError("steps: found none, expected the number of steps, or inputs")
        name, first = next(iter(series.items()))
        steps = len(first) - (name == "gain_weights")
    if steps < 1:
        raise DomainError(f"steps: found {steps}, expected at least 1")
    return steps


def _trials(network: Any, given: Given, series: dict[str, Any]) -> int:
    for array in series.values():
        if array.ndim >= 2:
            return array.shape[1]
    first = given.start if given.start is not None else network.initial
    return len(first) if first.ndim == 2 else 1


def _expected(name: str, network: Any, length: int, trials: int) -> tuple[int, ...]:
    if name == "inputs":
        return length, trials, network.input.shape[1]
    if name == "gain_weights":
        return length + 1, trials, network.gains.shape[1]
    return length, trials


def _require(name: str, array: Any, shape: tuple[int, ...]) -> None:
    if tuple(array.shape) != shape:
        raise ShapeError(f"{name}: found shape {tuple(array.shape)}, expected {shape}")
