"""The response to a change of current: how far the curves of two levels are apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from heddle._core import Circuit, CurrentInput, DomainError
from heddle.progress import Progress, Stages
from heddle.validation.levels import (
    Level,
    Reduction,
    Times,
    described,
    run_ages,
    run_mesoscopic,
    run_neurons,
)
from heddle.validation.observables import Observable
from heddle.validation.scaling import changed
from heddle.validation.values import TERMS, ErrorTerm, ObservableErrors

Array = NDArray[np.float64]
LEAD = 50.0  # ms before the first change
AFTER = 200.0  # ms after the last one


@dataclass(frozen=True)
class ResponseRuns:
    """Trials of the same stimulus at all levels."""

    circuit: Circuit
    times: Times  # of the window
    trials: int
    seed: int
    threads: int
    tolerance: float

    def rows(
        self, level: Level, progress: Progress | None
    ) -> tuple[tuple[ObservableErrors, ...], Reduction | None, dict[str, str]]:
        """The errors of every population's response, the level, and what was refused."""
        how, refused = described(self.circuit, level, self.times, settled(self.circuit))
        stages = Stages(progress, [1] * self.trials + [2] * self.trials)
        neurons = self._neurons(self.times.step, stages)
        finer = self._neurons(self.times.step / 2, stages)
        middle, ages = self._equations(refused)
        reduction = _curve(how, neurons.shape[2])
        if level == "mesoscopic":
            reduction = ages = middle
        named = [population.name for population in self.circuit.populations]
        found = []
        for p, name in enumerate(named):
            curves = [None if x is None else x[:, p] for x in (middle, ages, reduction)]
            found.append(self._row(name, neurons[:, p], finer[:, p], *curves))
        return tuple(found), how, refused

    def _neurons(self, step: float, stages: Stages) -> Array:
        """Activities, shape (trials, populations, bins)."""
        times, how = replace(self.times, step=step), {"threads": self.threads}
        made = [
            run_neurons(self.circuit, times, seed=self.seed + k, progress=stages.stage(), **how)
            for k in range(self.trials)
        ]
        return np.stack([one.activity for one in made])

    def _equations(self, refused: dict[str, str]) -> tuple[Array | None, Array | None]:
        try:
            ages = np.asarray(run_ages(self.circuit, self.times).activity)[None]
        except DomainError as error:
            refused["mesoscopic"] = str(error)
            return None, None
        runs = [
            run_mesoscopic(
                self.circuit, self.times, seed=self.seed + self.trials + k, finite_size=True
            )
            for k in range(self.trials)
        ]
        return np.stack([run.activity for run in runs]), ages

    def _row(
        self,
        name: str,
        neurons: Array,
        finer: Array,
        middle: Array | None,
        ages: Array | None,
        reduction: Array | None,
    ) -> ObservableErrors:
        smooth = next((x for x in (reduction, ages) if x is not None and len(x) == 1), None)
        smooth = neurons.mean(axis=0)[None] if smooth is None else smooth
        size = max(float(np.ptp(smooth)), 1e-9)
        terms: dict[str, ErrorTerm | None] = {
            "discretisation": _distance(neurons - finer, np.zeros((1, neurons.shape[1])), size),
            "finite_size": _between(ages, middle, size),
            "closure": _between(middle, neurons, size),
            "transfer": _between(reduction, ages, size),
            "total": _between(reduction, neurons, size),
        }
        return ObservableErrors(
            observable=Observable("response", name),
            neurons=float(np.ptp(neurons.mean(axis=0))),
            neurons_error=float(np.sqrt(np.mean(neurons.var(axis=0, ddof=1)) / self.trials)),
            reduction=None if reduction is None else float(np.ptp(reduction.mean(axis=0))),
            step_error=None,
            verdict=_verdict(terms["total"], self.tolerance),
            **{key: terms[key] for key in TERMS},
        )


def _curve(found: Reduction | None, bins: int) -> Array | None:
    """Of a reduction; None where it has rates only."""
    if found is None or found.activity.shape[1] < bins:
        return None
    return found.activity[None, :, :bins]


def _verdict(total: ErrorTerm | None, tolerance: float) -> str:
    if total is None:
        return "not described"
    if total.high <= tolerance:
        return "within"
    return "outside" if total.low > tolerance else "undecided"


def _between(first: Array | None, second: Array | None, size: float) -> ErrorTerm | None:
    if first is None or second is None:
        return None
    return ErrorTerm(0.0, 0.0, 0.0, 0.0) if first is second else _distance(first, second, size)


def _distance(first: Array, second: Array, size: float) -> ErrorTerm:
    """√(mean over time of (ā − b̄)², less what scatter alone makes of it) / size; trials by rows.

    Its square is unbiased; the error of that is the jackknife's over trials.
    """
    square = _square(first, second)
    variance = _jackknife(first, second) + _jackknife(second, first)
    most = max(len(first), len(second))
    reach = float(stats.t.isf(0.025, most - 1)) * np.sqrt(variance) if most > 1 else 0.0
    middle, low, high = (
        float(np.sqrt(max(x, 0.0))) / size for x in (square, square - reach, square + reach)
    )
    return ErrorTerm(middle, (high - low) / (2 * 1.96), low, high)


def _square(first: Array, second: Array) -> float:
    floor = sum(float(x.var(axis=0, ddof=1).mean()) / len(x) for x in (first, second) if len(x) > 1)
    return float(np.mean((first.mean(axis=0) - second.mean(axis=0)) ** 2)) - floor


def _jackknife(trials: Array, others: Array) -> float:
    """Variance that the choice of `trials` gives the squared distance."""
    if len(trials) < 3:
        return 0.0
    left = [_square(np.delete(trials, k, axis=0), others) for k in range(len(trials))]
    return float(np.var(left) * (len(trials) - 1))


def changes_of(circuit: Circuit) -> list[float]:
    """Times at which currents from outside change, ms, after the start."""
    found: set[float] = set()
    for one in circuit.inputs:
        if isinstance(one.drive, CurrentInput):
            found |= {float(time) for time in one.drive.times if time > 0}
    return sorted(found)


def settled(circuit: Circuit) -> Circuit:
    """The circuit with currents as they are after their last change."""
    return changed(circuit, inputs=[_settled(one) for one in circuit.inputs])


def _settled(one: Any) -> Any:
    if not isinstance(one.drive, CurrentInput):
        return one
    last = np.asarray(one.drive.values)[:, -1:]
    return changed(one, drive=CurrentInput(times=[0.0], values=last))


def window_of(circuit: Circuit, times: Times) -> Times:
    """From shortly before the first change of a current to well after the last."""
    moments = changes_of(circuit)
    begin = max(0.0, times.bin * np.floor((moments[0] - LEAD) / times.bin))
    length = times.bin * np.ceil((moments[-1] + AFTER - begin) / times.bin)
    return replace(times, transient=float(begin), duration=float(length))
