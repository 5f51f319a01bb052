"""Motifs of one network, as tasks to train it and as words that it is asked to perform."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle import _core
from heddle._core import Repertoire, ShapeError
from heddle.progress import Progress
from heddle.training.arrays import by_trial, network_parameters
from heddle.training.values import TrainableNetwork, TrainingTask

Array = NDArray[np.float64]
_EMPTY = np.zeros((0, 0))


def motif_task(
    repertoire: Repertoire, motifs: Sequence[int], *, start: ArrayLike | None = None
) -> TrainingTask:
    """A task whose trials prepare one motif each and perform it.

    repertoire  what a network is given for each of its motifs
    motifs      of each trial, counted from 0
    start       added to x_0, shape (trials, n)

    Targets count equally while a motif is performed, and not at all while it is prepared. Raises
    DomainError for a motif that is not there.
    """
    found = _core.motif_task(repertoire, [int(motif) for motif in motifs])
    trials = len(motifs)
    return TrainingTask(
        h=repertoire.h,
        steps=found.steps,
        trials=trials,
        start=None if start is None else np.asarray(start, dtype=float),
        inputs=_series(found.inputs, trials),
        gates=tuple(found.gates) or None,
        gain_weights=_series(found.gain_weights, trials),
        targets=_series(found.targets, trials),
        weights=found.weights,
    )


def _series(columns: Array, trials: int) -> Array | None:
    return np.ascontiguousarray(by_trial(columns, trials)) if columns.size else None


def word_errors(
    trainable: TrainableNetwork,
    repertoire: Repertoire,
    words: ArrayLike,
    *,
    start: ArrayLike | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Array:
    """How well a network performs sequences of motifs, each from where the last one ended:

        ε = √( Σ ‖y − y*‖² / Σ ‖y* − mean y*‖² )     (nRMSE, over the samples of one motif)

    trainable   the network; its initial state, if it has one, is of shape (n,)
    repertoire  what it is given while it prepares and performs each motif
    words       motifs counted from 0, shape (words, length)
    start       added to x_0, shape (words, n)
    threads     0: one per core; any number gives the same bits
    progress    progress(motifs performed, length); what it raises stops the words

    Returns ε, shape (words, length). A word whose state exceeds 1e30 at the end of a motif is lost:
    ∞ from there on. Raises ShapeError or DomainError naming the argument. Costs 2 n² flops a step
    and word.
    """
    listed = np.asarray(words)
    if listed.ndim != 2 or not np.issubdtype(listed.dtype, np.integer):
        raise ShapeError(
            f"words: expected integers of shape (words, length), found {listed.dtype} of shape "
            f"{listed.shape}"
        )
    found = _core.word_errors(
        network_parameters(trainable),
        repertoire,
        listed.tolist(),
        _EMPTY if start is None else np.asarray(start, float).T,
        threads,
        progress,
    )
    return np.asarray(found.T)
