"""All tests of two recordings, and whether the tests themselves alarm as often as they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from heddle._core import DomainError
from heddle.equivalence.distributions import distribution_difference
from heddle.equivalence.rates import (
    cv_difference,
    cv_equivalence,
    rate_difference,
    rate_equivalence,
)
from heddle.equivalence.spectra import fluctuation_difference, spectral_difference
from heddle.equivalence.values import EquivalenceTest, RecordingComparison, Sample

Array = NDArray[np.float64]
Test = Callable[[Any, Any], EquivalenceTest]

DIFFERENCES: dict[str, Test] = {
    "rates": rate_difference,
    "rate distributions": distribution_difference,
    "CVs": cv_difference,
    "spectra": spectral_difference,
    "fluctuations": fluctuation_difference,
}


def compare_recordings(
    first: Sample,
    second: Sample,
    *,
    rate_tolerance: float = 0.0,
    cv_tolerance: float = 0.0,
    distribution_tolerance: float = 0.0,
    level: float = 0.05,
) -> RecordingComparison:
    """Is what two samples recorded the same? Every test there is, at one level each.

    With a tolerance above 0 rates and CVs are shown to be equal to it, and fail where recordings
    are too short to show that; else they are looked at for differences.

    first, second           recordings, or sequences of recordings of independent networks
    rate_tolerance          relative
    cv_tolerance            absolute
    distribution_tolerance  Kolmogorov–Smirnov distance
    level                   false-alarm rate of each test

    Raises DomainError where populations, durations or bins are not the same. See the functions of
    `heddle.equivalence`, and `heddle.null_calibration` for the proof of the level.
    """
    both = (first, second)
    rates: Test = rate_difference
    tests = [
        rate_equivalence(*both, tolerance=rate_tolerance, level=level)
        if rate_tolerance > 0
        else rates(*both, level=level),
        distribution_difference(*both, tolerance=distribution_tolerance, level=level),
        cv_equivalence(*both, tolerance=cv_tolerance, level=level)
        if cv_tolerance > 0
        else cv_difference(*both, level=level),
        spectral_difference(*both, level=level),
        fluctuation_difference(*both, level=level),
    ]
    return RecordingComparison(tuple(tests))


@dataclass(frozen=True, repr=False)
class NullCalibration:
    """How often tests failed where there was nothing to find; arrays have shape (tests,)."""

    names: list[str]
    false_alarms: Array  # share of repetitions that failed
    standard_error: Array  # √(p (1 − p) / repetitions) at the stated rate p
    stated: Array  # the rate that the tests state, on average
    p_values: Array  # shape (tests, repetitions)
    repetitions: int
    trusted: bool  # all within 3 standard errors of what they state
    statement: str

    def __str__(self) -> str:
        rows = zip(self.names, self.false_alarms, self.standard_error, self.stated, strict=True)
        lines = [f"{name}: {f:.1%} ± {e:.1%} (stated {s:.1%})" for name, f, e, s in rows]
        return "\n".join([*lines, self.statement])

    def __repr__(self) -> str:
        return f"NullCalibration({', '.join(self.names)}; {self.statement})"


def null_calibration(
    make_recording: Callable[[int], Sample],
    tests: Mapping[str, Test] | None = None,
    *,
    repetitions: int = 400,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> NullCalibration:
    """Feeds a model against itself, with other seeds, through tests of two recordings.

    A test at level 5 % has to fail 5 % of the time, give or take √(0.05 · 0.95 / repetitions).

    make_recording  make_recording(seed) records the model once, or gives a sequence of recordings;
                    seeds are 2 seed · repetitions, … , no one twice
    tests           by name, test(first, second); all difference tests if not given
    progress        progress(done, repetitions); may raise to stop

    Costs 2 repetitions recordings. Raises DomainError for fewer than 20 repetitions.
    """
    if repetitions < 20:
        raise DomainError(f"repetitions is {repetitions}; expected at least 20")
    chosen = dict(DIFFERENCES if tests is None else tests)
    start = 2 * seed * repetitions
    found: list[list[EquivalenceTest]] = []
    for k in range(repetitions):
        pair = make_recording(start + 2 * k), make_recording(start + 2 * k + 1)
        found.append([test(*pair) for test in chosen.values()])
        if progress is not None:
            progress(k + 1, repetitions)
    alarms = np.array([[not test.passed for test in row] for row in found]).mean(axis=0)
    stated = np.array([[test.false_alarm_rate for test in row] for row in found]).mean(axis=0)
    error = np.sqrt(stated * (1 - stated) / repetitions)
    off = [
        name
        for name, alarm, rate in zip(chosen, alarms, stated, strict=True)
        if stats.binomtest(round(alarm * repetitions), repetitions, rate).pvalue < 0.0027
    ]
    return NullCalibration(
        names=list(chosen),
        false_alarms=alarms,
        standard_error=error,
        stated=stated,
        p_values=np.array([[test.p_value for test in row] for row in found]).T,
        repetitions=repetitions,
        trusted=not off,
        statement=f"{repetitions} pairs"
        if not off
        else f"not trusted: {', '.join(off)} alarmed at another rate than stated",
    )
