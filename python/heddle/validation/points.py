"""The points of a map: what a worker gets, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from heddle._core import Circuit, Error
from heddle.validation.levels import Level
from heddle.validation.map_values import ValidityMap
from heddle.validation.modulation import Modulation
from heddle.validation.paths import with_value
from heddle.validation.protocol import validate
from heddle.validation.values import TERMS, ErrorTerm, ObservableErrors, Validation

Make = Circuit | Callable[[float, float], Circuit]
MODULATED = {f"modulation.{name}": name for name in ("frequency", "amplitude")}
SEEDS_APART = 1000  # between points: no two of them share a network


@dataclass(frozen=True)
class Task:
    """One point, all that a worker needs."""

    make: Make
    names: tuple[str, str]  # of x and y
    at: tuple[float, float]
    level: Level
    observable: str
    band: tuple[float, float] | None
    modulation: Modulation | None
    seed: int
    how: dict[str, Any]
    index: int


@dataclass(frozen=True)
class Point:
    index: int
    rows: list[tuple[list[float], list[float], float]]  # of populations: errors, reaches, neurons
    level: str
    reason: str


def computed(task: Task) -> Point:
    """A point, or why it has none."""
    try:
        found = validate(
            circuit_at(task.make, task.names, task.at),
            task.level,
            seed=task.seed + SEEDS_APART * task.index,
            threads=1,
            modulation=modulation_at(task.modulation, task.names, task.at),
            observables=[task.observable],
            **task.how,
        )
    except Error as error:
        return Point(task.index, [], "none", str(error))
    kind, band = task.observable, task.band
    asked = [row for row in found.rows if row.observable.kind == kind]
    rows = [row for row in asked if row.observable.band == band]
    return Point(task.index, [_numbers(row) for row in rows], found.level, _reason(found, rows))


def _reason(found: Validation, rows: list[ObservableErrors]) -> str:
    """Why a point has no error, or what it is not to be trusted for."""
    if all(row.total is None for row in rows):
        return found.statement
    return "" if found.trusted else found.statement.rpartition("not to be trusted: ")[2]


def _numbers(row: Any) -> tuple[list[float], list[float], float]:
    terms = [getattr(row, name) for name in TERMS]
    errors = [np.nan if term is None else term.estimate for term in terms]
    reaches = [np.nan if term is None else _reach(term) for term in terms]
    return errors, reaches, row.neurons


def _reach(term: ErrorTerm) -> float:
    """Half the interval, or the longer half."""
    return max(term.high - term.estimate, term.estimate - term.low)


def put(found: ValidityMap, point: Point) -> None:
    j, i = divmod(point.index, found.done.shape[1])
    for p, (errors, reaches, neurons) in enumerate(point.rows):
        found.error[:, j, i, p], found.reach[:, j, i, p] = errors, reaches
        found.neurons[j, i, p] = neurons
    found.levels[point.index], found.reasons[point.index] = point.level, point.reason
    found.done[j, i] = True


def circuit_at(make: Make, names: tuple[str, str], at: tuple[float, float]) -> Circuit:
    """The circuit of a point."""
    if not isinstance(make, Circuit):
        return make(*at)
    for name, value in zip(names, at, strict=True):
        make = make if name in MODULATED else with_value(make, name, value)
    return make


def modulation_at(
    modulation: Modulation | None, names: tuple[str, str], at: tuple[float, float]
) -> Modulation | None:
    """The modulation of a point."""
    fields = {MODULATED[n]: v for n, v in zip(names, at, strict=True) if n in MODULATED}
    return modulation if modulation is None else replace(modulation, **fields)
