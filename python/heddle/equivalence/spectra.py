"""Do populations fluctuate in the same way?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from heddle._core import DomainError
from heddle.equivalence.values import (
    EquivalenceTest,
    Sample,
    averaged,
    difference_test,
    differences,
    doubted,
    holm,
    recordings_of,
    require_level,
    same_populations,
    welch_degrees,
)
from heddle.estimates.series import FREQUENCIES
from heddle.estimates.spectra import PowerSpectrum, power_spectrum

Array = NDArray[np.float64]
Spectra = list[PowerSpectrum]


def spectral_difference(
    first: Sample,
    second: Sample,
    *,
    segment: float = 500.0,
    per_octave: float = 3.0,
    highest: float = 0.0,
    level: float = 0.05,
) -> EquivalenceTest:
    """Do power spectra differ in any band of any population?

        z = log(S₂ / S₁) / √((SE₁ / S₁)² + (SE₂ / S₂)²) ,   corrected for the number of bands (Holm)

    with Student's t in bands, and for single frequencies the exact law of S₂ / S₁, F. Of several
    recordings the scatter of log S between them counts instead, with Student's t. The
    statistic is the largest |z|, as a normal score.

    segment, per_octave, highest  as for `heddle.power_spectrum`
    level                         the false-alarm rate over all bands and populations together

    Samples as for `heddle.equivalence.rate_difference`.
    Raises DomainError where populations or bins are not the same.
    """
    require_level(level)
    names = same_populations(first, second)
    how = {"segment": segment, "per_octave": per_octave, "highest": highest}
    one, other = (_spectra(sample, how) for sample in (first, second))
    if not np.array_equal(one[0].frequency, other[0].frequency):
        raise DomainError("frequencies of the two spectra differ; expected recordings of one bin")
    ratio, error, below = _compared(one, other)
    p = holm(np.minimum(2 * below, 1).ravel())
    p_population, p_band = np.unravel_index(int(np.argmin(below)), below.shape)
    doubts = [spectrum.statement for spectrum in one + other if not spectrum.trusted]
    return EquivalenceTest(
        name="spectra",
        passed=bool(p.min() > level),
        statistic=float(stats.norm.isf(below.min())),
        limit=float(stats.norm.isf(level / (2 * len(p)))),
        p_value=float(p.min()),
        false_alarm_rate=level,
        miss_rate=None,
        trusted=not doubts,
        statement=f"largest in {names[p_population]} at {one[0].frequency[p_band]:.3g} Hz: ratio "
        f"{ratio[p_population, p_band]:.3g} ± {error[p_population, p_band]:.2g}, "
        f"corrected p = {p.min():.2g} over {len(p)} bands" + doubted(doubts),
    )


def fluctuation_difference(
    first: Sample, second: Sample, *, level: float = 0.05
) -> EquivalenceTest:
    """Do the standard deviations of population activities, √(2 ∫ S df), differ?

    Student's t for every population, Holm over them, as `heddle.equivalence.rate_difference`.
    Raises DomainError where the populations, or the bins that activities are of, are not the same.
    """
    require_level(level)
    names = same_populations(first, second)
    bins = {float(one.bin) for one in recordings_of(first) + recordings_of(second)}
    if len(bins) > 1:
        raise DomainError(f"bins are {sorted(bins)} ms; expected one: the deviation depends on it")
    a, b = _deviations(first), _deviations(second)
    return difference_test("fluctuations", names, a, b, level, " Hz", [])


def _spectra(sample: Sample, how: dict[str, Any]) -> Spectra:
    return [power_spectrum(one, **how) for one in recordings_of(sample)]


def _compared(first: Spectra, second: Spectra) -> tuple[Array, Array, Array]:
    """S₂ / S₁, its relative error, and the smaller of its two tail probabilities."""
    if len(first) > 1 or len(second) > 1:
        change, error, degrees = differences(_logarithms(first), _logarithms(second))
        tail = stats.t.sf(np.abs(change) / np.maximum(error, 1e-300), degrees)
        return np.exp(change), error, tail
    a, b = first[0], second[0]
    ratio = b.density / np.maximum(a.density, 1e-300)
    errors = [one.standard_error / np.maximum(one.density, 1e-300) for one in (a, b)]
    error = np.hypot(*errors)
    exact = np.minimum(
        stats.f.cdf(ratio, b.degrees, a.degrees), stats.f.sf(ratio, b.degrees, a.degrees)
    )
    score = np.abs(np.log(np.maximum(ratio, 1e-300))) / np.maximum(error, 1e-300)
    degrees = welch_degrees((errors[0], errors[1]), (a.degrees, b.degrees))
    single = np.diff(a.bands.starts) == 1
    return ratio, error, np.where(single, exact, stats.t.sf(score, degrees))


def _logarithms(spectra: Spectra) -> list[Array]:
    """Mean of log S over recordings, its error, degrees of freedom."""
    values = [np.log(np.maximum(one.density, 1e-300)) for one in spectra]
    errors = [one.standard_error / np.maximum(one.density, 1e-300) for one in spectra]
    degrees = [one.degrees * np.ones_like(one.density) for one in spectra]
    return averaged(values, errors, degrees)


def _deviations(sample: Sample) -> list[Array]:
    found = [power_spectrum(one, segment=16 * float(one.bin)) for one in recordings_of(sample)]
    least = np.full(len(found[0].names), 2.0 * FREQUENCIES[-1])
    return averaged(
        [one.deviation for one in found],
        [one.deviation_error for one in found],
        [least for _ in found],
    )
