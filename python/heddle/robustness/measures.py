"""What is measured of a cell: motifs alone, all ordered pairs, long words, and interference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle.robustness.parts import TEST_STARTS, WORDS, Performer, Problem
from heddle.robustness.protocol import Cell
from heddle.training.words import word_errors

Array = NDArray[np.float64]
ALONE, PAIRS, LONG = range(3)  # batches of the starts


@dataclass(frozen=True, eq=False)
class CellResult:
    """Errors (nRMSE) of one cell and one seed; infinite where the state ran away."""

    cell: Cell
    seed: int
    single: Array  # of motifs from random states, (motifs, starts)
    pairs: Array  # of the second motif: (first, second, starts)
    words: Array  # of every motif of long words, (words, length)
    interference: float  # largest change of single and pairs when a motif was added
    unsegregated: float  # the same, had shared parameters been trained on with it; NaN if none are
    added: Array  # error of the motif that was added, (starts,)
    outcome: str  # how training ended; "designed" where nothing is trained
    reason: str


@dataclass(frozen=True, eq=False)
class Short:
    """What tells whether a network still performs as it did."""

    single: Array
    pairs: Array

    def change(self, other: Short) -> float:
        """Largest change of an error: 0 where all bits are the same."""
        pairs = ((self.single, other.single), (self.pairs, other.pairs))
        return max(_largest_change(one, two) for one, two in pairs)


def _largest_change(one: Array, two: Array) -> float:
    differ = one != two
    return float(np.abs(one[differ] - two[differ]).max()) if differ.any() else 0.0


def measure_short(problem: Problem, performer: Performer) -> Short:
    """Motifs alone and all ordered pairs, of the library: a motif added later is not asked for."""
    count, starts = problem.protocol.motifs, problem.protocol.starts
    alone = np.repeat(np.arange(count), starts)[:, None]
    first, second = np.divmod(np.repeat(np.arange(count**2), starts), count)
    single = _errors(problem, performer, alone, ALONE)
    pairs = _errors(problem, performer, np.column_stack([first, second]), PAIRS)
    return Short(single[:, -1].reshape(count, starts), pairs[:, -1].reshape(count, count, starts))


def measure_words(problem: Problem, performer: Performer) -> Array:
    """Errors of long words of motifs drawn evenly, (words, length)."""
    protocol = problem.protocol
    shape = (protocol.words, protocol.word_length)
    words = problem.generator(WORDS).integers(protocol.motifs, size=shape)
    return _errors(problem, performer, words, LONG)


def measure_added(problem: Problem, performer: Performer) -> Array:
    """Errors of the motif after the library's, from random states, (starts,)."""
    words = np.full((problem.protocol.starts, 1), problem.protocol.motifs)
    return _errors(problem, performer, words, ALONE)[:, -1]


def _errors(problem: Problem, performer: Performer, words: NDArray[np.int64], batch: int) -> Array:
    random = problem.normals(TEST_STARTS, len(words), problem.cell.n, batch=batch)
    start = performer.centres[words[:, 0]] + problem.protocol.spread * random
    return word_errors(performer.trainable, performer.repertoire, words, start=start, threads=1)
