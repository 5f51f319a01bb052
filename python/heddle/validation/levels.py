"""The levels that describe a circuit: its neurons, its populations, their equations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import (
    Circuit,
    DomainError,
    LeakyNeuron,
    NotConverged,
    QuadraticNeuron,
    QuadraticRates,
    RateEquations,
    SpikeRecording,
    did_you_mean,
    linear_response,
    mesoscopic,
    quadratic_rates,
    rate_unit_equations,
    stationary_rates,
)
from heddle.progress import Progress
from heddle.simulation import simulate

Array = NDArray[np.float64]
Level = str | Callable[[Circuit], Any] | RateEquations | QuadraticRates
LEVELS = ["auto", "ages", "linear", "mesoscopic", "quadratic", "rate_units", "stationary"]
STILL = ("linear", "stationary")  # theories of circuits in which nothing changes


@dataclass(frozen=True)
class Times:
    """How long and how finely every level is run, ms."""

    duration: float
    transient: float
    step: float
    bin: float


@dataclass(frozen=True)
class Reduction:
    """A level without neurons: the activity that it says, shape (populations, bins), Hz."""

    name: str
    activity: Array = field(repr=False)
    error: Array = field(repr=False)  # of the rates, Hz
    recording: Any = None  # where it fluctuates
    assumptions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def reduction_of(
    circuit: Circuit, level: Level, times: Times, still: Circuit | None = None
) -> Reduction:
    """The reduction that `level` names, solved. Raises DomainError for what it cannot describe.

    still  the circuit without currents that change, for theories that have no time
    """
    if isinstance(level, str):
        return _named(known_level(level), circuit, times, still)
    made = level if isinstance(level, (RateEquations, QuadraticRates)) else level(circuit)
    name = getattr(level, "__name__", "") or getattr(level, "title", "") or type(level).__name__
    if isinstance(made, QuadraticRates):
        made = made.equations()
    if isinstance(made, RateEquations):
        return _solved(str(name), made, times)
    return _given(str(name), made, circuit, times)


def described(
    circuit: Circuit, level: Level, times: Times, still: Circuit
) -> tuple[Reduction | None, dict[str, str]]:
    """The reduction, or why there is none: what was asked for by name must work, or it raises."""
    try:
        return reduction_of(circuit, level, times, still), {}
    except DomainError as error:
        if level != "auto":
            raise
        return None, {"reduction": str(error)}


def known_level(level: str) -> str:
    if level not in LEVELS:
        raise DomainError(f"level is {level!r}{did_you_mean(level, LEVELS)}")
    return level


def _named(name: str, circuit: Circuit, times: Times, still: Circuit | None) -> Reduction:
    if name == "auto":
        return _auto(circuit, times, still)
    return _NAMED[name](still if still is not None and name in STILL else circuit, times)


def _auto(circuit: Circuit, times: Times, still: Circuit | None) -> Reduction:
    """The simplest level that describes the circuit; its refusals, all of them, if none does."""
    neurons = [population.neuron for population in circuit.populations]
    tried = ["rate_units", "ages"]
    if any(getattr(neuron, "reset", False) for neuron in neurons):
        tried.reverse()  # of resets a rate unit has the stationary rate, and transients nearly
    if all(isinstance(neuron, QuadraticNeuron) for neuron in neurons):
        tried = ["quadratic"]
    elif all(isinstance(neuron, LeakyNeuron) for neuron in neurons):
        tried = ["stationary"]
    refusals = []
    for name in tried:
        try:
            return _named(name, circuit, times, still)
        except (DomainError, NotConverged) as error:
            refusals.append(f"{name}: {error}")
    raise DomainError("; ".join(refusals))


def _ages(circuit: Circuit, times: Times) -> Reduction:
    found = run_ages(circuit, times)
    error = halves(found.activity)
    return Reduction("ages", found.activity, error, None, tuple(found.assumptions))


def _mesoscopic(circuit: Circuit, times: Times) -> Reduction:
    """A bin of it, since `Runs` has the rest: what it assumes, or why it refuses."""
    one = replace(times, transient=0.0, duration=times.bin)
    found = run_mesoscopic(circuit, one, seed=0, finite_size=True)
    error = np.zeros(len(found.activity))
    return Reduction("mesoscopic", found.activity, error, found, tuple(found.assumptions))


def _linear(circuit: Circuit, times: Times) -> Reduction:
    found = linear_response(circuit, np.zeros(1))
    rates = np.asarray(found.rates)[:, None]
    doubts = () if found.trusted else (f"linear theory: {found.statement}",)
    return Reduction("linear", rates, np.zeros(len(rates)), None, tuple(found.assumptions), doubts)


class StoppedError(Exception):
    """A simulation ended before its time; says why."""


def run_neurons(
    circuit: Circuit, times: Times, *, seed: int, threads: int, progress: Progress | None = None
) -> SpikeRecording:
    """Raises StoppedError where neurons run away."""
    recording = simulate(
        circuit,
        duration=times.duration,
        transient=times.transient,
        step=times.step,
        bin=times.bin,
        seed=seed,
        threads=threads,
        progress=progress,
    )
    if not recording.completed:
        raise StoppedError(recording.statement)
    return recording


def run_ages(circuit: Circuit, times: Times, progress: Progress | None = None) -> Any:
    return run_mesoscopic(circuit, times, seed=0, finite_size=False, progress=progress)


def run_mesoscopic(circuit: Circuit, times: Times, **how: Any) -> Any:
    """With noise of each neuron's own where the equations refuse the circuit without."""

    def run(own_noise: bool) -> Any:
        return mesoscopic(
            circuit,
            duration=times.duration,
            transient=times.transient,
            step=times.step,
            bin=times.bin,
            own_noise=own_noise,
            **how,
        )

    try:
        return run(False)
    except DomainError as refused:
        try:
            return run(True)
        except DomainError:
            raise refused from None


