"""Errors: in the sequence, with noise, and of every transition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from heddle._core import DomainError
from heddle.plot.style import ACCENT, INK, PAPER, SECOND, SHADES, below, look, new_figure
from heddle.report.summary import rows

if TYPE_CHECKING:
    from heddle.performance import Performance

FEW = 40  # positions up to which every one is named
SMALLEST = 1e-30  # error below which a logarithmic axis has nothing to say


def _positions(performance: Performance) -> tuple[Figure, Axes, float]:
    """A logarithmic plot over the positions of the sequence, and how large a marker may be."""
    few = len(performance.sequence) <= FEW
    figure = new_figure(float(np.clip(0.42 * len(performance.sequence) + 1.5, 4, 9)), 3.2)
    axes = figure.subplots()
    axes.set_yscale("log", nonpositive="mask")
    axes.grid(True, axis="y")
    axes.set_axisbelow(True)
    axes.set_ylabel("normalised squared error")
    if few:
        names = [name[:8].replace("$", r"\$") for name in performance.sequence]
        axes.set_xticks(range(1, len(names) + 1), names)
        axes.tick_params(axis="x", bottom=False)
    else:
        axes.set_xlabel("position in the sequence")
    return figure, axes, 1.0 if few else 0.35


def _whole_decades(axes: Axes) -> None:
    """Limits at powers of ten, and no ticks between them."""
    low, high = np.log10(axes.get_ylim())
    axes.set_ylim(10.0 ** np.floor(low), 10.0 ** np.ceil(high))
    axes.yaxis.set_minor_locator(NullLocator())


def sequence_errors(performance: Performance) -> Figure:
    """Error of every motif in the sequence, without noise, beside its isolated error."""
    every = rows(performance)
    at = np.array([row.position for row in every])
    with look():
        figure, axes, size = _positions(performance)
        isolated = [row.isolated for row in every]
        axes.plot(
            at, isolated, "o", mfc="none", mec=SECOND, mew=1.4 * size, ms=8 * size, label="isolated"
        )
        axes.plot(
            at, [row.error for row in every], "o", c=ACCENT, ms=4.5 * size, label="in sequence"
        )
        failed = [row.position for row in every if row.failed]
        if failed:
            bad = [row.error for row in every if row.failed]
            axes.plot(failed, bad, "x", c=INK, ms=9 * size, label="failed")
        _whole_decades(axes)
        below(figure, axes, 3)
    return figure


def noise(performance: Performance) -> Figure:
    """Error with noise: from the closed-form covariance, and by Monte Carlo ± standard error.

    Raises DomainError for a performance without noise.
    """
    if performance.noise <= 0:
        raise DomainError("noise is 0; perform with noise to compare the prediction with runs")
    every = rows(performance)
    at = np.array([row.position for row in every])
    with look():
        figure, axes, size = _positions(performance)
        predicted = [row.predicted for row in every]
        axes.plot(at, predicted, "_", c=SECOND, mew=2 * size, ms=13 * size, label="predicted")
        if performance.trials:
            mean = np.array([row.mean for row in every])
            spread = np.nan_to_num([row.spread for row in every])
            label = f"Monte Carlo, {performance.trials:,} runs"
            axes.errorbar(
                at,
                mean,
                spread,
                fmt="o",
                c=ACCENT,
                ms=4.5 * size,
                elinewidth=1.2 * size,
                label=label,
            )
        axes.set_title(f"Noise {performance.noise:g}")
        _whole_decades(axes)
        below(figure, axes, 2)
    return figure


def transitions(performance: Performance) -> Figure:
    """Error of every motif right after every other.

    Raises DomainError if the transitions were not measured.
    """
    found = performance.transitions
    if found is None:
        raise DomainError("transitions is None; perform with transitions=True to measure them")
    names = list(performance.motifs)
    error = np.maximum(np.asarray(found.error), SMALLEST)
    low, high = np.floor(np.log10(error.min())), np.ceil(np.log10(error.max()) + 1e-12)
    side = float(np.clip(0.24 * len(names) + 1.6, 3.2, 9))
    with look():
        figure = new_figure(side + 1.0, side)
        axes = figure.subplots()
        scale = LogNorm(10.0**low, 10.0 ** max(high, low + 1))
        image = axes.imshow(error, cmap=SHADES, norm=scale, interpolation="nearest")
        step = max(1, -(-len(names) // 60))
        short = [name[:8].replace("$", r"\$") for name in names[::step]]
        axes.set_xticks(
            range(0, len(names), step), short, rotation=90 if max(map(len, short)) > 2 else 0
        )
        axes.set_yticks(range(0, len(names), step), short)
        axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        axes.spines[:].set_visible(False)
        if len(names) <= 60:
            axes.set_xticks(np.arange(len(names) - 1) + 0.5, minor=True)
            axes.set_yticks(np.arange(len(names) - 1) + 0.5, minor=True)
            axes.grid(True, which="minor", color=PAPER, lw=0.6)
            axes.tick_params(which="minor", length=0)
        axes.set(xlabel="performed next", ylabel="performed before")
        axes.xaxis.set_label_position("top")
        bar = figure.colorbar(image, ax=axes, shrink=0.7, pad=0.03)
        bar.outline.set_visible(False)
        bar.set_label("normalised squared error")
    return figure
