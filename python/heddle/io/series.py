"""Recorded values with their times, made into motifs on an even grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from heddle._core import DomainError, FormatError, Motif
from heddle.io.strokes import Array, require_positive, time_grid

# Times within this fraction of the spacing of an even grid are even, but for their last digits.
EVEN = 1e-3
INTERPOLANTS = {"pchip": PchipInterpolator, "cubic": CubicSpline}


@dataclass(frozen=True)
class Series:
    """Values as a file holds them, before their time is made even."""

    name: str
    values: Array  # (T, d)
    label: str  # the file, and the array in it, for messages
    times: Array | None = None  # (T,), seconds
    channels: list[str] | None = None
    lines: list[int] | None = None  # the line of each sample, for messages

    def place(self, row: int) -> str:
        return f"line {self.lines[row]}" if self.lines else f"sample {row} (counted from 0)"


def motif_from(
    series: Series, rate: float | None, timing: dict[str, Any], interpolate: str
) -> Motif:
    _require_values(series)
    times = _times(series, rate, timing)
    even, spacing = _spacing(times)
    grid, step = time_grid(times[-1], spacing, **timing)
    kept = even and len(grid) == len(times) and np.abs(grid - times).max() <= EVEN * spacing
    values = series.values if kept else INTERPOLANTS[interpolate](times, series.values)(grid)
    return Motif(series.name, values, step, series.channels)


def _require_values(series: Series) -> None:
    rows, columns = series.values.shape
    if rows == 1:
        raise FormatError(f"{series.label} holds a single sample; a motif needs at least two")
    if columns == 0:
        raise FormatError(f"{series.label} holds times only; add a column such as x")
    if rows < columns:
        raise FormatError(
            f"{series.label} has {columns} channels of {rows} samples; transpose it to (T, d)"
        )
    if series.channels and len(series.channels) != columns:
        raise FormatError(
            f"{series.label} has {columns} columns, but {len(series.channels)} names in channels"
        )
    bad = np.argwhere(~np.isfinite(series.values))
    if len(bad):
        row, column = bad[0]
        channel = repr(series.channels[column]) if series.channels else str(column)
        raise FormatError(
            f"{series.label}, {series.place(row)}: channel {channel} is "
            f"{series.values[row, column]}; give finite numbers"
        )


def _times(series: Series, rate: float | None, timing: dict[str, Any]) -> Array:
    """Increasing times from 0, shape (T,)."""
    require_positive(duration=timing["duration"], dt=timing["dt"])
    if series.times is not None and rate is not None:
        raise DomainError(f"rate is given, but {series.label} has its own times; leave rate out")
    if series.times is not None:
        _require_increasing(series)
        return series.times - series.times[0]
    last = len(series.values) - 1
    if rate is not None:
        return np.arange(last + 1) / rate
    if timing["duration"] is not None:
        return np.arange(last + 1) * (timing["duration"] / last)
    if timing["dt"] is not None:
        return np.arange(last + 1) * timing["dt"]
    raise FormatError(f"{series.label} holds no times; add t, or give rate, dt or duration")


def _require_increasing(series: Series) -> None:
    times = series.times
    bad = np.flatnonzero(~np.isfinite(times))
    if len(bad):
        raise FormatError(f"{series.label}, {series.place(bad[0])}: the time is {times[bad[0]]}")
    if len(times) != len(series.values):
        found = f"{len(series.values)} samples, but {len(times)} times"
        raise FormatError(f"{series.label} has {found}; give as many")
    back = np.flatnonzero(np.diff(times) <= 0)
    if len(back):
        row = back[0] + 1
        raise FormatError(
            f"{series.label}, {series.place(row)}: time {times[row]:g} follows {times[row - 1]:g}; "
            "give times that increase"
        )


def _spacing(times: Array) -> tuple[bool, float]:
    """Whether times are even, and their spacing: the median of uneven ones."""
    spacing = times[-1] / (len(times) - 1)
    if np.isclose(times[1], spacing, rtol=1e-9, atol=0):
        spacing = times[1]  # 0.1 rather than 0.10000000000000002
    even = np.abs(times - np.arange(len(times)) * spacing).max() <= EVEN * spacing
    return bool(even), float(spacing if even else np.median(np.diff(times)))
