"""Lyapunov exponents with their errors, and how the averages settled."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from heddle._core import DomainError, LyapunovSpectrum
from heddle.plot.style import ACCENT, INK, SECOND, SHADES, SOFT, look, new_figure


def lyapunov(found: LyapunovSpectrum, unit: str = "s") -> Figure:
    """The spectrum on the left, the running averages on the right.

    unit  "s", or "step" for a map

    Raises DomainError if nothing was averaged.
    """
    if len(found.exponents) == 0:
        raise DomainError(f"the spectrum holds no exponents to draw: {found.statement}")
    with look():
        figure = new_figure(8.4, 3.4)
        left, right = figure.subplots(1, 2)
        _spectrum(left, found, unit)
        _averages(right, found, unit)
    return figure


def _spectrum(axes: Axes, found: LyapunovSpectrum, unit: str) -> None:
    index = np.arange(1, len(found.exponents) + 1)
    axes.grid(True)
    axes.set_axisbelow(True)
    axes.axhline(0.0, c=INK, lw=0.9, ls=(0, (4, 3)))
    shown = np.isfinite(found.exponents)
    size = max(2.0, 5.0 - 0.05 * len(index))
    axes.errorbar(
        index[shown],
        found.exponents[shown],
        yerr=2 * found.standard_errors[shown],
        fmt="o",
        ms=size,
        mfc=ACCENT,
        mec="none",
        ecolor=SOFT,
        elinewidth=0.9,
        capsize=0,
        label="± 2 s.e.",
    )
    if found.kaplan_yorke:
        axes.axvline(found.kaplan_yorke, c=SECOND, lw=1, label="Kaplan–Yorke dimension")
    axes.set(xlabel="index", ylabel=f"Lyapunov exponent (1/{unit})", title=_title(found, unit))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(loc="best")


def _title(found: LyapunovSpectrum, unit: str) -> str:
    largest, error = found.exponents[0], found.standard_errors[0]
    trust = "" if found.trusted else ", not trusted"
    return f"largest {largest:.3g} ± {error:.1g} 1/{unit}{trust}"


def _averages(axes: Axes, found: LyapunovSpectrum, unit: str) -> None:
    axes.grid(True)
    axes.set_axisbelow(True)
    rows = np.flatnonzero(np.isfinite(found.exponents))[::-1]
    for place, row in enumerate(rows):
        shade = ACCENT if row == 0 else SHADES(0.25 + 0.5 * place / max(1, len(rows)))
        axes.plot(found.running_times, found.running[row], c=shade, lw=1.4 if row == 0 else 0.7)
    axes.axhline(0.0, c=INK, lw=0.9, ls=(0, (4, 3)))
    settled = found.running[rows][:, len(found.running_times) // 20 :]
    if settled.size:
        low, high = float(settled.min()), float(settled.max())
        pad = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        axes.set_ylim(min(low, 0.0) - pad, max(high, 0.0) + pad)
    time = "s" if unit == "s" else "steps"
    axes.set(xlabel=f"averaged over ({time})", ylabel=f"average (1/{unit})", title="Convergence")
