"""Motifs repaired by training their loops alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle import _core
from heddle._core import CarriedLibrary, DomainError, Loops
from heddle.carrying.training import motif_training
from heddle.progress import Progress
from heddle.training.run import train
from heddle.training.values import TrainableNetwork, TrainingTask

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Repair:
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

    over its U and V, scaled to equal norms, by the exact gradient of the network's steps. One trial
    starts from the motif's own start, the others from displaced ones, so that what is gained is not
    paid with sensitivity. Nothing else is a parameter: other motifs, the preparation, recurrent
    weights, tonic inputs and readouts keep every bit.

    carried      a CarriedLibrary
    motifs       names; all if left out
    target       the loss, as above, at which training of a motif ends
    rounds       most rounds of L-BFGS for each motif, each anew
    evaluations  of loss and gradient in a round, at most
    noise        displacement of the other starts, relative to the amplitude
    trials       at least 1
    seed         of the displacements
    progress     called with (done, total) rounds

    Returns a Repair; errors are measured again after training. Raises DomainError naming the
    argument. About 6 n² · T · trials flops an evaluation.
    """
    names = tuple(carried.library.names if motifs is None else motifs)
    for name in names:
        carried.library[name]  # Says what is near where there is no such motif.
    for name, count in (("rounds", rounds), ("evaluations", evaluations)):
        if count < 1:
            raise DomainError(f"{name}: found {count}, expected at least 1")
    found, losses, change = carried, {}, []
    for done, name in enumerate(names):
        network, task = motif_training(carried, name, noise=noise, trials=trials, seed=seed)
        asked = {
            "steps": rounds,
            "evaluations": evaluations,
            "target": target * _variance(carried, name),
            "progress": _told(progress, done * rounds, len(names) * rounds),
        }
        loops, losses[name] = _trained(network, task, asked)
        losses[name] /= _variance(carried, name)
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


def _trained(
    network: TrainableNetwork, task: TrainingTask, asked: dict[str, Any]
) -> tuple[Loops, Array]:
    """The best loops, and the losses before each round and at last."""
    first = network.loops[0]
    scale = np.sqrt(np.linalg.norm(first.u) / np.linalg.norm(first.v))
    even = replace(network, loops=(Loops(u=first.u / scale, v=first.v * scale),))
    found = train(even, task, of="loops", optimiser="lbfgs", **asked)
    best = found.trainable.loops[0]
    return Loops(u=best.u * scale, v=best.v / scale), np.append(found.losses, found.best_loss)


def _told(progress: Progress | None, before: int, total: int) -> Callable[[int, int, float], None]:
    def tell(done: int, _: int, __: float) -> None:
        if progress is not None:
            progress(before + done, total)

    return tell


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
