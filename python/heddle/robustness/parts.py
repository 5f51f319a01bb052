"""What a cell of the table is made of: a network, and what it is given for each motif."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle._core import Repertoire
from heddle.robustness.motifs import stepped_targets
from heddle.robustness.protocol import Cell, RobustnessProtocol
from heddle.training.values import TrainableNetwork

Array = NDArray[np.float64]
TAU = 0.01  # s; all other times are in units of it
# Streams of random numbers of one seed, beside those of the motifs, which count from 0.
WEIGHTS, ADDED, TRAINING_STARTS, ADDED_STARTS, TEST_STARTS, WORDS = (2**32 + k for k in range(6))


@dataclass(frozen=True, eq=False)
class Performer:
    """A network that performs motifs, and the means of the states in which it is started alone."""

    trainable: TrainableNetwork
    repertoire: Repertoire
    centres: Array  # (motifs, n)


@dataclass(frozen=True)
class Problem:
    """A cell of the table and a seed: everything random in it is drawn from these."""

    cell: Cell
    seed: int
    protocol: RobustnessProtocol

    def normals(self, stream: int, *shape: int, batch: int = 0) -> Array:
        """N(0, 1) that depend on the seed, the stream and the batch alone."""
        return self.generator(stream, batch).standard_normal(shape)

    def generator(self, stream: int, batch: int = 0) -> np.random.Generator:
        counter = [0, 0, 0, batch]
        return np.random.Generator(np.random.Philox(key=[self.seed, stream], counter=counter))

    def targets(self, count: int) -> Array:
        """(count, steps + 1): the same for all cells of a seed; the last one is added later."""
        return stepped_targets(count, self.protocol.motif_steps, seed=self.seed)

    @property
    def preparation_steps(self) -> int:
        return self.protocol.preparation_steps if self.cell.preparation else 0

    @property
    def h(self) -> float:
        return self.protocol.step * TAU
