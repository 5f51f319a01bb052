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
    standard_error: Array  # Hz, √(S(0) / T)
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
    large; it is given beside.

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
        statement="; ".join(bad) if bad else f"{doubts[0]} ms",
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


def rate_components(recordings: Sequence[Any]) -> RateComponents:
    """Analysis of variance: which part of the scatter of rates is quenched, which is temporal.

    With rates r_k and standard errors SE_k of K recordings of different networks,

        temporal variance ⟨SE_k²⟩ ,   network variance (Var r_k − ⟨SE_k²⟩)₊ ,   SE² = Var r_k / K

    and Var r_k / ⟨SE_k²⟩ has an F distribution if networks do not differ.

    recordings  of the same circuit drawn from different seeds, equally long; at least two

    Raises DomainError. Not trusted if one of the rates is not; see `heddle.population_rates`.
    """
    if len(recordings) < 2:
        raise DomainError(f"recordings holds {len(recordings)}; expected at least two networks")
    shapes = {np.shape(one.activity) for one in recordings}
    if len(shapes) != 1:
        raise DomainError(f"recordings have activities of shapes {sorted(shapes)}; expected one")
    found = [population_rates(one) for one in recordings]
    rates = np.stack([one.estimate for one in found])
    temporal = np.mean([one.standard_error**2 for one in found], axis=0)
    total = rates.var(axis=0, ddof=1)
    degrees = np.sum([one.degrees for one in found], axis=0)
    doubts = [one.statement for one in found if not one.trusted]
    return RateComponents(
        names=found[0].names,
        estimate=rates.mean(axis=0),
        standard_error=np.sqrt(total / len(found)),
        network_variance=np.maximum(total - temporal, 0),
        temporal_variance=temporal,
        p_value=stats.f.sf(total / np.maximum(temporal, 1e-300), len(found) - 1, degrees),
        networks=len(found),
        trusted=not doubts,
        statement=doubts[0] if doubts else f"{len(found)} networks",
    )
