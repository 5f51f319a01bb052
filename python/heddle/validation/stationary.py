"""Rates, fluctuations and powers of what does not change in time, at every kind of level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from heddle._core import Circuit, linear_response
from heddle.validation.levels import Times
from heddle.validation.observables import (
    CERTAIN,
    SEGMENT,
    Array,
    Measured,
    Observable,
    bands_of,
    doubts_of,
    measure,
    observables_of,
    paired,
    pooled,
    without_chance,
)

FINE = 1.0  # Hz between frequencies of a spectrum that is integrated
HIGHEST = 1000.0  # Hz: above, spikes are as good as independent


@dataclass(frozen=True)
class Stationary:
    """Estimates of stationary observables, which every level of a validation is measured by."""

    times: Times

    def observables(self, names: Sequence[str]) -> list[Observable]:
        return observables_of(names, self.times.bin, self.times.duration)

    def pooled(self, recordings: Sequence[Any], quenched: bool) -> Measured:
        return pooled([measure(one) for one in recordings], quenched)

    def differences(self, first: Sequence[Any], second: Sequence[Any]) -> Measured:
        """Of recordings that share their random numbers: first less second."""
        return pooled([paired(a, b) for a, b in zip(first, second, strict=True)], False)

    def certain(self, activity: Array, error: Array) -> Measured:
        """Of a deterministic activity."""
        names = [str(k) for k in range(len(activity))]
        return without_chance(activity, len(names), len(self.observables(names)), error)

    def linear(self, circuit: Circuit) -> Measured:
        """Of the theory of linear response: what Welch's method makes of its spectra, and

        Var A = A / (N bin) + 2 ∫₀ (S − A / N) sinc²(f bin) df
        """
        bins = np.arange(FINE, HIGHEST, FINE)
        found = linear_response(circuit, bins)
        power = np.stack([np.diagonal(s).real for s in found.spectra], axis=1)
        white = np.asarray(found.rates) / np.asarray(found.sizes)
        sinc = np.sinc(bins * self.times.bin * 1e-3) ** 2
        more = 2 * FINE * np.sum((power - white[:, None]) * sinc, axis=1)
        spread = np.sqrt(np.maximum(white * 1e3 / self.times.bin + more, 0.0))
        parts = [np.asarray(found.rates), spread, self._logarithms(power * sinc)]
        estimate = np.concatenate(parts)
        return Measured(estimate, np.zeros(len(estimate)), np.full(len(estimate), CERTAIN))

    def doubts(self, recordings: Sequence[Any]) -> list[str]:
        """What is not to be trusted of rates."""
        return [said for one in recordings for said in doubts_of(one)]

    def _logarithms(self, power: Array) -> Array:
        """log S in the bands that are measured: Hann's window shares powers with neighbours."""
        each = round(1e3 / SEGMENT / FINE)
        lines = power[:, each - 1 :: each]
        first = np.concatenate([lines[:, :1], lines], axis=1)
        spread = (first[:, :-2] + 4 * first[:, 1:-1] + first[:, 2:]) / 6
        found = []
        for low, high in bands_of(self.times.duration):
            chosen = slice(round(low * SEGMENT * 1e-3) - 1, round(high * SEGMENT * 1e-3) - 1)
            found.append(np.log(spread[:, chosen].mean(axis=1)))
        return np.stack(found, axis=1).ravel() if found else np.empty(0)
