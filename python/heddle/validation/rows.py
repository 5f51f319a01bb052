"""The rows of a validation: differences of levels, their intervals and verdicts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from heddle.validation.harmonics import nearest
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
                verdict=_verdict(
                    observable, own["total"], _allowed(observable, tolerance, neurons)
                ),
                **own,
            )
        )
    return tuple(rows)


def unwrapped(levels: Levels) -> Levels:
    """All phases within half a turn of the neurons', all differences of them within half a turn."""
    middle = levels.neurons.estimate
    around = {"mesoscopic": middle, "ages": middle, "larger": middle, "reduction": middle}
    around |= {"step": 0 * middle, "ages_step": 0 * middle}
    known = {name: getattr(levels, name) for name in around}
    moved = {
        name: nearest(found, around[name]) for name, found in known.items() if found is not None
    }
    for name in ("mesoscopic", "ages"):  # one and the same stays so
        if levels.reduction is not None and levels.reduction is known[name]:
            moved["reduction"] = moved[name]
    return replace(levels, **moved)


def _differences(observables: list[Observable], levels: Levels) -> dict[str, Measured | None]:
    """The terms; None where a level is missing."""
    neurons, reduction = levels.neurons, levels.reduction
    total = None if reduction is None else reduction - neurons
    if levels.mesoscopic is not None and levels.ages is not None:
        own = reduction if reduction is levels.mesoscopic else levels.ages
        return {
            "discretisation": levels.step,
            "finite_size": _difference(own, levels.mesoscopic),
            "closure": levels.mesoscopic - neurons,
            "transfer": None if reduction is None else _difference(reduction, own),
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


def _difference(first: Measured, second: Measured) -> Measured:
    """Of a level and itself: nothing, for sure."""
    change = first - second
    return replace(change, standard_error=0.0 * change.estimate) if first is second else change


def _extrapolated(
    observables: list[Observable], neurons: Measured, larger: Measured
) -> tuple[Measured, Measured]:
    """x(∞) − x(N) and x(∞) from N and 2 N: a (x(2N) − x(N)), a = 1 / (1 − 2^{−p})."""
    powers = {"rate": 1.0, "deviation": 0.5, "power": np.nan, "gain": 1.0, "phase": 1.0}
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


def _allowed(observable: Observable, tolerance: float, neurons: float) -> float:
    """Of a phase: the angle at which the response is as far off as by the same share of gain."""
    return math.degrees(tolerance) if observable.kind == "phase" else tolerance * abs(neurons)


def _verdict(observable: Observable, total: ErrorTerm | None, allowed: float) -> str:
    if total is None:
        return "not described"
    if observable.kind not in ("rate", "gain", "phase"):
        return "different" if total.significant else "same"
    if max(abs(total.low), abs(total.high)) <= allowed:
        return "within"
    reach = (total.high - total.low) / 2
    return "outside" if abs(total.estimate) - reach > allowed else "undecided"
