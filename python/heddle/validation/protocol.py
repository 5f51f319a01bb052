"""`heddle.validate`: the error of a reduction as four numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from heddle._core import Circuit, DomainError, QuadraticRates, RateEquations, did_you_mean
from heddle.progress import Progress
from heddle.validation.levels import Level, StoppedError, Times, known_level
from heddle.validation.modulation import Modulation, require_modulation
from heddle.validation.observables import KINDS, SEGMENT, bands_of
from heddle.validation.responses import changes_of, settled
from heddle.validation.runs import Runs, is_quenched
from heddle.validation.stationary import Stationary
from heddle.validation.values import Validation
from heddle.validation.words import statement_of
from heddle.validation.work import Work

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
    modulation: Modulation | None = None,
    observables: Sequence[str] = (),
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

    With a `modulation`, a current amplitude × cos(2π f t) beside the stationary ones, each
    population has a "gain" (of the first harmonic of its rate, Hz/pA) and a "phase" (degrees;
    negative where it lags behind the current), fitted in 8 to 16 blocks of each recording. Levels
    of rates only have neither.

    Where `mesoscopic` refuses the circuit, finite size comes from neurons at N and 2 N
    (`heddle.validation.scaled`), as a law x = x_∞ + a N^{−p} with p = 1 for rates, gains
    and phases and 1 / 2 for deviations, and closure and transfer are one number (`joined`).

    level      "auto": rate units, quadratic rate equations or the stationary theory of leaky
               neurons if they describe the circuit, else "ages"; one of these by name
               ("rate_units", "quadratic", "stationary", "ages"); "linear", the theory of linear
               response, which has powers, gains and phases; "mesoscopic", with its fluctuations;
               RateEquations; or a function of the circuit that returns RateEquations, rates in
               Hz, or a recording
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
               of responses, relative to the largest change of the reduction; of gains, relative;
               of phases, in radians
    modulation a `heddle.validation.Modulation`: 8 periods or more in the duration, 8 bins or more
               in a period
    observables
               kinds that are wanted, such as ["gain", "phase"]; empty: all that there are
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
    wanted = _wanted(circuit, level, times, modulation, list(observables))
    still = settled(circuit)
    runs = Runs(still, times, networks, seed, threads, Stationary(times), still)
    work = Work(runs, level, (tolerance, response_tolerance), wanted, progress)
    try:
        work.stationary()
        work.responses(circuit, trials, seed + 3 * networks)
        work.harmonics(modulation, seed + 3 * networks + 2 * trials)
    except StoppedError as reason:
        work.stopped(str(reason))
    return _described(work, runs, tolerance, modulation)


def _wanted(
    circuit: Circuit,
    level: Level,
    times: Times,
    modulation: Modulation | None,
    given: list[str],
) -> list[str]:
    """The kinds of observables to be computed. Raises DomainError for those that there are not."""
    missing = {} if changes_of(circuit) else {"response": "no current of the circuit changes"}
    if not bands_of(times.duration):
        missing["power"] = f"powers are those of recordings of {8 * SEGMENT:g} ms or more"
    if modulation is None:
        missing |= dict.fromkeys(("gain", "phase"), "they are those of a `modulation`; give one")
    else:
        require_modulation(modulation, times.duration, times.bin)
        modulation.chosen([population.name for population in circuit.populations])
        if isinstance(level, (RateEquations, QuadraticRates)):
            raise DomainError(
                "level is rate equations, which do not hear the modulation; give a function of "
                "the circuit that returns them, or a name"
            )
    for kind in given:
        if kind not in KINDS:
            raise DomainError(f"observables has {kind!r}{did_you_mean(kind, KINDS)}")
        if kind in missing:
            raise DomainError(f"observables has {kind!r}, but {missing[kind]}")
    return given or [kind for kind in KINDS if kind not in missing]


def _described(
    work: Work, runs: Runs, tolerance: float, modulation: Modulation | None
) -> Validation:
    found = work.found
    joined = "mesoscopic" in work.refused
    plain = Validation(
        level="none" if found is None else found.name,
        rows=work.rows,
        tolerance=tolerance,
        joined=joined,
        finite_size_by="sizes" if joined else "equations",
        networks=runs.networks,
        quenched=is_quenched(runs.circuit),
        duration=runs.times.duration,
        transient=runs.times.transient,
        step=runs.times.step,
        seed=runs.seed,
        assumptions=() if found is None else found.assumptions,
        refused=work.refused,
        passed=None if found is None else work.passed,
        trusted=not work.doubts,
        modulation=modulation,
    )
    return replace(plain, statement=statement_of(plain, work.doubts))


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
