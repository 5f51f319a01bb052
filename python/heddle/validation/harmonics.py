"""Gain and phase of activities that follow a modulated current, with their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import Circuit, linear_response
from heddle.validation.levels import Times
from heddle.validation.modulation import LEAST_PERIODS, Modulation
from heddle.validation.observables import CERTAIN, Array, Measured, Observable

MOST_BLOCKS = 16
FAINT = 3.0  # standard errors: a response below is not told from noise


@dataclass(frozen=True)
class Harmonics:
    """Estimates of the first harmonic, which every level of a validation is measured by.

        A(t) = A₀ + gain × amplitude × cos(2π f t + phase) + … ,   Z = gain e^{i phase}

    Z is the least-squares fit in each of 8 to 16 blocks of a recording, which hold a period or
    more; their scatter is the error. What bins and a current that is held during each of them do to
    it, sinc(f bin) each, is taken out. |Ẑ| is larger than |Z| by σ² / 2 |Z|, σ the error across:
    that is taken away.
    """

    modulation: Modulation
    times: Times

    def observables(self, names: Sequence[str]) -> list[Observable]:
        return [Observable(kind, name) for kind in ("gain", "phase") for name in names]

    def pooled(self, recordings: Sequence[Any], quenched: bool) -> Measured:
        """Over recordings: of different networks the scatter between them is the error."""
        blocks = [self._blocks(np.asarray(one.activity, float)) for one in recordings]
        if quenched and len(blocks) > 1:
            return _polar(np.stack([one.mean(axis=1) for one in blocks], axis=1))
        return _polar(np.concatenate(blocks, axis=1))

    def differences(self, first: Sequence[Any], second: Sequence[Any]) -> Measured:
        """Of recordings that share their random numbers: first less second."""
        pairs = [
            [self._blocks(np.asarray(one.activity, float)) for one in both]
            for both in zip(first, second, strict=True)
        ]
        a, b = (np.concatenate(part, axis=1) for part in zip(*pairs, strict=True))
        middle = (a + b).mean(axis=1) / 2
        change = _errors(a - b, middle)
        estimate = _polar(a).estimate - _polar(b).estimate
        return nearest(Measured(estimate, *change), np.zeros(len(estimate)))

    def certain(self, activity: Array, error: Array) -> Measured:
        """Of a deterministic activity; NaN where it is a rate only."""
        if activity.shape[1] == 1:
            return _nothing(2 * len(activity))
        found = _polar(self._blocks(activity))
        return replace(found, degrees=np.full(len(found.estimate), CERTAIN))

    def linear(self, circuit: Circuit) -> Measured:
        """Of the theory of linear response."""
        names = [population.name for population in circuit.populations]
        which = [names.index(name) for name in self.modulation.chosen(names)]
        found = linear_response(circuit, np.array([self.modulation.frequency]))
        z = np.asarray(found.response[0])[:, which].sum(axis=1)
        estimate = np.concatenate([np.abs(z), np.degrees(np.angle(z))])
        return Measured(estimate, np.zeros(len(estimate)), np.full(len(estimate), CERTAIN))

    def doubts(self, recordings: Sequence[Any]) -> list[str]:
        """Which responses are not told from noise."""
        names = list(recordings[0].names)
        neurons = self.pooled(recordings, False)
        gain, error = (x[: len(names)] for x in (neurons.estimate, neurons.standard_error))
        return [
            f"the response of {name} at {self.modulation.frequency:g} Hz is not told from noise; "
            "a larger amplitude, more networks or a longer duration would do"
            for name, size, noise in zip(names, gain, error, strict=True)
            if size < FAINT * noise
        ]

    def _blocks(self, activity: Array) -> NDArray[np.complex128]:
        """Z in each block, shape (populations, blocks)."""
        times, f = self.times, self.modulation.frequency * 1e-3
        bins = min(activity.shape[1], round(times.duration / times.bin))
        many = int(np.clip(f * bins * times.bin + 1e-9, LEAST_PERIODS, MOST_BLOCKS))
        held = np.sinc(f * times.bin) ** 2 * self.modulation.amplitude
        found = []
        for part in np.array_split(np.arange(bins), many):
            angle = 2 * np.pi * f * (times.transient + times.bin * (part + 0.5))
            basis = np.stack([np.ones(len(part)), np.cos(angle), -np.sin(angle)], axis=1)
            fit = np.linalg.lstsq(basis, activity[:, part].T, rcond=None)[0]
            found.append((fit[1] + 1j * fit[2]) / held)
        return np.stack(found, axis=1)


def _polar(parts: NDArray[np.complex128]) -> Measured:
    """Gain and phase (degrees) of the mean of `parts`, shape (populations, samples)."""
    z = parts.mean(axis=1)
    error, degrees = _errors(parts, z)
    size = np.abs(z)
    across = np.radians(error[len(z) :]) * size
    gain = np.maximum(size - across**2 / (2 * np.maximum(size, 1e-300)), 0.0)
    return Measured(np.concatenate([gain, np.degrees(np.angle(z))]), error, degrees)


def _errors(parts: NDArray[np.complex128], around: NDArray[np.complex128]) -> tuple[Array, Array]:
    """Standard errors along (gain) and across (phase, degrees) a mean of `around`."""
    many = parts.shape[1]
    size = np.maximum(np.abs(around), 1e-300)
    turned = (parts - parts.mean(axis=1, keepdims=True)) * (around.conj() / size)[:, None]
    scale = np.sqrt((many - 1.0) * many)
    along, across = (
        np.sqrt(np.sum(part**2, axis=1)) / scale for part in (turned.real, turned.imag)
    )
    error = np.concatenate([along, np.degrees(across / size)])
    return error, np.full(len(error), many - 1.0)


def nearest(found: Measured, reference: Array) -> Measured:
    """Phases within half a turn of those of `reference`; gains as they are."""
    half = len(reference) // 2
    estimate = found.estimate.copy()
    turns = np.round((estimate[half:] - reference[half:]) / 360)
    estimate[half:] -= 360 * np.where(np.isfinite(turns), turns, 0.0)
    return replace(found, estimate=estimate)


def _nothing(count: int) -> Measured:
    return Measured(np.full(count, np.nan), np.full(count, np.nan), np.full(count, CERTAIN))
