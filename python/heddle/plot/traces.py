"""Outputs, gates and units over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.plot.style import ACCENT, BAND, INK, PALE, SOFT, below, look, new_figure
from heddle.report.layout import Stretch, stretches

if TYPE_CHECKING:
    from heddle.performance import Performance

Array = NDArray[np.float64]
MOST_ITEMS = 14  # shown of a long sequence: the first ones
MOST_TRIALS = 20
MOST_CHANNELS = 16
MOST_UNITS = 24


def _shown(performance: Performance) -> list[tuple[str, Any, Stretch]]:
    every = zip(performance.sequence, performance.items, stretches(performance), strict=True)
    return list(every)[:MOST_ITEMS]


def _bands(axes: Axes, shown: list[tuple[str, Any, Stretch]], names: bool) -> None:
    for name, _, when in shown:
        axes.axvspan(when.start, when.open, color=BAND, lw=0, zorder=0)
        if names:
            at = (0.5 * (when.open + when.end), 1.02)
            axes.text(
                *at, name[:12], transform=axes.get_xaxis_transform(), ha="center", va="bottom"
            )
    axes.set_xlim(shown[0][2].start, shown[-1][2].end)


def _times(item: Any, when: Stretch) -> tuple[Array, Array]:
    before = np.linspace(when.start, when.open, len(item.preparation))
    return before, np.linspace(when.open, when.end, len(item.output))


def _draw_channel(axes: Axes, performance: Performance, shown: list[Any], c: int) -> None:
    label = {
        "target": "target",
        "trial": "with noise",
        "before": "while preparing",
        "": "performance",
    }
    for name, item, when in shown:
        before, during = _times(item, when)
        axes.plot(
            during,
            performance.motifs[name].values[:, c],
            c=PALE,
            lw=5,
            label=label.pop("target", None),
        )
        for trial in item.trials[:MOST_TRIALS]:
            axes.plot(
                during, trial[:, c], c=ACCENT, lw=0.4, alpha=0.3, label=label.pop("trial", None)
            )
        axes.plot(before, item.preparation[:, c], c=SOFT, lw=0.8, label=label.pop("before", None))
        axes.plot(during, item.output[:, c], c=ACCENT, lw=1.3, label=label.pop("", None))


def _stack(panels: int, height: float, width: float) -> tuple[Figure, list[Axes]]:
    figure = new_figure(width, 0.9 + height * panels)
    axes = figure.subplots(panels, 1, sharex=True, squeeze=False)[:, 0]
    for one in axes[:-1]:
        one.tick_params(bottom=False)
    axes[-1].set_xlabel("time, s")
    return figure, list(axes)


def channels(performance: Performance) -> Figure:
    """Every output over time on its target; the preparation before each motif is shaded."""
    shown = _shown(performance)
    with look():
        figure, panels = _stack(min(len(performance.channels), MOST_CHANNELS), 1.1, 8)
        for c, axes in enumerate(panels):
            _draw_channel(axes, performance, shown, c)
            _bands(axes, shown, c == 0)
            axes.set_ylabel(performance.channels[c], rotation=0, ha="right", va="center")
        below(figure, panels[0], 4)
    return figure


def gates(performance: Performance) -> Figure:
    """Which group of loops is open when."""
    shown = _shown(performance)
    names = list(dict.fromkeys(name for name, _, _ in shown))
    with look():
        figure = new_figure(8, 0.8 + 0.2 * len(names))
        axes = figure.subplots()
        for name, _, when in shown:
            axes.barh(0, when.open - when.start, left=when.start, color=SOFT, height=0.6)
            row = names.index(name) + 1
            axes.barh(row, when.end - when.open, left=when.open, color=ACCENT, height=0.6)
        _bands(axes, shown, False)
        axes.set_yticks(range(len(names) + 1), ["prepare", *(name[:12] for name in names)])
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
        axes.invert_yaxis()
        axes.set_xlabel("time, s")
    return figure


def units(performance: Performance) -> Figure:
    """Activity of the recorded units, one below the other on a common scale.

    Raises DomainError if no unit was recorded.
    """
    if not performance.units:
        raise DomainError("units is empty; perform with units to record some")
    shown = _shown(performance)
    count = min(len(performance.units), MOST_UNITS)
    size = (
        max(float(np.abs(np.asarray(item.units)[:, :count]).max()) for _, item, _ in shown) or 1.0
    )
    with look():
        figure = new_figure(8, 0.9 + 0.32 * count)
        axes = figure.subplots()
        for _, item, when in shown:
            before, during = _times(item, when)
            levels = np.asarray(item.units)[:, :count] / size - np.arange(count)
            axes.plot(before, levels[: len(before)], c=SOFT, lw=0.7)
            axes.plot(during, levels[len(before) :], c=INK, lw=0.8)
        _bands(axes, shown, True)
        axes.set_yticks(-np.arange(count), [str(unit) for unit in performance.units[:count]])
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("time, s")
        axes.set_ylabel("unit")
    return figure
