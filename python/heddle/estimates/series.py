"""Means of stationary series, with errors that hold where samples are correlated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from heddle._core import DomainError, ShapeError

Array = NDArray[np.float64]
FREQUENCIES = (16, 8)  # averaged; tried in this order
LEAST_SAMPLES = 64
LONG_ENOUGH = 160  # correlation times


@dataclass(frozen=True)
class MeanEstimate:
    """The mean of a stationary series."""

    estimate: float
    standard_error: float
    degrees: float  # of freedom of the standard error: quantiles are those of Student's t
    effective_samples: float  # independent samples that would give the same standard error
    correlation_time: float  # decay of the autocorrelation, in units of the interval
    frequencies: int  # the lowest ones, k / T, whose power was averaged
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
    """How many samples the autocorrelation lasts: the larger of two measures.

    Σ ρ_k over all lags is the integrated time; (Σ ρ_k)² / (2 Σ ρ_k²) over k ≥ 1 is the decay time
    of what is correlated at all, however much shot noise lies over it. Sums end at the first lag
    beyond five times the first.
    """
    rho = autocorrelation_of(series, max(1, len(np.asarray(series)) // 4))
    plain, square = np.cumsum(rho[1:]), np.cumsum(rho[1:] ** 2)
    done = np.flatnonzero(np.arange(1, len(rho)) >= 5 * (1 + 2 * plain))
    end = int(done[0]) if len(done) else len(plain) - 1
    decay = plain[end] ** 2 / (2 * square[end]) if plain[end] > 0 else 1.0
    return float(max(1.0, 1 + 2 * plain[end], decay))


def lowest_powers(series: ArrayLike) -> Array:
    """|X(k / T)|² / n for the lowest frequencies k = 1 … 16, each with the mean S(k / T)."""
    x = np.asarray(series, float)
    most = min(FREQUENCIES[0], (len(x) - 1) // 2)
    return np.abs(np.fft.rfft(x - x.mean())[1 : most + 1]) ** 2 / len(x)


def _choose_frequencies(powers: Array) -> tuple[int, str]:
    """How many of the lowest frequencies have one power, and what is wrong with it."""
    for many, level in zip(FREQUENCIES, (0.05, 0.002), strict=True):
        low, high = powers[: many // 2].sum(), powers[many // 2 : many].sum()
        ratio = low / high if high > 0 else 1.0
        if 2 * min(stats.f.cdf(ratio, many, many), stats.f.sf(ratio, many, many)) > level:
            return many, ""
    return many, "its power still changes at the lowest frequencies, by a factor of " + (
        f"{max(ratio, 1 / max(ratio, 1e-12)):.2g}"
    )


def mean_with_error(series: ArrayLike, interval: float = 1.0) -> MeanEstimate:
    """Mean of a stationary series with the standard error that its correlations leave.

        SE² = S(0) / T ,   S(0) = ∫ C(t) dt

    S(0) is the mean power of the 16 lowest frequencies, k / T, or of 8 if the power differs between
    the lower and the upper half of 16. What happens at higher frequencies, such as an oscillation,
    does not enter, as it would into the variance of batches. Not trusted where the 8 still differ,
    where the series is shorter than 160 correlation times, or where its two halves differ by more
    than four standard errors.

    series    shape (samples,), at least 64
    interval  time between samples, in any unit

    Raises ShapeError or DomainError. Costs O(samples log samples).
    See Heidelberger & Welch (1981), A spectral method for confidence interval generation, Commun
    ACM 24; Sokal (1997), Monte Carlo methods in statistical mechanics.
    """
    x = np.asarray(series, float)
    if x.ndim != 1:
        raise ShapeError(f"series has shape {x.shape}; expected one dimension")
    if len(x) < LEAST_SAMPLES:
        raise DomainError(f"series has {len(x)} samples; expected at least {LEAST_SAMPLES}")
    if not np.isfinite(x).all():
        raise DomainError("series: found NaN or infinity, expected finite numbers")
    decay = correlation_time_of(x)
    powers = lowest_powers(x)
    many, trouble = _choose_frequencies(powers)
    error = float(np.sqrt(powers[:many].mean() / len(x)))
    if len(x) < LONG_ENOUGH * decay:
        trouble = f"the series lasts only {len(x) / decay:.0f} correlation times"
    half = len(x) // 2
    drift = abs(x[:half].mean() - x[half:].mean())
    if not trouble and drift > 8 * error:  # the difference of halves has twice the error
        trouble = f"its two halves differ by {drift / (2 * error):.1f} standard errors"
    spread = float(np.var(x))
    return MeanEstimate(
        estimate=float(x.mean()),
        standard_error=error,
        degrees=2.0 * many,
        effective_samples=spread / error**2 if error > 0 else float(len(x)),
        correlation_time=decay * interval,
        frequencies=many,
        trusted=not trouble,
        statement=f"not trusted: {trouble}"
        if trouble
        else f"the {many} lowest frequencies of {len(x) * interval:.4g}",
    )
