"""The rows of a validation: differences of levels, their intervals and verdicts."""

from __future__ import annotations

import math

import numpy as np

from heddle.validation.observables import Measured, Observable
from heddle.validation.runs import Levels
from heddle.validation.values import TERMS, ErrorTerm, ObservableErrors


def rows_of(
    observables: list[Observable], levels: Levels, tolerance: float
) -> tuple[ObservableErrors, ...]:
    terms = _differences(observables, levels)
    shown = {name: _terms(found, len(observables)) for name, found in terms.items()}
    reduction = levels.reduction
    rows = []
    for k, observable in enumerate(observables):
        own = {name: shown[name][k] for name in TERMS}
        neurons = float(levels.neurons.estimate[k])
        rows.append(
            ObservableErrors(
                observable=observable,
                neurons=neurons,
                neurons_error=float(levels.neurons.standard_error[k]),
                reduction=None if reduction is None else _number(reduction.estimate[k]),
                step_error=None
                if levels.ages_step is None
                else _number(levels.ages_step.estimate[k]),
                verdict=_verdict(observable, own["total"], tolerance * abs(neurons)),
                **own,
            )
        )
    return tuple(rows)


def _differences(observables: list[Observable], levels: Levels) -> dict[str, Measured | None]:
    """The terms; None where a level is missing."""
    neurons, reduction = levels.neurons, levels.reduction
    total = None if reduction is None else reduction - neurons
    if levels.mesoscopic is not None and levels.ages is not None:
        return {
            "discretisation": levels.step,
            "finite_size": levels.ages - levels.mesoscopic,
            "closure": levels.mesoscopic - neurons,
            "transfer": None if reduction is None else _transfer(reduction, levels.ages),
            "total": total,
        }
    size = None if levels.larger is None else _extrapolated(observables, neurons, levels.larger)
    return {
        "discretisation": levels.step,
        "finite_size": None if size is None else size[0],
        "closure": None if size is None or reduction is None else reduction - size[1],
        "transfer": None,
        "total": total,
    }


def _transfer(reduction: Measured, ages: Measured) -> Measured:
    return ages - ages if reduction is ages else reduction - ages


def _extrapolated(
    observables: list[Observable], neurons: Measured, larger: Measured
) -> tuple[Measured, Measured]:
    """x(∞) − x(N) and x(∞) from N and 2 N: a (x(2N) − x(N)), a = 1 / (1 − 2^{−p})."""
    powers = {"rate": 1.0, "deviation": 0.5, "power": np.nan}
    a = np.array([1 / (1 - 2.0 ** -powers[one.kind]) for one in observables])
    return (larger - neurons) * a, neurons * (1 - a) - larger * -a


def _terms(found: Measured | None, count: int) -> list[ErrorTerm | None]:
    if found is None:
        return [None] * count
    reach = found.reach()
    columns = (found.estimate, found.standard_error, found.estimate - reach, found.estimate + reach)
    rows = zip(*columns, strict=True)
    return [ErrorTerm(*map(float, row)) if np.isfinite(row).all() else None for row in rows]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _verdict(observable: Observable, total: ErrorTerm | None, allowed: float) -> str:
    if total is None:
        return "not described"
    if observable.kind != "rate":
        return "different" if total.significant else "same"
    if max(abs(total.low), abs(total.high)) <= allowed:
        return "within"
    reach = (total.high - total.low) / 2
    return "outside" if abs(total.estimate) - reach > allowed else "undecided"
