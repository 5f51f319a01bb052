"""Rates of neurons in a population, freed from the noise of counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.estimates.recording import slices_of

Array = NDArray[np.float64]
CHUNK = 1 << 22  # resampled numbers at a time


@dataclass(frozen=True, repr=False)
class RateDistribution:
    """How rates differ between the neurons of one population."""

    name: str
    rates: Array  # counts / T, Hz, shape (N,): with the noise of counting
    mean: float  # Hz
    mean_error: float
    deviation: float  # standard deviation of the underlying rates, Hz
    deviation_error: float
    skew: float  # of the underlying rates; 0 where they do not differ
    skew_error: float  # infinity where rates do not differ
    raw_deviation: float  # of counts / T, Hz
    count_noise: float  # standard deviation that counting adds, Hz
    neurons: int
    trusted: bool
    statement: str

    def __repr__(self) -> str:
        numbers = (
            f"{self.mean:.4g} ± {self.mean_error:.2g} Hz, "
            f"deviation {self.deviation:.4g} ± {self.deviation_error:.2g} Hz, "
            f"skew {self.skew:.2f} ± {self.skew_error:.2f}"
        )
        trust = "" if self.trusted else ", not trusted"
        return f"RateDistribution({self.name}: {self.neurons:,} neurons, {numbers}{trust})"


def rate_distributions(
    recording: Any, *, resamples: int = 400, seed: int = 0
) -> list[RateDistribution]:
    """Mean, standard deviation and skew of the rates of each population's neurons.

    Counts of a neuron of rate r scatter by r T CV², CV that of its intervals. What is left,

        Var r = Var n / T² − ⟨r⟩ CV² / T ,
        κ₃ r = κ₃ n / T³ − 3 CV² Var r / T − CV⁴ ⟨r⟩ / T² ,

    is the spread between neurons; the third cumulant is that of Poisson and gamma processes. Errors
    are by resampling neurons (the same seed gives the same errors). Where the noise is larger than
    the counts' variance, the deviation is 0.

    recording  of `heddle.simulate` or `heddle.recording_from_spikes`
    resamples  of the neurons
    seed       of the resampling

    Not trusted where counting explains nine tenths of the variance or more, or neurons had fewer
    than five spikes on average: CV of few intervals is biased. Costs O(resamples · N).
    """
    if resamples < 2:
        raise DomainError(f"resamples is {resamples}; expected at least 2")
    rng = np.random.default_rng(np.random.Philox(seed))
    counts = np.asarray(recording.counts, float)
    cv = np.asarray(recording.interval_cv, float)
    seconds = float(recording.duration) * 1e-3
    return [
        _distribution(name, counts[part], cv[part], seconds, resamples, rng)
        for name, part in zip(recording.names, slices_of(recording), strict=True)
    ]


def _distribution(
    name: str, counts: Array, cv: Array, seconds: float, resamples: int, rng: np.random.Generator
) -> RateDistribution:
    known = cv >= 0
    features = _features(counts, np.where(known, cv, 0.0), known)
    found = _cumulants(features.mean(axis=1), seconds)
    errors = np.std([_cumulants(m, seconds) for m in _resampled(features, resamples, rng)], axis=0)
    mean, deviation, skew, noise = found
    raw = float(np.hypot(deviation, noise) if deviation > 0 else counts.std() / seconds)
    trouble = _doubt(counts, raw, noise)
    return RateDistribution(
        name=name,
        rates=counts / seconds,
        mean=mean,
        mean_error=float(errors[0]),
        deviation=deviation,
        deviation_error=float(errors[1]),
        skew=skew,
        skew_error=float(errors[2]) if deviation > 0 else np.inf,
        raw_deviation=raw,
        count_noise=noise,
        neurons=len(counts),
        trusted=not trouble,
        statement=f"not trusted: {trouble}" if trouble else f"{resamples} resamples of neurons",
    )


def _features(counts: Array, cv: Array, known: NDArray[np.bool_]) -> Array:
    """What the cumulants are functions of the means of: n, n², n³, n CV² and n where CV is known.

    Counts are centred for the sake of rounding; the last row is the centre.
    """
    centre = counts.mean()
    n = counts - centre
    return np.stack([n, n**2, n**3, counts * cv**2, counts * known, np.full_like(n, centre)])


def _cumulants(m: Array, seconds: float) -> tuple[float, float, float, float]:
    """Mean, deviation and skew of rates, and the deviation that counting adds."""
    mean = (m[5] + m[0]) / seconds
    cv2 = m[3] / m[4] if m[4] > 0 else 1.0
    noise = cv2 * mean / seconds
    variance = (m[1] - m[0] ** 2) / seconds**2 - noise
    third = (m[2] - 3 * m[0] * m[1] + 2 * m[0] ** 3) / seconds**3
    third -= 3 * cv2 * max(variance, 0.0) / seconds + cv2**2 * mean / seconds**2
    deviation = float(np.sqrt(max(variance, 0.0)))
    skew = float(third / deviation**3) if deviation > 0 else 0.0
    return float(mean), deviation, skew, float(np.sqrt(noise))


def _resampled(features: Array, resamples: int, rng: np.random.Generator) -> Array:
    """Means of the features over neurons drawn with replacement, shape (resamples, features)."""
    n = features.shape[1]
    rows = max(1, CHUNK // n)
    means = []
    for start in range(0, resamples, rows):
        index = rng.integers(0, n, size=(min(rows, resamples - start), n))
        means += [features[:, one].mean(axis=1) for one in index]
    return np.array(means)


def _doubt(counts: Array, raw: float, noise: float) -> str:
    if counts.mean() < 5:
        return f"neurons had {counts.mean():.2g} spikes on average, fewer than 5"
    if noise**2 > 0.9 * raw**2:
        return f"counting explains {min(1.0, noise**2 / raw**2):.0%} of the variance of counts"
    return ""
