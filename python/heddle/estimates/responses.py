"""Autocorrelation of population activity, and responses averaged over trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.estimates.series import autocorrelation_of

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Autocorrelation:
    """Autocorrelation of population activities; arrays have shape (populations, lags)."""

    names: list[str]
    lag: Array  # ms, (lags,)
    estimate: Array  # ρ, dimensionless
    standard_error: Array  # Bartlett's
    trusted: bool
    statement: str

    def __repr__(self) -> str:
        return f"Autocorrelation({', '.join(self.names)}, {len(self.lag)} lags; {self.statement})"


def autocorrelation(recording: Any, *, longest: float = 200.0) -> Autocorrelation:
    """ρ(t) = C_AA(t) / C_AA(0) of every population's binned activity, with Bartlett's errors.

        Var ρ_k ≈ (1 / n) Σ_m [ρ_m² + ρ_{m+k} ρ_{m−k} − 4 ρ_k ρ_m ρ_{m−k} + 2 ρ_k² ρ_m²]

    The bin's share of shot noise, r / (N bin), is part of C_AA(0).

    longest  ms; not trusted if it is more than a twentieth of the recording

    Raises DomainError unless 0 < longest ≤ a quarter of the recording.
    See Bartlett (1946), Suppl J R Stat Soc 8:27.
    """
    activity = np.asarray(recording.activity, float)
    bin, bins = float(recording.bin), activity.shape[1]
    most = int(longest / bin + 1e-9)
    if not 1 <= most <= bins // 4:
        raise DomainError(
            f"longest is {longest:g} ms; expected {bin:g} to {bins // 4 * bin:g} ms, a quarter"
        )
    rho = np.stack([autocorrelation_of(row, min(2 * most, bins - 1)) for row in activity])
    trusted = most <= bins // 20
    how = f"{bins:,} bins of {bin:g} ms"
    return Autocorrelation(
        names=list(recording.names),
        lag=bin * np.arange(most + 1),
        estimate=rho[:, : most + 1],
        standard_error=np.stack([_bartlett(row, most, bins) for row in rho]),
        trusted=trusted,
        statement=how if trusted else f"not trusted: {how} are fewer than twenty times the lag",
    )


def _bartlett(rho: Array, most: int, n: int) -> Array:
    """Errors from the correlations up to lag `most`."""
    near = np.concatenate([rho[most:0:-1], rho[: most + 1]])  # lags −most … most
    wide = np.concatenate([np.zeros(most), near, np.zeros(most)])
    square = np.sum(near**2)
    variance = np.empty(most + 1)
    for k in range(most + 1):
        ahead = wide[most + k : most + k + len(near)]
        behind = wide[most - k : most - k + len(near)]
        cross = np.sum(ahead * behind) - 4 * rho[k] * np.sum(near * behind)
        variance[k] = square + cross + 2 * rho[k] ** 2 * square
    return np.sqrt(np.maximum(variance, 0) / n)


@dataclass(frozen=True, repr=False)
class StepResponse:
    """A response averaged over trials; `estimate` and `standard_error` (populations, bins)."""

    names: list[str]
    time: Array  # middle of each bin from the onset, ms, (bins,)
    estimate: Array  # Hz
    standard_error: Array  # over trials, Hz
    before: Array  # mean before the onset, Hz, (populations,)
    after: Array  # mean over the last quarter, Hz, (populations,)
    peak: Array  # largest value after the onset, Hz, (populations,)
    latency: Array  # of the peak, ms, (populations,)
    undershoot: Array  # smallest value between the peak and the end, Hz, (populations,)
    noise_floor: Array  # mean of SE² over the bins, Hz², (populations,)
    trials: int
    trusted: bool
    statement: str

    def __repr__(self) -> str:
        each = ", ".join(
            f"{name}: {a:.3g} to {b:.3g} Hz, peak {top:.3g} Hz after {t:.3g} ms"
            for name, a, b, top, t in zip(
                self.names, self.before, self.after, self.peak, self.latency, strict=True
            )
        )
        return f"StepResponse({each}; {self.statement})"


def step_response(recordings: Sequence[Any], onset: float) -> StepResponse:
    """Mean activity over trials of the same stimulus, its error, and the shape of the response.

        A(t) = Σ_trials A_k(t) / R ,   SE² = Var_k A_k(t) / R

    Against a prediction Â the squared difference has the mean |A − Â|² + SE², so `noise_floor` is
    what to subtract from it. Peaks of noisy curves are too high by a few SE.

    recordings  trials from different seeds, with the same populations and bins
    onset       of the stimulus, ms from the start of each recording

    Raises DomainError. Not trusted with fewer than five trials.
    """
    if len(recordings) < 2:
        raise DomainError(f"recordings holds {len(recordings)}; expected two trials or more")
    shapes = {np.shape(one.activity) for one in recordings}
    if len(shapes) != 1:
        raise DomainError(f"recordings have activities of shapes {sorted(shapes)}; expected one")
    table = np.stack([np.asarray(one.activity, float) for one in recordings])
    bin = float(recordings[0].bin)
    start = int(onset / bin + 0.5)
    if not 0 < start < table.shape[2] - 4:
        raise DomainError(f"onset is {onset:g} ms; expected a time inside the recordings")
    mean = table.mean(axis=0)
    error = table.std(axis=0, ddof=1) / np.sqrt(len(table))
    top = start + np.argmax(mean[:, start:], axis=1)
    few = len(table) < 5
    return StepResponse(
        names=list(recordings[0].names),
        time=(np.arange(table.shape[2]) + 0.5) * bin - onset,
        estimate=mean,
        standard_error=error,
        before=mean[:, :start].mean(axis=1),
        after=mean[:, -max(1, (table.shape[2] - start) // 4) :].mean(axis=1),
        peak=mean[:, start:].max(axis=1),
        latency=(top + 0.5) * bin - onset,
        undershoot=np.array([row[t:].min() for row, t in zip(mean, top, strict=True)]),
        noise_floor=np.mean(error**2, axis=1),
        trials=len(table),
        trusted=not few,
        statement=f"{'not trusted: only ' if few else ''}{len(table)} trials",
    )
