"""Means of stationary series, with errors that hold where samples are correlated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, ShapeError

Array = NDArray[np.float64]
BATCHES = (32, 16)  # tried in this order
LEAST_SAMPLES = 64
LONG_ENOUGH = 10  # correlation times in a batch


@dataclass(frozen=True)
class MeanEstimate:
    """The mean of a stationary series."""

    estimate: float
    standard_error: float
    degrees: float  # of freedom of the standard error: quantiles are those of Student's t
    effective_samples: float  # independent samples that would give the same standard error
    correlation_time: float  # decay of the autocorrelation, in units of the interval
    batches: int
    trusted: bool
    statement: str


def autocorrelation_of(series: ArrayLike, most: int) -> Array:
    """ρ_k = C_k / C_0, k = 0 … most, of a series minus its mean; 0 beyond k = 0 if constant."""
    x = np.asarray(series, float)
    x = x - x.mean()
    size = 1 << int(2 * len(x) - 1).bit_length()
    power = np.abs(np.fft.rfft(x, size)) ** 2
    lags = np.fft.irfft(power, size)[: most + 1] / len(x)
    if lags[0] <= 1e-28:
        return np.eye(1, most + 1)[0]
    return lags / lags[0]


def correlation_time_of(series: ArrayLike) -> float:
    """How many samples the autocorrelation lasts: the largest of three measures.

    Σ ρ_k over all lags is the integrated time; Σ ρ_k² sees oscillations too, whose positive and
    negative parts cancel in the first; (Σ ρ_k)² / (2 Σ ρ_k²) over k ≥ 1 is the decay time of what
    is correlated at all, however much shot noise lies over it. Sums end at the first lag beyond
    five times themselves.
    """
    rho = autocorrelation_of(series, max(1, len(np.asarray(series)) // 4))
    plain, square = np.cumsum(rho[1:]), np.cumsum(rho[1:] ** 2)
    lags = np.arange(1, len(rho))

    def windowed(sums: Array) -> int:
        done = np.flatnonzero(lags >= 5 * sums)
        return int(done[0]) if len(done) else len(sums) - 1

    end = windowed(1 + 2 * plain)
    decay = plain[end] ** 2 / (2 * square[end]) if plain[end] > 0 else 1.0
    return float(max(1.0, 1 + 2 * plain[end], (1 + 2 * square)[windowed(1 + 2 * square)], decay))


def batch_error(series: ArrayLike, length: int) -> float:
    """Standard error of the mean from overlapping batches of `length` samples."""
    x = np.asarray(series, float)
    n = len(x)
    sums = np.concatenate(([0.0], np.cumsum(x - x.mean())))
    means = (sums[length:] - sums[:-length]) / length
    return float(np.sqrt(length * np.sum(means**2) / ((n - length) * (n - length + 1.0))))


def _batch_correlation(x: Array, batches: int) -> float:
    """Correlation of the means of successive batches."""
    means = x[: len(x) // batches * batches].reshape(batches, -1).mean(axis=1)
    return float(autocorrelation_of(means, 1)[1])


def _choose_batches(x: Array, decay: float) -> tuple[int, str]:
    """How many batches, and what is wrong with them."""
    for batches in BATCHES:
        long = len(x) // batches >= LONG_ENOUGH * decay
        limit = (1.7 if batches > BATCHES[-1] else 2.6) / np.sqrt(batches)
        related = _batch_correlation(x, batches) > limit
        if long and not related:
            return batches, ""
    if not long:
        return batches, f"the series lasts only {len(x) / decay:.0f} correlation times"
    return batches, f"means of {batches} batches are still correlated: longer than they last"


def mean_with_error(series: ArrayLike, interval: float = 1.0) -> MeanEstimate:
    """Mean of a stationary series with the standard error that its correlations leave.

        SE² = S(0) / T ,   S(0) = ∫ C(t) dt

    from overlapping batch means: 32 batches if each is longer than ten correlation times and they
    are not correlated, else 16. Not trusted where 16 do not suffice either, or where the two halves
    of the series differ by more than four standard errors.

    series    shape (samples,), at least 64
    interval  time between samples, in any unit

    Raises ShapeError or DomainError. Costs O(samples log samples).
    See Meketon & Schmeiser (1984), Overlapping batch means, Winter Simulation Conference; Sokal
    (1997), Monte Carlo methods in statistical mechanics.
    """
    x = np.asarray(series, float)
    if x.ndim != 1:
        raise ShapeError(f"series has shape {x.shape}; expected one dimension")
    if len(x) < LEAST_SAMPLES:
        raise DomainError(f"series has {len(x)} samples; expected at least {LEAST_SAMPLES}")
    if not np.isfinite(x).all():
        raise DomainError("series: found NaN or infinity, expected finite numbers")
    decay = correlation_time_of(x)
    batches, trouble = _choose_batches(x, decay)
    error = batch_error(x, len(x) // batches)
    half = len(x) // 2
    drift = abs(x[:half].mean() - x[half:].mean())
    if not trouble and drift > 8 * error:  # the difference of halves has twice the error
        trouble = f"its two halves differ by {drift / (2 * error):.1f} standard errors"
    spread = float(np.var(x))
    statement = f"{batches} overlapping batches of {len(x) // batches * interval:.4g}"
    return MeanEstimate(
        estimate=float(x.mean()),
        standard_error=error,
        degrees=1.5 * (batches - 1),
        effective_samples=spread / error**2 if error > 0 else float(len(x)),
        correlation_time=decay * interval,
        batches=batches,
        trusted=not trouble,
        statement=f"not trusted: {trouble}" if trouble else statement,
    )
