"""Are rates, and the coefficients of variation of intervals, the same?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.equivalence.values import (
    EquivalenceTest,
    Sample,
    averaged,
    difference_test,
    equivalence_test,
    recordings_of,
    require_level,
    same_populations,
)
from heddle.estimates.intervals import interval_variability
from heddle.estimates.rates import population_rates
from heddle.estimates.series import FREQUENCIES

Array = NDArray[np.float64]


def rate_difference(first: Sample, second: Sample, *, level: float = 0.05) -> EquivalenceTest:
    """Do the stationary rates of two samples differ? Student's t, Holm over populations.

        z = (r₂ − r₁) / √(SE₁² + SE₂²)

    A sample is a recording, whose error is that of its own low frequencies, or a sequence of
    recordings of independent networks, whose scatter then is the error. Two recordings of different
    networks with the same law differ by more than either says: give several of each, four or more.

    level  the false-alarm rate over all populations together

    Raises DomainError where the populations are not the same.
    """
    require_level(level)
    names = same_populations(first, second)
    (a, doubts), (b, more) = _rates(first), _rates(second)
    return difference_test("rates", names, a, b, level, " Hz", doubts + more)


def rate_equivalence(
    first: Sample, second: Sample, *, tolerance: float = 0.01, level: float = 0.05
) -> EquivalenceTest:
    """Are the rates of two samples the same to a tolerance? Two one-sided tests:

        |r₂ − r₁| + t SE ≤ tolerance · (r₁ + r₂) / 2      in every population

    t is 1.96 for long recordings. It fails where the recordings are too short to tell: its
    `false_alarm_rate` is the probability of that for equal rates.

    tolerance  relative
    level      rates that differ by the tolerance pass with probability level / 2

    Samples and errors as for `rate_difference`. See Schuirmann (1987), J Pharmacokinet Biopharm 15.
    """
    require_level(level)
    _require_positive("tolerance", tolerance)
    names = same_populations(first, second)
    (a, doubts), (b, more) = _rates(first), _rates(second)
    allowed = tolerance * (a[0] + b[0]) / 2
    return equivalence_test(
        "rates within tolerance", names, a, b, allowed, level, " Hz", doubts + more
    )


def cv_difference(first: Sample, second: Sample, *, level: float = 0.05) -> EquivalenceTest:
    """Do the mean coefficients of variation of intervals differ? As `rate_difference`."""
    require_level(level)
    names = same_populations(first, second)
    (a, doubts), (b, more) = _variations(first), _variations(second)
    return difference_test("CVs", names, a, b, level, "", doubts + more)


def cv_equivalence(
    first: Sample, second: Sample, *, tolerance: float = 0.02, level: float = 0.05
) -> EquivalenceTest:
    """Are the mean coefficients of variation the same to an absolute tolerance? As for rates."""
    require_level(level)
    _require_positive("tolerance", tolerance)
    names = same_populations(first, second)
    (a, doubts), (b, more) = _variations(first), _variations(second)
    allowed = np.full(len(names), tolerance)
    return equivalence_test("CVs within tolerance", names, a, b, allowed, level, "", doubts + more)


def _rates(sample: Sample) -> tuple[list[Array], list[str]]:
    found = [population_rates(one) for one in recordings_of(sample)]
    parts = (
        [one.estimate for one in found],
        [one.standard_error for one in found],
        [one.degrees for one in found],
    )
    return averaged(*parts), [one.statement for one in found if not one.trusted]


def _variations(sample: Sample) -> tuple[list[Array], list[str]]:
    found = [interval_variability(one, resamples=2) for one in recordings_of(sample)]
    parts = (
        [one.estimate for one in found],
        [one.standard_error for one in found],
        [np.clip(one.neurons - 1.0, 1.0, 2.0 * FREQUENCIES[0]) for one in found],
    )
    return averaged(*parts), [one.statement for one in found if not one.trusted]


def _require_positive(name: str, value: float) -> None:
    if not value > 0:
        raise DomainError(f"{name} is {value:g}; expected > 0")
