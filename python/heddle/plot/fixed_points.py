"""Fixed points in state space, stable ones filled, and the eigenvalues of their regions."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from heddle._core import FixedPoints
from heddle.plot.style import ACCENT, PAPER, RULE, SECOND, below, look, new_figure

__all__ = ["fixed_points"]


def plane_of(states: np.ndarray, units: tuple[int, int] | None) -> tuple[np.ndarray, list[str]]:
    """Coordinates of states, shape (points, n), in a plane, and the names of its axes."""
    if units is not None:
        return states[:, list(units)], [f"state of unit {unit}" for unit in units]
    if states.shape[1] <= 2:
        wide = np.hstack([states, np.zeros((len(states), 2 - states.shape[1]))])
        return wide, ["state of unit 0", "state of unit 1"]
    if len(states) < 3:
        largest = np.sort(np.argsort(-np.abs(states).max(axis=0), kind="stable")[:2])
        return states[:, largest], [f"state of unit {unit}" for unit in largest]
    centred = states - states.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=True)[2][:2]
    return centred @ axes.T, ["first principal component", "second principal component"]


def _states(axes: Axes, found: FixedPoints, units: tuple[int, int] | None) -> None:
    points = found.points
    if points:
        plane, names = plane_of(np.array([point.state for point in points]), units)
        stable = np.array([point.stable for point in points])
        for chosen, face, name in ((~stable, PAPER, "unstable"), (stable, ACCENT, "stable")):
            if chosen.any():
                axes.scatter(
                    *plane[chosen].T, s=34, c=face, edgecolors=ACCENT, lw=1, label=name, zorder=3
                )
        axes.set(xlabel=names[0], ylabel=names[1])
    axes.margins(0.12)
    count = f"{len(points)} fixed point{'' if len(points) == 1 else 's'}"
    axes.set_title(f"{count}, {'proven to be all' if found.complete else 'not proven to be all'}")


def _eigenvalues(axes: Axes, found: FixedPoints) -> None:
    axes.axvline(0, c=RULE, lw=1.2)
    for point in sorted(found.points, key=lambda point: point.stable):  # stable ones on top
        face = ACCENT if point.stable else PAPER
        edge = ACCENT if point.stable else SECOND
        values = np.asarray(point.eigenvalues)
        axes.scatter(values.real, values.imag, s=12, c=face, edgecolors=edge, lw=0.7, zorder=2)
    axes.set(xlabel="Re λ of $A_σ$", ylabel="Im λ", title="Eigenvalues of every region")


def fixed_points(found: FixedPoints, *, units: tuple[int, int] | None = None) -> Figure:
    """States in a plane, stable ones filled, unstable ones open; eigenvalues of each A_σ.

    units  two state variables to show; the first two principal components of the points if None, or
           where there are not three points the two units furthest from zero
    """
    with look():
        figure = new_figure(9.6, 4)
        left, right = figure.subplots(1, 2)
        _states(left, found, units)
        _eigenvalues(right, found)
        if found.points:
            below(figure, left, 2)
    return figure