def halves(activity: Array) -> Array:
    """How far the means of the two halves of an activity differ, Hz."""
    middle = activity.shape[1] // 2
    if middle == 0:
        return np.zeros(len(activity))
    return np.abs(activity[:, :middle].mean(axis=1) - activity[:, middle:].mean(axis=1))


def _solved(name: str, equations: RateEquations, times: Times) -> Reduction:
    found = equations.solve(duration=times.transient + times.duration, step=times.step)
    skipped, each = round(times.transient / times.step), round(times.bin / times.step)
    rates = np.asarray(found.rates)[:, skipped:-1]
    bins = rates.shape[1] // each
    activity = rates[:, : bins * each].reshape(len(rates), bins, each).mean(axis=2)
    error = halves(activity)
    return Reduction(name, activity, error, None, tuple(equations.assumptions))


def _stationary(circuit: Circuit, times: Times) -> Reduction:
    found = stationary_rates(circuit)
    stable = [branch for branch in found.branches if branch.stable] or list(found.branches)
    if len(stable) > 1:
        each = " and ".join(
            "(" + ", ".join(f"{rate:.4g}" for rate in one.rates) + ")" for one in stable
        )
        raise DomainError(
            f"the stationary theory has {len(stable)} stable solutions, with rates of {each} Hz; "
            "give one of them as level=lambda circuit: rates"
        )
    rates = np.asarray(stable[0].rates)[:, None]
    error = np.full(len(rates), stable[0].residual)
    return Reduction("stationary", rates, error, None, tuple(found.assumptions))


def _given(name: str, made: Any, circuit: Circuit, times: Times) -> Reduction:
    """Of a user's function: a recording, or rates in Hz."""
    if hasattr(made, "activity"):
        activity = np.asarray(made.activity, float)
        if abs(float(made.bin) - times.bin) > 1e-9:
            raise DomainError(f"{name} gave bins of {made.bin:g} ms; expected {times.bin:g} ms")
        fluctuates = made if hasattr(made, "sizes") else None
        return Reduction(name, activity, halves(activity), fluctuates)
    rates = np.asarray(made, float)
    if rates.shape != (len(circuit.populations),) or not np.isfinite(rates).all():
        raise DomainError(
            f"{name} gave {made!r}; expected RateEquations, a recording, or a finite rate in Hz "
            f"for each of {len(circuit.populations)} populations"
        )
    return Reduction(name, rates[:, None], np.zeros(len(rates)))


_NAMED: dict[str, Callable[[Circuit, Times], Reduction]] = {
    "ages": _ages,
    "linear": _linear,
    "mesoscopic": _mesoscopic,
    "quadratic": lambda circuit, times: _solved(
        "quadratic", quadratic_rates(circuit).equations(), times
    ),
    "rate_units": lambda circuit, times: _solved("rate_units", rate_unit_equations(circuit), times),
    "stationary": _stationary,
}
