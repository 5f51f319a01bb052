"""Motifs repaired by training their loops alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle import _core
from heddle._core import CarriedLibrary, DomainError, Loops
from heddle.brief import Brief
from heddle.carrying.training import motif_training
from heddle.progress import Progress
from heddle.training.run import train

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Repair(Brief):
    """A carried library whose loops were trained, and what it took."""

    carried: CarriedLibrary  # as repaired
    motifs: tuple[str, ...]  # that were trained
    before: Array  # normalised squared error of these, from their own starts, (len(motifs),)
    after: Array
    change: Array  # ‖Δ(U Vᵀ)‖_F / ‖U Vᵀ‖_F of their loops
    losses: dict[str, Array]  # before every round and at last, relative to the target's variance
    statement: str


def repair(
    carried: CarriedLibrary,
    motifs: Sequence[str] | None = None,
    *,
    target: float = 1e-3,
    rounds: int = 4,
    evaluations: int = 40,
    noise: float = 0.02,
    trials: int = 4,
    seed: int = 0,
    progress: Progress | None = None,
) -> Repair:
    """Trains the loops of motifs, each alone, until the non-linear network performs them again.

    For each motif, L-BFGS (`heddle.train`) lowers

        mean over trials and samples of |y − target|² / variance of the target

    over its U and V by the exact gradient of the network's steps. One trial starts from the motif's
    own start, the others from displaced ones, so that what is gained is not paid with sensitivity.
    Nothing else is a parameter: other motifs, the preparation, recurrent weights, tonic inputs and
    readouts keep every bit. Where trajectories run away (softplus units around 0, whose gain can
    double) training finds no way back: an operating point where φ' is near its largest value helps.

    carried      a CarriedLibrary
    motifs       names; all if left out
    target       the loss, as above, at which training of a motif ends
    rounds       most rounds of L-BFGS for each motif, each anew
    evaluations  of loss and gradient in a round, at most
    noise        displacement of the other starts, relative to the amplitude
    trials       at least 1
    seed         of the displacements
    progress     called with (done, total) motifs

    Returns a Repair; errors are measured again after training. Raises DomainError naming the
    argument. About 6 n² · T · trials flops an evaluation.
    """
    names = tuple(carried.library.names if motifs is None else motifs)
    _check(carried, names, target, {"rounds": rounds, "evaluations": evaluations})
    found, losses, change = carried, {}, []
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        network, task = motif_training(carried, name, noise=noise, trials=trials, seed=seed)
        variance = _variance(carried, name)
        trained = train(
            network,
            task,
            of="loops",
            optimiser="lbfgs",
            steps=rounds,
            evaluations=evaluations,
            target=target * variance,
        )
        loops = trained.trainable.loops[0]
        losses[name] = np.append(trained.losses, trained.best_loss) / variance
        change.append(_change(network.loops[0], loops))
        found = _core.with_loops(found, name, loops)
    before, after = (_errors(library, names) for library in (carried, found))
    return Repair(
        carried=found,
        motifs=names,
        before=before,
        after=after,
        change=np.array(change),
        losses=losses,
        statement=_statement(names, before, after, change),
    )


def _check(
    carried: CarriedLibrary, names: Sequence[str], target: float, counts: dict[str, int]
) -> None:
    for name in names:
        carried.library[name]  # Says what is near where there is no such motif.
    for word, count in counts.items():
        if count < 1:
            raise DomainError(f"{word}: found {count}, expected at least 1")
    if not target >= 0.0:
        raise DomainError(f"target: found {target}, expected a loss of 0 or more")


def _variance(carried: CarriedLibrary, name: str) -> float:
    """Of a motif's samples, mean over channels; 1 for one that never moves."""
    return float(np.var(carried.library[name].motif.values, axis=0).mean()) or 1.0


def _change(before: Loops, after: Loops) -> float:
    """‖Δ(U Vᵀ)‖_F / ‖U Vᵀ‖_F."""
    first = before.u @ before.v.T
    return float(np.linalg.norm(after.u @ after.v.T - first) / np.linalg.norm(first))


def _errors(carried: CarriedLibrary, names: Sequence[str]) -> Array:
    error = _core.survival(carried, points=0).error
    return error[[carried.library.names.index(name) for name in names]]


def _statement(names: Sequence[str], before: Array, after: Array, change: Sequence[float]) -> str:
    parts = [
        f"'{name}': error {first:.3g} before and {last:.3g} after, loops changed by {moved:.3g}"
        for name, first, last, moved in zip(names, before, after, change, strict=True)
    ]
    return "; ".join(parts)
