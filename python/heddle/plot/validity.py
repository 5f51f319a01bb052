"""Where over two parameters a reduction holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.plot.style import INK, SHADES, SOFT, look, new_figure

Array = NDArray[np.float64]
LEAST = 1e-4  # relative errors below have one colour


def validity(found: Any) -> Figure:
    """The relative error of the worst population as colour, a contour at the tolerance.

    Hatched points were refused, empty ones are not computed yet; a dot marks an error whose
    interval holds the tolerance, so that its side of the contour is not certain.

    found  of `heddle.validity_map`

    Raises DomainError where no point is done.
    """
    if not found.done.any():
        raise DomainError("the map has no finished point; there is nothing to draw")
    with look():
        figure = new_figure(6.4, 4.8)
        axes = figure.subplots()
        x, y = _edges(found.x), _edges(found.y)
        shown = np.ma.masked_invalid(np.maximum(found.relative, LEAST))
        top = max(1.0, 2 * found.tolerance)
        mesh = axes.pcolormesh(x, y, shown, cmap=SHADES, norm=LogNorm(LEAST, top), shading="flat")
        bar = figure.colorbar(mesh, ax=axes, label=f"relative error of the {found.observable}")
        bar.ax.axhline(found.tolerance, c=INK, lw=1.2)
        _hatch(axes, x, y, found.refused)
        _contour(axes, found)
        _uncertain(axes, found)
        for scale, values in ((axes.set_xscale, found.x), (axes.set_yscale, found.y)):
            scale("log" if _is_geometric(values) else "linear")
        axes.set(xlabel=found.x_name, ylabel=found.y_name, xlim=x[[0, -1]], ylim=y[[0, -1]])
        axes.set_title(f"{_levels(found)}; line: {found.tolerance:.3g}{_refused(found)}")
    return figure


def _is_geometric(values: Array) -> bool:
    if len(values) < 3 or values.min() <= 0:
        return False
    steps = np.diff(np.log(values))
    return bool(np.ptp(steps) < 0.2 * np.abs(steps).max() and values.max() > 4 * values.min())


def _edges(values: Array) -> Array:
    """Halfway between values, on the scale that they are evenly spaced on."""
    if len(values) == 1:
        half = 0.5 * abs(values[0]) or 0.5
        return np.array([values[0] - half, values[0] + half])
    u = np.log(values) if _is_geometric(values) else values
    middle = (u[1:] + u[:-1]) / 2
    ends = np.concatenate([[2 * u[0] - middle[0]], middle, [2 * u[-1] - middle[-1]]])
    return np.asarray(np.exp(ends) if _is_geometric(values) else ends)


def _hatch(axes: Axes, x: Array, y: Array, refused: Any) -> None:
    for j, i in np.argwhere(refused):
        size = x[i + 1] - x[i], y[j + 1] - y[j]
        axes.add_patch(Rectangle((x[i], y[j]), *size, fill=False, hatch="////", ec=SOFT, lw=0))


def _contour(axes: Axes, found: Any) -> None:
    error = np.ma.masked_invalid(found.relative)
    if min(error.shape) < 2 or error.count() < 4:
        return
    if error.min() < found.tolerance < error.max():
        axes.contour(found.x, found.y, error, [found.tolerance], colors=[INK], linewidths=1.4)


def _uncertain(axes: Axes, found: Any) -> None:
    total = found.terms.index("total")
    size = np.maximum(found.neurons, 1e-12)
    error, reach = np.abs(found.error[total]) / size, found.reach[total] / size
    open_ = (np.abs(error - found.tolerance) < reach).any(axis=-1)
    at = np.argwhere(open_)
    axes.plot(found.x[at[:, 1]], found.y[at[:, 0]], ".", c=SOFT, ms=3)


def _levels(found: Any) -> str:
    named = sorted({level for level in found.levels if level not in ("", "none")})
    return ", ".join(named) if named else "no reduction"


def _refused(found: Any) -> str:
    return "; hatched: refused" if found.refused.any() else ""
