"""What is compared: rates, fluctuations and powers, each with its standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from heddle.equivalence.values import averaged, welch_degrees
from heddle.estimates.rates import population_rates
from heddle.estimates.series import FREQUENCIES, mean_with_error
from heddle.estimates.spectra import power_spectrum

Array = NDArray[np.float64]
SEGMENT = 500.0  # ms: powers are those of bands an octave wide, from 2 Hz
HIGHEST = 250.0  # Hz
KINDS = ["rate", "deviation", "power", "response", "gain", "phase"]
UNITS = {"power": "log", "response": "relative", "gain": "Hz/pA", "phase": "degrees"}
CERTAIN = 1e6  # degrees of freedom of what has no chance in it


@dataclass(frozen=True)
class Observable:
    """A number of a population that every level either has or has not."""

    kind: str  # one of KINDS
    population: str
    band: tuple[float, float] | None = None  # Hz

    @property
    def unit(self) -> str:
        return UNITS.get(self.kind, "Hz")

    def __str__(self) -> str:
        band = "" if self.band is None else f" {self.band[0]:g}–{self.band[1]:g} Hz"
        return f"{self.kind} {self.population}{band}"


@dataclass(frozen=True)
class Measured:
    """Estimates of all observables at one level; NaN where it has none; shape (observables,)."""

    estimate: Array
    standard_error: Array
    degrees: Array

    def __sub__(self, other: Measured) -> Measured:
        errors = self.standard_error, other.standard_error
        degrees = welch_degrees(errors, (self.degrees, other.degrees))
        return Measured(
            self.estimate - other.estimate,
            np.hypot(*errors),
            np.where(np.hypot(*errors) > 0, degrees, CERTAIN),
        )

    def __mul__(self, factor: Any) -> Measured:
        errors = np.abs(factor) * self.standard_error
        return Measured(factor * self.estimate, errors, self.degrees)

    def reach(self, level: float = 0.05) -> Array:
        """Half the interval that holds the truth but for `level` of the time."""
        return np.asarray(stats.t.isf(level / 2, self.degrees) * self.standard_error)


def observables_of(names: Sequence[str], bin: float, duration: float) -> list[Observable]:
    """Rates first, then standard deviations of activity, then powers where there is time."""
    found = [Observable(kind, name) for kind in ("rate", "deviation") for name in names]
    return found + [
        Observable("power", name, band) for name in names for band in bands_of(duration)
    ]


def bands_of(duration: float) -> list[tuple[float, float]]:
    """Octaves above the resolution of segments, an eighth of the recording at most."""
    if duration < 8 * SEGMENT:
        return []
    edges = 1e3 / SEGMENT * 2.0 ** np.arange(0, 8)
    return [(float(a), float(b)) for a, b in pairwise(edges) if b <= HIGHEST * 1.03]


def measure(recording: Any) -> Measured:
    """Of a recording of neurons, or of populations of finite size."""
    rates = population_rates(recording)
    spread = power_spectrum(recording, segment=16 * float(recording.bin))
    parts = [
        (rates.estimate, rates.standard_error, rates.degrees),
        (spread.deviation, spread.deviation_error, np.full(len(rates.estimate), _LEAST)),
    ]
    duration = np.shape(recording.activity)[1] * float(recording.bin)
    parts += _powers(recording, bands_of(duration))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Measured(*columns)


def doubts_of(recording: Any) -> list[str]:
    """What is not to be trusted of the rates of a recording."""
    rates = population_rates(recording)
    return [] if rates.trusted else [rates.statement]


def paired(first: Any, second: Any) -> Measured:
    """First less second of two recordings that share their random numbers.

    The error of rates is that of the difference of activities, which is small where neurons stay
    together; those of other observables are added in quadrature, which is more than there is.
    """
    plain = measure(first) - measure(second)
    changes = np.asarray(first.activity, float) - np.asarray(second.activity, float)
    found = [mean_with_error(row) for row in changes]
    error, degrees = plain.standard_error.copy(), plain.degrees.copy()
    error[: len(found)] = [one.standard_error for one in found]
    degrees[: len(found)] = [one.degrees for one in found]
    return Measured(plain.estimate, error, degrees)


_LEAST = 2.0 * FREQUENCIES[-1]


def _powers(recording: Any, bands: list[tuple[float, float]]) -> list[tuple[Array, Array, Array]]:
    """log S in bands, all of a population one after the other."""
    if not bands:
        return []
    found = power_spectrum(recording, segment=SEGMENT, per_octave=1.0, highest=bands[-1][1])
    many = len(bands)
    density = np.maximum(found.density[:, :many], 1e-300)
    relative = found.standard_error[:, :many] / density
    degrees = np.broadcast_to(found.degrees[:many], density.shape)
    return [(np.log(density).ravel(), relative.ravel(), degrees.ravel())]


def pooled(runs: Sequence[Measured], quenched: bool) -> Measured:
    """Mean over runs. Of different networks the scatter between them is the error.

    Where runs differ by chance over time only, their own errors add up, with more degrees of
    freedom.
    """
    table = [[getattr(run, name) for run in runs] for name in ("estimate", "standard_error")]
    degrees = [run.degrees for run in runs]
    if quenched and len(runs) > 1:
        return Measured(*averaged(*table, degrees))
    error = np.sqrt(np.sum(np.square(table[1]), axis=0)) / len(runs)
    return Measured(np.mean(table[0], axis=0), error, np.sum(degrees, axis=0))


def without_chance(activity: Array, names: int, observables: int, error: Array) -> Measured:
    """Of a deterministic activity, shape (populations, bins): it has no powers of fluctuations.

    error  of its rates, Hz, shape (populations,): how far the halves of the recording differ, or
           what the method says
    """
    estimate = np.full(observables, np.nan)
    errors = np.full(observables, np.nan)
    estimate[:names], errors[:names] = activity.mean(axis=1), error
    if activity.shape[1] > 1:
        estimate[names : 2 * names], errors[names : 2 * names] = activity.std(axis=1), error
    return Measured(estimate, errors, np.full(observables, CERTAIN))
