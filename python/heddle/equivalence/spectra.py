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
    doubted,
    holm,
    recordings_of,
    require_level,
    same_populations,
)
from heddle.estimates.series import BATCHES
from heddle.estimates.spectra import PowerSpectrum, power_spectrum

Array = NDArray[np.float64]


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

        z = log(S₂ / S₁) / √(1 / n₁ + 1 / n₂) ,   corrected for the number of bands (Holm)

    with the exact law of S₂ / S₁ for few averages: F with 2 n₁ and 2 n₂ degrees of freedom. The
    statistic is the largest |z|, as a normal score.

    segment, per_octave, highest  as for `heddle.power_spectrum`
    level                         the false-alarm rate over all bands and populations together

    Samples as for `heddle.equivalence.rate_difference`; spectra of several recordings are averaged.
    Raises DomainError where populations or bins are not the same.
    """
    require_level(level)
    names = same_populations(first, second)
    how = {"segment": segment, "per_octave": per_octave, "highest": highest}
    (a, n, one), (b, m, other) = _spectra(first, how), _spectra(second, how)
    if one.frequency.shape != other.frequency.shape or np.any(one.frequency != other.frequency):
        raise DomainError("frequencies of the two spectra differ; expected recordings of one bin")
    ratio = b / np.maximum(a, 1e-300)
    below = np.minimum(stats.f.cdf(ratio, 2 * m, 2 * n), stats.f.sf(ratio, 2 * m, 2 * n))
    p = holm(np.minimum(2 * below, 1).ravel())
    p_population, p_band = np.unravel_index(int(np.argmin(below)), below.shape)
    error = np.sqrt(1 / n + 1 / m)[p_band]
    doubts = [spectrum.statement for spectrum in (one, other) if not spectrum.trusted]
    return EquivalenceTest(
        name="spectra",
        passed=bool(p.min() > level),
        statistic=float(stats.norm.isf(below.min())),
        limit=float(stats.norm.isf(level / (2 * len(p)))),
        p_value=float(p.min()),
        false_alarm_rate=level,
        miss_rate=None,
        trusted=not doubts,
        statement=f"largest in {names[p_population]} at {one.frequency[p_band]:.3g} Hz: ratio "
        f"{ratio[p_population, p_band]:.3g} ± {error:.2g}, corrected p = {p.min():.2g} "
        f"over {len(p)} bands" + doubted(doubts),
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


def _spectra(sample: Sample, how: dict[str, Any]) -> tuple[Array, Array, PowerSpectrum]:
    """Mean density, effective samples of the mean, one of the spectra."""
    found = [power_spectrum(one, **how) for one in recordings_of(sample)]
    density = np.mean([one.density for one in found], axis=0)
    return density, np.sum([one.bands.effective_samples for one in found], axis=0), found[0]


def _deviations(sample: Sample) -> list[Array]:
    found = [power_spectrum(one, segment=16 * float(one.bin)) for one in recordings_of(sample)]
    least = np.full(len(found[0].names), 1.5 * (BATCHES[-1] - 1))
    return averaged(
        [one.deviation for one in found],
        [one.deviation_error for one in found],
        [least for _ in found],
    )
