"""The points of a map: what a worker gets, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np

from heddle._core import Circuit, Error
from heddle.validation.levels import Level
from heddle.validation.map_values import ValidityMap
from heddle.validation.paths import with_value
from heddle.validation.protocol import validate
from heddle.validation.responses import settled
from heddle.validation.values import TERMS, Validation

Make = Circuit | Callable[[float, float], Circuit]
SEEDS_APART = 1000  # between points: no two of them share a network


@dataclass(frozen=True)
class Task:
    """One point, all that a worker needs."""

    make: Make
    names: tuple[str, str]  # of x and y
    at: tuple[float, float]
    level: Level
    observable: str
    seed: int
    how: dict[str, Any]
    index: int


@dataclass(frozen=True)
class Point:
    index: int
    rows: list[tuple[list[float], list[float], float]]  # of populations: errors, reaches, neurons
    level: str
    reason: str


def _work(task: Task) -> Point:
    try:
        circuit = settled(circuit_at(task.make, task.names, task.at))
        seed = task.seed + SEEDS_APART * task.index
        found = validate(circuit, task.level, seed=seed, threads=1, **task.how)
    except Error as error:
        return Point(task.index, [], "none", str(error))
    rows = [row for row in found.rows if row.observable.kind == task.observable]
    return Point(task.index, [_numbers(row) for row in rows], found.level, _reason(found))


def _reason(found: Validation) -> str:
    """Why a point has no error, or what it is not to be trusted for."""
    if found.passed is None:
        return found.statement
    return "" if found.trusted else found.statement.rpartition("not to be trusted: ")[2]


def _numbers(row: Any) -> tuple[list[float], list[float], float]:
    terms = [getattr(row, name) for name in TERMS]
    errors = [np.nan if term is None else term.estimate for term in terms]
    reaches = [np.nan if term is None else (term.high - term.low) / 2 for term in terms]
    return errors, reaches, row.neurons


def put(found: ValidityMap, point: Point) -> None:
    j, i = divmod(point.index, found.done.shape[1])
    for p, (errors, reaches, neurons) in enumerate(point.rows):
        found.error[:, j, i, p], found.reach[:, j, i, p] = errors, reaches
        found.neurons[j, i, p] = neurons
    found.levels[point.index], found.reasons[point.index] = point.level, point.reason
    found.done[j, i] = True


def finished(tasks: list[Task], executor: Executor | None) -> Iterator[Point]:
    """Points as they are ready; what has not begun when the caller leaves is not begun."""
    if executor is None:
        yield from map(_work, tasks)
        return
    waiting = [executor.submit(_work, task) for task in tasks]
    try:
        for future in as_completed(waiting):
            yield future.result()
    finally:
        for future in waiting:
            future.cancel()


def circuit_at(make: Make, names: tuple[str, str], at: tuple[float, float]) -> Circuit:
    """The circuit of a point."""
    if isinstance(make, Circuit):
        return with_value(with_value(make, names[0], at[0]), names[1], at[1])
    return make(*at)
