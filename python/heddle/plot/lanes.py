"""Lanes, one for each population: how neurons differ in rate and in regularity."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from heddle.estimates import interval_variability, rate_distributions
from heddle.estimates.recording import slices_of
from heddle.plot.style import ACCENT, INK, RULE, SECOND

Array = NDArray[np.float64]
COLOURS = (ACCENT, SECOND, "#3c8c66", "#8b5a98", "#a8902c", "#4a9fbd", "#a8424f", "#6b7480")


def colour_of(population: int) -> str:
    return COLOURS[population % len(COLOURS)]


def name_lanes(axes: Axes, places: list[float], labels: list[str]) -> None:
    """Names of populations in their colours, the first on top."""
    axes.set_yticks(places, labels)
    axes.tick_params(axis="y", length=0)
    for p, label in enumerate(axes.get_yticklabels()):
        label.set_color(colour_of(p))


def measured(value: float, error: float) -> str:
    """To the digit that the error allows: 17.21 ± 0.08."""
    if not 0 < error < np.inf:
        return f"{value:.3g}"
    digits = max(0, 1 - int(np.floor(np.log10(2 * error))))
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def rates_of_neurons(axes: Axes, recording: Any) -> None:
    """How rates differ between neurons: histograms of counts / T, and the spread without the noise
    of counting as a bar below."""
    found = rate_distributions(recording)
    top = max(max(1e-3, float(np.quantile(one.rates, 0.998))) for one in found)
    one_spike = 1e3 / float(recording.duration)
    width = one_spike * max(1, round(top / (40 * one_spike)))  # as many counts in every bin
    edges = np.arange(0, top + 2 * width, width) - one_spike / 2
    _ridges(axes, [one.rates for one in found], edges)
    labels = []
    for p, one in enumerate(found):
        ends = [max(0.0, one.mean - one.deviation), one.mean + one.deviation]
        axes.plot(ends, [-p - 0.08] * 2, c=colour_of(p), lw=2.4, solid_capstyle="butt")
        trust = "" if one.trusted else " (?)"
        labels.append(f"{one.name}\nSD {measured(one.deviation, one.deviation_error)}{trust}")
    name_lanes(axes, [0.38 - p for p in range(len(labels))], labels)
    doubt = "" if all(one.trusted for one in found) else "\n(?): not trusted"
    axes.set(xlabel=f"rate (Hz); bar: ± SD less count noise{doubt}", xlim=(-0.01 * top, top * 1.05))
    axes.set_title("Rates of neurons")


def regularity(axes: Axes, recording: Any) -> None:
    """Coefficients of variation of the neurons' intervals; 1 for Poisson, 0 for a clock."""
    found = interval_variability(recording)
    cv = np.asarray(recording.interval_cv, float)
    each = [cv[part][cv[part] >= 0] for part in slices_of(recording)]
    known = np.concatenate(each)
    top = max(1.2, float(np.quantile(known, 0.995)) * 1.1) if len(known) else 1.2
    _ridges(axes, each, np.linspace(0, top, 49))
    labels = []
    for p, name in enumerate(found.names):
        mean, error = float(found.estimate[p]), float(found.standard_error[p])
        axes.plot([mean, mean], [-p, -p + 0.86], c=colour_of(p), lw=1.2)
        labels.append(f"{name}\n{measured(mean, error)}")
    axes.axvline(1, c=INK, lw=0.8, ls=(0, (4, 3)))
    name_lanes(axes, [0.38 - p for p in range(len(labels))], labels)
    axes.set(xlabel="CV of intervals; 1: Poisson", xlim=(0, top))
    axes.set_title("Regularity" + ("" if found.trusted else ", not trusted"))


def _ridges(axes: Axes, each: list[Array], edges: Array) -> None:
    """A histogram for every population in a lane of its own, all of one height."""
    for p, values in enumerate(each):
        heights = np.histogram(values, edges)[0]
        if heights.max() > 0:
            heights = 0.86 * heights / heights.max()
        for how in ({"fill": True, "alpha": 0.22}, {"lw": 1.0}):
            axes.stairs(heights - p, edges, baseline=-p, color=colour_of(p), **how)
        axes.axhline(-p, c=RULE, lw=0.6, zorder=0)
    axes.set_ylim(0.8 - len(each), 1.0)
