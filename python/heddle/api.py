"""Designing and performing, with the defaults most people want; thin over the C++ core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from heddle import _core
from heddle._core import DomainError, Library, Motif, Network, PerformedMotif, Transitions
from heddle.performance import Performance, performance_of
from heddle.progress import Progress, Stages

__all__ = ["design", "extend", "gaussian_network", "perform", "spread_units"]


def gaussian_network(
    channels: int, *, n: int = 500, g: float = 0.9, seed: int = 0, tau: float = 0.01
) -> Network:
    """A linear network with W_ij ~ N(0, g²/n) and readouts C_ij ~ N(0, 1/n), shape (channels, n).

    n     number of units
    g     radius of the disc that its eigenvalues fill; below 1 the network is stable
    seed  source of both; the same seed gives the same bits
    tau   time constant of every unit, s
    """
    weights = _core.gaussian_weights(n, g, seed=seed)
    return _core.make_network(weights, channels, seed=seed, tau=tau)


def design(
    motifs: Iterable[Motif],
    network: Network | None = None,
    *,
    n: int | None = None,
    g: float | None = None,
    tau: float | None = None,
    seed: int = 0,
    loops: int = 6,
    pairs: int | None = None,
    error: float = 5e-4,
    preparation_time: float = 15.0,
    preparation_fraction: float = 0.2,
    thalamic_tau: float = 0.0,
    robust: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> Library:
    """Loops that make one fixed network perform every motif, and loops that prepare each of them.

    Each motif is fitted by damped oscillations, ŷ(t) = c + Σ_m Re(C_m e^{(λ_m − 1) t/τ}); its
    loops U Vᵀ give W + U Vᵀ the eigenvalues λ_m, with eigenvectors r_m for which C r_m = C_m, so
    that from x(0) = x* + Σ Re r_m the readout of the network is the fit. Every motif is designed
    on its own: its bits do not depend on which others there are.

    motifs   distinct names, each with as many channels as the network has readouts
    network  a stable linear Network with readouts; None for `gaussian_network` of
             n = 500 units, g = 0.9, tau = 0.01 s, drawn from `seed`
    seed     source of the network and of every random choice
    loops    loops per motif, at least the number of channels
    pairs    conjugate pairs of eigenvalues per motif; None for the fewest that reach `error`
    error    asked normalised squared error of the fits
    preparation_time      how long a preparation lasts, in units of tau
    preparation_fraction  preparatory loops as a fraction of n, in (0, 1]
    thalamic_tau          time constant of thalamic units, s; 0 for instantaneous ones
    robust   make the output of every motif as insensitive to noise on its initial state as its
             loops allow, see `robust_motif_loops`; 2 to 5 s a motif and core for 500 units. Each
             motif's `robustness` has the deviation before and after, expected and measured
    threads  0: one per core; any number gives the same bits
    progress called with (done, total) now and then; what it raises stops the design
    options  those of `fit_modes` that are not named here, and spread (1.0), tolerance (1e-8),
             preparation_shift (1.0); with robust: robust_starts (1), robust_evaluations (60),
             robust_precision (1e-4), robust_noise (0.02), robust_trials (200), fixed_outputs
             (False), as `robust_motif_loops` has them

    Returns a Library, whose motifs say how far each can be trusted. Raises ShapeError or
    DomainError before any long computation: unstable or non-linear network, duplicate names,
    motifs whose channels differ from the readouts, fewer loops than channels, robust loops with
    thalamic_tau > 0.

    Cost: one real Schur form, 25 n³ flops; then a mode fit and O(q K n²) for a motif of q pairs and
    K loops.
    """
    wanted = list(motifs)
    return _core.design(
        _network_for(wanted, network, seed, {"n": n, "g": g, "tau": tau}),
        wanted,
        progress=progress,
        seed=seed,
        loops=loops,
        pairs=pairs,
        error=error,
        preparation_time=preparation_time,
        preparation_fraction=preparation_fraction,
        thalamic_tau=thalamic_tau,
        robust=robust,
        threads=threads,
        **options,
    )


def _network_for(
    motifs: list[Motif], network: Network | None, seed: int, chosen: dict[str, float | None]
) -> Network:
    if not motifs:
        raise DomainError("motifs is empty; give at least one motif")
    given = {name: value for name, value in chosen.items() if value is not None}
    if network is None:
        return gaussian_network(motifs[0].values.shape[1], seed=seed, **given)
    if given:
        name, value = next(iter(given.items()))
        raise DomainError(f"{name} is {value:g}, but the network is given; leave out {name}")
    return network


def extend(
    library: Library,
    motifs: Iterable[Motif],
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Library:
    """The library with more motifs, designed with its own options.

    No bit of what it holds changes, and the new motifs get the bits they would have had if they
    had been there from the start. `threads`: None for as many as at its design. Raises as `design`
    does.
    """
    return _core.extend(library, list(motifs), threads=threads, progress=progress)


def spread_units(count: int, n: int) -> list[int]:
    """`count` of n units, evenly spread."""
    return sorted({int(unit) for unit in np.linspace(0, n, count, endpoint=False)})


def perform(
    library: Library,
    sequence: Sequence[str],
    *,
    noise: float = 0.0,
    trials: int = 0,
    units: Sequence[int] | None = None,
    seed: int = 0,
    threads: int = 0,
    preparation: float | None = None,
    spectra: bool = True,
    transitions: Transitions | bool = True,
    advances: dict[str, float] | None = None,
    progress: Progress | None = None,
    on_item: Callable[[PerformedMotif], None] | None = None,
    **options: Any,
) -> Performance:
    """Performs motifs one after another, each after a preparation, starting from rest.

    Every stretch is propagated by its matrix exponential, without time stepping; white noise on
    every unit, τ dx = (…) dt + σ √(2τ) dB, by its exact covariance. In each item the error without
    noise stands beside the isolated one, and the error expected with noise beside its Monte-Carlo
    estimate.

    sequence     names of motifs; a text is the sequence of its characters
    noise        σ relative to the root mean square activity of the sequence's motifs
    trials       Monte-Carlo runs with noise
    units        units whose activity is recorded; none if missing
    seed         source of the noise
    threads      0: one per core; any number gives the same bits
    preparation  duration of every preparation, s; None for the library's
    spectra      whether to compute the network's spectrum with each motif's loops (10 n³ flops)
    transitions  what `heddle.transitions` measured; True to measure it, False to do without
    advances     how far each letter moves the next one to the right when they are drawn as a word
    progress     called with (done, total) now and then; what it raises stops the performance
    on_item      called with each PerformedMotif as soon as it is there; then the items are not
                 kept, and memory does not grow with the length of the sequence
    options      failure (0.05), the error above which a motif has failed; initial_state, shape
                 (n,); memory (2³⁰), bytes for segment maps that are kept

    Returns a Performance. Raises DomainError for an unknown name (with the closest one), an empty
    sequence, or an option out of range.

    Cost: one segment map, about 25 n³ flops (85 n³ with noise), for every different motif; then
    O(n² + n T d) a motif, O(n² T) a trial.
    """
    names = list(sequence)
    different = list(dict.fromkeys(names))
    sizes = [len(different) + len(names), len(different) * bool(spectra)]
    measured = transitions is True
    stages = Stages(progress, [*sizes, 3 * len(library) * measured])
    items: list[PerformedMotif] = []
    recorded = [int(unit) for unit in units or ()]
    _core.perform(
        library,
        names,
        items.append if on_item is None else on_item,
        noise=noise,
        trials=trials,
        units=recorded,
        seed=seed,
        threads=threads,
        preparation=preparation,
        progress=stages.stage(),
        **options,
    )
    closed = _core.closed_spectra(
        library, different if spectra else [], threads=threads, progress=stages.stage()
    )
    if measured:
        transitions = _core.transitions(library, threads=threads, progress=stages.stage())
    return performance_of(
        library,
        names,
        items,
        noise=noise,
        trials=trials,
        seed=seed,
        units=recorded,
        preparation=preparation,
        closed_spectra=closed,
        transitions=transitions or None,
        advances=advances,
    )
