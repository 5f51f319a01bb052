"""Figures of performances, frontiers, carried libraries, cycles, spikes, validity; in one palette.

Each function returns a `matplotlib.figure.Figure` that belongs to nobody: show it in a notebook, or
write it with its `savefig`. `save_figures` writes all those of a performance as PNG and SVG.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from heddle.files import PathLike
from heddle.plot.carrying import carried
from heddle.plot.errors import noise, sequence_errors, transitions
from heddle.plot.frontier import frontier
from heddle.plot.page import word
from heddle.plot.rectified import cycle
from heddle.plot.spectra import spectra, spectrum
from heddle.plot.spiking import plot_recording, recording_figure
from heddle.plot.style import save
from heddle.plot.traces import channels, gates, units
from heddle.plot.validity import validity
from heddle.report.layout import drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from heddle.performance import Performance

__all__ = [
    "carried",
    "channels",
    "cycle",
    "frontier",
    "gates",
    "noise",
    "plot_recording",
    "recording_figure",
    "save_figures",
    "sequence_errors",
    "spectra",
    "spectrum",
    "transitions",
    "units",
    "validity",
    "word",
]


def _possible(performance: Performance) -> dict[str, Callable[[Performance], Figure]]:
    """The figures for which the performance holds what they show."""
    found: dict[str, Callable[[Performance], Figure]] = {"channels": channels, "gates": gates}
    if drawing(performance.channels):
        found["word"] = word
    if performance.units:
        found["units"] = units
    if performance.closed_spectra:
        found["spectra"] = spectra
        found["spectrum"] = lambda p: spectrum(p, next(iter(p.closed_spectra)))
    found["errors"] = sequence_errors
    if performance.noise > 0:
        found["noise"] = noise
    if performance.transitions is not None:
        found["transitions"] = transitions
    return found


def save_figures(performance: Performance, folder: PathLike) -> list[Path]:
    """Writes every figure the performance has the numbers for to a folder, as PNG and SVG.

    The folder is made if it is not there. The same performance gives the same bytes: there are no
    dates in the files and identifiers do not depend on chance. Returns the paths.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, draw in _possible(performance).items():
        written += save(draw(performance), target, name)
    return written
