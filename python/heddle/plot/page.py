"""The written word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from heddle.plot.style import ACCENT, PALE, SOFT, bare, below, look, new_figure
from heddle.report.layout import Drawing, drawing, offsets, progress

if TYPE_CHECKING:
    from heddle.performance import Performance

Array = NDArray[np.float64]
MOST_TRIALS = 20


def _points(values: Array, pen: Drawing, shift: Array, lifted: bool) -> Array:
    """x and y on the page, NaN where the pen is not as asked."""
    points = np.asarray(values)[:, [pen.x, pen.y]] + shift
    down = np.ones(len(points), bool) if pen.pen is None else np.asarray(values)[:, pen.pen] > 0.5
    return np.where((down != lifted)[:, None], points, np.nan)


def _draw(axes: Axes, performance: Performance, pen: Drawing, line: float) -> None:
    shifts = offsets(performance)
    label = {
        "target": "target",
        "trial": "with noise",
        "lift": "pen lifted, or preparation",
        "": "performance",
    }

    def stroke(points: Array, key: str, **how: object) -> None:
        name = label.pop(key, None)
        axes.plot(*points.T, label=name, solid_capstyle="round", solid_joinstyle="round", **how)

    before = shifts[0]
    for name, item, shift in zip(performance.sequence, performance.items, shifts, strict=True):
        stroke(
            _points(performance.motifs[name].values, pen, shift, False),
            "target",
            c=PALE,
            lw=3.2 * line,
        )
        for trial in item.trials[:MOST_TRIALS]:
            stroke(
                _points(trial, pen, shift, False),
                "trial",
                c=ACCENT,
                lw=0.35 * line,
                alpha=0.25,
                zorder=2.1,
            )
        dots = {"c": SOFT, "lw": 0.3 * line, "ls": ":", "alpha": 0.8, "zorder": 2.2}
        if before[1] == shift[1]:  # not from the end of a line to the start of the next
            moved = before + (shift - before) * progress(item.preparation, pen)[:, None]
            way = np.asarray(item.preparation)[:, [pen.x, pen.y]] + moved
            stroke(way, "lift", **dots)
        stroke(_points(item.output, pen, shift, True), "lift", **dots)
        stroke(_points(item.output, pen, shift, False), "", c=ACCENT, lw=line, zorder=2.3)
        before = shift


def word(performance: Performance) -> Figure:
    """The performance over its target, as it is laid out on the page.

    Every letter is performed around its own origin and shifted by the advances of those before it.
    Raises DomainError unless there are channels called x and y.
    """
    shifts = offsets(performance)
    pen = drawing(performance.channels)
    names = dict.fromkeys(performance.sequence)
    extent = max(float(np.ptp(performance.motifs[n].values[:, pen.y])) for n in names)
    wide = float(np.ptp(shifts[:, 0])) + extent
    high = float(np.ptp(shifts[:, 1])) + extent
    lines = np.ptp(shifts[:, 1]) > 0
    width = 9.0 if lines else float(np.clip(2.6 * wide / high, 3, 10))
    with look():
        figure = new_figure(width, min(12.0, width * high / wide + 0.6))
        axes = figure.subplots()
        line = 72 * width / wide * extent * 0.016
        _draw(axes, performance, pen, float(np.clip(line, 0.5, 3.5)))
        bare(axes)
        below(figure, axes, 4)
    return figure
