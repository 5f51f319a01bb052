"""What a performed sequence leaves behind: all that a report needs, without the library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heddle._core import Library, MotifLoops, PerformedMotif, Transitions

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True, repr=False)
class MotifSummary:
    """A motif of a library and the evidence about its loops; see `heddle.MotifLoops`."""

    values: Array  # the target, (T, d)
    dt: float  # s
    channels: list[str]
    fit_error: float
    eigenvalues: ComplexArray  # (q,)
    amplitudes: ComplexArray  # (d, q)
    offset: Array  # (d,)
    loops: int
    gain: float
    condition: Array  # (q,)
    solve_condition: float
    error: Array  # of placement, (q,)
    trusted: bool
    reason: str

    def __repr__(self) -> str:
        trust = "trusted" if self.trusted else "not trusted"
        return (
            f"MotifSummary({len(self.values)} samples, {len(self.eigenvalues)} pairs, "
            f"fit error {self.fit_error:.3g}, gain {self.gain:.3g}, {trust})"
        )


def summarise(design: MotifLoops) -> MotifSummary:
    """What a performance keeps of the design of a motif."""
    motif, fit = design.motif, design.fit
    return MotifSummary(
        values=motif.values,
        dt=motif.dt,
        channels=motif.channels,
        fit_error=fit.error,
        eigenvalues=fit.eigenvalues,
        amplitudes=fit.amplitudes,
        offset=fit.offset,
        loops=design.loops.u.shape[1],
        gain=design.gain,
        condition=design.condition,
        solve_condition=design.solve_condition,
        error=design.error,
        trusted=design.trusted,
        reason=design.reason,
    )


@dataclass(frozen=True, repr=False)
class Performance:
    """A performed sequence, with what is needed to judge and to show it without its library.

    Times are in seconds, errors normalised squared errors. `motifs` holds every motif of the
    library in the library's order, which is the order of the rows and columns of `transitions` too;
    `closed_spectra` the eigenvalues of W + U Vᵀ, shape (n,), of the motifs that were performed.
    """

    sequence: list[str]  # names of the motifs, as performed
    items: list[PerformedMotif]  # one for each, unless they were handed on as they came
    noise: float  # σ, relative to the root mean square activity
    trials: int
    seed: int
    channels: list[str]
    tau: float
    units: list[int]  # whose activity the items hold
    motifs: dict[str, MotifSummary]
    spectrum: ComplexArray  # of W, (n,)
    preparation_loops: int
    preparation_time: float
    closed_spectra: dict[str, ComplexArray] = field(default_factory=dict)
    transitions: Transitions | None = None
    advances: dict[str, float] | None = None  # how far a letter moves the next one to the right

    @property
    def failed(self) -> list[int]:
        """Positions in the sequence whose error exceeds the threshold of failure."""
        return [position for position, item in enumerate(self.items) if item.failed]

    def __repr__(self) -> str:
        shown = ", ".join(self.sequence[:8]) + (", …" if len(self.sequence) > 8 else "")
        noise = f", noise {self.noise:g} in {self.trials} trials" if self.noise else ""
        if not self.items:
            return f"Performance({len(self.sequence)} motifs: {shown}{noise}; items not kept)"
        worst = max(item.error for item in self.items)
        return (
            f"Performance({len(self.sequence)} motifs: {shown}{noise}; "
            f"largest error {worst:.3g}, {len(self.failed)} failed)"
        )


def performance_of(
    library: Library,
    sequence: Sequence[str],
    items: list[PerformedMotif],
    *,
    noise: float,
    trials: int,
    seed: int,
    units: list[int],
    preparation: float | None,
    closed_spectra: dict[str, ComplexArray],
    transitions: Transitions | None,
    advances: dict[str, float] | None,
) -> Performance:
    """Items and evidence, together with what a performance keeps of its library."""
    return Performance(
        sequence=list(sequence),
        items=items,
        noise=noise,
        trials=trials,
        seed=seed,
        channels=library.motifs[0].motif.channels,
        tau=library.network.tau,
        units=units,
        motifs={design.motif.name: summarise(design) for design in library.motifs},
        spectrum=library.spectrum,
        preparation_loops=library.preparation.loops.u.shape[1],
        preparation_time=library.preparation.duration if preparation is None else preparation,
        closed_spectra=closed_spectra,
        transitions=transitions,
        advances=advances,
    )
