"""Motifs repaired by training their loops alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from heddle import _core
from heddle._core import CarriedLibrary, DomainError, Loops
from heddle.carrying.training import motif_training
from heddle.progress import Progress
from heddle.training import value_and_gradient
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
    losses: dict[str, Array]  # of every iteration, relative to the target's variance
    statement: str


def repair(
    carried: CarriedLibrary,
    motifs: Sequence[str] | None = None,
    *,
    steps: int = 60,
    noise: float = 0.02,
    trials: int = 4,
    seed: int = 0,
    progress: Progress | None = None,
) -> Repair:
    """Trains the loops of motifs, each alone, until the non-linear network performs them again.

    For each motif, L-BFGS lowers

        mean over trials and samples of |y − target|² / variance of the target

    over its U and V, scaled to equal norms, by the exact gradient of the network's steps. One trial
    starts from the motif's own start, the others from displaced ones, so that what is gained is not
    paid with sensitivity. Nothing else is a parameter: other motifs, the preparation, recurrent
    weights, tonic inputs and readouts keep every bit.

    carried   a CarriedLibrary
    motifs    names; all if left out
    steps     most iterations for each motif
    noise     displacement of the other starts, relative to the amplitude
    trials    at least 1
    seed      of the displacements
    progress  called with (done, total) iterations

    Returns a Repair; errors are measured again after training. Raises DomainError naming the
    argument, before anything is computed. About 6 n² · T · trials flops an iteration.
    Liu & Nocedal (1989), Mathematical Programming 45:503, for L-BFGS.
    """
    names = tuple(carried.library.names if motifs is None else motifs)
    for name in names:
        carried.library[name]  # Says what is near where there is no such motif.
    if steps < 1:
        raise DomainError(f"steps: found {steps}, expected at least 1")
    found, losses, change = carried, {}, []
    for done, name in enumerate(names):
        network, task = motif_training(carried, name, noise=noise, trials=trials, seed=seed)
        told = _told(progress, done * steps, len(names) * steps)
        variance = float(np.var(carried.library[name].motif.values, axis=0).mean()) or 1.0
        loops, losses[name] = _descend(network, task, variance, steps, told)
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


def _descend(
    network: TrainableNetwork,
    task: TrainingTask,
    variance: float,
    steps: int,
    told: Progress,
) -> tuple[Loops, Array]:
    """The loops after L-BFGS, and the loss of every iteration, the start included."""
    first = network.loops[0]
    shape, half = first.u.shape, first.u.size
    scale = np.sqrt(np.linalg.norm(first.u) / np.linalg.norm(first.v))

    def loops_at(x: Array) -> Loops:
        return Loops(u=x[:half].reshape(shape) * scale, v=x[half:].reshape(shape) / scale)

    def look(x: Array) -> tuple[float, Array]:
        try:
            loss, slope = value_and_gradient(
                network.network,
                h=task.h,
                initial=network.initial,
                loops=[loops_at(x)],
                input=network.input,
                inputs=task.inputs,
                targets=task.targets,
                weights=task.weights,
                of="loops",
            )
        except DomainError:  # States that do not stay finite: too long a step.
            return np.inf, np.zeros_like(x)
        u, v = slope["loops[0].u"] * scale, slope["loops[0].v"] / scale
        return loss.value / variance, np.concatenate([u.ravel(), v.ravel()]) / variance

    start = np.concatenate([first.u.ravel() / scale, first.v.ravel() * scale])
    losses = [look(start)[0]]

    def note(intermediate_result: scipy.optimize.OptimizeResult) -> None:
        losses.append(float(intermediate_result.fun))
        told(len(losses) - 1, steps)

    options = {"maxiter": steps, "maxcor": 20}
    result = scipy.optimize.minimize(
        look, start, jac=True, method="L-BFGS-B", callback=note, options=options
    )
    return loops_at(result.x), np.array(losses)


def _told(progress: Progress | None, before: int, total: int) -> Progress:
    def tell(done: int, _: int) -> None:
        if progress is not None:
            progress(before + done, total)

    return tell


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
