"""Errors of a reduction, and where over two parameters it holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.plot.style import ACCENT, BAND, INK, SECOND, SHADES, SOFT, below, look, new_figure

Array = NDArray[np.float64]
TERMS = ("discretisation", "finite_size", "closure", "transfer", "total")
COLOURS = (SOFT, ACCENT, SECOND, "#3f7d4e", INK)
LABELS = {"power": "error of the log power", "phase": "error of the phase (rad)"}
PLACE_UNITS = {"frequency": "Hz", "amplitude": "pA", "rate": "Hz"}
PLACE_UNITS |= dict.fromkeys(("tau_m", "tau_syn", "tau", "tau_w", "t_ref", "delay"), "ms")
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
        bar = figure.colorbar(
            mesh,
            ax=axes,
            label=LABELS.get(found.observable, f"relative error of the {found.observable}"),
        )
        bar.ax.axhline(found.tolerance, c=INK, lw=1.2)
        _hatch(axes, x, y, found.refused)
        _contour(axes, found)
        _uncertain(axes, found)
        _scale(axes.set_xscale, axes.xaxis, found.x)
        _scale(axes.set_yscale, axes.yaxis, found.y)
        axes.set(
            xlabel=_label(found.x_name),
            ylabel=_label(found.y_name),
            xlim=x[[0, -1]],
            ylim=y[[0, -1]],
        )
        axes.set_title(f"{_levels(found)}; line: {found.tolerance:.3g}{_refused(found)}")
    return figure


def _label(path: str) -> str:
    """The path, with the unit where its last part has one and the same everywhere."""
    unit = PLACE_UNITS.get(path.rpartition(".")[2])
    return path if unit is None else f"{path} ({unit})"


def errors(found: Any) -> Figure:
    """Errors of rates and of fluctuations relative to the neurons', with intervals of 95 %.

    found  of `heddle.validate`

    Raises DomainError where there is nothing to draw.
    """
    rows = [r for r in found.rows if r.observable.kind in ("rate", "deviation") and r.neurons > 0]
    if not rows:
        raise DomainError(f"the validation holds no errors to draw: {found.statement}")
    with look():
        kinds = [k for k in ("rate", "deviation") if any(r.observable.kind == k for r in rows)]
        figure = new_figure(8.4, 1.4 + 0.75 * len(rows) / len(kinds))
        parts = figure.subplots(1, len(kinds), squeeze=False)[0]
        for axes, kind in zip(parts, kinds, strict=True):
            _panel(axes, [row for row in rows if row.observable.kind == kind])
        parts[0].axvspan(-found.tolerance, found.tolerance, color=BAND, lw=0, zorder=0)
        parts[0].set_title(f"{found.level}: errors of rates; band: tolerance")
        below(figure, parts[0], len(TERMS))
    return figure


def _panel(axes: Axes, rows: list[Any]) -> None:
    for k, name in enumerate(TERMS):
        _points(axes, rows, name, k)
    axes.axvline(0, c=SOFT, lw=0.6, zorder=0)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_yticks(np.arange(len(rows)), [row.observable.population for row in rows])
    axes.set(ylim=(len(rows) - 0.5, -0.5), xlabel="error / value of the neurons")
    axes.set_title("errors of standard deviations of activity")


def _points(axes: Axes, rows: list[Any], name: str, k: int) -> None:
    """One term of all rows, below each other; where it is not known, nothing."""
    known = [(p, getattr(row, name), row.neurons) for p, row in enumerate(rows)]
    drawn = [(p, term, size) for p, term, size in known if term is not None]
    at = [p + 0.15 * (k - 2) for p, _, _ in drawn]
    middle = [term.estimate / size for _, term, size in drawn]
    reach = [(term.high - term.low) / 2 / size for _, term, size in drawn]
    label = name.replace("_", " ")
    axes.errorbar(middle, at, xerr=reach, fmt="o", ms=4, lw=1.2, c=COLOURS[k], label=label)


def _scale(scale: Any, part: Any, values: Array) -> None:
    """Logarithmic where values are, with ticks at some of them."""
    if not _is_geometric(values):
        return
    scale("log")
    shown = values[:: max(1, len(values) // 5)]
    part.set_ticks(shown, [f"{value:.3g}" for value in shown])
    part.set_ticks([], minor=True)


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
