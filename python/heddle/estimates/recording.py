"""Recordings from elsewhere: lists of spikes as a value with the fields of a SpikeRecording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, ShapeError

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Recording:
    """Spikes of populations, counted; the fields that estimators read, as in a SpikeRecording.

    Times are in ms from the start of the recording, neurons are counted in the circuit.
    """

    names: list[str]  # of populations
    sizes: list[int]
    duration: float  # ms
    bin: float  # ms
    activity: Array  # spikes / (N bin), Hz, shape (populations, bins)
    counts: Array  # spikes of each neuron, shape (neurons,)
    interval_mean: Array  # of each neuron's intervals, ms; 0 if it has none
    interval_cv: Array  # their coefficient of variation; −1 if fewer than two
    spikes: tuple[Array, NDArray[np.int64]] = (np.empty(0), np.empty(0, np.int64))
    # times (ms) and neurons; empty unless kept

    def __repr__(self) -> str:
        parts = ", ".join(f"{n} ({s:,})" for n, s in zip(self.names, self.sizes, strict=True))
        return f"Recording({parts}; {self.duration:g} ms, {int(self.counts.sum()):,} spikes)"


def slices_of(recording: Any) -> list[slice]:
    """Where each population lies among the neurons."""
    ends = np.cumsum([int(size) for size in recording.sizes])
    return [slice(int(e - s), int(e)) for s, e in zip(recording.sizes, ends, strict=True)]


def spikes_of(recording: Any) -> tuple[Array, NDArray[np.int64]]:
    """Times (ms) and neurons of the spikes; empty unless they were kept."""
    times, neurons = recording.spikes
    return np.asarray(times, float), np.asarray(neurons, np.int64)


def recording_from_spikes(
    times: ArrayLike,
    neurons: ArrayLike,
    sizes: Sequence[int],
    *,
    duration: float,
    bin: float = 1.0,
    names: Sequence[str] | None = None,
    keep_spikes: bool = True,
) -> Recording:
    """A recording of spikes that another simulator, or an experiment, gave.

    Estimators and tests then treat it as one of `heddle.simulate`.

    times        of the spikes, ms, in any order, shape (spikes,); those outside [0, duration) are
                 left out, so that a transient is dropped by subtracting it
    neurons      which neuron, 0 … N − 1 counted over all populations, shape (spikes,)
    sizes        neurons of each population, in order
    duration     ms
    bin          of the activity, ms; what is left over at the end is not used for it
    names        of the populations; "0", "1", … if not given

    Raises ShapeError or DomainError, naming the argument. Costs a sort of the spikes.
    """
    sizes = [int(size) for size in sizes]
    times, neurons = np.asarray(times, float), np.asarray(neurons, np.int64)
    _check(times, neurons, sizes, duration, bin)
    if names is not None and len(names) != len(sizes):
        raise ShapeError(f"names has {len(names)} entries; expected {len(sizes)}, as sizes has")
    inside = (times >= 0) & (times < duration)
    order = np.lexsort((neurons[inside], times[inside]))
    times, neurons = times[inside][order], neurons[inside][order]
    mean, cv = _intervals(times, neurons, sum(sizes))
    return Recording(
        names=[str(i) for i in range(len(sizes))] if names is None else list(names),
        sizes=sizes,
        duration=float(duration),
        bin=float(bin),
        activity=_activity(times, neurons, sizes, duration, bin),
        counts=np.bincount(neurons, minlength=sum(sizes)).astype(float),
        interval_mean=mean,
        interval_cv=cv,
        spikes=(times, neurons) if keep_spikes else (times[:0], neurons[:0]),
    )


def _check(times: Array, neurons: Any, sizes: list[int], duration: float, bin: float) -> None:
    if times.ndim != 1 or times.shape != neurons.shape:
        raise ShapeError(
            f"times has shape {times.shape} and neurons {neurons.shape}; expected one (spikes,)"
        )
    if not np.isfinite(times).all():
        raise DomainError("times: found NaN or infinity, expected finite numbers")
    if not sizes or min(sizes) < 1:
        raise DomainError(f"sizes is {sizes}; expected positive numbers of neurons")
    if neurons.size and not (neurons.min() >= 0 and neurons.max() < sum(sizes)):
        raise DomainError(
            f"neurons reaches from {neurons.min()} to {neurons.max()}; "
            f"expected 0 to {sum(sizes) - 1}, since sizes add up to {sum(sizes)}"
        )
    if not 0 < bin <= duration < np.inf:
        raise DomainError(f"bin is {bin:g} ms of a duration of {duration:g} ms; expected 0 < bin ≤")


def _activity(times: Array, neurons: Any, sizes: list[int], duration: float, bin: float) -> Array:
    bins = int(duration / bin + 1e-9)
    population = np.searchsorted(np.cumsum(sizes), neurons, side="right")
    place = (times / bin).astype(np.int64)
    kept = place < bins
    flat = population[kept] * bins + place[kept]
    table = np.bincount(flat, minlength=len(sizes) * bins).reshape(len(sizes), bins)
    return table * 1e3 / (bin * np.array(sizes)[:, None])


def _intervals(times: Array, neurons: Any, n: int) -> tuple[Array, Array]:
    """Mean and coefficient of variation of each neuron's intervals."""
    order = np.lexsort((times, neurons))
    owner, when = neurons[order], times[order]
    same = owner[1:] == owner[:-1]
    owner, intervals = owner[1:][same], np.diff(when)[same]
    number = np.bincount(owner, minlength=n)
    some = np.maximum(number, 1)
    mean = np.bincount(owner, intervals, n) / some
    spread = np.bincount(owner, (intervals - mean[owner]) ** 2, n) / some
    cv = np.sqrt(spread) / np.where(mean > 0, mean, 1.0)
    return mean, np.where(number >= 2, cv, -1.0)
