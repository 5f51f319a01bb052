"""`heddle.validate`: the error of a reduction as four numbers."""

from __future__ import annotations

from dataclasses import replace

from heddle._core import Circuit, DomainError
from heddle.progress import Progress
from heddle.validation.levels import Level, StoppedError, Times, known_level
from heddle.validation.observables import observables_of
from heddle.validation.responses import ResponseRuns, changes_of, settled, window_of
from heddle.validation.rows import rows_of
from heddle.validation.runs import Runs, is_quenched
from heddle.validation.values import Validation
from heddle.validation.words import statement_of

LEAST_BINS = 256


def validate(
    circuit: Circuit,
    level: Level = "auto",
    *,
    duration: float = 10_000.0,
    transient: float = 1000.0,
    step: float = 0.25,
    bin: float = 1.0,
    networks: int = 3,
    seed: int = 0,
    threads: int = 0,
    tolerance: float = 0.01,
    trials: int = 20,
    response_tolerance: float = 0.05,
    progress: Progress | None = None,
) -> Validation:
    """How wrong a reduction of a circuit is, and why.

        reduction − neurons = [reduction − ages] + [ages − mesoscopic] + [mesoscopic − neurons]
                              transfer             finite size          closure

    and, beside these, discretisation: neurons at `step` less the same networks at half of it.
    Neurons are `heddle.simulate`, mesoscopic and ages `heddle.mesoscopic` with N and with N → ∞.
    Observables are stationary rates (Hz), standard deviations of the binned activity (Hz) and
    logarithms of its power in octaves (with 4 s or more recorded). Every term has an interval that
    holds the true difference of expectations with 95 %: Student's t with temporal errors; where
    networks differ by their seed (`quenched`), with the scatter between networks.

    Where currents from outside change, the stationary observables are those after the last change,
    and each population has a "response" from 50 ms before the first change to 200 ms after the last
    one: the root mean square difference of trial averages over time, what scatter makes of it taken
    away, relative to the curve's range. As distances these do not add up.

    Where `mesoscopic` refuses the circuit, finite size comes from neurons at N and 2 N
    (`heddle.validation.scaled`), as a law x = x_∞ + a N^{−p} with p = 1 for rates and 1 / 2 for
    deviations, and closure and transfer are one number (`joined`).

    level      "auto": rate units, quadratic rate equations or the stationary theory of leaky
               neurons if they describe the circuit, else "ages"; one of these by name
               ("rate_units", "quadratic", "stationary", "ages"); RateEquations; or a function of
               the circuit that returns RateEquations, rates in Hz, or a recording
    duration   ms recorded of each network
    transient  ms before
    step       ms, the same for all levels
    bin        ms, of the activity; a multiple of the step
    networks   of independent seeds
    seed       of the first one; those of later ones follow
    threads    0: one per core; any number gives the same bits
    tolerance  relative: a rate is "within" if |total| + t SE ≤ tolerance × rate, "outside" if
               |total| − t SE is above it, else "undecided"; equal rates are never "outside" more
               often than once in 40, rates that differ by the tolerance "within" once in 40
    trials     of the response to currents that change
    response_tolerance
               of responses, relative to the largest change of the reduction
    progress   progress(done, total); what it raises stops everything

    Returns a Validation. A level that cannot describe the circuit says why in `refused`; one that
    was asked for by name raises DomainError instead. Costs three times the simulation of all
    networks, or five where sizes tell; population equations cost little.
    """
    if isinstance(level, str):
        known_level(level)
    _require(duration, transient, step, bin, networks, tolerance)
    _require_trials(trials, response_tolerance)
    times = Times(duration, transient, step, bin)
    changing = bool(changes_of(circuit))
    runs = Runs(settled(circuit) if changing else circuit, times, networks, seed, threads)
    window = window_of(circuit, times) if changing else times
    first = seed + 3 * networks
    responses = ResponseRuns(circuit, window, trials, first, threads, response_tolerance)
    try:
        levels = runs.all(level, progress)
        answers = responses.rows(level) if changing else ()
    except StoppedError as reason:
        return _nothing(runs, tolerance, str(reason))
    names = [population.name for population in circuit.populations]
    rows = rows_of(observables_of(names, bin, duration), levels, tolerance) + answers
    judged = [row.verdict for row in rows if row.observable.kind in ("rate", "response")]
    found = levels.found
    made = {
        "level": "none" if found is None else found.name,
        "rows": rows,
        "joined": levels.mesoscopic is None,
        "assumptions": () if found is None else found.assumptions,
        "refused": levels.refused,
        "passed": None if found is None else set(judged) <= {"within", "not described"},
        "trusted": not levels.doubts,
    }
    return _described(runs, tolerance, made, levels.doubts)


def _described(
    runs: Runs, tolerance: float, made: dict[str, object], doubts: list[str]
) -> Validation:
    common = {
        "tolerance": tolerance,
        "finite_size_by": "sizes" if made["joined"] else "equations",
        "networks": runs.networks,
        "quenched": is_quenched(runs.circuit),
        "duration": runs.times.duration,
        "transient": runs.times.transient,
        "step": runs.times.step,
        "seed": runs.seed,
    }
    plain = Validation(**common, **made)  # type: ignore[arg-type]
    return replace(plain, statement=statement_of(plain, doubts))


def _nothing(runs: Runs, tolerance: float, reason: str) -> Validation:
    made: dict[str, object] = {
        "level": "none",
        "rows": (),
        "joined": False,
        "assumptions": (),
        "refused": {"neurons": reason},
        "passed": None,
        "trusted": False,
    }
    return _described(runs, tolerance, made, [reason])


def _require(
    duration: float, transient: float, step: float, bin: float, networks: int, tolerance: float
) -> None:
    if not tolerance > 0:
        raise DomainError(f"tolerance is {tolerance:g}; expected > 0")
    if networks < 1:
        raise DomainError(f"networks is {networks}; expected 1 or more")
    if not (step > 0 and bin > 0 and transient >= 0):
        raise DomainError(
            f"step is {step:g}, bin {bin:g} and transient {transient:g} ms; expected > 0"
        )
    if abs(bin / step - round(bin / step)) > 1e-9:
        raise DomainError(f"bin is {bin:g} ms; expected a multiple of the step, {step:g} ms")
    if not duration >= LEAST_BINS * bin:
        raise DomainError(
            f"duration is {duration:g} ms; expected at least {LEAST_BINS} bins of {bin:g} ms"
        )


def _require_trials(trials: int, tolerance: float) -> None:
    if trials < 5:
        raise DomainError(f"trials is {trials}; expected 5 or more")
    if not tolerance > 0:
        raise DomainError(f"response_tolerance is {tolerance:g}; expected > 0")
