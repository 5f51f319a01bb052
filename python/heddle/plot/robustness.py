"""Errors of motifs alone, after another and in long words, as distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.plot.style import ACCENT, INK, SECOND, SOFT, below, look, new_figure

if TYPE_CHECKING:
    from heddle.robustness import RobustnessTable
    from heddle.robustness.protocol import Cell

Array = NDArray[np.float64]
COLOURS = {
    "additive": ACCENT,
    "multiplicative": "#3f7d4e",
    "loops": SECOND,
    "thalamocortical": INK,
}
MEASURES = {"single": "single motifs", "pairs": "all ordered pairs", "words": "long words"}
RANGE = (1e-2, 10.0)


def robustness(found: RobustnessTable) -> Figure:
    """The share of errors up to each size, a row of panels for each response and size of network.

    Lines are means over seeds of the distributions, dashed without a preparation; the vertical line
    is the threshold of failure.

    found  of `heddle.robustness_table`

    Raises DomainError where nothing is finished.
    """
    if not found.results:
        raise DomainError("the table has no finished cell; there is nothing to draw")
    rows = list(dict.fromkeys((row.cell.n, row.cell.response) for row in found.rows))
    with look():
        figure = new_figure(8.4, 0.7 + 1.7 * len(rows))
        panels = figure.subplots(len(rows), 3, squeeze=False, sharex=True, sharey=True)
        for line, (n, response) in zip(panels, rows, strict=True):
            cells = [r.cell for r in found.rows if (r.cell.n, r.cell.response) == (n, response)]
            for axes, (measure, words) in zip(line, MEASURES.items(), strict=True):
                _panel(axes, found, cells, measure)
                axes.set_title(f"{response}, n = {n}: {words}")
            line[0].set_ylabel("share of errors")
        for axes in panels[-1]:
            axes.set_xlabel("error (nRMSE)")
        fullest = max((axes for axes in panels[:, 0]), key=lambda axes: len(axes.lines))
        below(figure, fullest, 4)
    return figure


def _panel(axes: Axes, found: RobustnessTable, cells: list[Cell], measure: str) -> None:
    at = np.geomspace(*RANGE, 200)
    axes.axvline(found.protocol.failure, c=SOFT, lw=0.6, zorder=0)
    for cell in cells:
        share = np.mean([_share(e, at) for e in found.errors(cell, measure)], axis=0)
        label = cell.architecture + (", prepared" if cell.preparation else "")
        style = "-" if cell.preparation else "--"
        axes.plot(at, share, style, c=COLOURS[cell.architecture], lw=1.2, label=label)
    axes.set(xscale="log", xlim=RANGE, ylim=(0, 1.02))


def _share(errors: Array, at: Array) -> Array:
    """Of errors, sorted, that are at most so large."""
    return np.searchsorted(errors, at, side="right") / len(errors)
