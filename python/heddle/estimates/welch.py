"""Welch's segments: windows, bands of frequencies, and how many independent spectra they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Bands:
    """How the frequencies of segments were averaged."""

    frequency: Array  # mean of each band, Hz, shape (f,)
    starts: NDArray[np.int64]  # first frequency of each band, counted from 0 Hz, shape (f + 1,)
    effective_samples: Array  # independent spectra in each band of a linear process, shape (f,)
    segments: int
    segment: float  # ms

    def __repr__(self) -> str:
        ends = f"{self.frequency[0]:.3g} to {self.frequency[-1]:.3g} Hz"
        return f"Bands({len(self.frequency)}, {ends}, {self.segments} segments)"


def prepare(
    recording: Any, segment: float, per_octave: float, highest: float
) -> tuple[Array, NDArray[np.complex128], Bands, float]:
    """Activity, Fourier transforms (populations, segments, frequencies), bands and their unit."""
    activity = np.asarray(recording.activity, float)
    step = float(recording.bin)
    length = int(segment / step + 0.5)
    if length < 8 or activity.shape[1] < 2 * length:
        raise DomainError(
            f"segment is {segment:g} ms; expected at least {8 * step:g} ms, eight bins, "
            f"and at most {activity.shape[1] * step / 2:g} ms, half the recording"
        )
    window = np.hanning(length + 1)[:-1]
    centred = activity - activity.mean(axis=1, keepdims=True)
    pieces = np.lib.stride_tricks.sliding_window_view(centred, length, axis=1)[:, :: length // 2]
    parts = np.fft.rfft(pieces * window, axis=2)
    bands = _bands(length, step, pieces.shape[1], per_octave, highest)
    return activity, parts, bands, step * 1e-3 / float(np.sum(window**2))


def _bands(length: int, step: float, segments: int, per_octave: float, highest: float) -> Bands:
    spacing = 1e3 / (length * step)
    last = (length - 1) // 2  # below half the sampling frequency, where the transform is complex
    if highest > 0:
        last = min(last, int(highest / spacing + 1e-9))
    starts = [1]
    while starts[-1] <= last:
        width = starts[-1] * (2 ** (1 / per_octave) - 1) if per_octave > 0 else 0
        starts.append(starts[-1] + max(1, int(width)))
    if starts[-1] > last + 1 and len(starts) > 2:  # the last band would be cut
        starts[-1] = last + 1
    starts[-1] = min(starts[-1], last + 1)
    edges = np.array(starts)
    return Bands(
        frequency=spacing * (edges[:-1] + edges[1:] - 1) / 2,
        starts=edges,
        effective_samples=effective_samples(np.diff(edges), length, segments),
        segments=segments,
        segment=length * step,
    )


def effective_samples(widths: NDArray[np.int64], length: int, segments: int) -> Array:
    """Independent averages in bands of `widths` frequencies: Hann windows, half overlapping.

    n = K B / Σ_{s, m} (1 − |s| / K) (1 − |m| / B) |Σ_t w_t w_{t + s L / 2} e^{2πi m t / L}|² / |w|⁴
    """
    window = np.hanning(length + 1)[:-1]
    norm = np.sum(window**2) ** 2
    shared = np.abs(np.fft.fft(window**2)) ** 2 / norm
    next_one = window.copy()
    next_one[: length - length // 2] *= window[length // 2 :]
    next_one[length - length // 2 :] = 0
    shifted = np.abs(np.fft.fft(next_one)) ** 2 / norm
    both = shared + 2 * (1 - 1 / segments) * shifted
    near = both[:8]
    lags = np.arange(len(near))
    weight = np.clip(1 - lags / widths[:, None], 0, None) * np.where(lags > 0, 2, 1)
    return segments * widths / (weight @ near)


def averaged(spectrum: Any, bands: Bands) -> Any:
    starts = bands.starts
    return np.add.reduceat(spectrum[:, : starts[-1]], starts[:-1], axis=1) / np.diff(starts)
