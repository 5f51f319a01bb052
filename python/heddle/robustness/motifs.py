"""Stepped targets: levels that are held for random times, between zero ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DEVIATION = 0.9  # of the levels
DWELL = (1 / 20, 1 / 2)  # shortest and longest, parts of a motif
REST = 1 / 20  # zeros at the end, part of a motif


def stepped_targets(count: int, steps: int, *, seed: int) -> Array:
    """Stepped scalar motifs, shape (count, steps + 1).

    After one sample of 0 come levels ~ N(0, 0.9²), each held for a time that is uniform between
    1/20 and 1/2 of the motif, and 0 for its last 1/20: the statistics of the 100 recorded targets,
    whose levels last 5 to 50 τ in motifs of about 100 τ. Motif k depends on (seed, k) alone.
    """
    return np.array([_stepped(steps, seed, k) for k in range(count)])


def _stepped(steps: int, seed: int, k: int) -> Array:
    random = np.random.Generator(np.random.Philox(key=[seed, k]))
    values = np.zeros(steps + 1)
    at, end = 1, steps + 1 - max(1, round(REST * steps))
    while at < end:
        level, part = DEVIATION * random.standard_normal(), random.uniform(*DWELL)
        held = max(1, round(part * steps))
        values[at : min(at + held, end)] = level
        at += held
    return values
