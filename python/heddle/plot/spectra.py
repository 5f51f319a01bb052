"""Eigenvalues of W without loops and with those of a motif, and the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from heddle._core import DomainError
from heddle.plot.style import ACCENT, INK, SECOND, SOFT, below, look, new_figure

if TYPE_CHECKING:
    from heddle.performance import Performance

MOST_PANELS = 30


def _draw(axes: Axes, performance: Performance, name: str, size: float) -> None:
    before, closed = performance.spectrum, performance.closed_spectra[name]
    half = np.asarray(performance.motifs[name].eigenvalues)
    targets = np.concatenate([half, half.conj()])
    axes.grid(True)
    axes.set_axisbelow(True)
    axes.axvline(1.0, c=INK, lw=0.9, ls=(0, (4, 3)), label="Re λ = 1")
    axes.plot(
        before.real,
        before.imag,
        "o",
        mfc="none",
        mec=SOFT,
        mew=0.5,
        ms=1.6 * size,
        label="without loops",
    )
    axes.plot(
        closed.real, closed.imag, "o", mfc=ACCENT, mec="none", ms=1.6 * size, label="with loops"
    )
    axes.plot(
        targets.real,
        targets.imag,
        "o",
        mfc="none",
        mec=SECOND,
        mew=size,
        ms=4.5 * size,
        label="target",
    )
    axes.set_aspect("equal")


def _known(performance: Performance, names: list[str]) -> list[str]:
    missing = [name for name in names if name not in performance.closed_spectra]
    if missing or not names:
        there = ", ".join(map(repr, performance.closed_spectra)) or "none"
        found = repr(missing[0]) if missing else "no name"
        raise DomainError(f"name: found {found}, the performance holds the spectra of: {there}")
    return names


def spectrum(performance: Performance, name: str) -> Figure:
    """Eigenvalues of W, of W + U Vᵀ with the loops of one motif, and where they should be.

    Raises DomainError if the performance does not hold the spectrum of that motif.
    """
    _known(performance, [name])
    with look():
        figure = new_figure(5.2, 5.4)
        axes = figure.subplots()
        _draw(axes, performance, name, 1.6)
        axes.set(xlabel="Re λ", ylabel="Im λ", title=f"Loops of {name}".replace("$", r"\$"))
        below(figure, axes, 4)
    return figure


def spectra(performance: Performance) -> Figure:
    """The same for every motif that was performed, side by side on common axes."""
    names = _known(performance, list(performance.closed_spectra))[:MOST_PANELS]
    across = min(len(names), 6)
    down = -(-len(names) // across)
    with look():
        figure = new_figure(max(4.0, 2.1 * across), 2.2 * down + 0.7)
        grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        for axes in grid.flat[len(names) :]:
            axes.set_axis_off()
        for name, axes in zip(names, grid.flat, strict=False):
            _draw(axes, performance, name, 0.9)
            axes.set_title(name[:24].replace("$", r"\$"))
        for axes in grid[:, 0]:
            axes.set_ylabel("Im λ")
        for axes in grid.flat[max(0, len(names) - across) : len(names)]:
            axes.set_xlabel("Re λ")
            axes.tick_params(labelbottom=True)
        below(figure, grid.flat[0], 4)
    return figure
