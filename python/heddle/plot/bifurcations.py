"""Bifurcation diagrams: where populations rest and oscillate over a parameter."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from heddle.plot.lanes import colour_of
from heddle.plot.style import SOFT, new_figure

MARKS = {"fold": ("s", "fold"), "hopf": ("o", "Hopf"), "branch point": ("^", "branch point")}


def bifurcation_figure(diagram: Any, names: list[str] | None = None, unit: str = "") -> Figure:
    """One panel for each population: rates at rest, and between which they oscillate.

    Full lines are stable, dashed ones are not. Squares are folds, circles Hopf points, filled where
    what is born is stable. Shaded: the range of an oscillation.

    diagram  a BifurcationDiagram
    names    of populations to show; all if not given
    unit     of the parameter
    """
    known = list(diagram.branches[0].names) if diagram.branches else []
    shown = known if names is None else [name for name in known if name in names]
    figure = new_figure(7.0, 0.8 + 2.2 * max(1, len(shown)))
    for row, name in enumerate(shown):
        axes = figure.add_subplot(len(shown), 1, row + 1)
        _draw(axes, diagram, known.index(name))
        axes.set(ylabel=f"rate of {name} (Hz)")
        if row + 1 == len(shown):
            axes.set(xlabel=f"{diagram.parameter} ({unit})" if unit else diagram.parameter)
    return figure


def _draw(axes: Axes, diagram: Any, population: int) -> None:
    colour = colour_of(population)
    for branch in diagram.oscillations:
        _range(axes, branch, population, colour)
    for branch in diagram.branches:
        _line(axes, branch, population, colour)
    seen = set()
    for branch in diagram.branches:
        for special in branch.specials:
            mark, label = MARKS[special.kind]
            filled = special.label == "supercritical" or special.kind != "hopf"
            axes.plot(
                special.parameter,
                special.rates[population],
                mark,
                ms=5,
                mec=colour,
                mfc=colour if filled else "white",
                label=None if label in seen else label,
                zorder=5,
            )
            seen.add(label)
    if seen:
        axes.legend(frameon=False, loc="best")


def _line(axes: Axes, branch: Any, population: int, colour: str) -> None:
    """Stable pieces are full, others dashed; pieces share their ends."""
    stable = np.array(branch.unstable) == 0
    rates = branch.rates[population]
    cuts = np.flatnonzero(np.diff(stable.astype(int))) + 1
    edges = [0, *cuts, len(stable)]
    for start, stop in pairwise(edges):
        piece = slice(max(start - 1, 0), stop)
        style = "-" if stable[start] else (0, (4, 2.5))
        axes.plot(branch.values[piece], rates[piece], ls=style, c=colour, lw=1.6)


def _range(axes: Axes, branch: Any, population: int, colour: str) -> None:
    low, high = branch.lowest[population], branch.highest[population]
    stable = np.array(branch.unstable) == 0
    for rates in (low, high):
        axes.plot(branch.values, np.where(stable, rates, np.nan), "-", c=colour, lw=1.0)
        axes.plot(branch.values, np.where(stable, np.nan, rates), ":", c=colour, lw=1.0)
    axes.fill_between(branch.values, low, high, color=colour, alpha=0.12, lw=0)
    axes.plot(branch.values, branch.mean[population], "-", c=SOFT, lw=0.8)


def boundary_figure(curves: list[Any]) -> Figure:
    """Curves of folds and Hopf points in the plane of two parameters.

    curves  BoundaryCurves of the same two parameters
    """
    figure = new_figure(6.0, 4.2)
    axes = figure.add_subplot()
    for k, curve in enumerate(curves):
        label = "folds" if curve.kind == "fold" else "Hopf points"
        axes.plot(
            curve.first_values,
            curve.second_values,
            "-" if curve.kind == "fold" else "--",
            c=colour_of(k),
            label=label,
        )
    axes.set(xlabel=curves[0].first, ylabel=curves[0].second)
    axes.legend(frameon=False)
    return figure
