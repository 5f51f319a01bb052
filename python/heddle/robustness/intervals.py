"""Confidence intervals over seeds: a network and its motifs are what varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Interval:
    """An estimate with an interval; infinite or NaN where seeds are too few to tell."""

    estimate: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        return f"{self.estimate:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


def mean_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """The mean over seeds with Student's t interval; one seed has none: it is infinite."""
    found = np.asarray(values, float)
    middle = float(found.mean())
    if len(found) < 2 or not np.isfinite(found).all():
        return Interval(middle, -np.inf, np.inf)
    reach = float(stats.t.ppf((1 + level) / 2, len(found) - 1) * stats.sem(found))
    return Interval(middle, middle - reach, middle + reach)


def ratio_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """The geometric mean of positive numbers, with Student's t interval of their logarithms."""
    found = mean_interval(np.log(np.asarray(values, float)), level)
    with np.errstate(over="ignore"):
        low, middle, high = np.exp([found.low, found.estimate, found.high])
    return Interval(float(middle), float(low), float(high))


def rate_interval(rates: ArrayLike, level: float = 0.95) -> Interval:
    """The mean of rates in [0, 1], one for each seed, with Student's t interval cut to [0, 1].

    Where all seeds have the rate 0 (or all 1), t has no scatter to go by. Then the far end is that
    of Clopper and Pearson for seeds, 1 − ((1 − level) / 2)^(1 / seeds): whatever the distribution
    of rates, k seeds are all 0 with a chance of at most (1 − mean)^k.
    """
    found = np.asarray(rates, float)
    far = 1.0 - ((1.0 - level) / 2) ** (1 / len(found))
    if (found == 0).all():
        return Interval(0.0, 0.0, float(far))
    if (found == 1).all():
        return Interval(1.0, float(1 - far), 1.0)
    mean = mean_interval(found, level)
    return Interval(mean.estimate, max(0.0, mean.low), min(1.0, mean.high))
