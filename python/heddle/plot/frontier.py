"""What k loops can do: where they put the eigenvalues, at what gain, and how safely."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from heddle._core import Frontier, Network, closed_spectrum, place_eigenvalues
from heddle.plot.style import ACCENT, INK, PALE, SECOND, SOFT, look, new_figure


def _spectrum(axes: Axes, network: Network, line: Frontier, loops: int, seed: int) -> None:
    placement = place_eigenvalues(
        network, line.targets, loops=loops, seed=seed, tolerance=line.tolerance
    )
    closed = closed_spectrum(network, placement.loops)
    targets = np.asarray(line.targets)
    axes.grid(True)
    axes.set_axisbelow(True)
    axes.axvline(1.0, c=INK, lw=0.9, ls=(0, (4, 3)))
    axes.plot(closed.real, closed.imag, "o", mfc=ACCENT, mec="none", ms=2.2, label="eigenvalues")
    axes.plot(
        targets.real, targets.imag, "o", mfc="none", mec=SECOND, mew=1.1, ms=6, label="targets"
    )
    axes.set_aspect("equal", adjustable="datalim")
    count = "one loop" if loops == 1 else f"{loops} loops"
    missed = float(np.max(placement.error))
    axes.set(xlabel="Re λ", ylabel="Im λ", title=f"{count}: missed by {missed:.1e} at most")
    axes.legend(loc="upper left")


def _against_loops(axes: Axes, name: str) -> None:
    axes.grid(True)
    axes.set_axisbelow(True)
    axes.set_yscale("log")
    axes.set(xlabel="loops k", ylabel=name)
    axes.xaxis.get_major_locator().set_params(integer=True)


def _gain(axes: Axes, line: Frontier) -> None:
    loops = [point.loops for point in line.points]
    mean = np.array([point.response_gain for point in line.points])
    deviation = np.nan_to_num([point.response_gain_deviation for point in line.points])
    low, high = np.maximum(mean - 2 * deviation, mean / 10), mean + 2 * deviation
    axes.fill_between(loops, low, high, color=PALE, lw=0, label="other draws of loops, ± 2 s.d.")
    law = [point.law_gain for point in line.points]
    axes.plot(loops, law, c=SOFT, lw=1.2, ls=(0, (4, 3)), label="law of iid weights")
    axes.plot(loops, [p.gain for p in line.points], "o-", c=ACCENT, ms=4, lw=1, label="designed")
    _against_loops(axes, "gain ‖U Vᵀ‖")
    axes.legend(loc="upper right")


def _safety(axes: Axes, line: Frontier) -> None:
    loops = [point.loops for point in line.points]
    law = [max(point.law_shift) for point in line.points]
    shift = [max(point.shift) for point in line.points]
    axes.plot(loops, law, c=SOFT, lw=1.2, ls=(0, (4, 3)), label="law of iid weights")
    axes.plot(loops, shift, "o-", c=ACCENT, ms=4, lw=1, label="designed")
    axes.axhline(line.tolerance, c=SECOND, lw=1, label="tolerance")
    _against_loops(axes, f"shift under weight noise {line.eta:.2g}")
    axes.set_title(_advice(line))
    axes.legend(loc="upper right")


def _advice(line: Frontier) -> str:
    if line.enough == 0:
        return f"More than {len(line.points)} loops are needed"
    return f"{line.enough} {'loop suffices' if line.enough == 1 else 'loops suffice'}"


def frontier(network: Network, line: Frontier, *, seed: int = 0) -> Figure:
    """The spectrum with one loop and with as many as suffice; gain and shift against their number.

    `line` is `heddle.frontier(network, targets, seed=seed)`, `seed` the one it was made with.
    Decomposes the closed network twice: about 20 n³ flops.
    """
    with look():
        figure = new_figure(9.6, 7.6)
        grid = figure.subplots(2, 2)
        _spectrum(grid[0, 0], network, line, 1, seed)
        _spectrum(grid[0, 1], network, line, line.enough or len(line.points), seed)
        _gain(grid[1, 0], line)
        _safety(grid[1, 1], line)
    return figure
