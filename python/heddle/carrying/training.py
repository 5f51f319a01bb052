"""Motifs and sequences of a carried library as something to train: a network and a task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heddle._core import CarriedLibrary, DomainError
from heddle.training.values import TrainableNetwork, TrainingTask

Array = NDArray[np.float64]


def motif_training(
    carried: CarriedLibrary, motif: str, *, noise: float = 0.0, trials: int = 1, seed: int = 0
) -> tuple[TrainableNetwork, TrainingTask]:
    """The network that performs one motif of a carried library, and the task of performing it.

    What is closed during the motif is left out: there is one group of loops and one tonic input,

        x_{t+1} = (1 − η) x_t + η (W φ(x_t) + U Vᵀ φ(x_t) + b + B) ,   y_t = C φ(x_t) .

    carried   a CarriedLibrary of n units
    motif     the name of one of its motifs
    noise     standard deviation of a unit's displacement from the motif's start in all trials but
              the first, relative to the amplitude
    trials    at least 1
    seed      of the displacements, which are a Philox stream

    Returns (TrainableNetwork, TrainingTask). Targets are the motif's samples plus
    `carried.offset`; steps between samples have weight 0. Raises DomainError naming the argument.
    Time and memory of order (T d + n) · trials.
    """
    design = carried.library[motif]
    index = carried.library.names.index(motif)
    _check(noise, trials)
    steps, stride = carried.motif_steps[index], carried.sample_steps[index]
    start = carried.starts[:, index]
    draw = np.random.Generator(np.random.Philox(key=seed)).standard_normal((trials, len(start)))
    draw[0] = 0.0
    targets = np.zeros((steps + 1, trials, len(carried.offset)))
    targets[::stride] = (design.motif.values + carried.offset)[:, None, :]
    weights = np.zeros((steps + 1, trials))
    weights[::stride] = 1.0
    network = TrainableNetwork(
        network=carried.network,
        loops=(carried.loops[index],),
        input=carried.input[:, [index]],
        initial=start + noise * carried.amplitude * draw,
    )
    task = TrainingTask(
        h=carried.h,
        steps=steps,
        trials=trials,
        inputs=np.ones((steps, trials, 1)),
        targets=targets,
        weights=weights,
    )
    return network, task


def sequence_training(
    carried: CarriedLibrary, sequence: Sequence[str]
) -> tuple[TrainableNetwork, TrainingTask]:
    """The whole network of a carried library, and the task of performing a sequence of motifs.

    From rest, x = x̄, each motif is prepared and performed: one group of loops is open at a time and
    one tonic input is on, as gates and inputs of the task say.

    carried   a CarriedLibrary of M motifs and n units
    sequence  names of motifs

    Returns (TrainableNetwork, TrainingTask) of one trial: loops in the order of `carried.loops`, B
    of shape (n, 2 M), targets the motifs' samples plus `carried.offset`, weight 0 elsewhere. With
    `heddle.training_outputs` the sequence is performed. Raises DomainError for an unknown name or
    an empty sequence. (3 M + d + 2) · T numbers.
    """
    if not sequence:
        raise DomainError("sequence: found no motif, expected at least one name")
    for name in sequence:
        carried.library[name]  # Says what is near where there is no such motif.
    chosen = [carried.library.names.index(name) for name in sequence]
    motifs, groups = len(carried.library), len(carried.loops)
    steps = sum(carried.preparation_steps + carried.motif_steps[i] for i in chosen)
    gates = np.zeros((groups, steps, 1))
    inputs = np.zeros((steps, 1, 2 * motifs))
    targets = np.zeros((steps + 1, 1, len(carried.offset)))
    weights = np.zeros((steps + 1, 1))
    at = 0
    for i in chosen:
        start = at + carried.preparation_steps
        end, stride = start + carried.motif_steps[i], carried.sample_steps[i]
        gates[-1, at:start] = gates[i, start:end] = 1.0
        inputs[at:start, :, motifs + i] = inputs[start:end, :, i] = 1.0
        values = carried.library.motifs[i].motif.values + carried.offset
        targets[start : end + 1 : stride, 0] = values
        weights[start : end + 1 : stride] = 1.0
        at = end
    network = TrainableNetwork(
        network=carried.network,
        loops=tuple(carried.loops),
        input=carried.input,
        initial=carried.operating_point,
    )
    task = TrainingTask(
        h=carried.h,
        steps=steps,
        inputs=inputs,
        gates=tuple(gates),
        targets=targets,
        weights=weights,
    )
    return network, task


def _check(noise: float, trials: int) -> None:
    if not (noise >= 0.0 and np.isfinite(noise)):
        raise DomainError(f"noise: found {noise}, expected 0 or more, relative to the amplitude")
    if trials < 1:
        raise DomainError(f"trials: found {trials}, expected at least 1")
