"""Recordings of spiking populations: raster, rates, spectra, rates of neurons, regularity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.estimates import population_rates, power_spectrum
from heddle.estimates.recording import slices_of, spikes_of
from heddle.files import PathLike, replacing
from heddle.plot.lanes import colour_of, measured, name_lanes, rates_of_neurons, regularity
from heddle.plot.style import RULE, SOFT, look, new_figure

Array = NDArray[np.float64]
MOST_NEURONS = 200  # rows of a raster
MOST_POINTS = 1200  # of a rate over time
LEAST_BINS = 64
KINDS = (".png", ".svg", ".pdf")


def raster(axes: Axes, recording: Any, window: tuple[float, float] | None = None) -> None:
    """Spikes over time, the first population on top; of many neurons evenly spaced ones.

    window  ms; the first second of the recording if not given
    """
    times, neurons = spikes_of(recording)
    start, stop = window or (0.0, min(1000.0, float(recording.duration)))
    seen = (times >= start) & (times < stop)
    times, neurons = times[seen], neurons[seen]
    rows, row = _chosen(recording), 0
    ticks = []
    place = np.full(int(sum(recording.sizes)), -1)
    for p, members in enumerate(rows):
        place[members] = row + np.arange(len(members))
        own = place[neurons]
        shown = (own >= row) & (own < row + len(members))
        axes.plot(times[shown], own[shown], "|", ms=2.2, mew=0.8, c=colour_of(p), rasterized=True)
        ticks.append(row + (len(members) - 1) / 2)
        row += len(members)
    drawn, every = sum(map(len, rows)), int(sum(recording.sizes))
    of = "all" if drawn == every else f"{drawn} of"
    axes.set_title(f"Spikes of {of} {every:,} neurons" + _fair(recording, rows))
    name_lanes(axes, ticks, [str(name) for name in recording.names])
    axes.set(xlim=(start, stop), ylim=(row - 0.3, -0.7), xlabel="time (ms)")


def _chosen(recording: Any) -> list[NDArray[np.int64]]:
    """Neurons to show: evenly spaced, in proportion to sizes, no fewer than 6 of a population."""
    sizes = np.array([int(size) for size in recording.sizes])
    shares = np.minimum(sizes, np.maximum(6, MOST_NEURONS * sizes // sizes.sum()))
    if sizes.sum() <= MOST_NEURONS:
        shares = sizes
    return [
        part.start + (np.arange(share) * size) // share
        for part, share, size in zip(slices_of(recording), shares, sizes, strict=True)
    ]


def _fair(recording: Any, rows: list[NDArray[np.int64]]) -> str:
    shares = {len(row) / size for row, size in zip(rows, recording.sizes, strict=True)}
    return "" if max(shares) < 1.5 * min(shares) else ", small populations in larger shares"


def activities(axes: Axes, recording: Any, window: tuple[float, float] | None = None) -> None:
    """Population rates over time, each in a lane of its own from 0 to its largest value.

    The line with a band of two standard errors is the stationary rate.
    """
    start, stop = window or (0.0, float(recording.duration))
    time, rates, width = _merged(recording, start, stop)
    found = None
    if np.shape(recording.activity)[1] >= LEAST_BINS:
        found = population_rates(recording)
    labels = []
    for p, row in enumerate(rates):
        top = max(float(row.max()), 1e-9)
        axes.plot(time, -p + 0.86 * row / top, c=colour_of(p), lw=0.8)
        axes.axhline(-p, c=RULE, lw=0.6, zorder=0)
        axes.text(1.005, -p + 0.86, f"{top:.3g}", **_beside(axes), va="center")
        label = str(recording.names[p])
        if found is not None:
            mean, error = found.estimate[p], found.standard_error[p]
            low, high = (-p + 0.86 * (mean + way * 2 * error) / top for way in (-1, 1))
            axes.axhspan(low, high, color=colour_of(p), alpha=0.3, lw=0)
            axes.axhline((low + high) / 2, c=colour_of(p), lw=0.8)
            label += f"\n{measured(mean, error)} Hz"
        labels.append(label)
    name_lanes(axes, [0.43 - p for p in range(len(labels))], labels)
    axes.set(xlim=(start, stop), xlabel="time (ms)", ylim=(0.85 - len(rates), 1.0))
    trust = "" if found is None or found.trusted else "; means not trusted"
    axes.set_title(
        f"Population rates, bins of {width:g} ms, from 0 to the number on the right{trust}"
    )


def _merged(recording: Any, start: float, stop: float) -> tuple[Array, Array, float]:
    """Middles of bins, rates in them, and their width, few enough to draw."""
    bin = float(recording.bin)
    activity = np.asarray(recording.activity, float)
    first, last = int(start / bin), min(activity.shape[1], int(np.ceil(stop / bin)))
    merged = max(1, (last - first) // MOST_POINTS)
    bins = (last - first) // merged
    pieces = activity[:, first : first + bins * merged].reshape(len(activity), bins, merged)
    time = first * bin + (np.arange(bins) + 0.5) * merged * bin
    return time, pieces.mean(axis=2), merged * bin


def _beside(axes: Axes) -> dict[str, Any]:
    return {"transform": axes.get_yaxis_transform(), "color": SOFT, "fontsize": 7}


def spectra(axes: Axes, recording: Any, **options: float) -> None:
    """Power spectra with bands of two standard errors, and r / N, where shot noise alone would be.

    options  of `heddle.power_spectrum`; segments are half a second, or an eighth of less
    """
    duration = float(recording.duration)
    found = power_spectrum(recording, **{"segment": min(500.0, duration / 8), **options})
    rates = np.asarray(recording.activity, float).mean(axis=1)
    for p, name in enumerate(recording.names):
        density, error = found.density[p], found.standard_error[p]
        if not density.max() > 0:
            continue
        low = np.maximum(density - 2 * error, 0.05 * density)
        axes.fill_between(
            found.frequency, low, density + 2 * error, color=colour_of(p), alpha=0.25, lw=0
        )
        axes.plot(found.frequency, density, c=colour_of(p), lw=1.2, label=str(name))
        shot = rates[p] / float(recording.sizes[p])
        axes.axhline(shot, c=colour_of(p), lw=0.7, ls=(0, (4, 3)))
    axes.set(xscale="log", yscale="log", xlabel="frequency (Hz)", ylabel="power (Hz)")
    trust = "" if found.trusted else ", not trusted"
    axes.set_title(f"Power spectra ± 2 s.e.; dashed: r / N{trust}")
    axes.grid(True, which="major")
    axes.set_axisbelow(True)


def recording_figure(recording: Any, window: tuple[float, float] | None = None) -> Figure:
    """A page: raster where spikes were kept, rates over time, spectra, rates of neurons, CVs.

    window  ms, of raster and rates over time; the first second if not given

    Raises DomainError where nothing was recorded.
    """
    if not np.size(recording.activity):
        raise DomainError("the recording holds no bins of activity; there is nothing to draw")
    start, stop = window or (0.0, min(1000.0, float(recording.duration)))
    panels = "rrr\naaa\nsdc" if len(spikes_of(recording)[0]) else "aaa\nsdc"
    lanes = 0.35 + 0.18 * len(recording.names)
    heights = (
        [1.35, lanes, max(1.0, lanes)] if len(spikes_of(recording)[0]) else [lanes, max(1.0, lanes)]
    )
    with look():
        figure = new_figure(10.0, 2.9 * sum(heights) + 0.2)
        axes = figure.subplot_mosaic(panels, height_ratios=heights)
        if "r" in axes:
            raster(axes["r"], recording, (start, stop))
            axes["r"].set_xlabel("")
        activities(axes["a"], recording, (start, stop))
        _spectra_if_long(axes["s"], recording)
        rates_of_neurons(axes["d"], recording)
        regularity(axes["c"], recording)
    return figure


def _spectra_if_long(axes: Axes, recording: Any) -> None:
    if np.shape(recording.activity)[1] >= LEAST_BINS:
        return spectra(axes, recording)
    axes.set_axis_off()
    return axes.text(0.5, 0.5, "too short for spectra", ha="center", c=SOFT)


def plot_recording(
    recording: Any, path: PathLike, window: tuple[float, float] | None = None
) -> Path:
    """Writes the page of `recording_figure` to a file: .png, .svg or .pdf. Returns its path.

    Raises DomainError for another ending, before anything is drawn.
    """
    target = Path(path)
    if target.suffix not in KINDS:
        raise DomainError(f"path is {str(path)!r}; give a name that ends in {', '.join(KINDS)}")
    with look(), replacing(target) as part:
        recording_figure(recording, window).savefig(part, format=target.suffix[1:])
    return target
