"""Regularity of neurons: coefficients of variation of intervals, Fano factors of counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.estimates.recording import slices_of, spikes_of
from heddle.estimates.series import lowest_powers

Array = NDArray[np.float64]
LEAST_INTERVALS = 10.0
LEAST_BINS = 64


@dataclass(frozen=True)
class Variability:
    """A measure of regularity, one number for each population; arrays (populations,)."""

    names: list[str]
    estimate: Array  # mean over neurons; NaN-free: 0 where no neuron counts
    standard_error: Array
    pooled: Array  # of all neurons' intervals, or windows, taken together
    pooled_error: Array  # by resampling neurons
    neurons: NDArray[np.int64]  # that count
    trusted: bool
    statement: str


def interval_variability(recording: Any, *, resamples: int = 400, seed: int = 0) -> Variability:
    """Coefficient of variation of interspike intervals, of each neuron on average and pooled.

    The pooled one also holds that rates differ between neurons, and is the larger. Neurons with
    fewer than two intervals do not count. Errors are over neurons as if they were independent: by
    resampling for the pooled one, and its exact limit, SD / √N, for the mean. Where spikes were
    kept, the mean's error also counts the fluctuations that neurons share: the low frequencies of

        ψ(t) = Σ_ik [((x_ik − m_i)² − s_i²) / (2 s_i m_i) − s_i (x_ik − m_i) / m_i²] δ(t − t_ik)

    (n_i times what an interval adds to its neuron's CV) beyond what independent intervals leave.

    recording  of `heddle.simulate` or `heddle.recording_from_spikes`

    Not trusted where a population's neurons have fewer than ten intervals on average: the CV of few
    is too small by some 1 / intervals. Costs O(resamples · N), and a sort of the spikes.
    """
    rng = np.random.default_rng(np.random.Philox(seed))
    counts = np.asarray(recording.counts, float)
    mean = np.asarray(recording.interval_mean, float)
    cv = np.asarray(recording.interval_cv, float)
    rows, doubts = [], []
    shared = _shared_variances(recording)
    for name, part in zip(recording.names, slices_of(recording), strict=True):
        kept = cv[part] >= 0
        number = np.maximum(counts[part][kept] - 1, 0)
        first = number * mean[part][kept]
        second = first * mean[part][kept] * (1 + cv[part][kept] ** 2)
        rows.append(_summary(cv[part][kept], (number, first, second), resamples, rng))
        if kept.sum() < 2 or number.mean() < LEAST_INTERVALS:
            doubts.append(f"{name}: fewer than {LEAST_INTERVALS:.0f} intervals a neuron")
    how = "errors over neurons" + (" and time" if shared is not None else ", as if independent")
    found = _variability(recording, rows, doubts, how)
    if shared is None:
        return found
    square = found.standard_error**2
    return replace(found, standard_error=np.sqrt(np.maximum(square + shared, square / 2)))


def _shared_variances(recording: Any) -> Array | None:
    """Variance of each population's mean CV by shared fluctuations, if spikes were kept.

    An estimate that scatters around 0 where nothing is shared.
    """
    times, neurons = spikes_of(recording)
    bins = int(float(recording.duration) / float(recording.bin) + 1e-9)
    if not len(times) or bins < LEAST_BINS:
        return None
    owner, ends, change = _influences(recording, times, neurons)
    place = np.minimum((ends / float(recording.bin)).astype(np.int64), bins - 1)
    found = []
    for part in slices_of(recording):
        own = (owner >= part.start) & (owner < part.stop)
        neurons = max(1, int(np.sum(np.asarray(recording.interval_cv)[part] >= 0)))
        series = np.bincount(place[own], change[own], bins)
        joint = bins * lowest_powers(series).mean()
        found.append((joint - np.sum(change[own] ** 2)) / neurons**2)
    return np.array(found)


def _influences(
    recording: Any, times: Array, neurons: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Array, Array]:
    """Neuron, end, and first-order effect on its neuron's CV of every interval."""
    order = np.lexsort((times, neurons))
    owner, when = neurons[order], times[order]
    same = owner[1:] == owner[:-1]
    owner, ends, intervals = owner[1:][same], when[1:][same], np.diff(when)[same]
    mean = np.asarray(recording.interval_mean, float)[owner]
    cv = np.asarray(recording.interval_cv, float)[owner]
    number = np.bincount(owner, minlength=int(sum(recording.sizes)))[owner]
    x = intervals / np.maximum(mean, 1e-300) - 1
    change = (x**2 - cv**2) / np.maximum(2 * cv, 1e-300) - cv * x
    return owner, ends, np.where(cv > 0, change, 0.0) / number


def fano_factors(
    recording: Any, window: float, *, resamples: int = 400, seed: int = 0
) -> Variability:
    """Variance over mean of a neuron's spike counts in windows, averaged over neurons.

        F = Var n / ⟨n⟩ ;   for a renewal process F → CV² in long windows

    recording  with its spikes kept
    window     ms

    Neurons with fewer than five spikes do not count. `pooled` is Σ Var n / Σ ⟨n⟩. Not trusted with
    fewer than 20 windows. Raises DomainError if the recording holds no spikes.
    """
    times, owner = spikes_of(recording)
    if not len(times):
        raise DomainError("the recording holds no spikes; simulate with keep_spikes=True")
    windows = int(float(recording.duration) / window + 1e-9) if window > 0 else 0
    if windows < 2:
        raise DomainError(f"window is {window:g} ms; expected > 0, and at most half the duration")
    rng = np.random.default_rng(np.random.Philox(seed))
    place = (times / window).astype(np.int64)
    inside = place < windows
    owner = owner[inside]
    neurons = int(sum(recording.sizes))
    flat = np.bincount(owner * windows + place[inside], minlength=neurons * windows)
    table = flat.reshape(neurons, windows)
    mean, variance = table.mean(axis=1), table.var(axis=1, ddof=1)
    rows = []
    for part in slices_of(recording):
        kept = mean[part] * windows >= 5
        m, v = mean[part][kept], variance[part][kept]
        rows.append(_summary(v / m, (m, v), resamples, rng))
    doubts = [] if windows >= 20 else [f"only {windows} windows, fewer than 20"]
    return _variability(recording, rows, doubts, f"{windows} windows of {window:g} ms")


def _pooled(sums: tuple[Array, ...]) -> Array:
    """CV from Σ n, Σ x, Σ x² of intervals; F from Σ ⟨n⟩ and Σ Var n."""
    if len(sums) == 2:
        return sums[1] / np.maximum(sums[0], 1e-300)
    mean = sums[1] / np.maximum(sums[0], 1e-300)
    spread = np.maximum(sums[2] / np.maximum(sums[0], 1e-300) - mean**2, 0)
    return np.sqrt(spread) / np.maximum(mean, 1e-300)


def _summary(
    each: Array, parts: tuple[Array, ...], resamples: int, rng: np.random.Generator
) -> tuple[float, float, float, float, int]:
    n = len(each)
    if n < 2:
        return 0.0, np.inf, 0.0, np.inf, n
    weights = (rng.multinomial(n, np.full(n, 1 / n)) for _ in range(resamples))
    drawn = np.array([[w @ part for part in parts] for w in weights])
    spread = float(np.std(_pooled(tuple(drawn.T))))
    pooled = float(_pooled(tuple(np.array(part.sum()) for part in parts)))
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(n)), pooled, spread, n


def _variability(recording: Any, rows: list[Any], doubts: list[str], how: str) -> Variability:
    columns = zip(*rows, strict=True)
    estimate, error, pooled, pooled_error, neurons = (np.array(column) for column in columns)
    return Variability(
        names=list(recording.names),
        estimate=estimate,
        standard_error=error,
        pooled=pooled,
        pooled_error=pooled_error,
        neurons=neurons,
        trusted=not doubts,
        statement="not trusted: " + "; ".join(doubts) if doubts else how,
    )
