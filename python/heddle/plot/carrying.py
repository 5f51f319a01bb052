"""A linear design in a non-linear network: what its motifs look like, and where eigenvalues go."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from heddle._core import CarriedLibrary, DomainError, SpectrumAlong, normalised_error, survival
from heddle.carrying.training import Array, motif_training
from heddle.plot.style import ACCENT, INK, PALE, SECOND, SOFT, below, look, new_figure
from heddle.training.outputs import training_outputs

COLOURS = (SECOND, ACCENT, INK, SOFT)


def carried(libraries: Mapping[str, CarriedLibrary], *, points: int = 9) -> Figure:
    """Motifs as carried libraries perform them, and the eigenvalues along their trajectories.

    One column for each motif, from its own start: above the outputs, the first two channels against
    each other, or the only one over time, on the target; below the eigenvalues that were placed,
    rings, and those of the Jacobian at `points` states. `libraries` are at most four of one design
    by the names they are to be called by, for example {"carried over": …, "repaired": ….carried}.
    """
    if not 0 < len(libraries) <= len(COLOURS):
        raise DomainError(f"libraries: found {len(libraries)}, expected one to {len(COLOURS)}")
    names = next(iter(libraries.values())).library.names
    found = {label: survival(net, points=points) for label, net in libraries.items()}
    with look():
        figure = new_figure(3.2 * max(2, len(names)), 6.4)
        grid = figure.subplots(2, len(names), squeeze=False)
        for column, name in enumerate(names):
            _outputs(grid[0, column], libraries, name)
            spectra = {label: one.spectra[column] for label, one in found.items()}
            _eigenvalues(grid[1, column], spectra)
        below(figure, grid[0, 0], len(libraries) + 1)
    return figure


def _performed(net: CarriedLibrary, name: str) -> Array:
    """Outputs of a motif at its samples, from its own start, (samples, d)."""
    network, task = motif_training(net, name)
    stride = net.sample_steps[net.library.names.index(name)]
    return training_outputs(network, task)[::stride, 0] - net.offset


def _outputs(axes: Axes, libraries: Mapping[str, CarriedLibrary], name: str) -> None:
    motif = next(iter(libraries.values())).library[name].motif
    plane = motif.values.shape[1] > 1

    def draw(values: Array, colour: str, width: float, label: str) -> None:
        time = motif.dt * np.arange(len(values))
        first, second = (values[:, 0], values[:, 1]) if plane else (time, values[:, 0])
        axes.plot(first, second, c=colour, lw=width, label=label, solid_capstyle="round")

    draw(motif.values, PALE, 6.0, "target")
    errors = []
    for colour, (label, net) in zip(COLOURS, libraries.items(), strict=False):
        values = _performed(net, name)
        errors.append(f"{normalised_error(values, motif.values):.2g}")
        draw(values, colour, 1.2, label)
    if plane:
        axes.set_aspect("equal", adjustable="datalim")
    axes.set(
        title=f"{name}: error {', '.join(errors)}",
        xlabel=motif.channels[0] if plane else "time (s)",
        ylabel=motif.channels[1] if plane else motif.channels[0],
    )


def _eigenvalues(axes: Axes, spectra: Mapping[str, SpectrumAlong]) -> None:
    axes.grid(True)
    axes.set_axisbelow(True)
    for colour, found in zip(COLOURS, spectra.values(), strict=False):
        seen = found.found.ravel()
        axes.plot(seen.real, seen.imag, "o", mfc=colour, mec="none", ms=2.6)
    placed = next(iter(spectra.values())).placed
    axes.plot(placed.real, placed.imag, "o", mfc="none", mec=INK, mew=1.0, ms=7)
    lost = ", ".join(str(found.lost) for found in spectra.values())
    axes.set(
        title=f"eigenvalues lost: {lost} of {len(placed)}",
        xlabel="Re λ along the motif",
        ylabel="Im λ",
    )
