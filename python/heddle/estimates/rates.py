"""Stationary rates of populations, and how much of their scatter is the network's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from heddle._core import DomainError
from heddle.estimates.series import mean_with_error

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PopulationRates:
    """Stationary rates, one for each population; arrays have shape (populations,)."""

    names: list[str]
    estimate: Array  # Hz
    standard_error: Array  # Hz, from batch means
    poisson_error: Array  # √(r / N T), Hz: what independent Poisson neurons would leave
    degrees: Array  # of freedom of the standard errors
    correlation_time: Array  # of the activity, ms
    effective_samples: Array
    trusted: bool
    statement: str

    def __str__(self) -> str:
        each = zip(self.names, self.estimate, self.standard_error, strict=True)
        return "\n".join([f"{n}: {r:.4g} ± {e:.2g} Hz" for n, r, e in each] + [self.statement])


def population_rates(recording: Any) -> PopulationRates:
    """Rates of the populations of a stationary recording, with errors that are right for networks:

        r = Σ_i n_i / (N T) ,   SE² = S_AA(0) / T

    S_AA is the spectrum of the population activity. In a network neurons share fluctuations, so
    √(r / N T), the error of independent Poisson neurons, can be several times too small or too
    large; it is given beside the batch means.

    recording  of `heddle.simulate` or `heddle.recording_from_spikes`: `activity` and `sizes` count

    Raises DomainError if there are fewer than 64 bins. Costs O(bins log bins).
    See `heddle.mean_with_error`.
    """
    activity = np.asarray(recording.activity, float)
    found = [mean_with_error(row, float(recording.bin)) for row in activity]
    rates = np.array([one.estimate for one in found])
    seconds = activity.shape[1] * float(recording.bin) * 1e-3
    names = list(recording.names)
    doubts = [f"{n}: {one.statement}" for n, one in zip(names, found, strict=True)]
    bad = [doubt for doubt, one in zip(doubts, found, strict=True) if not one.trusted]
    return PopulationRates(
        names=names,
        estimate=rates,
        standard_error=np.array([one.standard_error for one in found]),
        poisson_error=np.sqrt(rates / (np.asarray(recording.sizes, float) * seconds)),
        degrees=np.array([one.degrees for one in found]),
        correlation_time=np.array([one.correlation_time for one in found]),
        effective_samples=np.array([one.effective_samples for one in found]),
        trusted=not bad,
        statement="; ".join(bad) if bad else f"{seconds:g} s, batch means (ms): {doubts[0]}",
    )


@dataclass(frozen=True)
class RateComponents:
    """Scatter of a rate over network realisations and over time; arrays (populations,)."""

    names: list[str]
    estimate: Array  # mean over networks, Hz
    standard_error: Array  # Hz, with networks as the sample
    network_variance: Array  # of the rate between networks beyond what time explains, Hz²
    temporal_variance: Array  # of one recording's rate around its network's, Hz²
    p_value: Array  # of no difference between networks (F test)
    networks: int
    trusted: bool
    statement: str


def rate_components(recordings: Sequence[Any], batches: int = 20) -> RateComponents:
    """Analysis of variance: which part of the scatter of rates is quenched, which is temporal.

    With `batches` equal parts of each of K recordings of different networks,

        MS_b = B Σ_k (r_k − r)² / (K − 1) ,   MS_w = Σ_kj (r_kj − r_k)² / K (B − 1)
        network variance (MS_b − MS_w)₊ / B ,   temporal MS_w / B ,   SE² = MS_b / (K B)

    recordings  of the same circuit drawn from different seeds, equally long; at least two
    batches     parts of each; they should outlast ten correlation times

    Raises DomainError. Not trusted if the parts are shorter than that.
    """
    if len(recordings) < 2:
        raise DomainError(f"recordings holds {len(recordings)}; expected at least two networks")
    shapes = {np.shape(one.activity) for one in recordings}
    if len(shapes) != 1:
        raise DomainError(f"recordings have activities of shapes {sorted(shapes)}; expected one")
    table = np.stack([_parts(one, batches) for one in recordings])  # (K, populations, batches)
    networks = len(recordings)
    means = table.mean(axis=2)
    between = batches * means.var(axis=0, ddof=1)
    within = table.var(axis=2, ddof=1).mean(axis=0)
    part = float(recordings[0].bin) * np.shape(recordings[0].activity)[1] / batches
    decay = max(population_rates(one).correlation_time.max() for one in recordings)
    trusted = part >= 10 * decay
    how = f"{networks} networks, {batches} parts of {part:g} ms"
    return RateComponents(
        names=list(recordings[0].names),
        estimate=means.mean(axis=0),
        standard_error=np.sqrt(between / (networks * batches)),
        network_variance=np.maximum(between - within, 0) / batches,
        temporal_variance=within / batches,
        p_value=stats.f.sf(between / within, networks - 1, networks * (batches - 1)),
        networks=networks,
        trusted=bool(trusted),
        statement=how if trusted else f"not trusted: {how}, for correlations of {decay:.3g} ms",
    )


def _parts(recording: Any, batches: int) -> Array:
    activity = np.asarray(recording.activity, float)
    length = activity.shape[1] // batches
    if batches < 2 or length < 1:
        raise DomainError(f"batches is {batches} for {activity.shape[1]} bins; expected 2 to bins")
    return activity[:, : length * batches].reshape(len(activity), batches, length).mean(axis=2)
